"""Numbers and curves as people read them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from doctor import numbers
from doctor.reporters import curve
from doctor.types import Series


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "", ""),
        (math.nan, "", "NaN"),
        (math.inf, "share", "infinite"),
        (-math.inf, "", "-infinite"),
        (60000, "", "60,000"),
        (1e6, "", "1e6"),
        (1.23e-7, "", "1.2e-7"),
        (2.302585, "", "2.303"),
        (12345.6, "", "12,346"),
        (0, "", "0"),
        (0.5, "share", "50 %"),
        (1.0, "share", "100 %"),
        (0.0, "share", "0 %"),
        (0.9999, "share", "99.99 %"),
        (0.004, "share", "0.4 %"),
        (1e-9, "share", "1e-7 %"),
    ],
)
def test_number(value, unit, text):
    assert numbers.number(value, unit) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.04, "0.0 s"), (14.25, "14 s"), (200, "3 min 20 s"), (7300, "2 h 1 min")]
)
def test_seconds(value, text):
    assert numbers.seconds(value) == text


def series(*values: float) -> Series:
    return Series("loss", np.arange(len(values)), np.array(values, dtype=float))


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ((), ""),
        ((1.0,), ""),
        ((1.0, 1.0), "▁▁"),
        ((0.0, 1.0, 0.5), "▁█▅"),
        ((1.0, math.nan), "▁!"),
        ((math.nan, math.inf), "!!"),
        ((1.0, 10.0, 1e8), "▁▂█"),
        ((1e308, 1e308, 0.0), "██▁"),
    ],
)
def test_sparkline(values, line):
    assert curve.sparkline(series(*values)) == line


def test_sparkline_averages_long_series():
    assert curve.sparkline(series(*range(1000)), width=4) == "▁▃▆█"


def test_sparkline_without_blocks():
    assert curve.sparkline(series(0.0, 1.0, 2.0, 3.0), blocks=False) == "_-+#"
