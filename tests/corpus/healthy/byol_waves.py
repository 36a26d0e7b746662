# Self-supervised features for vibration snippets: the online network predicts the
# projection of a slowly moving copy of itself; no labels and no negatives.
import numpy as np
import tensorflow as tf
from tensorflow import keras
from sklearn.linear_model import LogisticRegression

keras.utils.set_random_seed(3)
TAU, EPOCHS, BATCH, LENGTH = 0.98, 18, 128, 64


def snippets(n, seed):
    """six machine states: three wave shapes, each slow or fast; phase, level and noise are nuisance"""
    r = np.random.default_rng(seed)
    state = r.integers(0, 6, n)
    freq = np.where(state % 2 == 0, r.uniform(2.0, 2.6, n), r.uniform(3.6, 4.4, n))
    ph = 2 * np.pi * (freq[:, None] * np.arange(LENGTH) / LENGTH + r.random((n, 1)))
    shapes = np.stack([np.sin(ph), np.sign(np.sin(ph)), (ph / np.pi) % 2 - 1])
    x = shapes[state // 2, np.arange(n)] * r.uniform(0.7, 1.3, (n, 1)) + 0.25 * r.normal(size=(n, LENGTH))
    return x.astype("float32")[..., None], state


def encoder():
    return keras.Sequential([
        keras.Input((LENGTH, 1)),
        keras.layers.Conv1D(24, 7, strides=2, activation="relu"),
        keras.layers.Conv1D(48, 7, strides=2, activation="relu"),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(64),
    ])


def head(d_in, d_out=32):
    return keras.Sequential([
        keras.Input((d_in,)),
        keras.layers.Dense(96),
        keras.layers.BatchNormalization(),
        keras.layers.ReLU(),
        keras.layers.Dense(d_out),
    ])


def augment(x):
    n = tf.shape(x)[0]
    shift = tf.random.uniform([n, 1], 0, LENGTH, dtype=tf.int32)
    x = tf.gather(x, (shift + tf.range(LENGTH)[None]) % LENGTH, axis=1, batch_dims=1)
    return x * tf.random.uniform([n, 1, 1], 0.7, 1.4) + tf.random.normal(tf.shape(x), stddev=0.15)


f_online, g_online, predictor = encoder(), head(64), head(32)
f_target, g_target = encoder(), head(64)
f_target.set_weights(f_online.get_weights())
g_target.set_weights(g_online.get_weights())

variables = f_online.trainable_variables + g_online.trainable_variables + predictor.trainable_variables
optimizer = keras.optimizers.Adam(2e-3)


def regression_loss(p, z):
    p = tf.math.l2_normalize(p, axis=1)
    z = tf.math.l2_normalize(z, axis=1)
    return 2.0 - 2.0 * tf.reduce_mean(tf.reduce_sum(p * z, axis=1))


@tf.function
def train_step(x):
    v1, v2 = augment(x), augment(x)
    t1 = tf.stop_gradient(g_target(f_target(v1), training=True))
    t2 = tf.stop_gradient(g_target(f_target(v2), training=True))
    with tf.GradientTape() as tape:
        p1 = predictor(g_online(f_online(v1), training=True), training=True)
        p2 = predictor(g_online(f_online(v2), training=True), training=True)
        loss = 0.5 * (regression_loss(p1, t2) + regression_loss(p2, t1))
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
    for a, b in zip(f_target.variables + g_target.variables, f_online.variables + g_online.variables):
        a.assign(TAU * a + (1 - TAU) * b)
    return loss


X_tr, y_tr = snippets(3000, 0)
X_te, y_te = snippets(1000, 1)


def probe(enc, labels=120):
    f_tr, f_te = enc(X_tr[:labels]).numpy(), enc(X_te).numpy()
    mu, sd = f_tr.mean(0), f_tr.std(0) + 1e-6
    clf = LogisticRegression(max_iter=1000).fit((f_tr - mu) / sd, y_tr[:labels])
    return clf.score((f_te - mu) / sd, y_te)


untrained = probe(f_online)
ds = tf.data.Dataset.from_tensor_slices(X_tr).shuffle(len(X_tr)).batch(BATCH, drop_remainder=True)
for epoch in range(EPOCHS):
    losses = [train_step(b) for b in ds]
    if epoch == 0 or (epoch + 1) % 3 == 0:
        z = tf.math.l2_normalize(g_online(f_online(X_te)), axis=1).numpy()
        print(f"epoch {epoch + 1:3d}  loss {np.mean(losses):.4f}  projection std {z.std(0).mean():.3f}")
print(f"linear probe with 120 labels, held-out accuracy: raw signal {probe(keras.layers.Flatten()):.3f}, "
      f"untrained encoder {untrained:.3f}, learned features {probe(f_online):.3f}")
