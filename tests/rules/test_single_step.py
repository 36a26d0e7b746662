"""Rule single-step."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier


def recurrent(shape: list[int | None], layer: str = "LSTM", failing: bool = True) -> Run:
    run = change(classifier(failing=failing), "input:x", shape=shape)
    return run.site("model", "net", layers=[{"class": layer}, {"class": "Dense"}])


def test_one_number_at_a_time(findings: Any) -> None:
    (found,) = findings("single-step", recurrent([None, 1, 1]))
    assert (found.fault, found.severity, found.confidence) == ("degenerate-feature", Severity.WARNING, Confidence.HIGH)


@pytest.mark.parametrize("shape, layer", [([None, 2, 1], "GRU"), ([None, 1, 4], "LSTM"), ([None, 1, 1], "Conv1D")])
def test_what_may_be_right(shape: list[int | None], layer: str, findings: Any) -> None:
    assert not findings("single-step", recurrent(shape, layer))


def test_one_value_was_enough(findings: Any, ruled_out: Any) -> None:
    run = recurrent([None, 1, 1], failing=False)
    assert not findings("single-step", run) and ruled_out("single-step", run)


def test_a_state_that_goes_on(findings: Any) -> None:
    run = recurrent([1, 1, 1])
    run.source = "net.add(LSTM(50, stateful=True))\n"
    assert not findings("single-step", run)
