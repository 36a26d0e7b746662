"""Rule served-otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = """\
x = scaler.transform(raw)
net.fit(x, y)
served = (raw - scaler.mean_) / scaler.var_
net.predict(served)
"""


def columns(spreads: list[float], mean: float = 0.0) -> list[dict[str, float]]:
    return [{"mean": mean, "std": spread} for spread in spreads]


def served(spreads: list[float], *, mean: float = 0.0, rows: int = 100, trained: int = 4) -> Run:
    run = classifier(failing=False, source=SOURCE)
    run.site("array", "x", line=2, role="x", variable="x", shape=[500, trained], columns=columns([1.0] * trained))
    return run.site("array", "served", line=4, role="x_val", variable="served", shape=[rows, len(spreads)],
                    columns=columns(spreads, mean))  # fmt: skip


def test_the_variance_for_the_standard_deviation(findings: Any, primary: Any) -> None:
    run = served([0.2, 9.0, 1.0, 0.01])
    (found,) = findings("served-otherwise", run)
    assert (found.fault, found.severity, found.confidence) == ("input-scale", Severity.WARNING, Confidence.MEDIUM)
    assert (found.location.line, found.evidence[0].observed, found.evidence[1].observed) == (3, 0.75, 0.01)
    assert primary(run).rule == "served-otherwise"


@pytest.mark.parametrize(
    "run",
    [
        served([1.1, 0.9, 1.0, 1.2]),
        served([0.2, 1.0, 1.0, 1.0]),  # one of four
        served([0.2, 9.0, 1.0, 0.01], rows=29),  # single cases
        served([0.2, 9.0], trained=2),  # a plane that is drawn
        served([2.0, 0.0, 0.0, 0.0]),  # one column varies, as in a plot
        served([0.2, 9.0, 5.0]),  # another table
        served([1.0] * 4, mean=4.9),
    ],
)
def test_what_may_differ(run: Run, findings: Any) -> None:
    assert not findings("served-otherwise", run)


def test_limits(findings: Any) -> None:
    assert findings("served-otherwise", served([3.0, 0.3, 1.0, 1.0])) and not findings(
        "served-otherwise", served([2.99, 0.3, 1.0, 1.0])
    )
    assert not findings("served-otherwise", served([5.0, 5.0, 5.0, 1.0])), "what is looked for lies wide"
    assert not findings("served-otherwise", served([0.2, 0.2, 0.2, 1.0])), "one class is narrow"
    assert findings("served-otherwise", served([20.0, 25.0, 1.0, 1.0])), "another unit"
    assert findings("served-otherwise", served([1.0] * 4, mean=20.0))


def test_ruled_out(ruled_out: Any) -> None:
    assert ruled_out("served-otherwise", served([1.0] * 4))[0].why.endswith("are like those of the training rows")
