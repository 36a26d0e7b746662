"""Rule thawed-layers."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = "base.trainable = False\nmodel.compile()\nmodel.fit(x, y)\nbase.trainable = True\nmodel.fit(x, y)\n"


def thawed(trainable: int, *, kind: str = "Functional", source: str = SOURCE, failing: bool = False) -> Run:
    """A model of so many trainable weights, of which two were in the gradient."""
    run = classifier(failing=failing, source=source, style="fit", sources=2)
    subject = run.sites["subject:loop"]
    run.sites["subject:loop"] = type(subject)(
        subject.key, subject.kind, "model `net`", location=subject.location, attributes=subject.attributes
    )
    layers = [{"name": "base", "weights": [trainable - 2, 6]}, {"name": "head", "weights": [2, 2]}]
    return run.site("model", "net", **{"class": kind}, layers=layers)


def test_trainable_layers_without_a_gradient(findings: Any) -> None:
    (found,) = findings("thawed-layers", thawed(8))
    assert (found.fault, found.severity, found.confidence) == ("update-missing", Severity.WARNING, Confidence.HIGH)
    assert found.location.line == 4 and "has 8 trainable weights, and 2 of them" in found.message
    assert findings("thawed-layers", thawed(8, failing=True))[0].severity is Severity.ERROR


def test_all_that_is_trainable_is_trained(findings: Any) -> None:
    assert not findings("thawed-layers", thawed(2))


def test_a_training_step_of_the_scripts_own_chooses(findings: Any) -> None:
    """A model of a class of its own may train some of its weights only; and nothing was thawed without a line."""
    assert not findings("thawed-layers", thawed(8, kind="Adversarial"))
    assert not findings("thawed-layers", thawed(8, source="model.fit(x, y)"))


def test_a_model_that_was_compiled_anew(findings: Any) -> None:
    """Of the first training the end of the model's story is known only; the last trained all that is trainable."""
    run = thawed(8)
    again = run.subject("model", style="fit", sources=8)
    site = again.sites[again.current]
    again.sites[again.current] = type(site)(site.key, site.kind, "model `net` at line 65", attributes=site.attributes)
    assert not findings("thawed-layers", again)
