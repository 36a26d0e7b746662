"""Rule loss-shape."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from doctor.findings import Confidence, Severity
from doctor.types import Location
from tests.builders import Run, change, classifier, replace_series


def test_broadcast(findings: Any, primary: Any) -> None:
    run = classifier(loss={"broadcast": {"labels": [32], "output": [32, 1], "result": [32, 32]}})
    (found,) = findings("loss-shape", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert (found.evidence[0].observed, found.evidence[0].limit) == (1024, 32)
    assert found.fixes[0].code == "tf.squeeze(output, axis=-1)"
    assert found.location == run.sites["loss:cross_entropy"].location
    assert primary(run).rule == "loss-shape"


def test_healthy_is_ruled_out(findings: Any, ruled_out: Any) -> None:
    assert not findings("loss-shape", classifier()) and ruled_out("loss-shape", classifier())


def test_not_checked_without_a_loss(unchecked: Any) -> None:
    assert unchecked("loss-shape", Run().subject().losses([1.0]))


def probabilities(low: float, high: float, **output: Any) -> Run:
    """Outputs between 0 and 1 whose sums over the classes of an example lie between two numbers."""
    run = classifier(loss={"function": "log_probability", "takes": "probabilities"})
    change(run, "output:out", **output)
    return replace_series(run, "output", "output:out", range(10), min=0.001, max=0.9, mean=0.1, std=0.1,
                          row_sum_min=low, row_sum_max=high, size=128)  # fmt: skip


def test_softmax_over_the_batch(findings: Any) -> None:
    (found,) = findings("loss-shape", probabilities(0.1, 3.2))
    assert (found.severity, found.confidence, found.site) == (Severity.ERROR, Confidence.HIGH, "output:out")
    assert found.title == "The probabilities of an example do not sum to 1" and "sum to 0.1 to 3.2" in found.message
    assert not findings("loss-shape", probabilities(0.91, 1.09)) and findings("loss-shape", probabilities(0.9, 1.11))
    assert not findings("loss-shape", probabilities(0.1, 3.2, produced_by="sigmoid")), "a sigmoid for each class"
    raw = replace_series(probabilities(0.1, 3.2), "output", "output:out", range(10), min=-1, max=2, row_sum_min=0,
                         row_sum_max=3, size=128)  # fmt: skip
    assert not findings("loss-shape", raw), "logits: see loss-logits"


def test_losses_and_weights_that_broadcast(findings: Any) -> None:
    shapes = {"labels": [64], "output": [64, 1], "result": [64, 64], "weights": True}
    (found,) = findings("loss-shape", classifier(failing=False, loss={"broadcast": shapes}))
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert "multiplied by weights of shape (64,)" in found.message
    assert found.fixes[0].code == "weights[:, tf.newaxis]"


def test_densities_added_up_over_the_rows(findings: Any) -> None:
    run = classifier(loss={"function": "other"}).site("batch_sum", "log-sum-exp over the rows", line=9, shape=[128, 5])
    (found,) = findings("loss-shape", run)
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.HIGH, 9)
    assert "of shape (rows, 5) goes over the rows and leaves 5 numbers" in found.message


def test_all_labels_meet_one_number(findings: Any) -> None:
    """An error where it fails, a warning where only the curve is known, nothing where it trains."""
    shapes = {"labels": [32], "output": [], "result": [32], "one": True, "at": ["train.py", 3, "tf.norm(a - b)"]}
    (found,) = findings("loss-shape", classifier(loss={"broadcast": shapes}))
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.HIGH, 3)
    assert "Labels of shape (32,) meet a number" in found.message
    assert not findings("loss-shape", classifier(failing=False, loss={"broadcast": shapes}))
    curve = classifier([0.9] * 20 + [0.25] * 280, loss={"broadcast": shapes, "function": "other"})
    curve._vectors = []
    assert findings("loss-shape", curve)[0].severity is Severity.WARNING


def test_a_softmax_over_the_batch_behind_which_keras_looks(findings: Any) -> None:
    """The loss takes the logits, so that it trains: what is predicted of one example alone is 1 for every class."""
    kept = "sparse_categorical_crossentropy"
    for axis, keras_loss, expected in (("0", kept, 1), ("0", None, 0), ("-1", kept, 0), ("1", kept, 0)):
        source = f"x = Dense(4)(h)\nout = Softmax(axis={axis})(x)\n"
        run = classifier(failing=False, source=source, loss={"keras_loss": keras_loss})
        run.sites["output:out"] = replace(run.sites["output:out"], location=Location("train.py", 2, ""))
        found = findings("loss-shape", run)
        assert len(found) == expected
        if expected:
            assert found[0].severity is Severity.WARNING and found[0].fixes[0].code == "axis=-1"
