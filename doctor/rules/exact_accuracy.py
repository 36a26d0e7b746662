"""Rule: an accuracy that counts probabilities which equal the label exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.metrics import fed_at
from doctor.reading.source import keyword
from doctor.rules.base import Result, Rule, share
from doctor.rules.metric_wrong import ACCURACY, variable_of
from doctor.rules.view import SubjectView
from doctor.types import Location


@dataclass(frozen=True)
class ExactAccuracy(Rule):
    """Keras's class Accuracy, given probabilities: it counts those that equal the label exactly.

    What it is:
        `Accuracy` compares two arrays of answers value by value. The string "accuracy" stands for the accuracy that
        suits the loss; the class does not, and neither a threshold nor an argmax is taken.

    Why it matters:
        The figure stays near zero, or is the share of outputs that have reached 0 or 1 to the last digit, and says
        nothing of the model. Whatever is chosen by it is chosen by chance.

    How it is measured:
        The class is among the metrics of `compile`, or fed in a loop, and the highest value that it shows in the last
        half of its results is `min_difference` and more below the share of right answers that was counted
        there: in evaluation for what begins with `val_`, else in training.

    Example:
        model.compile(loss="binary_crossentropy", metrics=[keras.metrics.Accuracy()])

    Use instead:
        model.compile(loss="binary_crossentropy", metrics=[keras.metrics.BinaryAccuracy()])

    References:
        https://keras.io/api/metrics/accuracy_metrics/
    """

    fault: ClassVar[str] = "metric-wrong"
    needs: ClassVar[frozenset[str]] = frozenset({"output"})
    worst: ClassVar[Severity] = Severity.WARNING

    #: Accuracies of the same answers differ by less: those counted are of some batches only.
    min_difference: float = 0.2

    def check(self, view: SubjectView) -> Iterator[Result]:
        judgement, output = view.judgement, view.output
        if output is None or len(view.sites("output")) > 1:
            return
        for name, highest, place in self._shown(view):
            counted = judgement.eval_accuracy if name.startswith("val_") else judgement.accuracy
            if counted is None or highest + self.min_difference > counted:
                continue
            single = output.attributes.get("units") == 1
            encoded = view.label is not None and view.label.attributes.get("encoding") == "one-hot"
            better = (
                "BinaryAccuracy" if single else "CategoricalAccuracy" if encoded else "SparseCategoricalAccuracy"
            )
            yield self.finding(
                view,
                severity=Severity.WARNING,
                confidence=Confidence.HIGH,
                title=f"`{name}` counts probabilities that equal the label exactly",
                message=(
                    f"`Accuracy` takes neither a threshold nor an argmax: it says at most {share(highest)}, where "
                    f"{share(counted)} of the answers seen are right."
                ),
                site=output,
                location=place,
                onset=None,
                evidence=(
                    Evidence(f"metric/{name}", None, highest, counted, "share",
                             "the limit is the share of right answers"),
                ),
                fixes=(Fix("Use the accuracy that fits the output", f"keras.metrics.{better}()", place),),
            )  # fmt: skip
            return

    def _shown(self, view: SubjectView) -> Iterator[tuple[str, float, Location | None]]:
        """(name, highest late value, line) of every metric of that class."""
        for fit in view.fits:
            compiled = fit.attributes.get("compile") or {}
            if "Accuracy" not in (compiled.get("metrics") or ()):
                continue
            place = keyword(view.recording, Location.of(compiled.get("location")), "metrics")
            names = [one for one in view.recording.scalar_names(view.subject.key) if one.startswith("epoch/")]
            for name in (one for one in names if ACCURACY.search(one)):
                values = view.recording.scalars(view.subject.key, name).finite().values
                if len(values):
                    yield name.removeprefix("epoch/"), float(np.max(values[len(values) // 2 :])), place
        for site in view.sites("metric", None):
            known = [one[1] for one in site.attributes.get("results") or () if None not in one]
            if known and site.attributes.get("class") == "Accuracy" and site.attributes.get("function") == "accuracy":
                variable = variable_of(site)
                place = fed_at(view.recording, variable) or site.location
                yield variable, float(np.max(known[len(known) // 2 :])), place
