"""Rule posterior-collapse, and how a divergence is read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from doctor.reading.divergences import divergence
from tests.builders import Run, change, classifier, replace_series
from tests.reading.test_loops import recorded

KL = "kl = tf.reduce_mean(tf.reduce_sum(-0.5 * (1 + lv - mu ** 2 - tf.exp(lv)), axis=1))"


def autoencoder(moved: float = 1.0, *, scale: float = 1.0, source: str = KL) -> Run:
    """Pictures of 14 x 14 whose squared errors end at their variance of 4; outputs have `moved` % of it."""
    losses = scale * np.r_[np.linspace(4.4, 4.0, 100), [4.0] * 200]
    run = classifier(losses, loss={"function": "squared_error", "takes": "values", "end": ["train.py", 1, source]})
    run._vectors.clear()
    run.source = source
    change(run, "label:y", encoding="continuous", shape=[None, 14, 14, 1])
    replace_series(run, "label", "label:y", range(10), mean=5, std=2, min=0, max=10)
    return run.vector("output:out", "row_spread", 290, [moved, 100.0])


def test_a_reconstruction_that_is_averaged_over_its_values(findings: Any) -> None:
    (found,) = findings("posterior-collapse", autoencoder())
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.HIGH, 1)
    assert "averaged over the 196 values" in found.message and "196 times too little" in found.message


def test_outputs_that_follow_their_inputs(findings: Any, ruled_out: Any) -> None:
    assert findings("posterior-collapse", autoencoder(2.9))
    run = autoencoder(3.1)
    assert not findings("posterior-collapse", run)
    assert "3.1 %" in ruled_out("posterior-collapse", run)[0].why


def test_a_reconstruction_that_is_summed(findings: Any) -> None:
    """Then only a divergence that is summed over the batch is to blame."""
    assert not findings("posterior-collapse", autoencoder(scale=196.0))
    source = KL.replace("axis=1", "axis=0")
    (found,) = findings("posterior-collapse", autoencoder(scale=196.0, source=source))
    assert "summed over the examples" in found.message


def test_without_a_divergence_or_several_values(findings: Any) -> None:
    assert not findings("posterior-collapse", autoencoder(source="loss = tf.reduce_mean((x - y) ** 2)"))
    run = autoencoder()
    run._vectors.clear()
    assert not findings("posterior-collapse", run)


@pytest.mark.parametrize(
    ("source", "reductions", "over_batch"),
    [
        (KL, [("sum", (1,)), ("mean", None)], None),
        (KL.replace("axis=1", "axis=0"), [("sum", (0,)), ("mean", None)], 1),
        ("kl = -0.5 * tf.reduce_sum(1 + lv - tf.square(mu) - tf.exp(lv))", [("sum", None)], 1),
        ("t = tf.square(m) + tf.square(s) - tf.math.log(tf.square(s)) - 1\nkl = 0.5 * ops.sum(t, axis=-1)\n"
         "loss = rec + ops.mean(kl)", [("sum", (-1,)), ("mean", None)], None),
        ("k = 1 + v - ops.square(m) - ops.exp(v)\nk = ops.sum(k, axis=[1])\nk = -0.5 * ops.mean(k)",
         [("sum", (1,)), ("mean", None)], None),
    ],
)  # fmt: skip
def test_how_a_divergence_is_reduced(source: str, reductions: Any, over_batch: int | None) -> None:
    found = divergence(recorded(source))
    assert found is not None
    assert [(kind, axes) for kind, axes, _ in found.reductions] == reductions
    assert (found.over_batch.line if found.over_batch else None) == over_batch


def test_what_is_no_divergence() -> None:
    for source in ("y = tf.exp(-x ** 2)", "z = mu + tf.exp(0.5 * lv) * eps", "d = tf.reduce_sum((a - b) ** 2)",
                   "p = tf.exp(x) / tf.reduce_sum(tf.exp(x))"):  # fmt: skip
        assert divergence(recorded(source)) is None, source
