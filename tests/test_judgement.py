"""Is the run failing at all? Against the best constant prediction."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from doctor.judgement import Judgement, judge
from doctor.types import TensorStats
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


def rare(recall: float, *, curve: float = 0.9) -> Run:
    """Nineteen of twenty labels are of class 0; class 1 is found with this recall. 200 labels a step."""
    run = classifier([curve] * 300, classes=2)
    run._vectors = []
    for step in range(10):
        run.vector("label:y", "class_counts", step, [190.0, 10.0])
        run.vector("output:out", "hits", step, [171.0, 10 * recall])
    return run


def test_recall_counts_where_one_class_is_very_frequent() -> None:
    """The loss lies far above that of the class shares, as one does that is weighted by hand."""
    found = judged(rare(0.8))
    assert (found.state, found.by) == ("training", "accuracy") and round(found.gain or 0, 3) == 0.7
    assert judged(rare(0.1)).failing, "0.9 and 0.1 are chance"


def test_weights_of_classes_are_part_of_the_yardstick() -> None:
    """Shares 0.95 and 0.05 with weights 1 and 19 are as two halves: 1.9 times ln 2."""
    run = rare(0.1)
    assert round(judged(run).baseline or 0, 4) == 0.1985
    run.site("fit", "fit", class_weight={"0": 1.0, "1": 19.0})
    assert round(judged(run).baseline or 0, 4) == round(1.9 * math.log(2), 4)


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


def test_penalties_are_taken_off() -> None:
    """Of a total of 5.3 nine tenths are penalty: what is left is better than guessing."""
    run = classifier([5.3] * 300)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    assert judged(run).failing
    for step in range(0, 300, 50):
        run.scalar("data_loss", step, 0.5)
    assert judged(run).training and round(judged(run).late_loss, 6) == 0.5


def test_errors_of_values_speak_for_a_loss_of_the_scripts_own() -> None:
    run = classifier([3.0] * 300, loss={"function": "other"})
    run._vectors = []
    assert judged(run).state == "unclear"
    run.vector("output:out", "errors", 290, [20.0, 100.0, 100.0])
    found = judged(run)
    assert (found.state, found.by, found.explained) == ("training", "errors", 0.8)
    run.site("output", "out", phase="eval", units=1)
    run.vector("output:out:eval", "errors", 299, [60.0, 1.0, 100.0])
    assert judged(run).eval_explained == 0.4, "neighbours in time: the variance is that of the training labels"
    run.vector("output:out:eval", "errors", 299, [60.0, 2000.0, 100.0])
    assert judged(run).eval_explained is None, "labels of another scale"


def test_outputs_that_are_the_same_for_every_row_are_failing() -> None:
    """The mean picture has a smaller loss than one grey for all pixels, and is a constant prediction all the same."""
    for moved, failing in ((2.9, True), (3.1, False)):
        run = regression(np.r_[np.linspace(4.0, 3.0, 200), [3.0] * 100])
        run.vector("output:out", "row_spread", 290, [moved, 100.0])
        assert judged(run).failing is failing, moved
    falling = regression(np.linspace(1.0, 0.3, 300))
    falling.vector("output:out", "row_spread", 290, [1.0, 100.0])
    assert judged(falling).state != "failing"


def test_a_loss_worse_than_guessing_beside_few_right_answers() -> None:
    """Half of the way to all answers is training, whatever the loss; a third is no more than a beginning."""
    for right, state in ((15.0, "unclear"), (21.0, "training")):
        run = classifier([1.6] * 300)
        run._vectors = [one for one in run._vectors if one["name"] != "correct"]
        for step in range(10):
            run.vector("output:out", "correct", step, [right, 32.0])
        assert (judged(run).state, judged(run).by) == (state, "gain" if state == "unclear" else "accuracy"), right


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


def two_outputs(*, kinds: bool, values: bool, unknown: bool = False) -> Run:
    """A model that tells kinds of things (or not) and a value of them (or not); the sum of its losses falls."""
    run = classifier(np.linspace(40.0, 3.0, 300), failing=not kinds)
    run.site("label", "price", head=1, shape=[32], encoding="continuous")
    run.series("label", "label:price", range(10), mean=0, std=1, min=-2, max=2)
    run.site("output", "price", head=1, shape=[32, 1], units=1, produced_by="linear")
    run.series("output", "output:price", range(10), mean=0, std=1, min=-2, max=2)
    run.site("loss", "mse", head=1, function="squared_error", takes="values")
    for step in range(0 if unknown else 10):
        run.vector("output:price", "errors", step, [3.2 if values else 31.9, 32.0, 32.0])
    return run


def test_each_of_several_outputs_is_judged_by_its_own_predictions() -> None:
    both = judged(two_outputs(kinds=True, values=True))
    assert (both.state, both.by) == ("training", "outputs")
    assert "output 'out': training accuracy 0.94 against 0.25" in both.reason
    assert "output 'price': 90 % of the labels' variance is explained" in both.reason
    neither = judged(two_outputs(kinds=False, values=False))
    assert (neither.state, neither.by) == ("failing", "outputs")
    for one in (judged(two_outputs(kinds=True, values=False)), judged(two_outputs(kinds=False, values=True))):
        assert one.state == "unclear" and one.reason.startswith("some outputs learn and some do not")


def test_an_output_that_cannot_be_judged_leaves_the_curve_to_judge() -> None:
    judgement = judged(two_outputs(kinds=False, values=False, unknown=True))
    assert (judgement.state, judgement.by) == ("training", "curve")


def test_several_losses_that_explode_fail_whatever_the_outputs_say() -> None:
    run = two_outputs(kinds=True, values=True)
    run._losses.clear()
    assert judged(run.losses([1.0] * 20 + [NAN] * 10)).reason == "the loss is NaN from step 20 on"


def test_a_noisy_curve_that_has_not_bent_is_still_falling() -> None:
    """Batches differ more than the loss falls between two windows of them; over the whole run it shows."""
    noise = 0.1 * np.random.default_rng(0).standard_normal(300)
    at = np.arange(300) / 300
    assert judged(classifier(1.3 - 0.2 * at + noise)).falling
    assert not judged(classifier(1.1 + 0.2 * np.exp(-10 * at) + noise)).falling
    assert not judged(classifier(1.2 + noise)).falling
    assert not judged(classifier(1.386 - 0.001 * at)).falling


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


def test_hits_in_places_that_the_loss_leaves_out() -> None:
    """A loss of 0.1 allows a seventh of the answers to be wrong: hits that say more count blank places."""
    def masked(loss: float, weighted_by: str | None) -> Judgement:
        run = classifier([1.386] * 20 + [loss] * 300, loss={"weighted": weighted_by is not None,
                                                            "weighted_by": weighted_by})  # fmt: skip
        return judged(run)

    assert (masked(0.1, "data").state, masked(0.1, "data").by) == ("training", "curve")
    assert masked(0.4, "data").by != "curve", "more than half of them may be wrong"
    assert (masked(0.1, None).state, masked(0.1, None).by) == ("failing", "accuracy"), "a head that is wrong"


def test_robust_losses_are_judged_by_the_errors() -> None:
    """A Huber loss is on no known scale; predictions that explain nothing fail all the same."""
    for name, right, state in (("huber", 0.0, "failing"), ("huber", 0.5, "training"), ("pinball", 0.0, "training")):
        loss = {"function": "absolute_error", "keras_loss": name}
        run = without_accuracy(classifier([0.9] * 5 + [0.3] * 295, loss=loss))
        change(run, "label:y", encoding="continuous", shape=[32, 1])
        run._vectors.clear()
        replace_series(run, "label", "label:y", range(10), min=-3, max=3, mean=0, std=1.0, size=32)
        replace_series(run, "output", "output:out", range(10), min=-1, max=1, mean=5.0, std=0.2, size=32)
        for step in range(10):
            run.vector("output:out", "errors", step, [(1 - right) * 100, 100, 100])
        assert judged(run).state == state, name


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
