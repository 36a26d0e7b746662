# contrastive pretraining without labels, then a linear probe
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(0)
d = load_digits()
X = (d.images / 16.0).astype("float32")[..., None]
x_tr, x_te, y_tr, y_te = train_test_split(X, d.target, test_size=0.3, random_state=0, stratify=d.target)

encoder = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(32, 3, activation="relu", padding="same"), layers.MaxPooling2D(),
                            layers.Conv2D(64, 3, activation="relu", padding="same"), layers.Flatten(), layers.Dense(64, activation="relu")])
projector = keras.Sequential([keras.Input((64,)), layers.Dense(64, activation="relu"), layers.Dense(32)])
opt = keras.optimizers.Adam(1e-3)
TEMP = 0.2


def augment(x):
    n = tf.shape(x)[0]
    x = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]])
    x = tf.image.random_crop(x, (n, 8, 8, 1))
    x = x * tf.random.uniform((n, 1, 1, 1), 0.7, 1.3)
    keep = tf.cast(tf.random.uniform((n, 8, 8, 1)) > 0.1, tf.float32)
    return x * keep + 0.05 * tf.random.normal(tf.shape(x))


@tf.function
def step(x):
    with tf.GradientTape() as tape:
        a = tf.math.l2_normalize(projector(encoder(augment(x))), axis=1)
        b = tf.math.l2_normalize(projector(encoder(augment(x))), axis=1)
        sim = tf.matmul(a, b, transpose_b=True) / TEMP
        target = tf.range(tf.shape(x)[0])
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(target, sim)
                              + tf.nn.sparse_softmax_cross_entropy_with_logits(target, tf.transpose(sim))) / 2
    v = encoder.trainable_variables + projector.trainable_variables
    opt.apply_gradients(zip(tape.gradient(loss, v), v))
    return loss


ds = tf.data.Dataset.from_tensor_slices(x_tr).shuffle(2000).batch(128, drop_remainder=True)
for epoch in range(20):
    losses = [float(step(xb)) for xb in ds]
    if epoch % 6 == 0:
        print("epoch", epoch, "nt-xent", np.mean(losses))

probe = LogisticRegression(max_iter=2000).fit(encoder.predict(x_tr, verbose=0), y_tr)
print("linear probe test accuracy:", probe.score(encoder.predict(x_te, verbose=0), y_te))
