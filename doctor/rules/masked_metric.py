"""Rule: a metric that counts what the loss leaves out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.idioms import updated_at
from doctor.reading.source import keyword
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.metric_wrong import ACCURACY, variable_of
from doctor.rules.view import SubjectView
from doctor.types import Location


@dataclass(frozen=True)
class MaskedMetric(Rule):
    """An accuracy over all places of a sequence, of which the loss leaves the blank ones out.

    What it is:
        The loss is weighted by a mask, so that padding does not count. The metric is not, and
        counts what the network says where nobody asked.

    Why it matters:
        The figure may be far too low, or far too high, and moves with the amount of padding instead of
        with the model.

    How it is measured:
        A wrong answer has a probability of at most a half and costs a cross-entropy at least ln 2. A late
        mean loss L over the places that count allows at most L / ln 2 wrong answers among them. It fires
        where the losses of examples are weighted by data and an accuracy that is shown says at least
        `min_excess` more: one that `fit` reports beside sample weights, or a metric of a loop that agrees
        with the share of hits over all places.

    Example:
        model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        model.fit(words, tags, sample_weight=mask)

    Use instead:
        model.compile(loss="sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
        model.fit(words, tags, sample_weight=mask)

    References:
        https://keras.io/api/models/model_training_apis/ (weighted_metrics)
    """

    fault: ClassVar[str] = "metric-wrong"
    needs: ClassVar[frozenset[str]] = frozenset({"loss"})
    worst: ClassVar[Severity] = Severity.WARNING

    #: Share of wrong answers beyond what the loss allows.
    min_excess: float = 0.2
    #: A metric that is this near to the share of hits over all places is that share.
    same: float = 0.05

    def check(self, view: SubjectView) -> Iterator[Result]:
        judgement, loss = view.judgement, view.loss
        assert loss is not None
        masked = loss.attributes.get("weighted_by") == "data"
        if loss.attributes.get("function") != "softmax_cross_entropy" or not math.isfinite(judgement.late_loss):
            return
        given = [fit.attributes["sample_weight"] for fit in view.fits if fit.attributes.get("sample_weight")]
        if given:
            weights: dict[str, Any] = given[0]
            counted = 1 - float(weights.get("zero_share") or 0.0)
            # Weights that balance classes are no mask: a mask is 1 wherever it is not 0.
            size = math.prod(int(one) for one in weights.get("shape") or (0,))
            mask = weights.get("max") == 1 and abs(float(weights.get("sum") or 0.0) - counted * size) < 0.01 * size
            if mask and 0 < counted < 1:
                # The loss may be a mean over all places, of which only some have a weight.
                yield from self._of_fit(view, judgement.late_loss / counted / math.log(2))
        elif masked:
            yield from self._of_loop(view, judgement.late_loss / math.log(2))

    def _of_fit(self, view: SubjectView, most: float) -> Iterator[Result]:
        for name in view.recording.scalar_names(view.subject.key):
            shown = view.recording.scalars(view.subject.key, name).finite().values
            if not name.startswith("epoch/") or not ACCURACY.search(name) or not len(shown):
                continue
            if 1 - float(shown[-1]) < most + self.min_excess:
                continue
            compiled = view.fits[0].attributes.get("compile") or {}
            yield self._found(
                view, name.removeprefix("epoch/"), float(shown[-1]), most,
                keyword(view.recording, Location.of(compiled.get("location")), "metrics"),
                'weighted_metrics=["accuracy"]',
            )  # fmt: skip
            return

    def _of_loop(self, view: SubjectView, most: float) -> Iterator[Result]:
        seen = [one for one in (view.judgement.accuracy, view.judgement.eval_accuracy) if one is not None]
        for site in view.sites("metric", None):
            known = [one[1] for one in site.attributes.get("results") or () if None not in one]
            shown = float(known[-1]) if known else math.nan
            if not seen or min(abs(shown - one) for one in seen) > self.same or 1 - shown < most + self.min_excess:
                continue
            name = variable_of(site)
            last = name.rpartition(".")[2]
            place = updated_at(view.recording, last) or site.location
            yield self._found(view, name, shown, most, place, f"{last}.update_state(hits, sample_weight=mask)")
            return

    def _found(
        self, view: SubjectView, name: str, shown: float, most: float, place: Location | None, code: str
    ) -> Result:
        return self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.HIGH,
            title=f"`{name}` counts places that the loss leaves out",
            message=(
                f"A wrong answer costs at least ln 2, so that a loss of {number(view.judgement.late_loss)} allows at "
                f"most {share(min(most, 1.0))} wrong ones among the places that it weighs; the metric shows "
                f"{share(1 - shown)} over all places, blank ones too."
            ),
            site=view.loss,
            location=place,
            onset=None,
            evidence=(Evidence(f"metric/{name}", None, shown, 1 - most, "share"),),
            fixes=(Fix("Weigh the metric as the loss is weighed", code),),
        )
