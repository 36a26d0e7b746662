"""Rule: an area under a curve that is taken over logits with thresholds between 0 and 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule, share
from doctor.rules.view import SubjectView
from doctor.types import Site


@dataclass(frozen=True)
class AucOfLogits(Rule):
    """A metric whose thresholds lie between 0 and 1 is given logits.

    What it is:
        AUC, PrecisionAtRecall and their like try thresholds from 0 to 1. The loss is told that it gets logits
        (`from_logits=True`), and the metric is not.

    Why it matters:
        All logits below 0 count as one answer, and so do all above 1: most of the order that the metric is to judge is
        gone. It says that the model is worse than it is, and models are compared by noise.

    How it is measured:
        What the metric is given, and whether it applies a sigmoid itself: values outside of 0 to 1 in at least
        `min_outside` of a batch, or in a graph the end of a layer without an activation whose values a cross-entropy
        takes for logits.

    Example:
        model.compile(loss=BinaryCrossentropy(from_logits=True), metrics=[AUC()])

    Use instead:
        model.compile(loss=BinaryCrossentropy(from_logits=True), metrics=[AUC(from_logits=True)])

    References:
        https://keras.io/api/metrics/classification_metrics/#auc-class
    """

    fault: ClassVar[str] = "metric-wrong"
    worst: ClassVar[Severity] = Severity.WARNING
    needs: ClassVar[frozenset[str]] = frozenset()

    #: Of the values of one batch: a least-squares fit of zeros and ones leaves that range by a little.
    min_outside: float = 0.2

    def check(self, view: SubjectView) -> Iterator[Result]:
        for site in view.sites("scored", None):
            outside = site.attributes.get("outside")
            given = float(outside) >= self.min_outside if outside is not None else self._logits(view, site)
            if given:
                yield self._found(view, site, outside)
                return
            yield self.ruled_out(f"`{site.name}` is given probabilities")

    def _logits(self, view: SubjectView, site: Site) -> bool:
        """Whether a graph hands the metric the end of a linear layer whose values the loss takes for logits."""
        loss, output = view.loss, view.output
        return (
            site.attributes.get("linear") is True
            and loss is not None
            and output is not None
            and loss.attributes.get("takes") == "logits"
            and not loss.attributes.get("rescued")
            and str(loss.attributes.get("function")).endswith("_cross_entropy")
            and output.attributes.get("produced_by") in (None, "linear")
            and len(view.sites("output")) == 1
        )

    def _found(self, view: SubjectView, site: Site, outside: float | None) -> Result:
        kind = str(site.attributes.get("class"))
        fix = "from_logits=True" if kind == "AUC" else "metric.update_state(y, tf.sigmoid(logits))"
        low = view.series("output", view.output, "min").finite() if view.output is not None else None
        evidence = (
            Evidence(f"{site.name}/values outside of 0 to 1", None, outside, self.min_outside, "share")
            if outside is not None
            else Evidence("output/min", None, float(low.values.min()) if low is not None and len(low) else 0.0, 0.0)
        )
        return self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.CERTAIN,
            title=f"`{kind}` is given logits, and its thresholds lie between 0 and 1",
            message=(
                ("The loss takes the output for logits. " if outside is None
                 else f"{share(outside)} of the values of a batch lie outside of 0 to 1. ")
                + "All values below 0 are one answer to this metric, and all above 1 another: it does not see their "
                "order, and says less of the model than there is."
            ),
            site=site,
            location=site.location,
            evidence=(evidence,),
            fixes=(Fix("Let the metric apply the sigmoid", fix, site.location),),
        )  # fmt: skip
