"""Rule loss-logits."""

from __future__ import annotations

import math
from typing import Any

from doctor.findings import Confidence, Severity
from doctor.types import Location
from tests.builders import change, classifier, replace_series
from tests.numpy_training import blobs, train_mlp


def test_softmax_twice(findings: Any, primary: Any) -> None:
    """Certain, on a run that trains: the loss has a floor."""
    x, y = blobs(spread=0.05)
    run = train_mlp(x, y, head="softmax", steps=400, rate=0.5)
    (found,) = findings("loss-logits", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    floor = math.log(math.e + 3) - 1
    assert f"below {floor:.4f}" in found.message
    loss = next(one for one in found.evidence if one.series.startswith("loss/"))
    assert loss.limit is not None and abs(loss.limit - floor) < 1e-12 and loss.observed > floor
    assert found.location == run.sites["activation:h3"].location
    assert "softmax_cross_entropy" not in found.fixes[0].code
    assert primary(run).rule == "loss-logits"


def test_keras_points_at_the_loss(findings: Any) -> None:
    run = classifier(head="softmax", loss={"keras_loss": "SparseCategoricalCrossentropy", "from_logits": True})
    (found,) = findings("loss-logits", run)
    assert found.location == run.sites["loss:cross_entropy"].location
    assert found.fixes[0].code == "from_logits=False"


def test_where_the_loss_was_made_is_the_line(findings: Any) -> None:
    """An argument goes where the loss is constructed, not where it is called."""
    loss = {"keras_loss": "BinaryCrossentropy", "takes": "probabilities", "function": "log_probability",
            "made": ["train.py", 3, "bce = BinaryCrossentropy()"]}  # fmt: skip
    (found,) = findings("loss-logits", classifier(loss=loss))
    assert found.location == found.fixes[0].location == Location("train.py", 3, "bce = BinaryCrossentropy()")


def test_rescued_names_the_activation_that_keras_looked_behind(findings: Any) -> None:
    """The loss then gets what lies before the softmax."""
    loss = {"keras_loss": "SparseCategoricalCrossentropy", "from_logits": True, "rescued": True}
    (found,) = findings("loss-logits", change(classifier(loss=loss), "output:out", activated_by="softmax"))
    assert found.title == "from_logits=True behind a softmax output"
    assert found.fixes[1].title == "Or end the model in logits, without the softmax"


def test_rescued_is_a_warning_on_a_good_run(findings: Any) -> None:
    loss = {"keras_loss": "SparseCategoricalCrossentropy", "from_logits": True, "rescued": True}
    assert findings("loss-logits", classifier(head="softmax", loss=loss, failing=False))[0].severity is Severity.WARNING
    assert findings("loss-logits", classifier(head="softmax", loss=loss))[0].severity is Severity.ERROR


def test_softmax_that_capture_could_not_name(findings: Any) -> None:
    """Rows in [0, 1] that sum to 1 are no logits."""
    for total, expected in ((1.0005, 1), (1.01, 0)):
        run = classifier()
        replace_series(run, "output", "output:out", range(10), min=0.01, max=0.9, row_sum_min=0.9999, row_sum_max=total)
        found = findings("loss-logits", run)
        assert len(found) == expected
        assert not found or found[0].confidence is Confidence.HIGH


def test_sigmoid_twice(findings: Any) -> None:
    run = classifier(head="sigmoid", loss={"function": "sigmoid_cross_entropy"})
    assert "sigmoid" in findings("loss-logits", run)[0].title


def test_raw_logits_under_a_logarithm(findings: Any) -> None:
    run = classifier(
        loss={"function": "log_probability", "takes": "probabilities", "keras_loss": "CategoricalCrossentropy"}
    )
    (found,) = findings("loss-logits", run)
    assert found.fixes[0].code == "from_logits=True"
    assert "between -2 and 2" in found.message


def test_raw_logits_under_a_divergence(findings: Any) -> None:
    """It has no form that takes logits: the output is the place to mend."""
    loss = {"function": "kl_divergence", "takes": "probabilities", "keras_loss": "kl_divergence"}
    (found,) = findings("loss-logits", classifier(loss=loss))
    assert [one.title for one in found.fixes] == ["End the model in a softmax"]
    assert found.location == found.fixes[0].location


def test_probabilities_under_a_logarithm_are_healthy(findings: Any, ruled_out: Any) -> None:
    run = classifier(head="softmax", loss={"function": "log_probability", "takes": "probabilities"})
    replace_series(run, "output", "output:out", range(10), min=0.01, max=0.9, row_sum_min=1, row_sum_max=1)
    assert not findings("loss-logits", run) and ruled_out("loss-logits", run)


def test_healthy_is_silent(findings: Any) -> None:
    assert not findings("loss-logits", train_mlp(*blobs()))


def test_not_checked_without_a_loss(unchecked: Any) -> None:
    run = classifier()
    del run.sites["loss:cross_entropy"]
    assert unchecked("loss-logits", run)[0].reason == "the loss function was not recognised"


def test_the_line_of_the_loss_within_compile(findings: Any) -> None:
    run = classifier(head="softmax", loss={"keras_loss": "SparseCategoricalCrossentropy", "from_logits": True})
    run.source = "model.compile(\n    optimizer=sgd,\n    loss=SparseCategoricalCrossentropy(from_logits=True),\n)\n"
    site = run.sites["loss:cross_entropy"]
    location = type(site.location)("train.py", 1, "model.compile(")
    run.sites[site.key] = type(site)(
        site.key, site.kind, site.name, site.subject, site.phase, location, site.attributes
    )
    assert findings("loss-logits", run)[0].location.line == 3


def test_measured_values_are_another_fault(findings: Any) -> None:
    """A binary cross-entropy on a regression: no function at the output would mend it."""
    loss = {"keras_loss": "binary_crossentropy", "takes": "probabilities", "function": "log_probability"}
    run = change(classifier(loss=loss), "label:y", encoding="binary")
    replace_series(run, "label", "label:y", range(10), min=-2.6, max=2.7, mean=0.01, size=32)
    assert not findings("loss-logits", run) and findings("loss-wrong", run)
