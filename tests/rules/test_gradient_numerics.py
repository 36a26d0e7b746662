"""Rule gradient-numerics, and where its line is."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from doctor.reading.slopes import lost_in_half, steep
from tests.builders import Run, classifier, replace_series
from tests.reading.test_loops import recorded

NAN = float("nan")
ROOT = "def distance(a, b):\n    return tf.sqrt(tf.reduce_sum((a - b) ** 2, axis=1))\n"


def broken_at(step: int, *, seen: bool = True, losses: list[float] | None = None) -> Run:
    """The loss is NaN one step later; the weights are NaN there."""
    run = classifier([*(losses or [1.4] * (step + 1)), *[NAN] * 10])
    for key in ("variable:w1", "variable:w2"):
        replace_series(run, "gradient", key, range(step), norm=0.5, min=-0.1, max=0.1, size=640)
        replace_series(run, "weight", key, range(step + 1), norm=5.0, size=640, std=0.2, min=-0.5, max=0.5)
        run.series("weight", key, [step + 1], nan_count=640.0)
    if seen:
        run.series("gradient", "variable:w1", [step], nan_count=640.0)
    return run


def test_a_gradient_that_is_nan_under_a_finite_loss(findings: Any) -> None:
    (found,) = findings("gradient-numerics", broken_at(5))
    assert (found.severity, found.confidence, found.onset_step) == (Severity.ERROR, Confidence.CERTAIN, 5)
    assert "gradient of `w1` is NaN" in found.message


def test_what_was_not_finite_before(findings: Any) -> None:
    for role, key in (("input", "input:x"), ("output", "output:out"), ("label", "label:y")):
        assert not findings("gradient-numerics", replace_series(broken_at(5), role, key, [5], nan_count=1.0)), role


def test_gradients_that_exploded(findings: Any, ruled_out: Any) -> None:
    run = broken_at(5)
    replace_series(run, "gradient", "variable:w2", range(5), min=-2e6, max=1e5)
    assert not findings("gradient-numerics", run)
    assert ruled_out("gradient-numerics", run)[0].why == "the gradient grew before it overflowed"


def test_the_very_step_was_not_observed(findings: Any) -> None:
    """Then the script must take a root, and the losses must not have grown."""
    assert not findings("gradient-numerics", broken_at(5, seen=False))
    run = broken_at(5, seen=False)
    run.source = ROOT
    assert findings("gradient-numerics", run)[0].confidence is Confidence.MEDIUM
    run = broken_at(5, seen=False, losses=[1.0, 1.0, 1.0, 1.0, 2.0, 3.1])
    run.source = ROOT
    assert not findings("gradient-numerics", run)


def test_a_step_that_the_optimiser_left_out(findings: Any) -> None:
    """Mixed precision: a gradient overflows, the scale is halved, and training goes on for a while."""
    run = classifier([1.4] * 8 + [NAN] * 10)
    run.site("variable", "scaled", trainable=True, role="kernel", shape=[4, 4])
    run.series("gradient", "variable:scaled", [2], nan_count=16.0)
    assert not findings("gradient-numerics", run)


def test_a_finite_loss(ruled_out: Any) -> None:
    assert ruled_out("gradient-numerics", classifier())[0].why == "the loss stays finite"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (ROOT, "sqrt"),
        ("with tape:\n    d = tf.norm(a - b, axis=1)\n", "norm"),
        ("def f(x):\n    return tf.reduce_mean(x) ** 0.5\n", "power"),
        ("def f(x):\n    y = tf.math.log(x)\n    return tf.sqrt(y)\n", "sqrt"),
        ("def f(x):\n    return tf.where(x > 0, 1 / x, 0.0)\n", "division"),
        ("def f(x):\n    return tf.sqrt(tf.reduce_sum(x) + 1e-9) + tf.sqrt(x + self.eps)\n", None),
        ("def f(x):\n    return tf.sqrt(tf.maximum(x, 1e-9)) ** 2.0 / 3\n", None),
        ("def f(x):\n    return np.sqrt(x) * math.pow(2, 3)\n", None),
        ("scale = tf.sqrt(2.0)\n", None),
    ],
)
def test_where_the_slope_is_infinite(source: str, expected: str | None) -> None:
    found = steep(recorded(source))
    assert (found[1] if found else None) == expected


@pytest.mark.parametrize("small, line", [("1e-8", 3), ("1e-7", None)])
def test_a_bound_that_is_zero_in_half_precision(small: str, line: int | None) -> None:
    source = f"EPS = {small}\ndef loss(p):\n    return -tf.math.log(p + EPS)\n"
    found = lost_in_half(classifier(source=source).build())
    assert (found[0].line if found is not None else None) == line


def left_out(spoilt: int, *, dtype: str = "float16", source: str = "") -> Run:
    """Ten observed steps from step 20 on, of which some have a gradient of NaN under a finite loss."""
    run = classifier(failing=False, source=source)
    run.site("variable", "half", trainable=True, role="kernel", shape=[4, 4], dtype=dtype)
    run.series("gradient", "variable:half", [2, 3, 5, 8], nan_count=16.0)
    for step in range(20, 120, 10):
        broken = {"nan_count": 16.0} if step >= 120 - 10 * spoilt else {"norm": 1.0}
        run.series("gradient", "variable:half", [step], size=16, **broken)
    return run


def test_steps_that_mixed_precision_leaves_out_again_and_again(findings: Any) -> None:
    source = "EPS = 1e-8\nloss = -tf.math.log(p + EPS)\n"
    (found,) = findings("gradient-numerics", left_out(4, source=source))
    assert (found.fault, found.severity, found.location.line) == ("loss-numerics", Severity.WARNING, 2)
    assert found.onset_step == 80 and "1e-08 is zero" in found.message
    assert findings("gradient-numerics", left_out(3)) and not findings("gradient-numerics", left_out(2))
    assert not findings("gradient-numerics", left_out(4, dtype="float32"))
