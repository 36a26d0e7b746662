"""Rule thrown-up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.engine import diagnose
from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier


def thrown(share: float, rise: float = 3.0) -> Run:
    """A run that spends a share of its 300 steps above its start, and trains in the end."""
    above = int(share * 300)
    start = float(np.log(4))
    fall = start * np.exp(-np.arange(300 - above - 6) / 30)
    run = classifier([start] * 6 + [rise * start] * above + [max(one, 0.1) for one in fall], failing=False)
    return run.site("optimizer", "Adam", line=5, learning_rate=0.4)


def test_thrown_up(findings: Any) -> None:
    (found,) = findings("thrown-up", thrown(0.5))
    assert (found.fault, found.severity, found.confidence) == ("lr-too-high", Severity.WARNING, Confidence.MEDIUM)
    assert found.location is not None and found.location.line == 5 and found.onset_step == 6
    assert found.evidence[1].observed == pytest.approx(3 * np.log(4)) and "For 50 % of the run" in found.message
    diagnosis = diagnose(thrown(0.5).build())
    assert diagnosis.primary is not None and diagnosis.primary.rule == "thrown-up"


def test_thresholds(findings: Any, ruled_out: Any) -> None:
    assert findings("thrown-up", thrown(0.2)) and not findings("thrown-up", thrown(0.18))
    assert findings("thrown-up", thrown(0.5, 1.52)) and not findings("thrown-up", thrown(0.5, 1.48))
    assert ruled_out("thrown-up", thrown(0.0))[0].why == "the loss is well above its start in 0 % of the run"


def test_few_steps_say_nothing(findings: Any) -> None:
    run = thrown(0.5)
    run._losses = run._losses[:99]
    assert not findings("thrown-up", run)


def test_silent_where_another_rule_spoke() -> None:
    """A ReLU before the cross-entropy is found first, whatever it does to the loss."""
    run = thrown(0.5)
    change(run, "output:out", produced_by="relu")
    diagnosis = diagnose(run.build())
    assert {one.rule for one in diagnosis.findings} == {"output-activation"}
