"""Rule: layers that are frozen at the random weights that they were made with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Iterator, Mapping

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.judgement import judge
from doctor.reading.given_weights import brings_weights
from doctor.reading.idioms import trainable_set_at
from doctor.reading.source import keyword
from doctor.rules.base import Result, Rule
from doctor.rules.frozen_model import trainable_of, weights_of
from doctor.rules.view import SubjectView
from doctor.types import Location

#: Layers whose weights are statistics or tables of words: they never learn by gradients.
_PREPARING = (
    "BatchNormalization", "Normalization", "Rescaling", "TextVectorization", "Lookup", "Discretization",
    "CategoryEncoding", "Hashing", "SpectralNormalization",
)  # fmt: skip


@dataclass(frozen=True)
class FrozenLayers(Rule):
    """Layers are frozen and hold the random weights that they were made with.

    What it is:
        A layer is not trainable, and nothing has given it weights: they were not loaded, not set, and
        not trained before. Left over from a script with pretrained weights, or frozen too early.

    Why it matters:
        What lies behind learns from a random projection of the data. That may be enough for an easy
        task, and hides that most of the model does nothing.

    How it is measured:
        The layers of the model that is fitted, with the number of their weights that are trainable. It
        fires where some have weights and none trainable, no other weights than the model's trainable ones
        received a gradient anywhere in the run, the script brings no weights along (no file, no array, no
        library of trained models), and the run fails; with a warning where it gains less than `good_gain`.

    Example:
        layers.Embedding(20000, 64, trainable=False)

    Use instead:
        layers.Embedding(20000, 64)

    References:
        https://keras.io/guides/transfer_learning/
    """

    fault: ClassVar[str] = "update-missing"
    needs: ClassVar[frozenset[str]] = frozenset({"gradient"})

    #: A run that closes half of the gap to perfect prediction does well enough with what is random.
    good_gain: float = 0.5

    def check(self, view: SubjectView) -> Iterator[Result]:
        frozen = self._frozen(view)
        if not frozen:
            yield self.ruled_out("every layer that has weights learns")
            return
        gain = self._gain(view)
        severity = view.degree or (Severity.WARNING if gain is not None and gain < self.good_gain else None)
        if severity is None or brings_weights(view.recording):
            return
        layer = max(frozen, key=weights_of)
        made = Location.of(layer.get("location"))
        names = ", ".join(f"`{one['name']}`" for one in frozen[:3])
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.MEDIUM,
            title="Layers are frozen at random weights",
            message=(
                f"{names} {'is' if len(frozen) == 1 else 'are'} not trainable, and nothing in the script loads or sets "
                "their weights: they stay as they were drawn, and what lies behind has to make do with that."
            ),
            site=view.subject,
            location=self._place(view, made),
            onset=0,
            evidence=(Evidence(f"trainable weights of {layer['name']}", None, 0.0, float(weights_of(layer))),),
            fixes=(Fix("Let them learn, or load the weights that they should hold", "trainable=True"),),
        )

    def _gain(self, view: SubjectView) -> float | None:
        """Of several outputs the one that is learned best."""
        if view.judgement.gain is not None:
            return view.judgement.gain
        heads = (view.recording.of_head(view.subject.key, one) for one in view.recording.heads(view.subject.key))
        return max((gain for one in heads if (gain := judge(one, view.subject).gain) is not None), default=None)

    def _frozen(self, view: SubjectView) -> list[Mapping[str, Any]]:
        """Layers of the fitted model without trainable weights, unless others than its own were trained in this run."""
        fit = view.first_site("fit")
        models = {model.name: model for model in view.recording.sites_of("model")}
        model = models.get(str(fit.attributes.get("model"))) if fit is not None else None
        layers = [one for one in (model.attributes.get("layers") or () if model is not None else ()) if weights_of(one)]
        learning = sum(trainable_of(layer) for layer in layers)
        # Trained in two calls of fit, a variable has a site for each.
        moved = {
            site.key.partition("@")[0]
            for site in view.recording.sites_of("variable")
            if len(view.recording.series("gradient", site.key, "norm"))
        }
        if not learning or len(moved) > learning:
            return []
        return [
            layer
            for layer in layers
            if not trainable_of(layer) and not any(word in str(layer.get("class")) for word in _PREPARING)
        ]

    @staticmethod
    def _place(view: SubjectView, made: Location | None) -> Location | None:
        """Where the layer was frozen: by its constructor, else by a line of its own."""
        given = keyword(view.recording, made, "trainable")
        if given is not None and given.code and "trainable" in given.code:
            return given
        return trainable_set_at(view.recording, False) or made or view.subject.location
