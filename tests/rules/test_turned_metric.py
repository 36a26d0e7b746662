"""Rule turned-metric."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = "def pair_accuracy(same, dist):\n    said = near(dist)\n    return mean(equal(same, said))\n\n" \
         "def near(dist):\n    return cast(dist > 0.5)\n"  # fmt: skip


def siamese(shown: float, held: float | None = None, positive: int = 50, name: str = "pair_accuracy") -> Run:
    run = classifier(np.geomspace(0.4, 0.02, 300), failing=False, source=SOURCE)
    run._vectors = [one for one in run._vectors if one["name"] != "class_counts"]
    run.site("array", "same", role="y", classes={"0": 100 - positive, "1": positive})
    run.site("fit", "fit", line=4, compile={"metrics": [name], "location": ["train.py", 4, ""]})
    for epoch, value in enumerate((0.5, 0.3, shown)):
        run.scalar(f"epoch/{name}", 100 * epoch + 99, value)
        if held is not None:
            run.scalar(f"epoch/val_{name}", 100 * epoch + 99, held)
    return run


def test_a_comparison_that_is_turned_round(findings: Any) -> None:
    (found,) = findings("turned-metric", siamese(0.05, 0.04))
    assert (found.fault, found.severity, found.confidence) == ("metric-wrong", Severity.WARNING, Confidence.HIGH)
    assert found.location.line == 6, "in the function that the metric calls"
    assert (found.evidence[0].observed, found.evidence[0].limit) == (0.04, 0.25)


@pytest.mark.parametrize(
    "shown, held, positive, count",
    [(0.24, None, 50, 1), (0.26, None, 50, 0), (0.1, 0.6, 50, 0), (0.09, None, 20, 1), (0.11, None, 20, 0)],
)
def test_at_the_share(shown: float, held: float | None, positive: int, count: int, findings: Any) -> None:
    """Of the rarer class, in training and beside it."""
    assert len(findings("turned-metric", siamese(shown, held, positive))) == count


def test_labels_that_were_seen_in_batches(findings: Any) -> None:
    """All of them: the first batch may be of one class."""
    for rare, count in ((50.0, 1), (3.0, 0)):
        run = siamese(0.05)
        del run.sites["array:same"]
        run.vector("label:y", "class_counts", 0, [32.0, 0.0]).vector("label:y", "class_counts", 1, [68.0, rare])
        assert len(findings("turned-metric", run)) == count


def test_other_figures(findings: Any) -> None:
    assert not findings("turned-metric", siamese(0.05, name="pair_error"))
    assert not findings("turned-metric", siamese(0.0, name="accuracy")), "Keras's own, of probabilities say"
    many = siamese(0.05)
    many.sites["array:same"].attributes["classes"] = {"0": 50, "1": 50, "2": 50}
    assert not findings("turned-metric", many)
