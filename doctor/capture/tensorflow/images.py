"""Which tensors are images, and how a few of them are shown."""

from __future__ import annotations

import math
from typing import Sequence

import numpy as np

#: Images that are kept of a batch.
COUNT = 3
#: Values of one image: 128 x 128 in colour. Larger ones would make event files large.
MAX_VALUES = 128 * 128 * 3


def image_shape(shape: Sequence[int | None] | None) -> tuple[int, int, int] | None:
    """(height, width, channels) where a batch of this shape looks like images, else None.

    Channels last with 1, 3 or 4 channels; squares without channels; vectors whose length
    is that of a square of at least 8 x 8, grey or in colour, as a flattened image has it.
    """
    if shape is None or len(shape) < 2 or any(size is None for size in shape[1:]):
        return None
    sizes = [int(size or 0) for size in shape[1:]]
    found: tuple[int, int, int] | None = None
    if len(sizes) == 3 and sizes[2] in (1, 3, 4) and min(sizes[:2]) >= 4:
        found = (sizes[0], sizes[1], sizes[2])
    elif len(sizes) == 2 and sizes[0] == sizes[1] >= 8:
        found = (sizes[0], sizes[1], 1)
    elif len(sizes) == 1 and sizes[0] >= 64:
        for channels in (1, 3):
            side = math.isqrt(sizes[0] // channels)
            if side >= 8 and side * side * channels == sizes[0]:
                found = (side, side, channels)
                break
    return found if found is not None and math.prod(found) <= MAX_VALUES else None


def as_images(batch: np.ndarray) -> np.ndarray | None:
    """The first few of a batch as (count, height, width, channels), or None where they are no images."""
    shape = image_shape((None, *batch.shape[1:]))
    if shape is None or not len(batch):
        return None
    return batch[:COUNT].astype(np.float64).reshape(-1, *shape)
