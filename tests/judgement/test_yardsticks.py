"""The best constant prediction for every kind of loss."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from doctor.types import TensorStats
from tests.builders import Run, change, classifier, replace_series
from tests.judgement.judged_runs import judged, regression, without_accuracy


def test_entropy_of_the_labels_is_the_yardstick() -> None:
    judgement = judged(classifier())
    assert judgement.baseline == pytest.approx(math.log(4)) and judgement.failing


def test_squared_error_against_the_variance() -> None:
    assert judged(regression([4.0] * 300)).failing
    assert judged(regression(np.linspace(4.0, 0.5, 300))).training


def test_the_variance_of_the_whole_array() -> None:
    """What `fit` was given tells it exactly; of batches it depends on those that were seen. Far apart it is another."""
    for std, variance in ((2.15, 2.15**2), (1.8, 1.8**2), (2.3, 4.0), (1.7, 4.0)):
        run = regression(np.linspace(4.0, 0.5, 300))
        here = run.sites["subject:loop"].location
        run.site("array", "y", line=here.line, role="y", shape=[500], std=std)
        assert judged(run).baseline == pytest.approx(variance), std
    run = regression(np.linspace(4.0, 0.5, 300)).site("array", "y", line=3, role="y", shape=[500], std=2.15)
    assert judged(run).baseline == pytest.approx(4.0), "of another training"


def test_absolute_error_against_the_mean_deviation() -> None:
    run = regression([2.5] * 300, function="absolute_error", output_std=0.0)
    replace_series(run, "label", "label:y", range(10))
    run._rows = [row for row in run._rows if row[:2] != ("label:y", "label")]
    run.observe("label", "label:y", 0, np.linspace(0, 10, 1000))
    assert judged(run).baseline == pytest.approx(2.5, rel=0.05)


def test_one_logit_bounds_the_loss_that_is_no_more_than_a_mean() -> None:
    """Above ln 2 + mean |z| a loss is a sum, or on no known scale."""
    for loss, comparable in ((1.19, True), (2.0, False), (32.0, True)):
        run = change(classifier([loss] * 300, classes=2, loss={"function": "sigmoid_cross_entropy"}),
                     "output:out", units=1)  # fmt: skip
        replace_series(run, "output", "output:out", range(10), abs_mean=0.5, min=-3, max=3, size=32)
        run._vectors = [one for one in run._vectors if one["name"] != "correct"]
        assert judged(run).failing is comparable, loss


def test_a_hinge_loss_has_a_yardstick() -> None:
    """Three of four labels are 1: always answering that costs 2 times a quarter."""
    run = classifier([0.1] * 300, loss={"function": "hinge"})
    run._vectors = []
    replace_series(run, "label", "label:y", range(10), min=-1, max=1, mean=0.5, size=32)
    assert judged(run).baseline == 0.5 and judged(run).training


def counts(losses: Any, mean: float = 4.0) -> Run:
    """Counts of mean 4, a quarter of them 0 and a quarter 8, with a Poisson loss of rates between 3 and 5."""
    run = regression(losses, function="poisson")
    replace_series(run, "label", "label:y", range(10), mean=mean, std=2.83, min=0, max=8)
    histogram = np.zeros(40)
    histogram[[0, 20, -1]] = 8, 16, 8
    run._rows = [
        (key, role, step, TensorStats(stats.values, histogram if key == "label:y" else stats.histogram))
        for key, role, step, stats in run._rows
    ]
    return replace_series(run, "output", "output:out", range(10), mean=4, std=0.5, min=3, max=5)


def test_poisson_is_judged_by_the_deviance() -> None:
    """The mean gives 4 - 4 ln 4 = -1.545; exact rates give 4 - E[y ln y] = -2.93: a tenth of the way is -1.684."""
    assert judged(counts([-1.5] * 300)).baseline == pytest.approx(4 - 4 * math.log(4))
    for late, state in ((-1.55, "failing"), (-1.62, "unclear"), (-1.70, "training")):
        assert judged(counts([-1.5] * 20 + [late] * 300)).state == state, late
    other_scale = judged(counts([30.0] * 20 + [29.0] * 300))
    assert (other_scale.state, other_scale.by) == ("unclear", "curve")


def test_a_cross_entropy_below_zero() -> None:
    """On labels beyond 1 it is no success; weighted by hand, as by an advantage, it is on no known scale."""
    run = without_accuracy(classifier([0.7] * 20 + [-3.0] * 300, loss={"function": "sigmoid_cross_entropy"}))
    change(change(run, "label:y", encoding="binary"), "output:out", units=1)
    run._vectors.clear()
    replace_series(run, "label", "label:y", range(10), min=0, max=1, mean=0.5, std=0.5, size=32)
    assert (judged(run).state, judged(run).by) == ("training", "curve")
    replace_series(run, "label", "label:y", range(10), min=0, max=2, mean=0.9, std=0.5, size=32)
    assert judged(run).state == "failing" and "below zero" in judged(run).reason


def test_losses_weighted_by_hand_have_no_yardstick() -> None:
    """By an advantage or a focal factor; the weights of classes that `fit` was given are known."""
    weighted = {"function": "softmax_cross_entropy", "weighted": True}
    cases = (("tape", None, False), ("fit", "categorical_focal", False), ("fit", "categorical", True))
    for style, name, known in cases:
        run = without_accuracy(classifier(loss={**weighted, "keras_loss": name}, style=style))
        assert (judged(run).by == "loss") is known


def test_errors_divided_by_a_predicted_variance_have_no_yardstick() -> None:
    """A Gaussian likelihood falls below zero, on labels beyond 1 too, and is no squared error."""
    for weighted_by, state in (("network", "curve"), (None, "loss")):
        run = without_accuracy(classifier([0.9] * 20 + [0.3] * 300, loss={"function": "squared_error"}))
        change(run, "label:y", encoding="continuous", shape=[32, 1])
        change(run, "loss:cross_entropy", weighted_by=weighted_by)
        run._vectors.clear()
        replace_series(run, "label", "label:y", range(10), min=-3, max=3, std=1.0, size=32)
        replace_series(run, "output", "output:out", range(10), min=-1, max=1, std=0.2, size=32)
        assert (judged(run).state, judged(run).by) == ("training", state)


def test_robust_losses_are_judged_by_the_errors() -> None:
    """A Huber loss is on no known scale; predictions that explain nothing fail all the same."""
    for name, form, right, state in (
        ("huber", False, 0.0, "failing"),
        ("huber", False, 0.5, "training"),
        ("pinball", False, 0.0, "training"),
        (None, True, 0.0, "failing"),  # by its ops
    ):
        loss = {"function": "absolute_error", "keras_loss": name, "robust": form}
        run = without_accuracy(classifier([0.9] * 5 + [0.3] * 295, loss=loss))
        change(run, "label:y", encoding="continuous", shape=[32, 1])
        run._vectors.clear()
        replace_series(run, "label", "label:y", range(10), min=-3, max=3, mean=0, std=1.0, size=32)
        replace_series(run, "output", "output:out", range(10), min=-1, max=1, mean=5.0, std=0.2, size=32)
        for step in range(10):
            run.vector("output:out", "errors", step, [(1 - right) * 100, 100, 100])
        assert judged(run).state == state, name


def test_robust_losses_that_still_fall() -> None:
    """Slow is not failing, unless the outputs are further from the labels than these from each other."""
    for explained, state in ((-0.9, "training"), (-1.1, "failing")):
        loss = {"function": "other", "keras_loss": "Huber"}
        run = without_accuracy(classifier(np.linspace(3e5, 2e5, 300), loss=loss))
        change(run, "label:y", encoding="continuous", shape=[32, 1])
        run._vectors.clear()
        for step in range(10):
            run.vector("output:out", "errors", step, [(1 - explained) * 100, 100, 100])
        assert judged(run).state == state


def test_counts_that_are_guessed_better_than_from_the_scale_of_labels() -> None:
    """A Poisson loss has no minimum at zero: below what exact rates are thought to give it is no cross-entropy."""
    assert judged(counts([-1.5] * 20 + [-4.0] * 300)).state == "training"


def test_labels_that_are_spread_over_many_classes() -> None:
    """Rows that share their mass among equals have no right answer; smoothed ones do."""
    for highest, by in ((0.59, "curve"), (0.61, "accuracy")):
        run = change(classifier(failing=False), "label:y", encoding="one-hot")
        replace_series(run, "label", "label:y", range(10), min=0, max=highest, mean=0.25, std=0.3, size=128)
        assert judged(run).by == by


def test_targets_that_are_all_alike_have_no_yardstick() -> None:
    """The centre of a sphere is the target of every row: what rounding makes of it is no spread."""
    run = regression(np.geomspace(0.1, 3e-4, 300))
    replace_series(run, "label", "label:y", range(10), mean=0.2, std=1e-8, min=0.2, max=0.2, size=32)
    judgement = judged(run)
    assert judgement.baseline is None and not judgement.failing


def test_what_was_learned_and_lost() -> None:
    """The loss rises back to that of a constant prediction, as under a rate that is warmed up too far."""
    guessing = float(np.log(4))
    for late, steps, state in ((0.97, 40, "failing"), (0.97, 39, "unclear"), (0.6, 40, "training")):
        losses = [guessing] * 20 + [0.2] * steps + [late * guessing] * steps
        found = judged(without_accuracy(classifier(losses)))
        assert found.state == state
        assert found.reason.startswith("what was learned was lost again: the loss was 0.2 by step 29") is (
            state == "failing"
        )


def test_what_still_answers_half_rightly_is_not_lost() -> None:
    """A loss that is large for a few answers, given with confidence."""
    losses = [float(np.log(4))] * 20 + [0.2] * 40 + [0.97 * float(np.log(4))] * 40
    assert judged(classifier(losses, failing=False)).state == "training"
