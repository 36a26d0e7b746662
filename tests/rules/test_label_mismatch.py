"""Rule label-mismatch."""

from __future__ import annotations

from typing import Any


from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series


def labelled(low: float, high: float, encoding: str = "index", function: str = "softmax_cross_entropy") -> Run:
    run = change(classifier(loss={"function": function}), "label:y", encoding=encoding)
    return replace_series(run, "label", "label:y", range(10), min=low, max=high, mean=(low + high) / 2)


def test_counting_from_one(findings: Any, primary: Any) -> None:
    run = labelled(1, 4)
    (found,) = findings("label-mismatch", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert found.fixes[0].code == "y = y - 1" and found.evidence[1].limit == 3
    assert found.location == run.sites["label:y"].location
    assert primary(run).rule == "label-mismatch"


def test_minus_one_and_one_for_a_binary_loss(findings: Any) -> None:
    assert findings("label-mismatch", labelled(-1, 1, "binary", "sigmoid_cross_entropy"))


def test_threshold(findings: Any) -> None:
    assert not findings("label-mismatch", labelled(0, 1.0005, "one-hot"))
    assert findings("label-mismatch", labelled(0, 1.01, "one-hot"))


def test_healthy_is_ruled_out(findings: Any, ruled_out: Any) -> None:
    assert not findings("label-mismatch", classifier()) and ruled_out("label-mismatch", classifier())


def test_not_checked_without_labels(unchecked: Any) -> None:
    assert unchecked("label-mismatch", Run().subject().losses([1.0]))
