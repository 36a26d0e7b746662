"""Rule masked-metric."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier


def tagged(shown: float = 0.3, loss: float = 0.1, weighted: str | None = "data") -> Run:
    """A loss that leaves places out; hits over all places, and a metric."""
    run = classifier([1.4] * 20 + [loss] * 300, failing=False, source="self.hits.update_state(right)\n")
    change(run, "loss:cross_entropy", weighted_by=weighted, weighted=weighted is not None)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    for step in range(10):
        run.vector("output:out", "correct", step, [30.0, 100.0])
    return run.site("metric", "self.hits", line=9, results=[[300, shown, 100.0]])


def test_places_that_the_loss_leaves_out(findings: Any) -> None:
    (found,) = findings("masked-metric", tagged())
    assert (found.confidence, found.evidence[0].observed) == (Confidence.HIGH, 0.3)
    assert "at most 14 % wrong" in found.message
    assert not findings("masked-metric", tagged(shown=0.9)), "another figure"
    assert not findings("masked-metric", tagged(loss=0.36)), "a loss that allows half of them to be wrong"
    assert not findings("masked-metric", tagged(weighted=None)), "no place is left out"


def weighted(shown: float, zero_share: float = 0.75, largest: float = 1.0) -> Run:
    """Sample weights under fit, of which a share is zero."""
    run = change(classifier([1.4] * 20 + [0.01] * 300, failing=False), "loss:cross_entropy", weighted_by="data")
    weights = {"shape": [100, 8], "min": 0.0, "max": largest, "sum": 800 * (1 - zero_share), "zero_share": zero_share}
    run.site("fit", "fit", line=7, sample_weight=weights,
             compile={"metrics": ["accuracy"], "location": ["train.py", 5, ""]})  # fmt: skip
    return run.scalar("epoch/val_accuracy", 299, shown)


def test_sample_weights_beside_a_metric_without(findings: Any) -> None:
    (found,) = findings("masked-metric", weighted(0.25))
    assert (found.fault, found.severity, found.location.line) == ("metric-wrong", Severity.WARNING, 5)
    assert "at most 5.8 % wrong" in found.message
    assert findings("masked-metric", weighted(0.74)) and not findings("masked-metric", weighted(0.75))
    assert not findings("masked-metric", weighted(0.25, largest=3.0)), "weights that balance classes"
    assert not findings("masked-metric", weighted(0.25, zero_share=0.0)), "all places count"


def test_losses_of_another_kind(check: Any) -> None:
    run = change(weighted(0.25), "loss:cross_entropy", function="squared_error")
    assert check("masked-metric", run) == []
