"""Rule drowned-columns."""

from __future__ import annotations

from typing import Any, Sequence

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series


def rebuilt(spreads: Sequence[float], error: float, *, labels: float = 0.0) -> Run:
    """An autoencoder whose mean squared error of a value is `error`; labels may be other than the inputs."""
    run = classifier(failing=False, sizes=(len(spreads), 8), classes=len(spreads),
                     loss={"function": "squared_error", "takes": "values"})  # fmt: skip
    run._vectors.clear()
    change(run, "label:y", encoding="continuous", shape=[32, len(spreads)])
    change(run, "input:x", columns=[f"c{number}" for number in range(len(spreads))])
    facts = {"min": -9.0, "max": 9.0, "std": 2.0}
    replace_series(run, "input", "input:x", range(10), mean=0.5, **facts)
    replace_series(run, "label", "label:y", range(10), mean=0.5 + labels, **facts)
    for step in range(10):
        run.vector("input:x", "column_std", step, list(spreads))
        run.vector("output:out", "errors", step, [32 * error, 3200.0, 32.0])
    return run


def test_columns_below_the_error_of_others(findings: Any) -> None:
    (found,) = findings("drowned-columns", rebuilt([1000, 1, 0.5, 0.1], 400.0))
    assert (found.fault, found.severity, found.confidence) == ("input-scale", Severity.WARNING, Confidence.HIGH)
    assert found.title == "3 of 4 columns do not count in the loss"
    assert "columns 1 (`c1`), 2 (`c2`), 3 (`c3`)" in found.message
    assert [round(one.observed, 2) for one in found.evidence] == [2.06, 0.01, 1e8]


@pytest.mark.parametrize("spreads, error, count", [
    ([10, 10, 1, 1], 101.0, 1), ([10, 10, 1, 1], 99.0, 0), ([10, 10, 10, 1], 400.0, 0), ([0, 0, 10, 1], 400.0, 1),
])  # fmt: skip
def test_thresholds(spreads: list[float], error: float, count: int, findings: Any, ruled_out: Any) -> None:
    """A hundredth of the error, half of the columns; those that never vary do not count."""
    assert len(findings("drowned-columns", rebuilt(spreads, error))) == count
    assert len(ruled_out("drowned-columns", rebuilt(spreads, error))) == 1 - count


def test_only_where_inputs_are_the_targets(check: Any) -> None:
    assert not check("drowned-columns", rebuilt([1000, 1, 0.5, 0.1], 400.0, labels=0.2))


def test_pictures_are_no_tables(check: Any) -> None:
    assert not check("drowned-columns", rebuilt([10.0] * 10 + [0.01] * 39, 400.0))
