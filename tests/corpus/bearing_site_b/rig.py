"""Simulated accelerometer spectra of the two test rigs (log power in 64 bands)."""
import numpy as np

CONDITIONS = ("healthy", "inner race", "outer race", "cage")
_HARMONICS = {0: (9.0,), 1: (9.0, 15.5, 31.0), 2: (9.0, 12.0, 24.0, 36.0), 3: (4.0, 9.0)}


def record(site, count, seed):
    rng = np.random.default_rng(seed)
    condition = rng.integers(0, 4, count)
    band = np.arange(64)
    speed = rng.normal(1.0 if site == "A" else 1.08, 0.04, count)
    spectra = np.full((count, 64), 0.05)
    for row, c in enumerate(condition):
        for k, h in enumerate(_HARMONICS[int(c)]):
            strength = rng.gamma(4.0, 0.25) / (1 + 0.3 * k)
            spectra[row] += strength * np.exp(-0.5 * ((band - h * speed[row]) / 1.1) ** 2)
        spectra[row] += 0.3 * np.exp(-0.5 * ((band - (50 if site == "A" else 46)) / 3) ** 2)
    spectra *= rng.gamma(5.0, 0.2, spectra.shape)
    return np.log(spectra + 1e-3).astype("float32"), condition.astype("int32")
