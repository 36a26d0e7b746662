"""Rule hard-attention."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Severity
from tests.builders import Run, classifier


def attending(
    low: Any = 0.83, high: Any = 0.165, places: int = 6, *, end: float = 1.386, failing: bool = True, **site: Any
) -> Run:
    """A softmax over some places within the network; guessing gives ln 4."""
    run = classifier(np.concatenate([np.linspace(1.386, end, 100), np.full(200, end)]), failing=failing)
    if not failing:
        run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    run.site("activation", "weight", function="softmax", order=1, **{"line": 12, **site})
    return run.series("activation", "activation:weight", range(10), low_share=low, high_share=high, mean=1 / places)


def test_one_place_takes_all(findings: Any, primary: Any) -> None:
    (found,) = findings("hard-attention", attending())
    assert (found.fault, found.severity, found.location.line) == ("saturation", Severity.ERROR, 12)
    assert found.title == "The softmax of `weight` is saturated from the first step on" and found.onset_step == 0
    assert primary(attending()).rule == "hard-attention"


def test_a_run_that_no_longer_falls(findings: Any) -> None:
    """It trains, and not to the end."""
    (found,) = findings("hard-attention", attending(end=0.6, failing=False))
    assert found.severity is Severity.WARNING
    assert not findings("hard-attention", attending(end=0.1, failing=False))


@pytest.mark.parametrize(
    ("low", "high", "places"),
    [
        (0.6, 0.1, 6),  # soft, as scores of unit spread are
        (0.99, 0.001, 100),  # over many places all are small
        ([0.6] * 5 + [0.83] * 5, [0.1] * 5 + [0.165] * 5, 6),  # learned
        ([0.83] * 5 + [0.6] * 5, [0.165] * 5 + [0.1] * 5, 6),  # got over
    ],
)
def test_attention_that_learns(low: Any, high: Any, places: int, findings: Any) -> None:
    assert not findings("hard-attention", attending(low, high, places))


def test_what_feeds_the_loss_is_no_attention(findings: Any) -> None:
    assert not findings("hard-attention", attending(next=["loss"]))


def test_not_checked_without_activations(unchecked: Any) -> None:
    assert unchecked("hard-attention", classifier())
