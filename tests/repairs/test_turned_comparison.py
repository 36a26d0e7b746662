"""The opposite of the comparison by which a metric decides."""

from __future__ import annotations

import pytest

from doctor.repairs.loss.turned_comparison import TurnedComparison
from tests.repairs.helpers import case, changed, refused


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("hit = ops.cast(dist > LIMIT, 'float32')", "hit = ops.cast(dist <= LIMIT, 'float32')"),
        ("hit = (p <= 0.5) == y", "hit = (p > 0.5) == y"),
        ("hit = tf.less(p, 0.5)", "hit = tf.greater_equal(p, 0.5)"),
        ("hit = greater_equal(p, 0.5)  # far", "hit = less(p, 0.5)  # far"),
    ],
)
def test_opposites(before: str, after: str) -> None:
    assert changed(TurnedComparison(), case(f"import x\n{before}\n", "metric-wrong", "hit")) == [after]


def test_nothing_to_turn() -> None:
    assert "no comparison" in refused(TurnedComparison(), case("hit = tf.equal(p, y)\n", "metric-wrong", "hit"))
