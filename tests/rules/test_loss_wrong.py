"""Rule loss-wrong."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series


def labelled(low: float, high: float, *, failing: bool = True, mean: float = 0.4, **loss: Any) -> Run:
    """Labels between two values; their mean makes them measured ones unless it is whole."""
    run = classifier(failing=failing, loss=loss)
    return replace_series(run, "label", "label:y", range(10), min=low, max=high, mean=mean, std=1.0, size=32)


def test_many_classes_on_one_unit(findings: Any) -> None:
    run = change(labelled(0, 1, keras_loss="categorical_crossentropy"), "output:out", units=1)
    (found,) = findings("loss-wrong", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert found.title == "A loss for many classes on one output unit"
    assert found.location == run.sites["loss:cross_entropy"].location
    assert not findings("loss-wrong", change(run, "output:out", units=2))


def test_measured_values_under_a_cross_entropy(findings: Any) -> None:
    run = labelled(-1.7, 2.3, function="sigmoid_cross_entropy")
    assert findings("loss-wrong", run)[0].title == "A cross-entropy on measured values"
    assert not findings("loss-wrong", labelled(-0.001, 1.001, function="sigmoid_cross_entropy"))
    assert not findings("loss-wrong", labelled(-1, 1, mean=0.5, function="sigmoid_cross_entropy")), "whole numbers"
    assert not findings("loss-wrong", labelled(-1.7, 2.3, function="squared_error"))


def test_class_numbers_under_a_yes_or_no_loss(findings: Any) -> None:
    """0, 1, 2 for one unit; 0 and 1 are answers, 0 and 255 another encoding, and two units may stand for two."""
    run = change(labelled(0, 2, mean=1.0, function="sigmoid_cross_entropy"), "output:out", units=1)
    (found,) = findings("loss-wrong", run)
    assert (found.title, found.confidence) == ("A yes-or-no loss on 3 classes", Confidence.CERTAIN)
    assert not findings("label-mismatch", run)
    assert not findings("loss-wrong", change(run, "output:out", units=3))
    for high, mean in ((1, 0.5), (255, 127.5)):
        other = change(labelled(0, high, mean=mean, function="sigmoid_cross_entropy"), "output:out", units=1)
        assert not findings("loss-wrong", other)


def test_inputs_that_are_to_be_rebuilt_have_a_scale(findings: Any) -> None:
    """Raw pixels as inputs and labels of an autoencoder: to be divided, whatever the loss."""
    run = labelled(0, 255, mean=33.3, function="sigmoid_cross_entropy")
    assert findings("loss-wrong", run)
    replace_series(run, "input", "input:x", range(10), min=0, max=255, mean=33.3, std=1.0, size=32)
    assert not findings("loss-wrong", run) and not findings("label-mismatch", run)
    assert findings("input-scale", run)


def numbers(counts: dict[str, int], *, metrics: list[str] | None = None, failing: bool = False) -> Run:
    """A squared error of one unit on whole numbers that an array holds."""
    high = max(int(name) for name in counts)
    run = labelled(0, high, failing=failing, mean=1.0, function="squared_error")
    run = change(run, "output:out", units=1)
    run.site("array", "y", role="y", dtype="int64", min=0, max=high, classes=counts)
    return run.site("fit", "fit", compile={"metrics": metrics or []})


def test_a_regression_on_classes(findings: Any) -> None:
    ten = {str(number): 100 for number in range(10)}
    (found,) = findings("loss-wrong", numbers(ten, metrics=["accuracy"]))
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.HIGH)
    assert found.title == "A regression loss on 10 classes" and found.evidence[0].observed == 10
    assert findings("loss-wrong", numbers(ten))[0].severity is Severity.WARNING
    assert findings("loss-wrong", numbers(ten, failing=True))[0].severity is Severity.ERROR


def test_ratings_and_counts_are_values(findings: Any) -> None:
    assert findings("loss-wrong", numbers({"0": 50, "1": 50, "2": 50}))
    assert not findings("loss-wrong", numbers({"0": 50, "1": 50}))
    assert not findings("loss-wrong", numbers({"1": 50, "2": 50, "3": 50})), "they do not count from 0"
    assert not findings("loss-wrong", numbers({"0": 90, "1": 50, "2": 5})), "uneven"
    assert findings("loss-wrong", numbers({str(one): 9 for one in range(30)}))
    assert not findings("loss-wrong", numbers({str(one): 9 for one in range(31)}))


def test_a_binary_loss_on_a_softmax(findings: Any) -> None:
    run = labelled(0, 1, failing=False, mean=0.25, keras_loss="binary_crossentropy", function="log_probability")
    assert not findings("loss-wrong", run)
    run = change(run, "output:out", produced_by="softmax")
    (found,) = findings("loss-wrong", run)
    assert (found.severity, found.title) == (Severity.WARNING, "A binary cross-entropy on a softmax over 4 classes")
    assert not findings("loss-wrong", change(run, "output:out", units=2))


def test_without_labels(unchecked: Any) -> None:
    run = classifier()
    run._rows = [row for row in run._rows if row[1] != "label"]
    assert unchecked("loss-wrong", run)[0].reason == "the labels were not recorded"


def test_labels_and_output_in_each_others_place(findings: Any) -> None:
    run = change(classifier(failing=False), "loss:cross_entropy", swapped=True)
    (found,) = findings("loss-wrong", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert found.location == run.sites["loss:cross_entropy"].location


def several(keras: str, produced: str = "sigmoid", failing: bool = False) -> Run:
    """Rows of yes and no of which up to three are yes."""
    run = classifier(failing=failing, loss={"keras_loss": keras, "function": "log_probability"})
    change(change(run, "label:y", encoding="one-hot", shape=[32, 4]), "output:out", produced_by=produced)
    return replace_series(run, "label", "label:y", range(10), min=0, max=1, mean=0.3125, size=128, row_sum_max=3)


def test_one_class_among_many_for_labels_that_name_several(findings: Any) -> None:
    (found,) = findings("loss-wrong", several("categorical_crossentropy"))
    assert found.severity is Severity.ERROR and "labels that name several" in found.title
    assert not findings("loss-wrong", several("binary_crossentropy"))
    sequence = change(several("sparse_categorical_crossentropy"), "label:y", encoding="index", shape=[32, 4])
    assert not findings("loss-wrong", sequence), "a class for each of four places"
    assert not findings("loss-wrong", several("binary_crossentropy", "softmax")), "see exclusive-classes"


def test_labels_that_name_several_in_a_loop(findings: Any) -> None:
    run = change(several("", failing=True), "loss:cross_entropy", keras_loss=None, function="softmax_cross_entropy")
    (found,) = findings("loss-wrong", run)
    assert found.severity is Severity.ERROR and found.fixes[0].code == "tf.nn.sigmoid_cross_entropy_with_logits"
    assert not findings("loss-wrong", change(run, "loss:cross_entropy", function="sigmoid_cross_entropy"))
    known = {"keras_loss": None, "function": "softmax_cross_entropy"}
    trained = change(several("", failing=False), "loss:cross_entropy", **known)
    assert not findings("loss-wrong", trained), "the likelihood of several draws"


def test_a_bare_softmax_over_one_unit(findings: Any) -> None:
    """Without Keras: tf.nn.softmax_cross_entropy_with_logits on logits of shape (n, 1)."""
    run = change(labelled(0, 1), "output:out", units=1)
    run = change(run, "label:y", encoding="binary", shape=[32, 1])
    (found,) = findings("loss-wrong", run)
    assert found.title == "A loss for many classes on one output unit" and "sigmoid" in found.fixes[0].code
    assert not findings("loss-wrong", change(run, "loss:cross_entropy", function="sigmoid_cross_entropy"))


def rare(zeros: float, answer: float, explained: float = 0.0) -> Run:
    """Targets of which a share is zero and the mean 1, under an absolute error; the mean of the outputs."""
    run = labelled(0, 9, mean=1.0, function="absolute_error", takes="values")
    run = change(change(run, "label:y", encoding="continuous"), "output:out", units=1)
    run._vectors = [one for one in run._vectors if one["name"] not in ("correct", "class_counts")]
    replace_series(run, "label", "label:y", range(10), min=0, max=9.5, mean=1.0, std=3.0, size=32, zero_share=zeros)
    replace_series(run, "output", "output:out", range(10), mean=answer, std=0.01, size=32)
    for step in range(10):
        run.vector("output:out", "errors", step, [(1 - explained) * 32 * 9, 32 * 9.0, 32.0])
    return run


def test_an_absolute_error_on_targets_that_are_mostly_zero(findings: Any) -> None:
    (found,) = findings("loss-wrong", rare(0.8, 0.01))
    assert (found.severity, found.confidence) == (Severity.WARNING, Confidence.HIGH)
    assert found.title == "An absolute error on targets of which most are zero"
    assert not findings("loss-wrong", rare(0.5, 0.01)), "half of them"
    assert not findings("loss-wrong", rare(0.8, 0.2)) and findings("loss-wrong", rare(0.8, 0.19))
    assert not findings("loss-wrong", rare(0.8, 0.01, explained=0.2))


def test_the_gradient_of_a_policy(findings: Any) -> None:
    """Labels of one-hot rows times an advantage, of either sign: minus their product with log p is no cross-entropy."""
    for share, low, expected in ((0.75, -2.0, 0), (0.7, -2.0, 1), (0.75, 0.0, 1)):
        run = change(classifier(failing=False, loss={"function": "log_probability"}), "label:y", encoding="one-hot",
                     shape=[32, 4])  # fmt: skip
        replace_series(run, "label", "label:y", range(10), min=low, max=1.7, mean=0.123, std=0.6, zero_share=share,
                       size=128)  # fmt: skip
        assert len(findings("loss-wrong", run)) == expected, (share, low)
