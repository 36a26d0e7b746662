"""Rule init-too-large."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series
from tests.numpy_training import blobs, glorot, he, train_mlp, uniform


def deep(scale: float, **options: Any) -> Run:
    x, y = blobs()
    return train_mlp(x, y, hidden=[32] * 8, init=uniform(-scale, scale), steps=60, **options)


def test_explosion(findings: Any, ruled_out: Any, primary: Any) -> None:
    """The loss starts far above guessing; the weights are named, not the NaN, not the rate."""
    run = deep(0.9)
    (found,) = findings("init-too-large", run)
    assert (found.severity, found.confidence, found.onset_step) == (Severity.ERROR, Confidence.HIGH, 0)
    gain = next(one for one in found.evidence if one.series == "weights/gain")
    assert gain.observed > 10 == gain.limit
    assert found.site.startswith("variable:w")
    assert found.fixes[0].code.startswith("tf.Variable(tf.random.normal([")
    assert ruled_out("init-too-large", run)[0].fault == "lr-too-high"
    assert primary(run).rule == "init-too-large"


def test_keras_code_gets_a_keras_fix(findings: Any) -> None:
    run = change(deep(0.9), "subject:loop", style="fit", model="Sequential")
    assert findings("init-too-large", run)[0].fixes[0].code == 'kernel_initializer="he_normal"'


def test_the_line_that_draws_the_values(findings: Any) -> None:
    """`tf.Variable(w)` is made from `w`, one line before: the repair goes there."""
    run = deep(0.9)
    run.source = "import tensorflow as tf\nw = tf.random.uniform([20, 32], -1, 1)\nw1 = tf.Variable(w)\n"
    for key, site in list(run.sites.items()):
        if site.kind == "variable":
            location = type(site.location)("train.py", 3, "w1 = tf.Variable(w)")
            run.sites[key] = type(site)(
                site.key, site.kind, site.name, site.subject, site.phase, location, site.attributes
            )
    assert findings("init-too-large", run)[0].location.line == 2


def test_saturated_tanh(findings: Any) -> None:
    x, y = blobs()
    run = train_mlp(x, y, hidden=[32] * 6, function="tanh", init=lambda rng, a, b: rng.normal(0, 3, (a, b)), steps=100)
    (found,) = findings("init-too-large", run)
    assert any(one.series.endswith("flat_share") and one.observed >= 0.5 for one in found.evidence)


def test_healthy_is_silent(findings: Any, ruled_out: Any) -> None:
    for init in (he, glorot):
        run = train_mlp(*blobs(), hidden=[32] * 4, init=init)
        assert not findings("init-too-large", run)
        assert ruled_out("init-too-large", run)


def test_large_inputs_are_not_its_fault(findings: Any) -> None:
    x, y = blobs()
    assert not findings("init-too-large", train_mlp(255 * x, y, steps=60))


def test_threshold(findings: Any) -> None:
    """The product of the ratios must reach ten, and so must the measured gain."""
    for gain, expected in ((9.0, 0), (11.0, 1)):
        signs = np.where(np.indices((20, 4)).sum(axis=0) % 2, 1, -1)
        run = Run().subject().dense(20, 4, None, weights=gain * (2 / 24) ** 0.5 * signs, last=True)
        run.site("label", "y", encoding="index").vector("label:y", "class_counts", 0, [9, 9, 9, 9])
        run.site("loss", "l", function="softmax_cross_entropy", takes="logits").losses([1.4] * 300)
        assert len(findings("init-too-large", run)) == expected


def test_batch_normalisation_undoes_the_scale(findings: Any) -> None:
    run = deep(0.9)
    run.site("variable", "gamma", role="scale", trainable=True, order=1)
    assert not findings("init-too-large", run)


def test_not_checked_without_step_0(unchecked: Any) -> None:
    run = classifier()
    run._rows = [row for row in run._rows if row[1] != "weight"]
    run.series("weight", "variable:w1", [5], norm=1)
    assert "before the first update" in unchecked("init-too-large", run)[0].reason


def test_weights_of_one_sign_add_up(findings: Any) -> None:
    """Uniform in [0, 1): behind a ReLU 50 inputs add up to 25 times their size, whatever the spread of the weights."""
    rng = np.random.default_rng(0)
    for low, expected in ((0.0, 1), (-0.3, 0)):
        run = Run().subject().dense(1, 50, "relu", weights=rng.uniform(low, 1, (1, 50)))
        run.dense(50, 10, "relu", weights=rng.uniform(low, 1, (50, 10)))
        run.dense(10, 1, None, weights=rng.uniform(low, 1, (10, 1)), last=True)
        run.site("label", "y", encoding="continuous").series("label", "label:y", [0], mean=0, std=0.7, min=-3, max=0)
        run.site("loss", "l", function="squared_error", takes="values").losses([5e3, *[0.5] * 300])
        assert len(findings("init-too-large", run)) == expected, low


def test_flat_units_of_a_run_that_trains(findings: Any) -> None:
    """A kernel of seven times its scale, and most tanh units flat: a warning, unless it got over that."""
    for right, expected in ((25.0, [Severity.WARNING]), (31.0, [])):
        run = classifier(np.linspace(1.4, 0.5, 300), function="tanh")
        replace_series(run, "weight", "variable:w1", [0], std=7 * (2 / 52) ** 0.5, norm=7 * (2 / 52) ** 0.5 * 640**0.5,
                       size=640)  # fmt: skip
        replace_series(run, "activation", "activation:h1", [0], high_share=0.35, negative_high_share=0.35)
        run._vectors = [one for one in run._vectors if one["name"] != "correct"]
        for step in range(10):
            run.vector("output:out", "correct", step, [right, 32.0])
        assert [one.severity for one in findings("init-too-large", run)] == expected, right


def test_a_loss_that_is_no_number_at_once(findings: Any) -> None:
    """Weights ten to a hundred times too large give a sound loss a large number: NaN has another reason."""
    for gain, severity in ((50.0, Severity.WARNING), (200.0, Severity.ERROR)):
        signs = np.where(np.indices((20, 4)).sum(axis=0) % 2, 1, -1)
        run = Run().subject().dense(20, 4, None, weights=gain * (2 / 24) ** 0.5 * signs, last=True)
        run.site("label", "y", encoding="index").vector("label:y", "class_counts", 0, [9, 9, 9, 9])
        run.site("loss", "l", function="softmax_cross_entropy", takes="logits").losses([float("nan")] * 300)
        (found,) = findings("init-too-large", run)
        assert found.severity is severity


def test_units_that_are_dead_from_the_start(findings: Any) -> None:
    """Which sums are negative does not depend on the size of the weights: see dead-relu. What explodes does."""
    for scale, dead, count in ((0.7, 0.89, 1), (0.7, 0.9, 0), (0.9, 0.9, 1)):
        run = deep(scale)
        layer = next(key for key in run.sites if key.startswith("activation:"))
        run._rows = [row for row in run._rows if row[0] != layer]
        run.series("activation", layer, [0, 20, 40], dead_unit_share=dead, size=640)
        assert len(findings("init-too-large", run)) == count
