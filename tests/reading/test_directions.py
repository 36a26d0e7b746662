"""Calls that watch a figure, and the way in which it is said to be better."""

from __future__ import annotations

from doctor.reading.directions import turned_directions
from tests.reading.test_loops import recorded


def test_calls_of_any_class() -> None:
    source = (
        "a = RollBack('val_loss', mode='max')\n"
        "b = Best(metric='top_accuracy', mode='min')\n"
        "c = Best('lossless', mode='max')\n"
    )
    found = [(one.location.line, one.name, one.monitor, one.mode) for one in turned_directions(recorded(source))]
    assert found == [(1, "RollBack", "val_loss", "max"), (2, "Best", "top_accuracy", "min")]


def test_what_keras_watches_by_itself() -> None:
    (found,) = turned_directions(recorded("stop = EarlyStopping(patience=3, mode='max')\n"))
    assert (found.name, found.monitor) == ("EarlyStopping", "val_loss")


def test_figures_that_are_turned_on_purpose() -> None:
    for call in ("ModelCheckpoint('m', monitor='val_neg_rmse', mode='max')", "Keep('val_domain_accuracy', mode='min')",
                 "SaveBest('val_accuracy', 'logs/best_loss', mode='max')"):  # fmt: skip
        assert not list(turned_directions(recorded(call)))


def test_a_mode_that_is_not_written_out() -> None:
    assert not list(turned_directions(recorded("a = RollBack('val_loss', mode=mode)\nb = open('loss', mode='rb')\n")))
