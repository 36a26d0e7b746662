"""Bearing faults from one second of vibration. The clean bench signals get sensor noise in the pipeline."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import Input, Model, layers, losses, optimizers, utils

utils.set_random_seed(55)
FS, CLASSES = 256, ["healthy", "inner race", "outer race", "imbalance"]
SENSOR_SD = 0.4
t = np.arange(FS) / FS


def bench(n, seed):
    r = np.random.default_rng(seed)
    lab = r.integers(0, 4, n)
    sig = np.zeros((n, FS), "float32")
    for i, c in enumerate(lab):
        f = r.uniform(9, 11)
        s = r.uniform(0.8, 1.2) * np.sin(2 * np.pi * f * t + r.uniform(0, 6.28))
        hit = r.uniform(0.7, 1.4)
        if c == 1:
            s += hit * np.maximum(0, np.sin(2 * np.pi * 5.4 * f * t + r.uniform(0, 6.28))) ** 4
        elif c == 2:
            s += hit * np.maximum(0, np.sin(2 * np.pi * 3.6 * f * t + r.uniform(0, 6.28))) ** 4
        elif c == 3:
            s *= r.uniform(1.7, 2.4)
        sig[i] = s
    return sig[..., None], lab


def with_noise(x, y):
    return x + tf.random.normal(tf.shape(x), stddev=SENSOR_SD), y


xa, ya = bench(1400, 0)
xb, yb = bench(400, 1)
field = xb + np.random.default_rng(2).normal(0, SENSOR_SD, xb.shape).astype("float32")

auto = tf.data.AUTOTUNE
train = (tf.data.Dataset.from_tensor_slices((xa, ya)).cache().shuffle(1400)
         .map(with_noise, num_parallel_calls=auto).batch(32).prefetch(auto))
test = tf.data.Dataset.from_tensor_slices((field, yb)).shuffle(400, reshuffle_each_iteration=True).batch(50)

i = Input((FS, 1))
h = i
for filters, width in ((12, 15), (16, 9), (24, 5)):
    h = layers.Conv1D(filters, width, strides=2, padding="same", use_bias=False, kernel_initializer="he_uniform")(h)
    h = layers.BatchNormalization(momentum=0.9)(h)
    h = layers.Activation("swish")(h)
h = layers.GlobalAveragePooling1D()(h)
net = Model(i, layers.Dense(4)(h))
net.compile(optimizer=optimizers.AdamW(optimizers.schedules.CosineDecay(4e-3, 9 * 44), weight_decay=1e-3),
            loss=losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
net.fit(train, epochs=9, validation_data=test, verbose=2)

truth, guess = [], []
for bx, by in test:
    guess.append(net.predict_on_batch(bx).argmax(1))
    truth.append(by.numpy())
truth, guess = np.concatenate(truth), np.concatenate(guess)
cm = tf.math.confusion_matrix(truth, guess, num_classes=4).numpy()
print("field accuracy %.3f" % (truth == guess).mean())
for name, row in zip(CLASSES, cm):
    print(f"{name:12s}", row)
