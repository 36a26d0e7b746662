"""Rule exclusive-classes."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier
from tests.rules.test_loss_wrong import several


def test_a_softmax_where_an_example_may_have_several_labels(findings: Any) -> None:
    (found,) = findings("exclusive-classes", several("binary_crossentropy", "softmax"))
    assert found.title == "A softmax where an example may have several labels"
    squares = change(several("mean_squared_error", "softmax"), "label:y", encoding="continuous")
    assert findings("exclusive-classes", squares), "whatever the loss"
    assert not findings("exclusive-classes", several("binary_crossentropy", "sigmoid"))


def sigmoids(units: int = 4, *, shown: str | None = "sigmoid", failing: bool = True, **loss: Any) -> Run:
    """Keras looks behind the last activation of the model."""
    run = classifier(failing=failing, loss={"keras_loss": "categorical_crossentropy", **loss})
    return change(run, "output:out", units=units, produced_by="linear", activated_by=shown)


def test_sigmoids_where_an_example_has_one_class(findings: Any, ruled_out: Any) -> None:
    (found,) = findings("exclusive-classes", sigmoids())
    assert (found.fault, found.severity, found.confidence) == ("output-activation", Severity.ERROR, Confidence.HIGH)
    assert "never trained" in found.message
    assert findings("exclusive-classes", sigmoids(failing=False))[0].severity is Severity.WARNING
    assert not findings("exclusive-classes", sigmoids(1))
    assert not findings("exclusive-classes", sigmoids(function="sigmoid_cross_entropy"))
    several_classes = change(several("categorical_crossentropy", "linear"), "output:out", activated_by="sigmoid")
    change(several_classes, "loss:cross_entropy", function="softmax_cross_entropy")
    assert not findings("exclusive-classes", several_classes), "there the loss is wrong"
    run = sigmoids(shown="softmax")
    assert not findings("exclusive-classes", run) and ruled_out("exclusive-classes", run)
