"""Loading, cleaning and splitting of the policy table."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf

MONEY_LIKE = ["income", "annual_premium", "mileage", "claims_paid"]     # long right tails
PLAIN = ["tenure_years", "age"]
CATEGORICAL = ["channel", "region"]
NUMERIC = MONEY_LIKE + PLAIN
TARGET = "renewed"


@dataclass
class Tables:
    raw: pd.DataFrame
    train: pd.DataFrame
    val: pd.DataFrame
    test: pd.DataFrame


def clean(df: pd.DataFrame) -> pd.DataFrame:
    df = df.drop_duplicates("policy").reset_index(drop=True)
    df[NUMERIC] = df[NUMERIC].astype("float32")
    for c in CATEGORICAL:
        df[c] = df[c].str.strip().str.lower()
    return df


def compress_tails(df: pd.DataFrame) -> pd.DataFrame:
    out = df.copy()
    out[MONEY_LIKE] = np.log1p(out[MONEY_LIKE])
    out["tenure_years"] = np.log1p(out["tenure_years"])
    return out


def load_tables(path: Path, seed: int) -> Tables:
    raw = clean(pd.read_csv(path))
    order = np.random.default_rng(seed).permutation(len(raw))
    a, b = int(0.7 * len(raw)), int(0.85 * len(raw))
    ready = compress_tails(raw)
    return Tables(raw.iloc[order[:a]], *(ready.iloc[i] for i in (order[:a], order[a:b], order[b:])))


def to_dataset(df: pd.DataFrame, batch: int, shuffle: bool = False, seed: int = 0) -> tf.data.Dataset:
    x = {"numeric": df[NUMERIC].to_numpy("float32")}
    x.update({c: df[c].to_numpy(dtype=str)[:, None] for c in CATEGORICAL})
    y = df[TARGET].to_numpy("float32")[:, None]
    ds = tf.data.Dataset.from_tensor_slices((x, y))
    if shuffle:
        ds = ds.shuffle(len(df), seed=seed)
    return ds.batch(batch)
