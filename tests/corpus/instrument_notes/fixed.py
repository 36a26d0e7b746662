"""Which instrument plays the note?  Synthetic tones -> log spectrogram -> 1-D convnet."""
import numpy as np
import tensorflow as tf

SR = 4000
DUR = 0.5
FRAME, HOP = 128, 64
INSTRUMENTS = {
    # harmonic amplitudes, attack seconds, decay rate, vibrato depth
    "flute": ([1.0, 0.25, 0.10, 0.03], 0.08, 1.0, 0.006),
    "clarinet": ([1.0, 0.05, 0.65, 0.05, 0.35], 0.04, 1.2, 0.000),
    "violin": ([1.0, 0.7, 0.6, 0.45, 0.35, 0.2], 0.10, 0.8, 0.010),
    "piano": ([1.0, 0.6, 0.35, 0.2, 0.1], 0.005, 6.0, 0.000),
    "marimba": ([1.0, 0.02, 0.02, 0.4], 0.003, 14.0, 0.000),
}


def note(kind, rng):
    amps, attack, decay, vib = INSTRUMENTS[kind]
    t = np.arange(int(SR * DUR)) / SR
    f0 = 150.0 * 2 ** rng.uniform(0, 1.3)
    phase = 2 * np.pi * f0 * (t + vib / (2 * np.pi * 5) * np.sin(2 * np.pi * 5 * t))
    wave = np.zeros_like(t)
    for k, a in enumerate(amps, start=1):
        if k * f0 < SR / 2:
            wave += a * rng.uniform(0.6, 1.4) * np.sin(k * phase + rng.uniform(0, 6.28))
    env = np.minimum(t / attack, 1.0) * np.exp(-decay * rng.uniform(0.7, 1.3) * t)
    wave = wave * env
    return wave / np.abs(wave).max() + rng.normal(0, 0.08, len(t))


def log_spectrogram(wave):
    frames = np.lib.stride_tricks.sliding_window_view(wave, FRAME)[::HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(FRAME), axis=1)) ** 2
    return np.log(power + 1e-3)


def dataset(n, seed):
    rng = np.random.default_rng(seed)
    kinds = list(INSTRUMENTS)
    y = rng.integers(0, len(kinds), n)
    x = np.stack([log_spectrogram(note(kinds[i], rng)) for i in y])
    return x.astype("float32"), y


class RecordBest(tf.keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.best = 0.0

    def on_epoch_end(self, epoch, logs=None):
        self.best = max(self.best, logs["val_accuracy"])
        if epoch % 4 == 3:
            print(f"  epoch {epoch + 1:2d}: loss {logs['loss']:.3f} acc {logs['accuracy']:.3f} "
                  f"val_loss {logs['val_loss']:.3f} val_acc {logs['val_accuracy']:.3f}")


START_LR = 0.02
DECAY = 0.9


def schedule(epoch, lr):
    return START_LR * DECAY ** epoch


if __name__ == "__main__":
    tf.keras.utils.set_random_seed(40)
    x_train, y_train = dataset(900, seed=1)
    x_val, y_val = dataset(300, seed=2)
    mean, std = x_train.mean(), x_train.std()
    x_train, x_val = (x_train - mean) / std, (x_val - mean) / std
    print("spectrograms", x_train.shape, "->", len(INSTRUMENTS), "instruments")

    model = tf.keras.Sequential([
        tf.keras.layers.Input(x_train.shape[1:]),
        tf.keras.layers.Conv1D(16, 3, activation="relu"),
        tf.keras.layers.MaxPooling1D(2),
        tf.keras.layers.Conv1D(16, 3, activation="relu"),
        tf.keras.layers.GlobalAveragePooling1D(),
        tf.keras.layers.Dense(len(INSTRUMENTS), activation="softmax"),
    ])
    model.compile(
        optimizer=tf.keras.optimizers.SGD(START_LR),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    best = RecordBest()
    model.fit(
        x_train, y_train,
        validation_data=(x_val, y_val),
        epochs=24, batch_size=32, verbose=0,
        callbacks=[tf.keras.callbacks.LearningRateScheduler(schedule), best],
    )
    loss, acc = model.evaluate(x_val, y_val, verbose=0)
    print(f"validation accuracy {acc:.3f} (best {best.best:.3f}), loss {loss:.3f}")
    guess = model.predict(x_val, verbose=0).argmax(1)
    for i, name in enumerate(INSTRUMENTS):
        print(f"  {name:9s} {np.mean(guess[y_val == i] == i):.2f}")
