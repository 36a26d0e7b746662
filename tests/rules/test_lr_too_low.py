"""Rule lr-too-low."""

from __future__ import annotations

from typing import Any


from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier, replace_series
from tests.numpy_training import blobs, train_mlp


def with_ratio(ratio: float, *, failing: bool = True) -> Run:
    run = classifier(failing=failing)
    for key, size, reference in (("variable:w1", 640, (2 / 20) ** 0.5), ("variable:w2", 128, (2 / 36) ** 0.5)):
        replace_series(run, "weight", key, range(10), norm=reference * size**0.5, size=size)
        replace_series(run, "update", key, range(10), norm=ratio * reference * size**0.5, size=size)
    return run


def test_tiny(findings: Any, primary: Any) -> None:
    run = train_mlp(*blobs(), rate=1e-6, steps=300)
    (found,) = findings("lr-too-low", run)
    assert found.severity is Severity.ERROR
    assert found.evidence[0].observed < 1e-5 == found.evidence[0].limit
    assert found.fixes[0].code.startswith("learning_rate = ")
    assert found.location == run.sites["subject:loop"].location
    assert primary(run).rule == "lr-too-low"


def test_threshold(findings: Any, ruled_out: Any) -> None:
    assert findings("lr-too-low", with_ratio(0.99e-5))
    assert not findings("lr-too-low", with_ratio(1.01e-5)) and ruled_out("lr-too-low", with_ratio(1.01e-5))


def test_silent_where_the_run_trains(findings: Any) -> None:
    assert not findings("lr-too-low", with_ratio(1e-7, failing=False))


def test_zero_is_certain(findings: Any) -> None:
    run = with_ratio(0.0, failing=False).site("optimizer", "sgd", learning_rate=0.0)
    assert findings("lr-too-low", run)[0].confidence is Confidence.CERTAIN


def test_warm_up_from_zero_is_healthy(findings: Any) -> None:
    run = with_ratio(1e-3).scalar("learning_rate", 0, 0.0).scalar("learning_rate", 100, 0.01)
    assert not findings("lr-too-low", run)


def test_not_checked_without_updates(unchecked: Any) -> None:
    run = classifier()
    run._rows = [row for row in run._rows if row[1] != "update"]
    assert unchecked("lr-too-low", run)
