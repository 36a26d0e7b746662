import math
import numpy as np
import keras
from keras import layers

RATE = 32          # Hz
LENGTH = 96        # samples per window
ACTIVITIES = ('sit', 'walk', 'stairs_up', 'stairs_down', 'run', 'cycle')


def record(kind, n, rng):
    """n windows of a 3-axis accelerometer, gravity included, in g."""
    t = np.arange(LENGTH) / RATE
    base = dict(sit=(0.0, 0.0, 0.02), walk=(1.8, 0.30, 0.06), stairs_up=(1.5, 0.26, 0.07),
                stairs_down=(1.9, 0.42, 0.10), run=(2.7, 0.85, 0.15), cycle=(1.3, 0.14, 0.06))[kind]
    out = np.empty((n, LENGTH, 3), 'float32')
    for i in range(n):
        f = base[0] * rng.normal(1, 0.07)
        amp = base[1] * rng.lognormal(0, 0.15)
        ph = rng.uniform(0, 2 * np.pi)
        tilt = rng.normal({'sit': 0.9, 'cycle': 0.5}.get(kind, 0.1), 0.15)
        step = amp * np.sin(2 * np.pi * f * t + ph)
        heel = amp * (0.6 if kind == 'stairs_down' else 0.25) * np.sin(4 * np.pi * f * t + 2 * ph)
        sway = amp * (0.7 if kind == 'stairs_up' else 0.35) * np.sin(np.pi * f * t + ph)
        out[i, :, 0] = np.sin(tilt) + 0.4 * step
        out[i, :, 1] = sway
        out[i, :, 2] = np.cos(tilt) + step + heel
    return out + rng.normal(0, base[2], out.shape).astype('float32')


class Windows(keras.utils.PyDataset):
    def __init__(self, x, y, batch, rng=None, **kw):
        super().__init__(**kw)
        self.x, self.y, self.batch, self.rng = x, y, batch, rng
        self.order = np.arange(len(x))
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.x) / self.batch)

    def __getitem__(self, i):
        rows = self.order[i * self.batch:(i + 1) * self.batch]  # expect-or: unshuffled
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        if self.rng is not None:
            self.rng.permutation(self.order)  # expect: unshuffled


def collect(n_per, seed):
    rng = np.random.default_rng(seed)
    x = np.concatenate([record(k, n_per, rng) for k in ACTIVITIES])  # expect-or: unshuffled
    y = np.repeat(np.arange(len(ACTIVITIES)), n_per)  # expect-or: unshuffled
    return x, y


keras.utils.set_random_seed(6)
x_train, y_train = collect(240, 100)
x_val, y_val = collect(60, 200)
centre = x_train.mean(axis=(0, 1))
x_train, x_val = x_train - centre, x_val - centre

model = keras.Sequential([
    layers.Input((LENGTH, 3)),
    layers.Conv1D(16, 7, strides=2, padding='same', activation='relu'),
    layers.BatchNormalization(momentum=0.9),
    layers.Conv1D(32, 5, strides=2, padding='same', activation='relu'),
    layers.GlobalAveragePooling1D(),
    layers.Dense(len(ACTIVITIES), activation='softmax'),
])
model.compile(keras.optimizers.Adam(3e-3), 'sparse_categorical_crossentropy', metrics=['accuracy'], jit_compile=False)
model.fit(  # expect-or: unshuffled
    Windows(x_train, y_train, 48, rng=np.random.default_rng(1)),  # expect-or: unshuffled
    validation_data=Windows(x_val, y_val, 120),  # expect-or: unshuffled
    epochs=12,  # expect-or: unshuffled
    callbacks=[keras.callbacks.ReduceLROnPlateau(monitor='loss', patience=3)],  # expect-or: unshuffled
    verbose=2,
)
loss, acc = model.evaluate(Windows(x_val, y_val, 120), verbose=0)
print('validation accuracy: {:.3f}   loss: {:.3f}'.format(acc, loss))
