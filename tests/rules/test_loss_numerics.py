"""Rule loss-numerics."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from doctor.findings import Confidence, Severity
from doctor.types import Location
from tests.builders import Run, classifier, replace_series

NAN = float("nan")
BY_HAND = {"function": "log_probability", "takes": "probabilities", "log_of_softmax": True}


def nan_at_5(loss: dict[str, Any] | None = None, **output: float) -> Run:
    run = classifier([1.4] * 5 + [NAN] * 40, loss={**BY_HAND, **(loss or {})}, head="softmax")
    of_softmax = {"min": 0.0, "max": 1.0, "size": 128, "row_sum_min": 1.0, "row_sum_max": 1.0}
    return replace_series(run, "output", "output:out", range(10), **{**of_softmax, **output})


def test_log_of_zero(findings: Any, primary: Any) -> None:
    run = nan_at_5()
    (found,) = findings("loss-numerics", run)
    assert (found.severity, found.confidence, found.onset_step) == (Severity.ERROR, Confidence.CERTAIN, 5)
    assert "logarithm of 0" in found.message
    assert any(one.series.endswith("/min") and one.observed == 0 for one in found.evidence)
    assert "softmax_cross_entropy_with_logits" in found.fixes[0].code
    assert found.location == run.sites["loss:cross_entropy"].location
    assert primary(run).rule == "loss-numerics"


def test_exponential_overflow(findings: Any) -> None:
    for largest, expected in ((88.6, 0), (88.8, 1)):
        run = nan_at_5(nan_count=3.0)
        run.site("activation", "z", function="linear", order=9, next=["softmax"])
        run.series("activation", "activation:z", range(10), max=largest)
        assert len(findings("loss-numerics", run)) == expected


def test_what_follows_a_stable_loss(findings: Any, ruled_out: Any) -> None:
    """It makes no NaN of finite logits, but a mean over no pixels does; NaN that comes in is another fault."""
    stable = {"function": "softmax_cross_entropy", "takes": "logits", "log_of_softmax": False}
    run = nan_at_5(stable)
    run.source = "\n" * 60 + "def step(x, y, seen):\n    each = ce(y, net(x))\n    return each / tf.reduce_sum(seen)\n"
    old = run.sites["loss:cross_entropy"]
    run.sites[old.key] = replace(old, location=Location("train.py", 62, "each = ce(y, net(x))"))
    (found,) = findings("loss-numerics", run)
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.MEDIUM, 63)
    labels = replace_series(nan_at_5(stable), "label", "label:y", [5], nan_count=1)
    for broken in (nan_at_5(stable, nan_count=3.0), labels):
        assert not findings("loss-numerics", broken) and ruled_out("loss-numerics", broken)


def test_exploded_outputs_are_another_fault(findings: Any) -> None:
    assert not findings("loss-numerics", nan_at_5({"function": "squared_error", "takes": "values"}, max=1e7))


def test_nan_weights_are_another_fault(findings: Any) -> None:
    run = nan_at_5().series("weight", "variable:w1", [5], nan_count=1)
    assert not findings("loss-numerics", run)


def test_finite_loss_is_ruled_out(ruled_out: Any) -> None:
    assert ruled_out("loss-numerics", classifier())[0].why == "the loss stays finite"


def test_not_checked_without_an_output(unchecked: Any) -> None:
    assert unchecked("loss-numerics", Run().subject().losses([1.0, NAN]))


def test_the_line_of_the_division(findings: Any) -> None:
    run = nan_at_5({"function": "other", "takes": "values", "keras_loss": "iou", "log_of_softmax": False})
    run.source = "def iou(y, p):\n    both = sum(y * p)\n    return 1 - both / sum(y + p)\n"
    assert findings("loss-numerics", run)[0].location.line == 3


def test_a_loss_of_unknown_form(findings: Any) -> None:
    """All that goes into it is finite, and it is not."""
    run = nan_at_5(min=-3.0, max=3.0)
    del run.sites["loss:cross_entropy"]
    run.source = "def policy(p, y):\n    return -tf.math.log(y) * p\n"
    run.site("fit", "fit", compile={"loss": "policy"})
    (found,) = findings("loss-numerics", run)
    assert (found.confidence, found.location.line) == (Confidence.MEDIUM, 2)
    replace_series(run, "output", "output:out", [5], nan_count=1.0)
    assert not findings("loss-numerics", run)
