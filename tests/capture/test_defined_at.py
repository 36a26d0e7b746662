"""Where what a pipeline maps is written."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from doctor.capture.tensorflow.feeds import defined_at


def scaled(x: float, by: float) -> float:
    return x / by


class Scaler:
    def __call__(self, x: float) -> float:
        return x / 2


@pytest.mark.parametrize(
    ("function", "line"),
    [
        (scaled, scaled.__code__.co_firstlineno),
        (functools.partial(functools.partial(scaled, by=2)), scaled.__code__.co_firstlineno),
        (Scaler(), Scaler.__call__.__code__.co_firstlineno),
        (3, None),
    ],
)
def test_functions_and_what_is_called_like_one(function: Any, line: int | None) -> None:
    found = defined_at(function)
    assert found == (None if line is None else (__file__, line))
