"""Rule output-activation."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from doctor.findings import Confidence, Severity
from doctor.types import Location
from tests.builders import Run, change, classifier, replace_series


def regression(head: str, low: float, high: float, *, failing: bool = True) -> Run:
    run = classifier(head=head, loss={"function": "squared_error", "takes": "values"})
    run._vectors.clear()
    change(run, "label:y", encoding="continuous", shape=[32, 1])
    middle, spread = (low + high) / 2, (high - low) / 4
    replace_series(run, "label", "label:y", range(10), min=low, max=high, mean=middle, std=spread, unit_std=spread)
    replace_series(run, "output", "output:out", range(10), mean=middle, std=0)
    run._losses = []
    return run.losses([spread**2] * 300 if failing else np.linspace(spread**2, 0.01 * spread**2, 300))


def test_softmax_over_one_unit(findings: Any, primary: Any) -> None:
    run = change(classifier(head="softmax"), "output:out", units=1)
    change(run, "loss:cross_entropy", function="sigmoid_cross_entropy", takes="probabilities")
    replace_series(run, "output", "output:out", range(10), min=1, max=1, row_sum_min=1, row_sum_max=1)
    change(run, "label:y", encoding="binary")
    replace_series(run, "label", "label:y", range(10), min=0, max=1, mean=0.5, std=0.5)
    (found,) = findings("output-activation", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert found.evidence[0].observed == 1 and "sigmoid" in found.fixes[0].code
    assert found.location == run.sites["activation:h2"].location
    assert primary(run).rule == "output-activation"


def test_relu_on_logits(findings: Any) -> None:
    for failing, expected in ((True, 1), (False, 1)):
        run = classifier(head="relu", failing=failing)
        found = findings("output-activation", run)
        assert len(found) == expected
        assert found[0].severity is (Severity.ERROR if failing else Severity.WARNING)


def test_relu_as_probability(findings: Any) -> None:
    """Beyond 1 it is no probability, even where training gets on; up to 1 that is a matter of degree."""
    for largest, expected in ((1.04, Severity.WARNING), (1.06, Severity.ERROR)):
        run = change(classifier(head="relu", failing=False), "loss:cross_entropy", takes="probabilities")
        change(run, "loss:cross_entropy", function="log_probability")
        replace_series(run, "output", "output:out", range(10), min=0, max=largest)
        (found,) = findings("output-activation", run)
        assert found.severity is expected and "softmax" in found.fixes[0].title
        assert not findings("loss-logits", run)
        assert found.evidence[-1].limit == (1 if expected is Severity.ERROR else None)


def test_too_few_units(findings: Any) -> None:
    run = change(classifier(), "output:out", units=3)
    assert findings("output-activation", run)[0].title == "3 output units for 4 classes"


def test_targets_out_of_reach(findings: Any) -> None:
    (found,) = findings("output-activation", regression("sigmoid", 0, 100))
    assert found.confidence is Confidence.CERTAIN and "between 0 and 100" in found.message
    # A sixth of the labels and more lies out of reach, or a few stray ones.
    for low, severity in ((-1, Severity.ERROR), (-0.06, Severity.WARNING)):
        assert findings("output-activation", regression("sigmoid", low, 1, failing=False))[0].severity is severity


def test_stray_values_below_the_end_of_a_skewed_distribution(findings: Any) -> None:
    """A ReLU on waiting times of mean 1 and deviation 1.2, of which a few are measured a little below 0."""
    for smallest, severity in ((-0.3, Severity.WARNING), (-1.3, Severity.ERROR)):
        run = regression("relu", 0, 4, failing=False)
        replace_series(run, "label", "label:y", range(10), min=smallest, max=9, mean=1, std=1.2, unit_std=1.2)
        assert findings("output-activation", run)[0].severity is severity


def test_a_loss_that_subtracts_the_output(findings: Any) -> None:
    """Whatever is made of the difference: a pinball loss, a robust one."""
    for subtracted, count in ((True, 1), (False, 0)):
        run = change(regression("sigmoid", -1, 1), "loss:cross_entropy", function="other", subtracted=subtracted)
        assert len(findings("output-activation", run)) == count


def test_threshold(findings: Any) -> None:
    assert not findings("output-activation", regression("sigmoid", 0, 1.05))
    assert findings("output-activation", regression("sigmoid", 0, 1.06))


def test_healthy_is_ruled_out(findings: Any, ruled_out: Any) -> None:
    assert not findings("output-activation", regression("linear", -5, 5))
    assert not findings("output-activation", classifier()) and ruled_out("output-activation", classifier())


def test_not_checked_without_output(unchecked: Any) -> None:
    assert unchecked("output-activation", Run().subject().losses([1.0]))


def test_one_hot_labels_that_are_empty(findings: Any) -> None:
    """tf.one_hot leaves a class number beyond its depth at zero."""
    run = change(classifier(failing=False), "label:y", encoding="one-hot")
    replace_series(run, "label", "label:y", range(10), min=0, max=1, mean=0.125, row_sum_min=0, row_sum_max=1)
    (found,) = findings("output-activation", run)
    assert found.confidence is Confidence.CERTAIN and found.message.startswith("50 %")


def test_the_function_that_users_see_counts(findings: Any) -> None:
    """Keras takes the logits from behind the softmax, so the loss falls; the output stays 1."""
    run = change(classifier(failing=False), "output:out", units=1, activated_by="softmax")
    assert findings("output-activation", run)[0].title == "A softmax over one unit is always 1"


def test_a_column_of_answers_has_no_empty_one_hot_rows(findings: Any) -> None:
    """Labels (N, 1) under a loss for many classes: loss-wrong tells."""
    run = classifier(classes=1)
    change(change(run, "label:y", encoding="one-hot", shape=[32, 1]), "output:out", units=1)
    replace_series(run, "label", "label:y", range(10), row_sum_min=0, row_sum_max=1, mean=0.4, size=32)
    assert not findings("output-activation", run)


def rates(low: float, produced: str = "linear") -> Run:
    run = classifier([float("nan")] * 20, loss={"function": "poisson", "takes": "values", "keras_loss": "poisson"})
    change(run, "output:out", produced_by=produced, units=1)
    return replace_series(run, "output", "output:out", range(3), min=low, max=2.0, std=1.0)


def test_rates_below_zero(findings: Any) -> None:
    (found,) = findings("output-activation", rates(-1.0))
    assert (found.severity, found.evidence[0].observed) == (Severity.ERROR, -1.0)
    assert not findings("output-activation", rates(0.1)) and not findings("output-activation", rates(-1.0, "exp"))


def test_a_sum_over_the_examples(findings: Any) -> None:
    run = change(classifier(failing=False), "output:out", over_examples=["train.py", 7, "total = tf.reduce_sum(s, 0)"])
    (found,) = findings("output-activation", run)
    assert (found.severity, found.location.line) == (Severity.ERROR, 7)
    assert found.title == "The outputs are normalised over the examples of a batch"
    assert not findings("output-activation", change(run, "output:out", over_examples=None))


def test_a_recurrence_as_last_layer(findings: Any) -> None:
    """It ends in tanh, whatever it is called: the repair is a layer more."""
    source = "model.add(LSTM(1))\n"
    run = classifier(head="tanh", classes=1, source=source, loss={"function": "squared_error", "takes": "values"})
    here = Location("train.py", 1, source.strip())
    run.sites["output:out"] = dataclasses.replace(run.sites["output:out"], location=here)
    change(change(run, "output:out", layer="lstm"), "variable:w2", layer="lstm")
    change(run, "label:y", encoding="continuous", shape=[32, 1])
    replace_series(run, "label", "label:y", range(10), min=1.3, max=5.4, mean=2.8, std=1.0)
    (found,) = findings("output-activation", run)
    assert found.fixes[0].title == "Put a linear layer behind the recurrence"
