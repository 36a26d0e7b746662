"""Rule: layers that were made trainable after the model was compiled, and stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.idioms import trainable_set_at
from doctor.rules.base import Result, Rule
from doctor.rules.frozen_model import trainable_of
from doctor.rules.view import SubjectView
from doctor.types import Site

#: Models that Keras itself trains: all that is trainable gets a gradient.
_OF_KERAS = ("Sequential", "Functional")


def _model_of(subject: Site) -> str:
    """The name of a training without the line that tells it from an earlier one of the same model."""
    return subject.name.partition(" at line ")[0]


@dataclass(frozen=True)
class ThawedLayers(Rule):
    """Layers were made trainable after the model was compiled, and are still not trained.

    What it is:
        `base.trainable = True` before a second call of `fit`, without `compile` in between. Keras
        fixed at the first call which variables get a gradient.

    Why it matters:
        What is called fine-tuning goes on training the head alone.

    How it is measured:
        By construction: the model that `fit` trains has more trainable weights than there were
        variables in the gradient. Only for models whose training step is Keras's own.

    Example:
        base.trainable = True
        model.fit(x, y)

    Use instead:
        base.trainable = True
        model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy")
        model.fit(x, y)

    References:
        https://keras.io/guides/transfer_learning/
    """

    fault: ClassVar[str] = "update-missing"

    def check(self, view: SubjectView) -> Iterator[Result]:
        trained = int(view.subject.attributes.get("sources") or 0)
        models = view.recording.sites_of("model")
        name = _model_of(view.subject)
        model = next((one for one in models if name == f"model `{one.name}`"), None)
        again = [one for one in view.recording.subjects if _model_of(one) == name]
        if again and again[-1].key != view.subject.key:
            return  # compiled anew later: of this training only the end of the model's story is known
        place = trainable_set_at(view.recording, True)
        if model is None or place is None or not trained or model.attributes.get("class") not in _OF_KERAS:
            return
        layers = [layer for layer in model.attributes.get("layers") or () if layer.get("weights")]
        wanted = sum(trainable_of(layer) for layer in layers)
        if wanted <= trained or view.subject.attributes.get("style") != "fit":
            return
        yield self.finding(
            view,
            severity=Severity.WARNING if view.judgement.training else Severity.ERROR,
            confidence=Confidence.HIGH,
            title="Layers that were made trainable after compile are not trained",
            message=f"The model has {wanted} trainable weights, and {trained} of them get a gradient: Keras took the "
            "list when the model was compiled and first fitted.",
            location=place,
            evidence=(Evidence("weights that get a gradient", None, float(trained), float(wanted)),),
            fixes=(Fix("Compile the model again after the change", "model.compile(optimizer, loss)"),),
        )
