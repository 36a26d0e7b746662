"""Rule target-scale."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.findings import Severity
from tests.builders import Run, change, classifier, replace_series


def prices(rms: float, *, failing: bool = True) -> Run:
    run = classifier(loss={"function": "squared_error", "takes": "values"})
    run._vectors.clear()
    change(run, "label:y", encoding="continuous", shape=[32])
    replace_series(run, "label", "label:y", range(10), min=0, max=2 * rms, mean=rms, std=rms / 100)
    run._losses = []
    return run.losses([rms**2] * 300 if failing else np.geomspace(rms**2, 1e-6, 300))


def test_prices(findings: Any) -> None:
    run = prices(2e5)
    (found,) = findings("target-scale", run)
    assert found.severity is Severity.ERROR and found.evidence[0].limit == 30
    assert found.location == run.sites["label:y"].location and "y.std()" in found.fixes[0].code


def test_threshold(findings: Any, ruled_out: Any) -> None:
    assert findings("target-scale", prices(31))
    assert not findings("target-scale", prices(29)) and ruled_out("target-scale", prices(29))


def test_silent_where_the_run_trains(findings: Any) -> None:
    assert not findings("target-scale", prices(2e5, failing=False))


def test_not_checked_without_labels(unchecked: Any) -> None:
    assert unchecked("target-scale", Run().subject().losses([1.0]))
