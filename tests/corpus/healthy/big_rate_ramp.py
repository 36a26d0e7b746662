"""Super-convergence on the 8x8 digits: plain SGD, one cycle, peak rate 2.0.

Batch-normalised layers are invariant to the scale of their weights, so with a
ramp at the start a very large rate is stable, and the anneal does the rest.
"""
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEED = 3
PEAK, EPOCHS, BATCH = 2.0, 15, 64
tf.keras.utils.set_random_seed(SEED)

x, y = load_digits(return_X_y=True)
x = (x.astype("float32") - 8.0) / 6.0
x_tr, x_te, y_tr, y_te = train_test_split(x, y, test_size=0.25, stratify=y, random_state=SEED)
steps = EPOCHS * int(np.ceil(len(x_tr) / BATCH))


class OneCycle(tf.keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, peak, total, ramp=0.3, floor=1e-3):
        self.peak, self.total, self.ramp, self.floor = peak, float(total), ramp, floor

    def __call__(self, step):
        p = tf.cast(step, tf.float32) / self.total
        up = self.floor + (self.peak - self.floor) * p / self.ramp
        q = tf.clip_by_value((p - self.ramp) / (1.0 - self.ramp), 0.0, 1.0)
        down = self.floor + (self.peak - self.floor) * 0.5 * (1.0 + tf.cos(np.pi * q))
        return tf.where(p < self.ramp, up, down)

    def get_config(self):
        return dict(peak=self.peak, total=self.total, ramp=self.ramp, floor=self.floor)


def block(width):
    return [tf.keras.layers.Dense(width, use_bias=False),
            tf.keras.layers.BatchNormalization(momentum=0.9),
            tf.keras.layers.ReLU(),
            tf.keras.layers.Dropout(0.3)]


model = tf.keras.Sequential([tf.keras.Input((64,)), *block(64), *block(64),
                             tf.keras.layers.Dense(10, use_bias=False),
                             tf.keras.layers.BatchNormalization(momentum=0.9)])
model.compile(
    optimizer=tf.keras.optimizers.SGD(OneCycle(PEAK, steps)),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"])
model.fit(x_tr, y_tr, batch_size=BATCH, epochs=EPOCHS, validation_data=(x_te, y_te), verbose=2)
print("accuracy after one cycle: %.4f" % model.evaluate(x_te, y_te, verbose=0)[1])
