"""Rule saturation."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.findings import Severity
from tests.builders import Run, classifier
from tests.numpy_training import blobs, glorot, train_mlp


def stuck(share: Any, *, function: str = "tanh", failing: bool = True) -> Run:
    run = classifier(function=function, failing=failing)
    return run.series("activation", "activation:h1", range(10), **{f"stuck_{function}_share": share})


def test_stuck(findings: Any) -> None:
    for function in ("tanh", "sigmoid"):
        (found,) = findings("saturation", stuck(0.8, function=function))
        assert found.severity is Severity.ERROR and found.onset_step == 0
        assert found.site == "activation:h1" and found.location is not None and found.fixes
        assert (found.evidence[0].observed, found.evidence[0].limit) == (0.8, 0.5)


def test_later(findings: Any) -> None:
    assert findings("saturation", stuck([0.0] * 6 + [0.9] * 4))[0].onset_step == 6


def test_threshold(findings: Any, ruled_out: Any) -> None:
    assert findings("saturation", stuck(0.5)) and not findings("saturation", stuck(0.49))
    assert ruled_out("saturation", stuck(0.49))


def test_silent_where_the_run_trains(findings: Any) -> None:
    assert not findings("saturation", stuck(0.9, failing=False))


def test_large_inputs_are_the_cause(primary: Any) -> None:
    x, y = blobs(spread=0.5)
    run = train_mlp(2000 * x - 1000, np.random.default_rng(0).permutation(y), function="tanh", init=glorot, rate=1e-4)
    assert primary(run).rule == "input-scale"


def test_not_checked_without_activations(unchecked: Any) -> None:
    assert unchecked("saturation", classifier(function="tanh"))
