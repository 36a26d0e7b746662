"""Self-supervised waveforms: SimCLR-style training without any label.

Two random views (circular shift, gain, noise) of one signal attract, those of different
signals repel. The frozen encoder is then judged with a nearest-neighbour vote.
"""
import numpy as np
import tensorflow as tf
from sklearn.neighbors import KNeighborsClassifier

SEED = 10
tf.keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
L, BATCH, EPOCHS, TEMPERATURE = 64, 128, 16, 0.2


def make(n):
    kind = rng.integers(0, 5, n)
    phase = (np.arange(L) / L * 2 + rng.random((n, 1))) % 1.0       # two periods, any phase
    shapes = np.stack([np.sin(2 * np.pi * phase),
                       np.sign(np.sin(2 * np.pi * phase)),
                       2 * phase - 1,
                       1 - 2 * phase,
                       np.where(phase < 0.2, 1.0, -0.4)], 1)
    x = shapes[np.arange(n), kind]
    x = x / x.std(1, keepdims=True)
    return (x + rng.normal(0, 0.5, x.shape)).astype("float32")[..., None], kind


x_unlabelled, _ = make(2000)
x_ref, y_ref = make(150)
x_test, y_test = make(500)


class CircularConv(tf.keras.layers.Layer):
    def __init__(self, filters, stride=1):
        super().__init__()
        self.conv = tf.keras.layers.Conv1D(filters, 7, strides=stride, activation="relu")

    def call(self, x):
        return self.conv(tf.concat([x[:, -3:], x, x[:, :3]], axis=1))


encoder = tf.keras.Sequential([tf.keras.Input((L, 1)), CircularConv(24, 2), CircularConv(48, 2),
                               tf.keras.layers.GlobalAveragePooling1D()])
projector = tf.keras.Sequential([tf.keras.Input((48,)), tf.keras.layers.Dense(48, activation="relu"),
                                 tf.keras.layers.Dense(24)])
weights = encoder.trainable_variables + projector.trainable_variables
opt = tf.keras.optimizers.Adam(3e-3)


def view(x):
    n = tf.shape(x)[0]
    index = (tf.range(L)[None] + tf.random.uniform((n, 1), 0, L, tf.int32)) % L
    x = tf.gather(x, index, batch_dims=1, axis=1)
    return x * tf.random.uniform((n, 1, 1), 0.7, 1.4) + tf.random.normal(tf.shape(x), stddev=0.3)


@tf.function
def train_step(x):
    with tf.GradientTape() as tape:
        both = tf.concat([view(x), view(x)], 0)
        z = tf.math.l2_normalize(projector(encoder(both, training=True), training=True), axis=1)
        sim = tf.matmul(z, z, transpose_b=True) / TEMPERATURE
        n = tf.shape(x)[0]
        sim = tf.linalg.set_diag(sim, tf.fill((2 * n,), -1e9))      # never compare a view with itself
        partner = tf.concat([tf.range(n, 2 * n), tf.range(n)], 0)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=partner, logits=sim))
    opt.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


def probe():
    knn = KNeighborsClassifier(5, metric="cosine")
    knn.fit(encoder.predict(x_ref, verbose=0), y_ref)
    return knn.score(encoder.predict(x_test, verbose=0), y_test)


data = tf.data.Dataset.from_tensor_slices(x_unlabelled).shuffle(2000).batch(BATCH, drop_remainder=True)
raw = KNeighborsClassifier(5).fit(x_ref[..., 0], y_ref).score(x_test[..., 0], y_test)
print("nearest neighbours on raw signals %.3f, on the untrained encoder %.3f" % (raw, probe()))
for epoch in range(EPOCHS):
    losses = [float(train_step(x)) for x in data]
    if epoch % 3 == 0:
        print("epoch %2d  contrastive loss %.3f (chance %.3f)" % (epoch, np.mean(losses), np.log(2 * BATCH - 1)))
print("nearest neighbours on the learnt representation: %.4f" % probe())
