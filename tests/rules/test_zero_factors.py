"""Rule zero-factors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

STEPS = range(0, 50, 10)


def factors(
    *names: str, role: str = "embedding", start: float = 0.0, end: float = 0.0, gradient: Any = 0.0, steps: Any = STEPS
) -> Run:
    """A run with tables of 30 rows of 8 beside its kernels, in lines 21, 22, ..."""
    run = classifier(failing=False)
    for number, name in enumerate(names):
        key = f"variable:{name}"
        run.site("variable", name, line=21 + number, shape=[30, 8], trainable=True, role=role)
        run.observe("weight", key, 0, np.full((30, 8), start))
        run.series("weight", key, [40], size=240, norm=end)
        run.series("gradient", key, steps, norm=gradient, size=240)
    return run


def test_two_tables_of_zeros(findings: Any, primary: Any) -> None:
    (found,) = findings("zero-factors", factors("users", "items"))
    assert (found.fault, found.severity, found.confidence) == ("init-constant", Severity.ERROR, Confidence.CERTAIN)
    assert found.title == "`users` and `items` start at zero and never move" and found.location.line == 21
    assert "each of 5 observed gradients" in found.message and "RandomNormal" in found.fixes[0].code
    assert primary(factors("users", "items")).rule == "zero-factors"


def test_a_loss_that_is_never_finite(findings: Any) -> None:
    run = factors("users", "items")
    run._losses = []
    assert not findings("zero-factors", run.losses([float("nan")] * 300))


def test_variables_without_a_layer(findings: Any) -> None:
    (found,) = findings("zero-factors", factors("u", "v", role="other"))
    assert found.fixes[0].code == "tf.random.normal(shape, stddev=0.1)"


@pytest.mark.parametrize(
    "run",
    [
        factors("users"),
        factors("users", "items", start=0.01, end=0.4),
        factors("users", "items", end=0.4),
        factors("users", "items", gradient=[0, 0, 1e-6, 0, 0]),
        factors("users", "items", role="bias"),
        factors("first", "second", role="kernel"),
        factors("users", "items", steps=range(0, 20, 10)),
    ],
    ids=["alone", "drawn", "moved", "a gradient", "biases", "kernels", "too few seen"],
)
def test_what_is_sound_or_told_elsewhere(run: Run, findings: Any, ruled_out: Any) -> None:
    assert not findings("zero-factors", run) and ruled_out("zero-factors", run)
