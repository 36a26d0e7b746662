"""Rule negative-divergence."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier, replace_series
from tests.rules.test_posterior_collapse import KL


def autoencoder(beside: float, *, times: int = 10, source: str = KL) -> Run:
    """The loss of the data is 100; the whole loss is more by `beside` at the first of ten observed steps."""
    run = classifier([100.0] * 300, loss={"function": "sigmoid_cross_entropy"}, source=source)
    for index in range(10):
        run.scalar("total_loss", 20 * index, 100.0 + (beside if index < times else 1.0))
    return replace_series(run, "label", "label:y", range(10), min=0, max=1, mean=0.5, size=128)


def test_a_divergence_below_zero(findings: Any, primary: Any) -> None:
    (found,) = findings("negative-divergence", autoencoder(-5.0))
    assert (found.fault, found.severity, found.confidence) == ("loss-sign", Severity.ERROR, Confidence.CERTAIN)
    assert found.location.line == 1 and "goes down to -5 (at step 0, beside 100)" in found.message
    assert primary(autoencoder(-5.0)).rule == "negative-divergence"


def test_threshold(findings: Any, ruled_out: Any) -> None:
    assert findings("negative-divergence", autoencoder(-0.11))
    assert not findings("negative-divergence", autoencoder(-0.09))
    assert findings("negative-divergence", autoencoder(-5.0, times=5))
    run = autoencoder(-5.0, times=4)
    assert not findings("negative-divergence", run)
    assert ruled_out("negative-divergence", run)[0].why == "the divergence is not below zero"


def test_other_terms_may_be_negative(findings: Any) -> None:
    assert not findings("negative-divergence", autoencoder(-5.0, source="loss = nll - 0.01 * entropy"))


def test_without_losses(unchecked: Any) -> None:
    run = autoencoder(-5.0)
    run._losses = []
    assert unchecked("negative-divergence", run)
