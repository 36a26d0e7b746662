"""What the curve of the loss says, where no yardstick does or it has not been reached."""

from __future__ import annotations

import math

import numpy as np

from tests.builders import Run, classifier
from tests.judgement.judged_runs import judged, regression, without_accuracy

NAN = float("nan")


def test_a_tenth_of_the_gap_is_training() -> None:
    for share, state in ((0.98, "failing"), (0.95, "unclear"), (0.89, "training")):
        run = without_accuracy(classifier([2.0] * 20 + [share * math.log(4)] * 300))
        assert judged(run).state == state


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


def test_a_loss_off_the_scale_is_judged_by_its_curve() -> None:
    """Half of the sum of squares lies outside of what a mean of squares can be."""
    judgement = judged(regression(np.linspace(64.0, 60.0, 300)))
    assert judgement.by == "curve" and judgement.state == "training"


def test_unknown_losses_are_never_failing_by_their_curve() -> None:
    run = Run().subject().site("loss", "custom", function="other").losses(np.ones(300))
    assert judged(run).state == "unclear"


def test_players_of_a_game_are_not_judged_alone() -> None:
    run = classifier()
    run.subject("generator").losses(np.ones(300))
    assert judged(run).state == "unclear"


def test_no_steps() -> None:
    assert judged(Run().subject()).reason == "no training step with a loss was seen"


def test_penalties_are_taken_off() -> None:
    """Of a total of 5.3 nine tenths are penalty: what is left is better than guessing."""
    run = classifier([5.3] * 300)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    assert judged(run).failing
    for step in range(0, 300, 50):
        run.scalar("data_loss", step, 0.5)
    assert judged(run).training and round(judged(run).late_loss, 6) == 0.5


def test_a_noisy_curve_that_has_not_bent_is_still_falling() -> None:
    """Batches differ more than the loss falls between two windows of them; over the whole run it shows."""
    noise = 0.1 * np.random.default_rng(0).standard_normal(300)
    at = np.arange(300) / 300
    assert judged(classifier(1.3 - 0.2 * at + noise)).falling
    assert not judged(classifier(1.1 + 0.2 * np.exp(-10 * at) + noise)).falling
    assert not judged(classifier(1.2 + noise)).falling
    assert not judged(classifier(1.386 - 0.001 * at)).falling


def test_figures_of_the_epochs_that_become_nan() -> None:
    """Steps whose gradients are not finite are left out where the loss is scaled: their losses are never seen."""
    def shown(training: list[float], validation: list[float]) -> Run:
        run = classifier(np.linspace(1.4, 0.3, 300), failing=False)
        for name, values in (("epoch/focal", training), ("epoch/val_focal", validation)):
            for number, value in enumerate(values):
                run.scalar(name, 60 * number + 59, value)
        return run

    nan = float("nan")
    judgement = judged(shown([1.3, 0.5, nan, nan], [1.1, nan, nan, nan]))
    assert judgement.failing and judgement.nonfinite_step == 179
    assert not judged(shown([1.3, 0.5, nan, nan], [1.1, 0.5, 0.4, 0.3])).failing
    assert not judged(shown([0.8, 0.5, nan, nan], [0.7, nan, nan, nan])).failing, "a figure that is no loss"
    assert not judged(shown([nan] * 4, [nan] * 4)).failing, "a figure that never was one"


def test_a_player_may_end_far_above_its_start() -> None:
    """The loss of a critic starts anywhere."""
    def played(late: float) -> Run:
        run = Run().subject("critic").losses([-0.1] * 30 + [late] * 300)
        return run.subject("generator").losses(np.ones(330))

    assert judged(played(3.4)).state == "unclear"
    assert judged(played(1e3)).failing
