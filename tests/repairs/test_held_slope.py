"""A slope that is kept from growing."""

from __future__ import annotations

import pytest

from doctor.repairs.forward.held_slope import HeldSlope
from tests.repairs.helpers import case, changed, refused

HEAD = "import tensorflow as tf\n"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("beta.assign(beta * GROWTH)", "beta.assign(tf.minimum(beta * GROWTH, 10.0))"),
        ("beta.assign(tf.minimum(GROWTH ** step, 1e6))", "beta.assign(tf.minimum(GROWTH ** step, 10))"),
    ],
)
def test_factor_gets_a_limit(line: str, wanted: str) -> None:
    source = f"{HEAD}codes = tf.tanh(beta * h)\nbeta.assign(1.0)\n{line}\n"
    assert changed(HeldSlope(), case(source, "saturation", "codes", rule="cut-by-saturation")) == [wanted]


def test_function_without_a_factor_is_refused() -> None:
    given = case("codes = tf.tanh(h)\n", "saturation", "codes", rule="cut-by-saturation")
    assert refused(HeldSlope(), given) == "no factor that is raised stands before the function"
