"""Metrics in the user's own loops."""

from __future__ import annotations

from doctor.reading.metrics import reset_uncalled
from tests.reading.test_loops import recorded


def test_a_method_that_is_not_called() -> None:
    source = "for metric in board.values():\n    metric.{}\n"
    found = reset_uncalled(recorded(source.format("reset_state")))
    assert found is not None and found.line == 2
    assert reset_uncalled(recorded(source.format("reset_state()"))) is None
    assert reset_uncalled(recorded(source.format("name"))) is None
