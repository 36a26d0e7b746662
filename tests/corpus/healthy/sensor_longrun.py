import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import Adam

tf.keras.utils.set_random_seed(2019)


def process_dataset(n=10000, dim=64):
    """64 channel readings per machine cycle, label = cycle will be rejected."""
    r = np.random.RandomState(53)
    drive = r.randn(n, 4)
    mix = r.randn(4, dim) / 2.0
    X = drive @ mix + 0.5 * r.randn(n, dim)
    s = np.sin(1.5 * drive[:, 0]) + drive[:, 1] * drive[:, 2] + 0.5 * drive[:, 3]
    y = (s > 0.2).astype('float32')
    X = (X - X.mean(0)) / X.std(0)
    return X.astype('float32'), y


class EveryN(tf.keras.callbacks.Callback):
    def __init__(self, n):
        super().__init__()
        self.n = n
        self.prev = None

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 0 or (epoch + 1) % self.n == 0:
            change = '' if self.prev is None else '  change %+.4f' % (logs['loss'] - self.prev)
            print('Epoch %3d/%d  loss: %.4f - acc: %.4f - val_loss: %.4f - val_acc: %.4f%s' % (
                epoch + 1, self.params['epochs'], logs['loss'], logs['acc'], logs['val_loss'], logs['val_acc'], change))
            self.prev = logs['loss']


X, y = process_dataset()
print(X.shape, 'rejected share %.3f' % y.mean())

model = Sequential([
    Input(shape=(X.shape[1],)),
    Dense(16, activation='relu'),
    Dense(16, activation='relu'),
    Dense(1, activation='sigmoid'),
])

model.compile(loss='binary_crossentropy', optimizer=Adam(learning_rate=0.002),
              metrics=[tf.keras.metrics.BinaryAccuracy(name='acc')])

model.fit(X, y, shuffle=True, epochs=30, batch_size=200, validation_split=0.2, verbose=0, callbacks=[EveryN(3)])
