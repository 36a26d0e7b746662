"""Activations whose results go nowhere."""

from __future__ import annotations

import pytest

from doctor.reading.unused_activations import passed_by
from tests.reading.test_loops import recorded

BLOCKS = """\
def backbone(x):
    for width in (64, 32):
        h = layers.Dense(width)(x)
        a = layers.Activation("relu")(h)
        x = {passed}
    return x
"""


@pytest.mark.parametrize(("passed", "line"), [("h", 5), ("a", None), ("layers.Dropout(0.2)(a)", None), ("h + 1", 4)])
def test_the_input_of_an_activation_is_handed_on(passed: str, line: int | None) -> None:
    """In its place, or where that is not seen the activation itself."""
    found = passed_by(recorded(BLOCKS.format(passed=passed)))
    assert (found[0].line if found is not None else None) == line
    assert found is None or found[1] == "a"
