"""Rule init-constant."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series
from tests.numpy_training import blobs, train_mlp


def constant(value: float, function: str = "relu") -> Run:
    return train_mlp(*blobs(), function=function, init=lambda rng, a, b: np.full((a, b), value))


def test_zeros(findings: Any, primary: Any) -> None:
    run = constant(0.0)
    (found,) = findings("init-constant", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert found.site == "variable:w1" and found.evidence[0].observed == 0
    assert found.fixes[0].code.startswith("tf.Variable(tf.random.normal([20, 32]")
    assert found.location == run.sites["variable:w1"].location
    assert primary(run).rule == "init-constant"


def test_equal_weights_are_certain_whatever_the_curve(findings: Any) -> None:
    assert findings("init-constant", constant(0.05, "tanh"))[0].confidence is Confidence.CERTAIN


def test_one_constant_kernel_breaks_its_symmetry(findings: Any) -> None:
    """Random weights behind it give every unit another gradient: of degree only."""
    run = Run().subject().dense(20, 32, "tanh", weights=np.full((20, 32), 0.1)).dense(32, 4, None, last=True)
    run.losses(np.linspace(2, 0.1, 300))
    assert not findings("init-constant", run)


def test_zero_last_layer_is_healthy(findings: Any, ruled_out: Any) -> None:
    run = Run().subject().dense(20, 32).dense(32, 4, None, weights=np.zeros((32, 4)), last=True)
    assert not findings("init-constant", run) and ruled_out("init-constant", run)


def test_zero_softmax_regression_is_healthy(findings: Any) -> None:
    assert not findings("init-constant", Run().subject().dense(20, 4, None, weights=np.zeros((20, 4)), last=True))


def test_rounding_is_no_spread(findings: Any) -> None:
    """Equal up to rounding is constant; a spread of a thousandth is not."""
    for spread, expected in ((1e-9, 1), (1e-3, 0)):
        run = Run().subject()
        for n in (32, 32, 4):
            noise = np.random.default_rng(n).normal(0, spread, (32, n))
            run.dense(32, n, "relu", weights=0.1 * (1 + noise))
        assert len(findings("init-constant", run)) == expected


def test_not_checked_without_step_0(unchecked: Any) -> None:
    run = classifier()
    run._rows = [row for row in run._rows if row[1] != "weight"]
    run.series("weight", "variable:w1", [5], norm=1)
    assert unchecked("init-constant", run)


def test_a_network_that_learns_all_has_no_symmetry(findings: Any) -> None:
    """Residual branches that start at zero: what goes around them is random."""
    for failing, expected in ((True, 1), (False, 0)):
        run = classifier(failing=failing)
        for key in ("variable:w1", "variable:w2"):
            replace_series(run, "weight", key, range(1), mean=0, std=0, abs_mean=0, size=640)
        assert len(findings("init-constant", run)) == expected


def test_heads_side_by_side(findings: Any) -> None:
    """Two outputs that both start at zero are no chain of layers; the second is no hidden layer."""

    def run(hidden: bool) -> Run:
        made = classifier(failing=True)
        zeros = np.zeros((32, 4))
        made.dense(32, 4, None, weights=zeros).dense(32, 4, None, weights=zeros, last=True)
        if not hidden:
            del made.sites["activation:h3"]
        return made

    assert findings("init-constant", run(hidden=True)) and not findings("init-constant", run(hidden=False))


def test_two_zero_heads_side_by_side_are_no_chain(findings: Any) -> None:
    """Scale and shift of a coupling: both take the hidden layer, and random weights come again behind them."""
    def coupled(inputs: int) -> Run:
        run = Run().subject().dense(20, 64).dense(64, 2, "tanh", weights=np.zeros((64, 2)))
        run = run.dense(inputs, 2, None, weights=np.zeros((inputs, 2))).dense(2, 64).dense(64, 2, None, last=True)
        return run.losses(np.linspace(3, 2, 300))

    assert not findings("init-constant", coupled(64))
    assert findings("init-constant", coupled(2))[0].confidence is Confidence.CERTAIN


def test_a_gain_for_each_unit_is_no_kernel(findings: Any) -> None:
    """Weight normalisation starts its gains at 1; a vector has no units that could be copies."""
    run = Run().subject()
    for n in (32, 32, 4):
        run.dense(32, n, "relu", weights=np.full((32, n), 0.1))
    assert findings("init-constant", run)
    for site in list(run.sites.values()):
        if site.attributes.get("role") == "kernel":
            change(run, site.key, shape=[site.attributes["shape"][-1]])
    assert not findings("init-constant", run)


def test_a_single_unit_is_no_copy(findings: Any) -> None:
    """The way that a score starts from nothing, before it is scaled; zeros behind it would stay."""
    for last, expected in ((np.ones((1, 4)) * np.arange(1, 5), 0), (np.zeros((1, 4)), 1)):
        run = Run().subject().dense(20, 32, "relu").dense(32, 1, None, weights=np.zeros((32, 1)))
        run.dense(1, 4, None, weights=last, last=True)
        run.losses(np.full(300, 1.386))
        assert len(findings("init-constant", run)) == expected
