"""Rule loss-shape."""

from __future__ import annotations

from typing import Any


from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier


def test_broadcast(findings: Any, primary: Any) -> None:
    run = classifier(loss={"broadcast": {"labels": [32], "output": [32, 1], "result": [32, 32]}})
    (found,) = findings("loss-shape", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert (found.evidence[0].observed, found.evidence[0].limit) == (1024, 32)
    assert found.fixes[0].code == "tf.squeeze(output, axis=-1)"
    assert found.location == run.sites["loss:cross_entropy"].location
    assert primary(run).rule == "loss-shape"


def test_healthy_is_ruled_out(findings: Any, ruled_out: Any) -> None:
    assert not findings("loss-shape", classifier()) and ruled_out("loss-shape", classifier())


def test_not_checked_without_a_loss(unchecked: Any) -> None:
    assert unchecked("loss-shape", Run().subject().losses([1.0]))
