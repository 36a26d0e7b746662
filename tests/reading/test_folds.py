"""Folds of a cross-validation."""

from __future__ import annotations

import pytest

from doctor.reading.folds import rows_chosen
from tests.reading.test_loops import at, recorded

SOURCE = """
for i in range(5):
    held = folds[i]
    rows = np.concatenate(folds[:i] + folds[i:])
    model.fit(x[rows], y[rows], validation_data=(x[held], y[held]))
"""


@pytest.mark.parametrize(
    ("held", "trained", "line"),
    [("x[held]", "x[rows]", 4), ("x[held]", "z[rows]", None), ("x[rows]", "x[rows]", None), ("x_val", "x[rows]", None)],
)
def test_where_the_training_rows_are_chosen(held: str, trained: str, line: int | None) -> None:
    found = rows_chosen(recorded(SOURCE), held, trained, at(SOURCE, "train.py", "model.fit"))
    assert (found.line if found is not None else None) == line
