"""Runs side by side: findings, figures, settings, layers, sources, and what cannot be compared."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
import pytest

from doctor.comparison import Comparison, Run, compare
from doctor.engine import diagnose
from tests.builders import Run as Built
from tests.builders import change, classifier, replace_series

SOURCE = """\
import tensorflow as tf

RATE = 0.1
STEPS = 300


def loss(y, z):
    return cross_entropy(y, z)


def train():
    fit(RATE, STEPS)
"""


def runs(*built: Built) -> list[Run]:
    recordings = [one.build() for one in built]
    return [Run(f"run {number}", one, diagnose(one)) for number, one in enumerate(recordings)]


def set_side_by_side(*built: Built, accuracy: float | None = None) -> Comparison:
    return compare(runs(*built), accuracy)


def broken(**facts: Any) -> Built:
    """Labels that count from one: an error by construction, in a run that fails."""
    run = classifier(failing=True, source=SOURCE.replace("0.1", "3.0"))
    return replace_series(run, "label", "label:y", range(10), min=1, max=4, mean=2.5, std=1.1)


def fixed() -> Built:
    return classifier(failing=False, source=SOURCE)


def test_findings_that_are_gone_new_or_remain() -> None:
    def status(*built: Built) -> list[tuple[str, int, str]]:
        return [(one.status, one.run, one.finding.rule) for one in set_side_by_side(*built).findings if
                one.finding.rule == "label-mismatch"]  # fmt: skip

    assert status(broken(), fixed()) == [("gone", 1, "label-mismatch")]
    assert status(fixed(), broken()) == [("new", 1, "label-mismatch")]
    assert status(broken(), broken(), fixed()) == [("remaining", 1, "label-mismatch"), ("gone", 2, "label-mismatch")]


def figures(comparison: Comparison) -> dict[str, Sequence[float | None]]:
    return {one.name: one.values for one in comparison.tasks[0].figures}


def test_figures_and_their_differences() -> None:
    comparison = set_side_by_side(broken(), fixed())
    found = figures(comparison)
    assert found["steps"] == (300.0, 300.0)
    assert found["accuracy in training"] == (0.25, 30 / 32)
    assert found["loss at the end"][0] == pytest.approx(np.log(4), rel=0.01)
    (accuracy,) = [one for one in comparison.tasks[0].figures if one.name == "accuracy in training"]
    assert accuracy.differences() == (0.0, pytest.approx(30 / 32 - 0.25))
    assert "held-out loss at the end" not in found, "nobody evaluated"


def test_where_the_loss_breaks() -> None:
    values = [1.4] * 40 + [float("nan")] * 20
    found = figures(set_side_by_side(classifier(values), fixed()))
    assert found["first loss that is not finite, at step"] == (40.0, None)


def learning(step: int, *, end: float = 0.95, count: int = 100) -> Built:
    """Accuracy that rises to its end at a step, observed every tenth step."""
    run = classifier(failing=False)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    for at in range(0, 300, 10):
        run.vector("output:out", "correct", at, [count * (end if at >= step else 0.25), float(count)])
    return run


def test_how_soon_an_accuracy_is_reached() -> None:
    """The default lies nine tenths of the way from the start to the best end: 0.25 + 0.9 * 0.7 = 0.88."""
    target = set_side_by_side(learning(100), learning(200)).tasks[0].target
    assert target is not None and (target.name, target.phase) == ("accuracy", "train")
    assert target.value == pytest.approx(0.88)
    # An accuracy of training is that of 200 predictions: two batches of these.
    assert target.steps == (110, 210) and target.seconds == (pytest.approx(1.1), pytest.approx(2.1))


def test_an_accuracy_that_is_asked_for() -> None:
    target = set_side_by_side(learning(100), learning(100, end=0.5), accuracy=0.9).tasks[0].target
    assert target is not None and target.steps == (110, None) and target.seconds[1] is None


def test_runs_that_get_nowhere_have_no_target() -> None:
    flat = [learning(100, end=0.28), learning(200, end=0.27)]
    assert set_side_by_side(*flat).tasks[0].target is None
    assert set_side_by_side(*flat, accuracy=0.9).tasks[0].target is not None


def test_without_accuracies_the_loss_is_the_target() -> None:
    def falling(step: int) -> Built:
        run = classifier([2.0] * step + [0.1] * (300 - step))
        run._vectors = []
        return change(run, "loss:cross_entropy", function="other")

    target = set_side_by_side(falling(50), falling(250)).tasks[0].target
    assert target is not None and target.name == "loss" and target.value == pytest.approx(0.29)
    assert target.steps == (50 + 5, 250 + 5), "means of the last six steps"
    assert set_side_by_side(falling(50), falling(250), accuracy=0.9).tasks[0].target is None


def settings(comparison: Comparison) -> dict[str, tuple[str | None, ...]]:
    return {one.name: one.values for one in (*comparison.settings, *comparison.tasks[0].settings) if one.differs}


def test_settings_that_differ() -> None:
    one = fixed().site("optimizer", "sgd", **{"class": "SGD", "learning_rate": 3.0})
    other = fixed().site("optimizer", "adam", **{"class": "Adam", "learning_rate": 0.001})
    other.facts.update(argv=("--fast",), versions={"tensorflow": "2.21.0"})
    found = settings(set_side_by_side(one, other))
    assert found["optimizer"] == ("SGD", "Adam") and found["learning rate"] == ("3", "0.001")
    assert found["arguments"] == ("none", "--fast") and found["tensorflow"] == (None, "2.21.0")
    assert set(found) == {"optimizer", "learning rate", "arguments", "tensorflow"}


def test_rows_that_the_runs_share() -> None:
    def fed(first: int) -> Built:
        run = fixed().site("rows", "r", of="arrays", used_for="train", inputs=[], rows=100, share_bits=0)
        return run.rows("rows:r", range(first, first + 100))

    name = "rows of the first run among those of the run"
    assert settings(set_side_by_side(fed(1), fed(26)))[name] == ("all of them", "75 %")
    assert settings(set_side_by_side(fed(1), fed(501)))[name] == ("all of them", "none")
    assert name not in settings(set_side_by_side(fed(1), fed(1)))
    assert name not in settings(set_side_by_side(fed(1), fixed())), "one of the runs says nothing of its rows"


def test_layers_at_the_same_steps() -> None:
    """Each at its own observed step closest to the step that is shown; none where that is too far."""
    def built(steps: Sequence[int], value: float) -> Built:
        return replace_series(fixed(), "gradient", "variable:w1", steps, norm=value)

    comparison = set_side_by_side(built([0, 1, 10, 100, 200], 1.0), built([0, 1, 11, 90, 190], 2.0))
    (layer,) = [one for one in comparison.tasks[0].layers if (one.measure, one.name) == ("gradient norm", "w1")]
    assert layer.steps == (0, 1, 10, 100) and layer.values == ((1.0,) * 4, (2.0,) * 4)


def test_layers_of_networks_of_different_depth() -> None:
    """By name where names agree; what one run alone has stands by itself."""
    deep, flat = classifier(failing=False, sizes=(20, 32, 16)), classifier(failing=False)
    names = [one.names for one in set_side_by_side(deep, flat).tasks[0].layers if one.measure == "gradient norm"]
    assert names == [("w1", "w1"), ("w2", "w2"), ("w3", None)]


def test_the_difference_of_the_sources() -> None:
    (change_of_source,) = set_side_by_side(broken(), fixed()).sources
    marked = [(line.mark, line.old, line.new, line.text) for line in change_of_source.lines if line.mark != " "]
    assert marked == [("-", 3, 0, "RATE = 3.0"), ("+", 0, 3, "RATE = 0.1")]
    assert [line.new for line in change_of_source.lines if line.mark == " "] == [1, 2, 4, 5, 6]
    assert set_side_by_side(fixed(), fixed()).sources == ()


def test_files_that_only_one_run_has() -> None:
    one, other = (built.build() for built in (fixed(), fixed()))
    other.sources["helper.py"] = "x = 1\n"
    pair = [Run("a", one, diagnose(one)), Run("b", other, diagnose(other))]
    (added,) = compare(pair).sources
    assert (added.old, added.new, added.lines[0].text) == (None, "helper.py", "x = 1")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"loss:cross_entropy": {"function": "squared_error"}}, "on different scales"),
        ({"output:out": {"units": 7}}, "may not be models of one task"),
        ({"input:x": {"shape": [32, 5]}}, "the data is not the same"),
    ],
)
def test_what_cannot_be_compared(changes: dict[str, Any], told: str) -> None:
    other = fixed()
    for key, attributes in changes.items():
        change(other, key, **attributes)
    (caution,) = set_side_by_side(fixed(), other).tasks[0].cautions
    assert told in caution
    assert set_side_by_side(fixed(), fixed()).tasks[0].cautions == ()


def test_runs_that_broke_off_or_trained_several_models() -> None:
    early = fixed()
    early.facts.update(status="interrupted")
    several = fixed().subject("second").losses([1.0] * 50)
    cautions = set_side_by_side(early, several).cautions
    assert "did not come to its end (interrupted)" in cautions[0]
    assert "different numbers of models (run 0 1, run 1 2)" in cautions[1]
    assert [one.names for one in set_side_by_side(early, several).tasks] == [("loop", "loop"), (None, "second")]


def test_a_run_without_training() -> None:
    comparison = set_side_by_side(Built("print(1)\n"), fixed())
    assert "No training step of run 0 was seen" in comparison.cautions[0]
    assert comparison.tasks[0].names == (None, "loop")


def test_one_run_is_no_comparison() -> None:
    with pytest.raises(ValueError, match="two runs, not 1"):
        set_side_by_side(fixed())
