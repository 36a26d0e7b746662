"""Numbers that stand for missing values."""

from __future__ import annotations

import numpy as np
import pytest

from doctor.capture.codes import code_of

DRAWN = np.random.default_rng(0)
VALUES = DRAWN.normal(40.0, 12.0, 500)


def coded(value: float, count: int) -> np.ndarray:
    return np.concatenate([VALUES, np.full(count, value)])


def test_a_number_far_from_all_others() -> None:
    assert code_of(coded(-999.0, 30)) == {"value": -999.0, "count": 30}
    assert code_of(coded(9999.0, 30)) == {"value": 9999.0, "count": 30}
    scaled = (coded(-999.0, 30) - 3.0) / 200.0
    found = code_of(scaled)
    assert found is not None and found["count"] == 30, "scaling changes nothing"


@pytest.mark.parametrize(
    "values",
    [
        VALUES,
        coded(-999.0, 2),
        coded(-999.0, 400),
        coded(0.0, 100),
        np.concatenate([np.zeros(300), DRAWN.lognormal(3, 1, 500)]),
        np.repeat([0.0, 1000.0], 50),
        np.concatenate([np.tile(np.arange(10.0), 50), np.full(30, 999.0)]),
        np.concatenate([np.full(30, 255.0), DRAWN.integers(0, 200, 500)]),
    ],
    ids=["none", "two", "many", "zeros", "zero-inflated", "kinds", "few others", "pixels"],
)
def test_what_is_no_code(values: np.ndarray) -> None:
    assert code_of(values) is None
