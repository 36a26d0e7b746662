"""The images that the studies train on, and those that are kept for choices."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.datasets import Source, load

#: Of the training images, the last: none of the test images is used.
VALIDATION = 1 / 12
BATCH = 128

#: Images and labels.
Pairs = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


def split(source: Source) -> tuple[Pairs, Pairs]:
    """(what is trained on, what is kept), as bytes and class numbers of shape (images,).

    Raises:
        DataError: the images cannot be read.
    """
    images, labels = load(source)[0]
    labels = labels.reshape(-1)
    cut = len(images) - round(len(images) * VALIDATION)
    return (images[:cut], labels[:cut]), (images[cut:], labels[cut:])
