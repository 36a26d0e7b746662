"""Rule scored-in-units."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series

SOURCE = "model = net()\nmodel.fit(x, y)\nerror = mean_absolute_error(price, model.predict(x_test))\n"


def scored(variance: float, value: float = -3.0, *, rows: int = 100, right: float = 0.9) -> Run:
    """A regression on targets of variance 1 that explains `right` of it, and a score of labels of another variance."""
    run = classifier(failing=False, loss={"function": "squared_error", "takes": "values"}, source=SOURCE)
    run._vectors.clear()
    change(run, "label:y", encoding="continuous", shape=[32, 1])
    change(run, "output:out", units=1, shape=[32, 1])
    replace_series(run, "label", "label:y", range(10), min=-3, max=3, mean=0, std=1)
    for step in range(10):
        run.vector("output:out", "errors", step, [32 * (1 - right), 32.0, 32.0])
    run.site("score", "r2", line=3, phase="eval", by_hand=True, at_best=False, value=value, rows=rows, majority=None,
             variance=variance, steps=300, labels="price", plain=None, broadcast=None, seen=[])  # fmt: skip
    return run


def test_labels_of_another_scale(findings: Any, primary: Any) -> None:
    (found,) = findings("scored-in-units", scored(1e4))
    assert (found.fault, found.severity, found.confidence) == ("metric-wrong", Severity.WARNING, Confidence.HIGH)
    assert found.location.line == 3 and "`price` one of 100" in found.message
    assert [one.observed for one in found.evidence] == [1e4, -3.0]
    assert primary(scored(1e4)).rule == "scored-in-units"
    assert findings("scored-in-units", scored(1e-4)), "and the other way round"


@pytest.mark.parametrize(
    "run",
    [scored(24), scored(0.042), scored(1e4, 0.1), scored(1e4, rows=29), scored(1e4, right=0.4)],
    ids=["of its size", "a little smaller", "scaled back", "few rows", "not trained"],
)
def test_silent(run: Run, findings: Any) -> None:
    assert not findings("scored-in-units", run)


def test_limit(findings: Any) -> None:
    assert findings("scored-in-units", scored(25)) and findings("scored-in-units", scored(0.04))
