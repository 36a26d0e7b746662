"""What the outputs say beside the loss: hits, recall, errors of values, several outputs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from doctor.judgement import Judgement
from tests.builders import Run, change, classifier
from tests.judgement.judged_runs import judged, regression, without_accuracy

NAN = float("nan")


def test_accuracy_counts_where_the_loss_is_on_another_scale() -> None:
    """A sum over the batch is recognised by a bound that no mean can pass."""
    run = change(classifier([32 * 1.4] * 20 + [32 * 0.5] * 300, failing=False), "subject:loop", batch_size=32)
    judgement = judged(run)
    assert judgement.training
    assert judged(without_accuracy(run)).late_loss == pytest.approx(0.5)


def test_rare_classes_do_not_count_by_accuracy() -> None:
    run = classifier(np.linspace(0.3, 0.1, 300), classes=2)
    run._vectors = []
    for step in range(10):
        run.vector("label:y", "class_counts", step, [30, 2]).vector("output:out", "correct", step, [30, 32])
    assert judged(run).training


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


def test_a_density_compares_no_labels_with_predictions() -> None:
    """A loss of unknown form that the network weights itself, as in a flow."""
    run = regression(np.r_[np.linspace(4.0, 3.0, 200), [3.0] * 100])
    run.vector("output:out", "row_spread", 290, [1.0, 100.0])
    (loss,) = [key for key, site in run.sites.items() if site.kind == "loss"]
    change(run, loss, function="other", weighted_by="network")
    assert judged(run).state != "failing"
    change(run, loss, function="other", weighted_by="data")
    assert judged(run).failing


def test_a_loss_worse_than_guessing_beside_few_right_answers() -> None:
    """Half of the way to all answers is training, whatever the loss; a third is no more than a beginning."""
    for right, state in ((15.0, "unclear"), (21.0, "training")):
        run = classifier([1.6] * 300)
        run._vectors = [one for one in run._vectors if one["name"] != "correct"]
        for step in range(10):
            run.vector("output:out", "correct", step, [right, 32.0])
        assert (judged(run).state, judged(run).by) == (state, "gain" if state == "unclear" else "accuracy"), right


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


def test_hits_in_places_that_the_loss_leaves_out() -> None:
    """A loss of 0.1 allows a seventh of the answers to be wrong: hits that say more count blank places."""
    def masked(loss: float, weighted_by: str | None) -> Judgement:
        run = classifier([1.386] * 20 + [loss] * 300, loss={"weighted": weighted_by is not None,
                                                            "weighted_by": weighted_by})  # fmt: skip
        return judged(run)

    assert (masked(0.1, "data").state, masked(0.1, "data").by) == ("training", "curve")
    assert masked(0.4, "data").by != "curve", "more than half of them may be wrong"
    assert (masked(0.1, None).state, masked(0.1, None).by) == ("failing", "accuracy"), "a head that is wrong"


def test_weights_of_classes_are_part_of_the_yardstick() -> None:
    """Shares 0.95 and 0.05 with weights 1 and 19 are as two halves: 1.9 times ln 2."""
    run = rare(0.1)
    assert round(judged(run).baseline or 0, 4) == 0.1985
    run.site("fit", "fit", class_weight={"0": 1.0, "1": 19.0})
    assert round(judged(run).baseline or 0, 4) == round(1.9 * math.log(2), 4)
