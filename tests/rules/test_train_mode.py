"""Rule train-mode."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

NORM = {"class": "BatchNormalization", "rate": None, "momentum": 0.99, "trainable": True, "train_line": None,
        "eval_line": None}  # fmt: skip
DROP = {**NORM, "class": "Dropout", "rate": 0.5, "momentum": None}


def modal(*, failing: bool = False, steps: int = 300, held: float | None = None, **facts: Any) -> Run:
    """A layer with two modes, on line 30; `held` is the share of 300 held-out predictions that are right."""
    run = classifier(failing=failing)
    if not failing:
        run._losses = run._losses[:steps]
    run.site("modal", "layer", line=30, **facts)
    if held is not None:
        run.site("label", "y", phase="eval", encoding="index").site("output", "out", phase="eval", units=4)
        run.vector("output:out:eval", "correct", steps, [300 * held, 300.0])
    return run


def test_right_modes(findings: Any, ruled_out: Any) -> None:
    for facts in (NORM, DROP):
        run = modal(**facts, train=[True], eval=[False])
        assert not findings("train-mode", run) and ruled_out("train-mode", run)


def test_normalisation_that_never_trains(findings: Any) -> None:
    facts = {**NORM, "train": [False], "eval": [False], "train_line": ["train.py", 12, "net(x)"]}
    (found,) = findings("train-mode", modal(**facts, fresh=True, failing=True))
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.CERTAIN, 12)
    assert found.fixes[0].code == "model(x, training=True)"
    assert findings("train-mode", modal(**facts, fresh=True))[0].severity is Severity.WARNING
    for change in ({"fresh": False}, {"fresh": True, "trainable": False}, {"fresh": True, "train": [False, True]}):
        assert not findings("train-mode", modal(**{**facts, **change}))


@pytest.mark.parametrize("facts", [NORM, DROP])
def test_evaluation_in_training_mode(findings: Any, facts: dict[str, Any]) -> None:
    run = modal(**{**facts, "train": [True], "eval": [True], "eval_line": ["train.py", 51, ""]})
    (found,) = findings("train-mode", run)
    assert (found.severity, found.confidence, found.location.line) == (Severity.WARNING, Confidence.HIGH, 51)
    assert not findings("train-mode", modal(**facts, train=[True], eval=[True, False]))


def test_a_model_that_trains_by_default(findings: Any) -> None:
    """`fit` and `evaluate` say what they mean; the script's own passes leave it to the default."""
    source = "class Net(keras.Model):\n    def call(self, x, training={}):\n        return self.drop(x, training)\n"
    for default, line, count in (("True", "net(frame)", 1), ("False", "net(frame)", 0),
                                 ("True", "net(frame, training=True)", 0)):  # fmt: skip
        run = modal(**{**DROP, "train": [True], "eval": [False, True], "eval_line": ["train.py", 51, line]})
        run.source = source.format(default)
        found = findings("train-mode", run)
        assert len(found) == count
        assert not found or (found[0].location.line == 2 and "do not say otherwise" in found[0].message)


def test_harm_makes_it_an_error(findings: Any) -> None:
    """Training gains 0.94 - 0.25 over the most frequent class; evaluation may lose 30 % of that."""
    for held, severity in ((0.75, Severity.WARNING), (0.72, Severity.ERROR)):
        run = modal(**DROP, train=[True], eval=[True], held=held)
        assert findings("train-mode", run)[0].severity is severity


def test_threshold_of_the_rate(findings: Any) -> None:
    assert findings("train-mode", modal(**{**DROP, "rate": 0.05}, train=[True], eval=[True]))
    assert not findings("train-mode", modal(**{**DROP, "rate": 0.04}, train=[True], eval=[True]))


