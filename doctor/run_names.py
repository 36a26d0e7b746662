"""Short names of run folders, by which people tell them apart."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Sequence


def run_names(folders: Sequence[Path]) -> list[str]:
    """One name a folder, all different: the end of its path, as much of it as tells it from the others.

    Folders that are given twice are numbered.
    """
    parts = [Path(os.path.abspath(folder)).parts[1:] or ("run",) for folder in folders]
    depth = 1
    names = [_end(path, depth) for path in parts]
    while len(set(names)) < len(set(parts)):
        depth += 1
        names = [_end(path, depth) for path in parts]
    seen: Counter[str] = Counter()
    for index, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            names[index] = f"{name} ({seen[name]})"
    return names


def _end(parts: Sequence[str], depth: int) -> str:
    return "/".join(parts[-depth:])
