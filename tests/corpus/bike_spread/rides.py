"""Hourly hires of one docking area: features, and the standardised log count."""
import numpy as np
import pandas as pd


def table(n=6000, seed=17):
    rng = np.random.default_rng(seed)
    hour = rng.integers(0, 24, n)
    weekend = rng.random(n) < 2 / 7
    temp = rng.normal(14, 7, n)
    rain = rng.gamma(0.5, 1.2, n)
    commute = np.exp(-((hour - 8) / 2.0) ** 2) + np.exp(-((hour - 17.5) / 2.5) ** 2)
    leisure = np.exp(-((hour - 14) / 4.0) ** 2)
    level = 2.6 + np.where(weekend, 1.8 * leisure, 1.7 * commute + 0.4 * leisure)
    level = level + 0.05 * (temp - 14) - 0.25 * rain
    wobble = 0.12 + 0.18 * (hour < 6) + 0.05 * rain
    return pd.DataFrame({
        "hour_sin": np.sin(2 * np.pi * hour / 24), "hour_cos": np.cos(2 * np.pi * hour / 24),
        "hour2_sin": np.sin(4 * np.pi * hour / 24), "hour2_cos": np.cos(4 * np.pi * hour / 24),
        "weekend": weekend * 2.0 - 1.0, "temp": (temp - 14) / 7, "rain": rain - 0.6,
        "log_hires": level + wobble * rng.normal(size=n),
    })


def splits():
    frame = table().astype("float32")
    train, valid, test = frame[:4200], frame[4200:5000], frame[5000:]
    mean, std = train.log_hires.mean(), train.log_hires.std()
    out = []
    for part in (train, valid, test):
        target = (part.log_hires - mean) / std
        out.append((part.drop(columns="log_hires").to_numpy(), target.to_numpy()))
    return out
