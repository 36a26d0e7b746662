"""Autoencoder over vibration spectra of a pump; only healthy machines are used for training."""
import numpy as np
import keras
from sklearn.metrics import roc_auc_score

keras.utils.set_random_seed(404)
FS, N = 2048, 512


def vibration(rng, n, bearing=0.0, imbalance=0.0):
    """Accelerometer snippets: shaft harmonics, vane pass, broadband; optional damage."""
    t = np.arange(N) / FS
    rpm = rng.uniform(1380, 1520, (n, 1)) / 60
    load = rng.uniform(0.4, 1.0, (n, 1))
    ph = rng.uniform(0, 2 * np.pi, (3, n, 1))
    s = (1 + 1.5 * imbalance) * np.sin(2 * np.pi * rpm * t + ph[0])
    s = s + 0.4 * np.sin(4 * np.pi * rpm * t + ph[1]) + load * np.sin(2 * np.pi * 6 * rpm * t + ph[2])
    s = s + 0.5 * load * rng.normal(size=(n, N))
    if bearing:
        ring = np.sin(2 * np.pi * 620 * t) * np.exp(-(t % (1 / 95)) * 500)
        s = s + bearing * ring * (1 + 0.3 * rng.normal(size=(n, 1)))
    return s


def spectrum(s):
    f = np.abs(np.fft.rfft(s * np.hanning(N), axis=1))[:, 1:] / N
    bands = f.reshape(len(s), 64, 4).mean(-1)
    return np.log(bands + 1e-4)


ref = spectrum(vibration(np.random.default_rng(1), 400))
MU, SD = ref.mean(0), ref.std(0)


def prepare(s):
    return ((spectrum(s) - MU) / SD).astype("float32")


def healthy_batches(seed, batch=64):
    rng = np.random.default_rng(seed)
    while True:
        x = prepare(vibration(rng, batch))
        yield x, x


val_x = prepare(vibration(np.random.default_rng(2), 400))

ae = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(32, activation="elu"),
    keras.layers.Dense(6, name="bottleneck"),
    keras.layers.Dense(32, activation="elu"),
    keras.layers.Dense(64),
])
ae.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse")
ae.fit(healthy_batches(10), steps_per_epoch=50, epochs=10, validation_data=(val_x, val_x), verbose=2)


def score(x):
    return np.mean((ae.predict(x, verbose=0) - x) ** 2, axis=1)


rng = np.random.default_rng(3)
ok = score(prepare(vibration(rng, 300)))
limit = np.quantile(score(val_x), 0.99)
print(f"healthy: mean error {ok.mean():.3f} (all-mean reconstruction {np.mean(val_x ** 2):.3f}), alarms {np.mean(ok > limit):.1%}")
for name, kw in {"bearing early": dict(bearing=1.0), "bearing late": dict(bearing=2.0), "imbalance": dict(imbalance=1.0)}.items():
    bad = score(prepare(vibration(rng, 300, **kw)))
    auc = roc_auc_score(np.r_[np.zeros(300), np.ones(300)], np.r_[ok, bad])
    print(f"{name:14s} mean error {bad.mean():.3f}  AUC {auc:.3f}  detected {np.mean(bad > limit):.1%}")
