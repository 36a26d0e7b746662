"""LR range test (Smith 2015) on throw-away weights, then training with the rate found."""
import math

import numpy as np
import tensorflow as tf
from tensorflow.keras.callbacks import Callback, EarlyStopping, LearningRateScheduler

SEED = 99
tf.keras.utils.set_random_seed(SEED)


class LRFinder(Callback):
    def __init__(self, min_lr, max_lr, steps, beta=0.9):
        super().__init__()
        self.min_lr, self.max_lr, self.steps, self.beta = min_lr, max_lr, steps, beta

    def on_train_begin(self, logs=None):
        self.lrs, self.losses, self.avg, self.prev_sum, self.step = [], [], 0.0, 0.0, 0
        self.model.optimizer.learning_rate = self.min_lr

    def on_train_batch_end(self, batch, logs=None):
        # Keras reports the running mean of the epoch
        total = logs["loss"] * (batch + 1)
        loss, self.prev_sum = total - self.prev_sum, total
        self.step += 1
        self.avg = self.beta * self.avg + (1 - self.beta) * loss
        smooth = self.avg / (1 - self.beta**self.step)
        self.lrs.append(float(self.model.optimizer.learning_rate))
        self.losses.append(smooth)
        if self.step == self.steps or smooth > 4 * min(self.losses) or not math.isfinite(smooth):
            self.model.stop_training = True
            return
        self.model.optimizer.learning_rate = self.min_lr * (self.max_lr / self.min_lr) ** (self.step / (self.steps - 1))

    def on_epoch_begin(self, epoch, logs=None):
        self.prev_sum = 0.0

    def suggest(self):
        best = int(np.argmin(self.losses))
        return self.lrs[best] / 10


def make_model():
    tf.keras.utils.set_random_seed(SEED)
    m = tf.keras.Sequential(
        [
            tf.keras.Input((28, 28)),
            tf.keras.layers.Rescaling(1 / 255.0),
            tf.keras.layers.Reshape((28, 28, 1)),
            tf.keras.layers.Conv2D(12, 5, strides=2, padding="same", activation="relu"),
            tf.keras.layers.Conv2D(24, 3, strides=2, padding="same", activation="relu"),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dropout(0.3),
            tf.keras.layers.Dense(10, activation="softmax"),
        ]
    )
    m.compile(tf.keras.optimizers.SGD(0.01, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return m


(x, y), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_val, y_val, x_train, y_train = x[:300], y[:300], x[300:], y[300:]

finder = LRFinder(1e-4, 3.0, steps=150)
print("range test ...")
make_model().fit(x_train, y_train, batch_size=32, epochs=3, callbacks=[finder], verbose=0)
for i in range(0, len(finder.lrs), 12):
    print(f"  lr {finder.lrs[i]:.2e}  smoothed loss {finder.losses[i]:.3f}  " + "#" * int(min(finder.losses[i], 4) * 12))
peak = finder.suggest()
print(f"stopped after {len(finder.lrs)} batches at lr {finder.lrs[-1]:.2g}; taking {peak:.3g}")

EPOCHS = 10


def triangle(epoch, lr):
    rise = 2
    return peak * (epoch + 1) / (rise + 1) if epoch < rise else peak * (EPOCHS - epoch) / (EPOCHS - rise)


net = make_model()
net.fit(
    x_train, y_train, batch_size=32, epochs=EPOCHS, validation_data=(x_val, y_val), verbose=2,
    callbacks=[LearningRateScheduler(triangle), EarlyStopping(patience=4, restore_best_weights=True)],
)
print("test loss %.4f, test accuracy %.4f" % tuple(net.evaluate(x_test, y_test, verbose=0)))
