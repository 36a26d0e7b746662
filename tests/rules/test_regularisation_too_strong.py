"""Rule regularisation-too-strong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series


def shrinking(
    left: float, *, failing: bool = True, source: str = "", gain: float | None = None, **optimizer: Any
) -> Run:
    """Kernels that keep a share of their norm."""
    curve = None if gain is None else [1.386 * (1 - gain)] * 300
    run = classifier(curve, failing=failing, source=source)
    if gain is not None:
        run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    for key in ("variable:w1", "variable:w2"):
        norms = [10.0] + [10.0 * left] * 9
        replace_series(run, "weight", key, range(10), norm=norms, size=640, std=0.4, example_std=0.4, min=-1, max=1)
    return run.site("optimizer", "AdamW", **optimizer) if optimizer else run


def test_a_penalty_in_the_text(findings: Any, primary: Any) -> None:
    run = shrinking(0.01, source="\n\nlayer = Dense(\n    8,\n    kernel_regularizer=l2(1.0))\n")
    (found,) = findings("regularisation-too-strong", run)
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.HIGH, 5)
    assert "shrink to 1 % of their norm" in found.message
    assert [one.observed for one in found.evidence] == [10.0, 0.1]
    assert primary(run).rule == "regularisation-too-strong"


def test_thresholds(findings: Any, ruled_out: Any) -> None:
    """A fifth where nothing speaks of regularisation, three fifths where something does."""
    assert findings("regularisation-too-strong", shrinking(0.19))[0].confidence is Confidence.MEDIUM
    assert not findings("regularisation-too-strong", shrinking(0.21))
    assert findings("regularisation-too-strong", shrinking(0.59, weight_decay=0.5))
    assert not findings("regularisation-too-strong", shrinking(0.61, weight_decay=0.5))
    assert ruled_out("regularisation-too-strong", shrinking(0.61))[0].why == "the weights keep 61 % of their norm"


def test_a_few_steps_say_nothing(findings: Any) -> None:
    run = shrinking(0.1, weight_decay=0.5)
    run._losses = run._losses[:5]
    assert not findings("regularisation-too-strong", run)


def test_the_decay_is_said(findings: Any) -> None:
    (found,) = findings("regularisation-too-strong", shrinking(0.1, weight_decay=0.5))
    assert "The weight decay is 0.5." in found.message and found.evidence[2].observed == 0.5


def test_the_line_of_a_decay_in_a_dictionary(findings: Any) -> None:
    run = shrinking(0.1, weight_decay=60.0)
    run.source = "SPEC = {\n    'lr': 0.1,\n    'weight_decay': 60.0,\n}\n"
    (found,) = findings("regularisation-too-strong", run)
    assert found.location.line == 3


def test_a_run_that_is_held_back_is_warned_about(findings: Any) -> None:
    assert findings("regularisation-too-strong", shrinking(0.1, gain=0.4, weight_decay=0.5))[0].severity is (
        Severity.WARNING
    )
    assert not findings("regularisation-too-strong", shrinking(0.1, gain=0.6, weight_decay=0.5))
    assert not findings("regularisation-too-strong", shrinking(0.1, gain=0.4))


def test_a_penalty_beside_the_loss(findings: Any) -> None:
    """The place of a penalty that capture saw, and its size."""
    run = shrinking(0.1)
    run.site("penalty", "penalty", line=33, terms=2)
    for step in range(3):
        run.scalar("data_loss", step, 0.1)
    (found,) = findings("regularisation-too-strong", run)
    assert found.location.line == 33 and "times the loss of the data" in found.message


def test_a_good_run_is_silent(findings: Any) -> None:
    assert not findings("regularisation-too-strong", shrinking(0.01, failing=False))


def test_a_penalty_on_what_layers_put_out(findings: Any, ruled_out: Any) -> None:
    """The loss of a step is that of the data in a graph; the total with the penalty stands beside it."""

    def run(first: float, last: float, failing: bool = True) -> Run:
        made = shrinking(1.0, failing=failing, source="Dense(8, activity_regularizer=L1(0.5))\n")
        for step, penalty in ((0, first), (100, first / 2), (200, last)):
            made.scalar("total_loss", step, made._losses[step][2] * (1 + penalty))
        return made

    (found,) = findings("regularisation-too-strong", run(1.2, 0.01))
    assert found.title == "The regularisation outweighs the data" and found.location.line == 1
    assert round(found.evidence[0].observed, 6) == 1.2
    assert not findings("regularisation-too-strong", run(0.09, 0.0)), "it hardly counts"
    assert not findings("regularisation-too-strong", run(1.2, 0.2)), "it stays"
    assert not findings("regularisation-too-strong", run(1.2, 0.01, failing=False))
    assert ruled_out("regularisation-too-strong", run(1.2, 0.01, failing=False))


def test_a_loss_that_explodes_pays_nothing_off(findings: Any) -> None:
    """The penalty stays, and is a smaller share of what grew."""
    run = shrinking(1.0, source="Dense(8, kernel_regularizer=L2(0.01))\n")
    run._losses = [(number, step, value * (1 + step), at) for number, step, value, at in run._losses]
    for step in (0, 100, 200):
        run.scalar("total_loss", step, run._losses[step][2] + 0.5)
    assert not findings("regularisation-too-strong", run)


def test_a_model_of_tables_only(findings: Any) -> None:
    """Matrix factorisation: its embeddings are all the weights there are."""
    run = shrinking(0.01, source="\ntable = Embedding(9, 8, embeddings_regularizer=L2(0.1))\n", gain=0.3)
    for key in ("variable:w1", "variable:w2"):
        change(run, key, role="embedding")
    (found,) = findings("regularisation-too-strong", run)
    assert (found.severity, found.location.line) == (Severity.WARNING, 2)


def test_a_total_that_falls_with_its_penalty(findings: Any) -> None:
    """A loss of which nothing is known but its curve: all kernels are gone, or one of them is left."""
    def run(left: float) -> Run:
        shrunk = shrinking(left, failing=False, source="penalty = 0.2 * tf.nn.l2_loss(w)")
        shrunk._vectors = [one for one in shrunk._vectors if one["name"] != "correct"]
        return change(shrunk, "loss:cross_entropy", function="other")

    (found,) = findings("regularisation-too-strong", run(0.009))
    assert found.severity is Severity.ERROR and found.evidence[1].limit == 0.1
    assert not findings("regularisation-too-strong", run(0.011))


def test_weights_that_are_in_no_product(findings: Any) -> None:
    """The spread of a weight that is drawn anew each time may shrink: that is what the data does to it."""
    run = shrinking(0.4, weight_decay=0.5)
    assert findings("regularisation-too-strong", run)
    for key in ("variable:w1", "variable:w2"):
        replace_series(run, "weight", key, range(10), norm=10.0, size=640, std=0.4, example_std=0.4, min=-1, max=1)
        site = run.sites[key]
        run.site("variable", f"{site.name}_rho", **{**site.attributes, "order": None})
        run.series("weight", f"{key}_rho", range(10), norm=[10.0] + [4.0] * 9, size=640, std=0.4, min=-1, max=1)
    assert not findings("regularisation-too-strong", run)


@pytest.mark.parametrize(
    ("source", "grown", "gain", "expected"),
    [("kernel_constraint=MaxNorm(0.03)", 1.0, 0.7, 1), ("kernel_constraint=MaxNorm(0.03)", 1.0, 0.95, 0),
     ("kernel_constraint=MaxNorm(0.03)", 1.2, 0.7, 0), ("", 1.0, 0.7, 0)],
)  # fmt: skip
def test_a_bound_that_cuts_the_weights_down(
    source: str, grown: float, gain: float, expected: int, findings: Any
) -> None:
    """At the first step, and they stay there: the run trains, and not to the end."""
    run = shrinking(0.1, gain=gain, source=f"x = Dense(8, {source})\n", weight_decay=1e-6)
    for key in ("variable:w1", "variable:w2"):
        norms = [10.0, *np.linspace(1.0, grown, 9)]
        replace_series(run, "weight", key, range(10), norm=norms, size=640, std=0.4, example_std=0.4, min=-1, max=1)
    assert len(findings("regularisation-too-strong", run)) == expected
