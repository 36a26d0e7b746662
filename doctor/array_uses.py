"""What arrays are used for that datasets are made of, by the uses of the datasets."""

from __future__ import annotations

from typing import Iterable

from doctor.types import Site


def uses_by_datasets(datasets: Iterable[Site]) -> dict[str, str]:
    """Key of an array -> "train" or "eval"; "train" where datasets of both kinds are made of it."""
    uses: dict[str, str] = {}
    for dataset in datasets:
        use = dataset.attributes.get("used_for")
        for stage in dataset.attributes.get("chain") or ():
            for key in stage.get("arrays") or ():
                if use in ("train", "eval") and uses.get(key) != "train":
                    uses[key] = use
    return uses
