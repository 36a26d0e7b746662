"""Rule init-too-small."""

from __future__ import annotations

from typing import Any

from doctor.findings import Severity
from tests.builders import Run, classifier, stats
from tests.numpy_training import blobs, train_mlp, uniform


def small(std: float) -> Run:
    x, y = blobs()
    return train_mlp(x, y, hidden=[32] * 4, init=lambda rng, a, b: rng.normal(0, std, (a, b)))


def test_fading(findings: Any, primary: Any) -> None:
    run = small(1e-3)
    (found,) = findings("init-too-small", run)
    assert found.severity is Severity.ERROR
    assert found.evidence[0].observed < 0.5 * found.evidence[0].limit
    assert "stddev=(2 / 20) ** 0.5" in found.fixes[0].code
    assert found.location == run.sites[found.site].location
    assert primary(run).rule == "init-too-small"


def test_healthy_is_silent(findings: Any, ruled_out: Any) -> None:
    run = train_mlp(*blobs())
    assert not findings("init-too-small", run) and ruled_out("init-too-small", run)


def test_silent_where_the_run_trains(findings: Any) -> None:
    assert not findings("init-too-small", classifier(failing=False))


def test_threshold(findings: Any) -> None:
    """The product of the hidden ratios falls below a hundredth."""
    for ratio, expected in ((0.0101, 0), (0.0099, 1)):
        run = classifier()
        run._rows = [row for row in run._rows if row[:2] != ("variable:w1", "weight")]
        run.observe("weight", "variable:w1", 0, stats(std=ratio * (2 / 20) ** 0.5))
        assert len(findings("init-too-small", run)) == expected


def test_sigmoid_stack_is_another_fault(findings: Any) -> None:
    x, y = blobs()
    assert not findings(
        "init-too-small", train_mlp(x, y, hidden=[32] * 4, function="sigmoid", init=uniform(-0.01, 0.01))
    )


def test_not_checked_without_step_0(unchecked: Any) -> None:
    run = classifier()
    run._rows = [row for row in run._rows if row[1] != "weight"]
    run.series("weight", "variable:w1", [5], norm=1)
    assert unchecked("init-too-small", run)
