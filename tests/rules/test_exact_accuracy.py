"""Rule exact-accuracy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = "hits = keras.metrics.Accuracy()\nfor x, y in batches:\n    hits.update_state(y, net(x))\n"


def trained(right: float = 90.0, **facts: Any) -> Run:
    run = classifier(np.geomspace(2.0, 0.05, 300), failing=False, **facts)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    for step in range(0, 300, 10):
        run.vector("output:out", "correct", step, [right, 100.0])
    return run


def fitted(shown: list[float], metric: str = "Accuracy", right: float = 90.0) -> Run:
    """A run of fit with a metric in `compile`, and what it says of each epoch."""
    run = trained(right)
    run.site("fit", "fit", line=7, compile={"metrics": [metric], "location": ["train.py", 5, ""]})
    for epoch, value in enumerate(shown):
        run.scalar("epoch/accuracy", 60 * epoch + 59, value)
    return run


def test_a_class_that_compares_exactly(findings: Any) -> None:
    (found,) = findings("exact-accuracy", fitted([0.0, 0.0, 0.01, 0.02]))
    assert (found.fault, found.severity, found.confidence) == ("metric-wrong", Severity.WARNING, Confidence.HIGH)
    assert (found.location.line, found.evidence[0].observed, found.evidence[0].limit) == (5, 0.02, 0.9)


@pytest.mark.parametrize("highest, count", [(0.69, 1), (0.71, 0)])
def test_at_the_difference(highest: float, count: int, findings: Any) -> None:
    """Early epochs do not count: the answers were others then."""
    assert len(findings("exact-accuracy", fitted([0.9, 0.9, 0.1, highest]))) == count


def test_another_accuracy_is_another_rule(findings: Any) -> None:
    assert not findings("exact-accuracy", fitted([0.0, 0.0, 0.0, 0.0], metric="accuracy"))


def test_a_metric_of_a_loop(findings: Any) -> None:
    def run(value: float, **facts: Any) -> Run:
        facts = {"class": "Accuracy", "function": "accuracy", **facts}
        return trained(source=SOURCE).site("metric", "accuracy", line=1, code="hits = keras.metrics.Accuracy()",
                                           results=[[299, value, 400.0]], **facts)  # fmt: skip

    (found,) = findings("exact-accuracy", run(0.1))
    assert found.location.line == 3 and "`hits`" in found.title
    assert not findings("exact-accuracy", run(0.88)), "it was given answers, as it should be"
    assert not findings("exact-accuracy", run(0.1, function="own")), "a class of the script's own of that name"
