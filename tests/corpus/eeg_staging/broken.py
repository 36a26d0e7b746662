"""Sleep staging from single-channel epochs. One recording = one night segment of one stage."""
import keras
import numpy as np
from keras import layers

FS = 64
SECONDS = 3
STAGES = ["wake", "light", "deep"]
BAND = {0: (9.0, 11.5, 0.7), 1: (5.0, 7.0, 1.0), 2: (1.0, 3.0, 1.6)}


class EpochSimulator:
    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.t = np.arange(FS * SECONDS) / FS

    def draw(self, stage, n):
        lo, hi, amp = BAND[stage]
        f = self.rng.uniform(lo, hi, (n, 1))
        phase = self.rng.uniform(0, 2 * np.pi, (n, 1))
        wave = amp * np.sin(2 * np.pi * f * self.t + phase)
        noise = self.rng.normal(0, 0.6, (n, self.t.size))
        return (wave + noise).astype("float32")[..., None]

    def mixed(self, per_stage):
        x = np.concatenate([self.draw(s, per_stage) for s in BAND])
        y = np.repeat(np.arange(len(STAGES)), per_stage)
        order = self.rng.permutation(len(y))
        return x[order], y[order]


class StageNet(keras.Model):
    def __init__(self, width=24):
        super().__init__()
        self.conv_a = layers.Conv1D(width, 15, strides=2, padding="same", use_bias=False)
        self.norm_a = layers.BatchNormalization(momentum=0.9)
        self.conv_b = layers.Conv1D(width, 9, strides=2, padding="same", use_bias=False)
        self.norm_b = layers.BatchNormalization(momentum=0.9)
        self.pool = layers.GlobalAveragePooling1D()
        self.norm_c = layers.BatchNormalization(momentum=0.9)
        self.drop = layers.Dropout(0.2)
        self.out = layers.Dense(len(STAGES))

    def call(self, x, training=False):
        x = keras.activations.relu(self.norm_a(self.conv_a(x), training=training))
        x = keras.activations.relu(self.norm_b(self.conv_b(x), training=training))
        x = self.norm_c(self.pool(x), training=True)  # expect: train-mode
        return self.out(self.drop(x, training=training))


def confusion(truth, guess):
    table = np.zeros((len(STAGES), len(STAGES)), int)
    np.add.at(table, (truth, guess), 1)
    return table


def main():
    keras.utils.set_random_seed(21)
    x, y = EpochSimulator(0).mixed(500)
    net = StageNet()
    net.compile(
        optimizer=keras.optimizers.Adam(2e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    net.fit(x, y, batch_size=64, epochs=6, verbose=2)

    night = EpochSimulator(99)
    truth, guess = [], []
    for stage in (2, 0, 1, 2, 1, 0):
        segment = night.draw(stage, 32)
        guess.append(net.predict(segment, batch_size=32, verbose=0).argmax(1))
        truth.append(np.full(32, stage))
    table = confusion(np.concatenate(truth), np.concatenate(guess))
    print("rows: scored by the technician, columns: scored by the net")
    for name, row in zip(STAGES, table):
        print(f"{name:>6} {row}")
    print(f"agreement over six segments {np.trace(table) / table.sum():.3f}")


main()
