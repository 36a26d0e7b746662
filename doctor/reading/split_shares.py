"""How large a part of the rows a script keeps for training."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from doctor.reading.given import Given, numbers_given
from doctor.reading.source import Module, called, nodes
from doctor.recording import Recording
from doctor.types import Location

#: How people call the two parts.
_TRAIN = re.compile(r"(^|_)(x|y)?(tr|train|training|fit)\d?($|_)", re.IGNORECASE)
_HELD = re.compile(r"(^|_)(x|y)?(te|test|testing|val|valid|validation|dev|held|holdout|eval)\d?($|_)", re.IGNORECASE)


@dataclass(frozen=True)
class Split:
    """A split by shares.

    Attributes:
        location: where the share was chosen, or the parts got their names.
        trained: share of the rows that is trained on.
        swapped: the two parts have each other's names.
        code: what to write instead.
    """

    location: Location
    trained: float
    swapped: bool
    code: str


def smallest_training_share(recording: Recording) -> Split | None:
    """The split that leaves the smallest share for training, of those that write a share; None without any."""
    shares = numbers_given(recording, "test_size", "train_size", "validation_split")
    found = [one for share in shares if (one := _split(share)) is not None]
    return min(found, key=lambda one: one.trained, default=None)


def _split(share: Given) -> Split | None:
    name = called(share.call)
    if name not in ("train_test_split", "fit", "image_dataset_from_directory") or not 0 < share.value < 1:
        return None
    swapped = name == "train_test_split" and _swapped(share.module, share.call)
    first = share.value if share.word == "train_size" else 1 - share.value
    if swapped:
        code = "x_train, x_test, y_train, y_test = ..."
        return Split(share.module.at(share.call.lineno), 1 - first, True, code)
    if share.word == "train_size":
        return None  # who writes how much is trained on means it
    return Split(share.location, first, False, f"{share.word}={1 - share.value:.2g}")


def _swapped(module: Module, call: ast.Call) -> bool:
    """Whether the first part that a split gives is called the held-out one, and the second that of the training."""
    made = next((node for node in nodes(module.tree) if isinstance(node, ast.Assign) and node.value is call), None)
    target = made.targets[0] if made is not None else None
    names = [one.id for one in target.elts if isinstance(one, ast.Name)] if isinstance(target, ast.Tuple) else []
    return len(names) >= 2 and all(
        _HELD.search(first) and _TRAIN.search(second) for first, second in zip(names[::2], names[1::2])
    )
