"""Windows of a series: split at random they overlap, split in time they do not."""

from __future__ import annotations

import numpy as np
import pytest

from doctor.capture.moments import moments, shared

RNG = np.random.default_rng(0)
SERIES = RNG.normal(size=(600, 2)).cumsum(axis=0)


def windows(series: np.ndarray, length: int = 24, step: int = 1) -> np.ndarray:
    starts = range(0, len(series) - length + 1, step)
    return np.stack([series[start : start + length] for start in starts])


def share(x: np.ndarray, held: np.ndarray) -> float | None:
    """Of the windows whose numbers are `held` in those of the others."""
    one, other = moments(x[held]), moments(np.delete(x, held, axis=0))
    assert one is not None and other is not None
    return shared(one, other)


@pytest.mark.parametrize("series", [SERIES, SERIES[:, 0]], ids=["two features", "one"])
def test_windows_split_at_random_and_in_time(series: np.ndarray) -> None:
    x = windows(series)
    chosen = RNG.permutation(len(x))[:120]
    assert share(x, chosen) == pytest.approx(1.0, abs=0.02)
    after = share(x, np.arange(len(x) - 120, len(x)))
    assert after is not None and after < 0.2, "only those beside the border"


def test_windows_that_overlap_by_half_or_not_at_all() -> None:
    long = RNG.normal(size=(8000, 2)).cumsum(axis=0)
    half, apart = windows(long, step=12), windows(long, step=24)
    assert 0.6 < (share(half, RNG.permutation(len(half))[:60]) or 0.0) < 0.95
    assert share(apart, RNG.permutation(len(apart))[:60]) == 0.0


def test_padding_is_no_moment() -> None:
    """Sequences that all end in zeros have nothing else in common."""
    x = RNG.normal(size=(200, 24, 2))
    x[:, 12:] = 0.0
    assert share(x, np.arange(60)) == 0.0


def test_what_is_not_looked_at() -> None:
    x = windows(SERIES)
    assert moments(x[:49]) is None and moments(x[:, :5]) is None, "few windows, short ones"
    assert moments((x > 0).astype(np.float32)) is None, "symbols"
    assert moments(x.astype(np.int64)) is None and moments(x[..., None]) is None
    few, other = moments(windows(SERIES, 60)[:50]), moments(windows(SERIES, 60)[50:])
    assert few is not None and other is not None and shared(few, other) is None, "all lie beside the border"


def test_rows_of_a_table_are_no_windows() -> None:
    """Marks beside measurements: what agrees stands in the same columns."""
    table = RNG.normal(size=(300, 24))
    table[:, 6:] = RNG.integers(0, 3, (300, 18)) * np.linspace(0.3, 2.0, 18)
    assert share(table, np.arange(60)) < 0.05
