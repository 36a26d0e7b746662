"""Reading the spectrometer export and the laboratory sheet."""
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
CLASSES = ["clay", "loam", "sand", "silt"]


def read_spectra() -> pd.DataFrame:
    """One row per sample: the replicates are averaged."""
    raw = pd.read_csv(HERE / "spectra.csv")
    return raw.drop(columns="replicate").groupby("sample_id").mean()


def read_lab() -> pd.DataFrame:
    lab = pd.read_csv(HERE / "lab_results.csv")
    return lab.drop_duplicates("sample_id")


def encode(names: pd.Series) -> np.ndarray:
    lookup = {name: i for i, name in enumerate(CLASSES)}
    return names.map(lookup).to_numpy(dtype="int32")
