"""Calls that watch a figure, and the way in which it is said to be better."""

from __future__ import annotations

from doctor.reading.directions import turned_directions
from tests.reading.test_loops import recorded


def test_calls_of_any_class() -> None:
    source = "a = RollBack('val_loss', mode='max')\nb = Best(metric='top_accuracy', mode='min')\nc = Best('lossless', mode='max')\n"
    found = [(place.line, name, figure, mode) for place, name, figure, mode in turned_directions(recorded(source))]
    assert found == [(1, "RollBack", "val_loss", "max"), (2, "Best", "top_accuracy", "min")]


def test_a_mode_that_is_not_written_out() -> None:
    assert not list(turned_directions(recorded("a = RollBack('val_loss', mode=mode)\nb = open('loss', mode='rb')\n")))
