"""float16 compute, float32 master weights, static loss scale."""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

tf.keras.utils.set_random_seed(17)
tf.keras.mixed_precision.set_global_policy("mixed_float16")
SCALE = 128.0
EPS = 1e-8

imgs, labels = load_digits(return_X_y=True)
imgs = (imgs / 16.0).astype("float32")
onehot = np.eye(10, dtype="float32")[labels]
perm = np.random.RandomState(17).permutation(len(imgs))
tr, te = perm[:1300], perm[1300:]

body = tf.keras.Sequential([
    tf.keras.layers.Input((64,)),
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(10),
])
adam = tf.keras.optimizers.Adam(5e-3)


def label_smoothed_ce(logits, y, smooth=0.02):
    probs = tf.nn.softmax(tf.cast(logits, tf.float32))
    y = tf.cast(y * (1.0 - smooth) + smooth / 10.0, probs.dtype)
    logp = tf.math.log(probs + EPS)
    return tf.cast(-tf.reduce_mean(tf.reduce_sum(y * logp, axis=-1)), tf.float32)


@tf.function
def train_on(xb, yb):
    with tf.GradientTape() as tape:
        loss = label_smoothed_ce(body(xb, training=True), yb, smooth=0.0)
        scaled = loss * SCALE
    grads = tape.gradient(scaled, body.trainable_variables)
    grads = [tf.cast(g, tf.float32) / SCALE for g in grads]
    adam.apply_gradients(zip(grads, body.trainable_variables))
    return loss


data = tf.data.Dataset.from_tensor_slices((imgs[tr], onehot[tr])).shuffle(1300, seed=0).batch(65)
for epoch in range(1, 13):
    avg = tf.keras.metrics.Mean()
    for xb, yb in data:
        avg.update_state(train_on(xb, yb))
    if epoch % 3 == 0 or epoch == 1:
        guess = body(imgs[te]).numpy().argmax(-1)
        print(f"epoch {epoch:2d}: loss {float(avg.result()):.4f}, "
              f"accuracy {np.mean(guess == labels[te]):.3f}")
