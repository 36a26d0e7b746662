from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

ROOT = Path(__file__).resolve().parent


@dataclass
class Standardiser:
    mean: float
    std: float

    @classmethod
    def from_json(cls, path: Path) -> "Standardiser":
        blob = json.loads(path.read_text())
        return cls(blob["mean"], blob["std"])  # expect-or: input-scale

    def __call__(self, img: np.ndarray) -> np.ndarray:
        return ((img.astype("float32") - self.mean) / self.std)[..., None]  # expect: input-scale


class ClothesSequence(keras.utils.PyDataset):
    def __init__(self, split: str, batch_size: int, flip: bool = False, seed: int = 0, **kw):
        super().__init__(**kw)
        with np.load(ROOT / "clothes.npz") as z:
            self.x, self.y = z[f"x_{split}"], z[f"y_{split}"].astype("int64")
        self.standardise = Standardiser.from_json(ROOT / "channel_stats.json")
        self.batch_size = batch_size
        self.flip = flip
        self.rng = np.random.default_rng(seed)
        self.order = np.arange(len(self.x))
        self.on_epoch_end()

    def __len__(self) -> int:
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, idx: int):
        sel = self.order[idx * self.batch_size:(idx + 1) * self.batch_size]
        img = self.x[sel]
        if self.flip:
            mirrored = self.rng.random(len(sel)) < 0.5
            img = np.where(mirrored[:, None, None], img[:, :, ::-1], img)
        return self.standardise(img), self.y[sel]  # expect-or: input-scale

    def on_epoch_end(self):
        if self.flip:
            self.rng.shuffle(self.order)
