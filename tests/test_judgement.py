"""Is the run failing at all? Against the best constant prediction."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from doctor.judgement import Judgement, judge
from tests.builders import Run, change, classifier, replace_series

NAN = float("nan")


def judged(run: Run) -> Judgement:
    recording = run.build()
    return judge(recording, recording.subjects[0])


def without_accuracy(run: Run) -> Run:
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    return run


def regression(losses: Any, *, std: float = 2.0, function: str = "squared_error", output_std: float = 0.0) -> Run:
    run = without_accuracy(classifier(losses, loss={"function": function, "takes": "values"}))
    run._vectors.clear()
    change(run, "label:y", encoding="continuous", shape=[32])
    replace_series(run, "label", "label:y", range(10), mean=5, std=std, min=0, max=10)
    return replace_series(run, "output", "output:out", range(10), mean=5, std=output_std)


def test_entropy_of_the_labels_is_the_yardstick() -> None:
    judgement = judged(classifier())
    assert judgement.baseline == pytest.approx(math.log(4)) and judgement.failing


def test_a_tenth_of_the_gap_is_training() -> None:
    for share, state in ((0.98, "failing"), (0.95, "unclear"), (0.89, "training")):
        run = without_accuracy(classifier([2.0] * 20 + [share * math.log(4)] * 300))
        assert judged(run).state == state


def test_accuracy_counts_where_the_loss_is_on_another_scale() -> None:
    """A sum over the batch is recognised by a bound that no mean can pass."""
    run = change(classifier([32 * 1.4] * 20 + [32 * 0.5] * 300, failing=False), "subject:loop", batch_size=32)
    judgement = judged(run)
    assert judgement.training
    assert judged(without_accuracy(run)).late_loss == pytest.approx(0.5)


def test_wrong_head_lets_the_loss_fall_over_wrong_predictions() -> None:
    run = classifier(np.linspace(1.4, 0.4, 300))
    assert (judged(run).state, judged(run).by) == ("failing", "accuracy")


def test_nan_at_the_end_fails_and_a_single_one_does_not() -> None:
    assert judged(classifier([1.4] * 9 + [NAN] * 3)).nonfinite_step == 9
    losses = np.linspace(1.4, 0.1, 300)
    losses[100] = NAN
    assert judged(classifier(losses, failing=False)).training


def test_short_runs_are_unclear() -> None:
    judgement = judged(classifier([1.4] * 29))
    assert judgement.state == "unclear" and "too few" in judgement.reason


def test_still_falling_when_stopped_is_unclear() -> None:
    run = without_accuracy(classifier(np.linspace(4.0, 1.5, 300)))
    assert judged(run).failing
    run.facts["status"] = "stopped"
    assert judged(run).state == "unclear"


def test_divergence_needs_few_steps() -> None:
    assert judged(classifier([1.4, 5.0, 60.0, 2e3, 5e4, 1e6, 1e7])).failing


def test_squared_error_against_the_variance() -> None:
    assert judged(regression([4.0] * 300)).failing
    assert judged(regression(np.linspace(4.0, 0.5, 300))).training


def test_absolute_error_against_the_mean_deviation() -> None:
    run = regression([2.5] * 300, function="absolute_error", output_std=0.0)
    replace_series(run, "label", "label:y", range(10))
    run._rows = [row for row in run._rows if row[:2] != ("label:y", "label")]
    run.observe("label", "label:y", 0, np.linspace(0, 10, 1000))
    assert judged(run).baseline == pytest.approx(2.5, rel=0.05)


def test_a_loss_off_the_scale_is_judged_by_its_curve() -> None:
    """Half of the sum of squares lies outside of what a mean of squares can be."""
    judgement = judged(regression(np.linspace(64.0, 60.0, 300)))
    assert judgement.by == "curve" and judgement.state == "training"


def test_rare_classes_do_not_count_by_accuracy() -> None:
    run = classifier(np.linspace(0.3, 0.1, 300), classes=2)
    run._vectors = []
    for step in range(10):
        run.vector("label:y", "class_counts", step, [30, 2]).vector("output:out", "correct", step, [30, 32])
    assert judged(run).training


def test_unknown_losses_are_never_failing_by_their_curve() -> None:
    run = Run().subject().site("loss", "custom", function="other").losses(np.ones(300))
    assert judged(run).state == "unclear"


def test_players_of_a_game_are_not_judged_alone() -> None:
    run = classifier()
    run.subject("generator").losses(np.ones(300))
    assert judged(run).state == "unclear"


def test_no_steps() -> None:
    assert judged(Run().subject()).reason == "no training step with a loss was seen"