def test_dropout_by_hand(findings: Any) -> None:
    run = classifier(failing=False).site("dropout", "dropout", line=33, phase="eval", rate=0.3, layer=None)
    (found,) = findings("train-mode", run)
    assert (found.title, found.location.line) == ("Dropout acts when the model is evaluated", 33)
    source = "def drop(x, training):\n    return x\n\ndef net(x, *, training=True):\n    return drop(x, training)\n"
    run = classifier(failing=False, source=source)
    run.site("dropout", "dropout", line=2, phase="eval", rate=0.3, layer=None)
    assert findings("train-mode", run)[0].location.line == 4, "in training mode unless told otherwise"


def test_averages_that_have_not_settled(findings: Any) -> None:
    """0.99 ** 298 is just above 0.05, 0.99 ** 299 below."""
    for steps, count in ((298, 1), (299, 0)):
        assert len(findings("train-mode", modal(**NORM, train=[True], eval=[False], held=0.5, steps=steps))) == count
    for momentum, count in ((0.9825, 1), (0.982, 0)):  # a tenth of that after 300 steps, at chance
        norm = {**NORM, "momentum": momentum}
        assert len(findings("train-mode", modal(**norm, train=[True], eval=[False], held=0.25))) == count
    assert not findings("train-mode", modal(**NORM, train=[True], eval=[False], held=0.9, steps=200))
    ended = modal(**NORM, train=[True], eval=[False], held=0.5, steps=200)
    ended.facts["status"] = "stopped"
    assert not findings("train-mode", ended), "the script goes on for longer"


def test_a_training_that_does_no_better_has_nothing_to_settle(findings: Any) -> None:
    """Of a few predictions that were seen many are right; the loss of every step says that it is chance."""
    for failing, count in ((True, 0), (False, 1)):
        run = modal(**NORM, train=[True], eval=[False], failing=failing, held=0.25, steps=200)
        run._vectors = [one for one in run._vectors if one["name"] != "correct" or one["site"] != "output:out"]
        run.vector("output:out", "correct", 199, [60.0, 80.0])
        assert len(findings("train-mode", run)) == count


@pytest.mark.parametrize("trained, evaluated, line", [
    ([True], [True], 51), ([False], [False], 12), ([True], [False], 0), ([True, False], [True], 0), ([True], [], 0),
])  # fmt: skip
def test_a_switch_of_a_session(trained: list[bool], evaluated: list[bool], line: int, findings: Any) -> None:
    """It has one value in training and outside of it: the line that should have fed it another."""
    facts = {"default": True, "train": trained, "eval": evaluated, "train_line": ["train.py", 12, "sess.run(step)"],
             "eval_line": ["train.py", 51, "sess.run(guess)"]}  # fmt: skip
    found = findings("train-mode", classifier(failing=False).site("flag", "is_training", **facts))
    assert [one.location.line for one in found] == [line][: bool(line)]
    assert not findings("train-mode", classifier(failing=False).site("flag", "teacher_forcing", **facts))
    switched = findings("train-mode", classifier(failing=False).site("flag", "use_dropout", **facts))
    assert len(switched) == (line == 51), "dropout may be off for the whole run"


def test_a_network_that_makes_targets(findings: Any) -> None:
    """It follows the trained one, and runs in its mode: no gradient trains it, and it is not evaluated."""
    assert findings("train-mode", modal(**NORM, train=[True], eval=[True]))
    assert not findings("train-mode", modal(**NORM, train=[], eval=[True]))


def test_a_mode_that_the_model_keeps(findings: Any) -> None:
    """Where it was to be set stands beside the call that evaluates, not in the layer's line."""
    def run(code: str) -> Run:
        made = modal(**{**NORM, "train": [True], "eval": [True], "eval_line": ["train.py", 51, code]})
        return made.site("rows", "held", line=80, phase="eval", of="arrays")

    assert findings("train-mode", run("self.bn(x, training=self.training)"))[0].location.line == 80
    assert findings("train-mode", run("self.bn(x, training=True)"))[0].location.line == 51
