"""Four kinds of heart beat from single-lead snippets (12-bit ADC, 200 counts per millivolt)."""
import numpy as np
import tensorflow as tf

COUNTS_PER_MV = 200.0
JITTER_COUNTS = 20.0
N_SAMPLES = 96


def bump(t, centre, width, height):
    return height * np.exp(-0.5 * ((t - centre) / width) ** 2)


def snippet(kind, rng):
    t = np.linspace(0, 1, N_SAMPLES)
    r = rng.normal(0.45, 0.02)
    h = rng.uniform(0.8, 1.2)
    mv = bump(t, r, 0.018, h) + bump(t, r + 0.28, 0.05, 0.25 * h)
    if kind != 1:
        mv += bump(t, r - 0.18, 0.03, 0.15 * h)  # P wave, missing in junctional beats
    if kind == 2:
        mv = bump(t, r, 0.06, h) - bump(t, r + 0.25, 0.07, 0.4 * h)
    if kind == 3:
        mv += bump(t, r + 0.05, 0.02, 0.5 * h)
    mv += rng.normal(0, 0.02, N_SAMPLES)
    return np.round(mv * COUNTS_PER_MV + 1024)


def dataset(n, seed):
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, 4, n)
    adc = np.stack([snippet(k, rng) for k in kinds]).astype("int16")
    return adc, kinds


def to_millivolt(adc, kind):
    mv = (tf.cast(adc, tf.float32) - 1024.0) / COUNTS_PER_MV
    return mv[:, None], kind


def jitter(mv, kind):
    return mv + tf.random.normal(tf.shape(mv), stddev=JITTER_COUNTS / COUNTS_PER_MV), kind


tf.keras.utils.set_random_seed(33)
train_raw, test_raw = dataset(1600, 1), dataset(400, 2)

train = (
    tf.data.Dataset.from_tensor_slices(train_raw)
    .shuffle(1600, seed=5)
    .map(to_millivolt)
    .map(jitter)
    .batch(32)
    .prefetch(1)
)
test = tf.data.Dataset.from_tensor_slices(test_raw).map(to_millivolt).batch(100)

L = tf.keras.layers
net = tf.keras.Sequential(
    [
        L.Input((N_SAMPLES, 1)),
        L.Conv1D(16, 7, strides=2, use_bias=False), L.BatchNormalization(), L.ReLU(),
        L.Conv1D(32, 5, strides=2, use_bias=False), L.BatchNormalization(), L.ReLU(),
        L.Flatten(),
        L.Dense(32, activation="relu"),
        L.Dense(4),
    ]
)
net.compile(
    optimizer="adam",
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
net.fit(train, epochs=10, validation_data=test, verbose=2)
print("test accuracy: %.3f" % net.evaluate(test, verbose=0)[1])
