"""Penalties that a script provides for and sets to 0."""

from __future__ import annotations

import numpy as np
import pytest

from doctor.reading.penalties import turned_off
from doctor.recording import LOSS_ROW, OBSERVATION_ROW, Recording
from doctor.types import RunFacts

CLASS = """
class Net:
    def __init__(self, units, l2=0.0):
        self.l2 = l2

net = Net(40)
"""
OPTION = """
parser.add_argument("--units", type=int, default=0)
parser.add_argument("--weight-decay", type=float, default=0.0)
"""
LATER = """
dropout_rate = 0.0
dropout_rate = 0.3
"""


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("class Config:\n    dim: int = 64\n    l2: float = 0.0\n", "l2: float = 0.0"),
        ("config = dict(epochs=9, dropout=0)\n", "config = dict(epochs=9, dropout=0)"),
        ("config = {'reg_lambda': 0.0}\n", "config = {'reg_lambda': 0.0}"),
        (CLASS, "net = Net(40)"),
        (OPTION, 'parser.add_argument("--weight-decay", type=float, default=0.0)'),
        (LATER, None),
        ("dropped = 0\nloss = 0.0\nl2 = 1e-4\n", None),
        ("use_l2 = False\nl2 = False\n", None),
    ],
)
def test_a_penalty_of_nothing(source: str, line: str | None) -> None:
    rows = {"losses": np.empty(0, LOSS_ROW), "observations": np.empty(0, OBSERVATION_ROW)}
    found = turned_off(Recording(run=RunFacts(path="train.py"), sites={}, source=source, **rows))
    assert (found.code if found is not None else None) == line
