"""Whether held-out labels follow the training labels as they are, or under other names."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_digits, load_wine

from doctor.capture.renaming import renaming

DIGITS, CANCER, WINE = (load(return_X_y=True) for load in (load_digits, load_breast_cancer, load_wine))
RNG = np.random.default_rng(0)


def parts(data: tuple, known: int, asked: int) -> tuple[np.ndarray, ...]:
    order = np.random.default_rng(1).permutation(len(data[0]))[: known + asked]
    x, y = data[0][order].astype(np.float32), data[1][order]
    return x[:known], y[:known, None], x[known:], y[known:, None]


@pytest.mark.parametrize(
    ("data", "known", "asked", "names"),
    [(DIGITS, 900, 64, np.roll(np.arange(10), 3)), (CANCER, 400, 64, np.array([1, 0])), (WINE, 110, 60, [0, 2, 1])],
    ids=["digits", "cancer", "wine"],
)
def test_labels_under_other_names(data: tuple, known: int, asked: int, names: list[int]) -> None:
    x, y, held, labels = parts(data, known, asked)
    same = renaming((x, y), (held, labels))
    assert same is not None and same["rows"] == asked
    assert same["agree"] > 0.85 and same["names"] == [] or same["renamed"] == same["agree"] > 0.85
    other = renaming((x, y), (held, np.asarray(names)[labels]))
    assert other is not None and other["renamed"] == same["renamed"]
    assert [0, int(names[0])] in other["names"] or names[0] == 0
    assert other["renamed"] - other["agree"] > 0.3
    one_hot = np.eye(len(names))
    assert renaming((x, one_hot[y[:, 0]]), (held, one_hot[np.asarray(names)[labels[:, 0]]])) == other


def test_labels_of_no_relation_fit_no_naming() -> None:
    x, y, held, labels = parts(CANCER, 400, 64)
    for seed in range(200):
        found = renaming((x, y), (held, np.random.default_rng(seed).permutation(labels)))
        assert found is not None and found["renamed"] < 0.8


def test_what_cannot_be_told() -> None:
    x, y, held, labels = parts(DIGITS, 900, 64)
    assert renaming((x, y), (held[:29], labels[:29])) is None, "too few held-out rows"
    assert renaming((x[:99], y[:99]), (held, labels)) is None, "too few training rows"
    assert renaming((x, y), (held, labels * 0)) is None, "one class"
    assert renaming((x, y + 0.5), (held, labels + 0.5)) is None, "values"
    assert renaming((x, y), (held[:, :32], labels)) is None, "another width"
