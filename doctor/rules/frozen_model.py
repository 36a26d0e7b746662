"""Rule: a model of which nothing is trainable when it is fitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Iterator, Mapping

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.idioms import trainable_set_at
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.types import Location, Site


@dataclass(frozen=True)
class FrozenModel(Rule):
    """All weights of the model are frozen when it is fitted.

    What it is:
        `trainable = False` on every layer that has weights, or on the model itself: the part that was
        to be trained was frozen with the pretrained one.

    Why it matters:
        No gradient is computed. `fit` runs through its epochs, and the loss moves with the
        batches, dropout and the averages of batch normalisation only.

    How it is measured:
        By construction: the layers of the model that `fit` was called on have weights, and none of
        them was trainable in that call.

    Example:
        model.trainable = False
        model.compile("adam", "sparse_categorical_crossentropy")

    Use instead:
        base.trainable = False  # and the head stays trainable
        model.compile("adam", "sparse_categorical_crossentropy")

    References:
        https://keras.io/guides/transfer_learning/
    """

    fault: ClassVar[str] = "update-missing"
    scope: ClassVar[str] = "run"

    def check(self, view: SubjectView) -> Iterator[Result]:
        models = {model.name: model for model in view.recording.sites_of("model")}
        for model in models.values():
            if model.attributes.get("learned") == 0 and any(map(weights_of, model.attributes["layers"])):
                yield self._never(view, model)
                return
        for fit in view.recording.sites_of("fit"):
            fitted = models.get(str(fit.attributes.get("model")))
            nothing = fit.attributes.get("learns") == 0
            if fitted is not None and fitted.attributes.get("learned") and not nothing:
                continue  # it was trained at one time, as the players of a game are in turn
            layers = [one for one in (fitted.attributes.get("layers") or () if fitted is not None else ())
                      if weights_of(one)]  # fmt: skip
            if not layers or (any(trainable_of(layer) for layer in layers) and not nothing):
                continue
            compiled = Location.of((fit.attributes.get("compile") or {}).get("location"))
            yield self.finding(
                view,
                severity=Severity.ERROR,
                confidence=Confidence.CERTAIN,
                title=f"All layers of `{fit.attributes.get('model')}` are frozen",
                message=f"None of the {len(layers)} layers with weights is trainable when fit is called: nothing "
                "learns.",
                site=fit,
                location=trainable_set_at(view.recording, False) or compiled or fit.location,
                evidence=(Evidence("layers that learn", None, 0.0, 1.0),),
                fixes=(Fix("Freeze only the layers that are to stay, and compile afterwards",
                           "for layer in model.layers[:-1]:\n    layer.trainable = False"),),
            )  # fmt: skip
            return

    def _never(self, view: SubjectView, model: Site) -> Result:
        layers = [one for one in model.attributes["layers"] if weights_of(one)]
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title=f"All layers of `{model.name}` are frozen",
            message=(
                f"None of the {len(layers)} layers with weights is trainable in any call of fit or train_on_batch: "
                "nothing learns. Keras 3 looks at `trainable` when a model is trained, not when it was compiled."
            ),
            site=model,
            location=trainable_set_at(view.recording, False) or model.location,
            evidence=(Evidence("layers that learn", None, 0.0, 1.0),),
            fixes=(Fix("Freeze only the layers that are to stay; of two players that are trained in turn, set "
                       "`trainable` before each turn", "discriminator.trainable = True"),),
        )  # fmt: skip


def weights_of(layer: Mapping[str, Any]) -> int:
    """How many weights a layer has, as a recording has it."""
    counts = layer.get("weights")
    return int(counts[1]) if counts else 0


def trainable_of(layer: Mapping[str, Any]) -> int:
    """How many weights of a layer are trainable, as a recording has it."""
    return int(layer["weights"][0])


def silent_frozen_layer(view: SubjectView) -> Site | None:
    """The last ReLU of frozen layers that put out zero for every example, so that all that is trained gets zeros."""
    inputs = view.sites("input")
    sizes = [view.series("input", site, "abs_mean", sound=False).finite().values for site in inputs]
    if not inputs or not all(len(values) and not values.any() for values in sizes):
        return None
    frozen = any(
        layer.get("trainable") is False and (layer.get("weights") or (0, 0))[1] > 0
        for model in view.sites("model")
        for layer in model.attributes.get("layers") or ()
    )
    trained = {site.attributes.get("layer") for site in view.variables}
    rectified = [
        site
        for site in view.sites("activation")
        if site.attributes.get("function") in ("relu", "relu6") and site.attributes.get("layer") not in trained
    ]
    return rectified[-1] if frozen and rectified else None
