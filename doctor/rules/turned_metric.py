"""Rule: an accuracy of two classes that says the opposite."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.metrics import compared_at
from doctor.reading.source import keyword
from doctor.rules.base import Result, Rule, share
from doctor.rules.metric_wrong import ACCURACY as KERAS_ACCURACY
from doctor.rules.view import SubjectView
from doctor.types import Location

#: Names of what counts right answers, also of the script's own.
_ACCURACY = re.compile(r"(^|_)acc(uracy)?(_|\d|$)", re.IGNORECASE)


@dataclass(frozen=True)
class TurnedMetric(Rule):
    """An accuracy of two classes says the opposite of what the model does.

    What it is:
        A comparison that is the wrong way round: a distance above the threshold counted as "the same", a probability
        below 0.5 as a hit.

    Why it matters:
        The better the model, the lower the figure. Checkpoints and searches that go by it keep the worst.

    How it is measured:
        The labels are 0 and 1, and a metric whose name says accuracy ends below `max_share` of the rarer class's
        share, in training and where it is shown for held-out rows there too, while the loss falls. Guesses of one
        class alone reach that share at least: less than that takes a model that tells the classes apart, and is
        counted the wrong way round.

    Example:
        same = tf.cast(distance > 0.5, tf.float32)

    Use instead:
        same = tf.cast(distance < 0.5, tf.float32)

    References:
        Hadsell, Chopra and LeCun 2006, Dimensionality reduction by learning an invariant mapping (of distances)
    """

    fault: ClassVar[str] = "metric-wrong"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})
    worst: ClassVar[Severity] = Severity.WARNING

    #: Half of what the worst guess of one class reaches is no accident of the rows that were seen.
    max_share: float = 0.5

    def check(self, view: SubjectView) -> Iterator[Result]:
        rarer = self._rarer(view)
        judgement = view.judgement
        if rarer is None or judgement.failing or not judgement.late_loss < judgement.first_loss:
            return
        for name in view.recording.scalar_names(view.subject.key):
            if not name.startswith("epoch/") or name.startswith("epoch/val_") or not _ACCURACY.search(name):
                continue
            metric = name.removeprefix("epoch/")
            shown = [view.recording.scalars(view.subject.key, one).finite().values
                     for one in (name, f"epoch/val_{metric}")]  # fmt: skip
            last = [float(values[-1]) for values in shown if len(values)]
            if not last or max(last) > self.max_share * rarer:
                continue
            own = compared_at(view.recording, metric)
            if own is None and KERAS_ACCURACY.match(metric):
                continue  # Keras compares as it should: see exact-accuracy for probabilities that equal the label
            place = own or self._named_at(view)
            yield self.finding(
                view,
                severity=Severity.WARNING,
                confidence=Confidence.HIGH,
                title=f"`{metric}` counts the wrong answers",
                message=(
                    f"It ends at {share(last[-1])}, where guessing one class alone reaches {share(rarer)} at least: "
                    f"the model tells the classes apart, and the metric counts the opposite. It should say "
                    f"{share(1 - last[-1])}."
                ),
                site=view.subject,
                location=place,
                onset=None,
                evidence=(Evidence(f"metric/{metric}", None, last[-1], self.max_share * rarer, "share",
                                   "the limit is half of the rarer class's share"),),
                fixes=(Fix("Turn the comparison round", "", place),),
            )  # fmt: skip
            return
        yield self.ruled_out("no accuracy is below what one class alone reaches")

    def _rarer(self, view: SubjectView) -> float | None:
        """The share of the rarer of the classes 0 and 1, None where the labels are not known to be these."""
        counts = [array.attributes.get("classes") or {} for array in view.sites("array", None)
                  if array.attributes.get("role") == "y"]  # fmt: skip
        shares = [{float(key): float(rows) for key, rows in one.items()} for one in counts]
        if view.label is not None:
            shares += [dict(enumerate(values)) for _, values in view.recording.vectors(view.label.key, "class_counts")]
        known = [one for one in shares if set(one) == {0.0, 1.0}]
        totals = [sum(one[value] for one in known) for value in (0.0, 1.0)]
        return min(totals) / sum(totals) if all(totals) else None

    def _named_at(self, view: SubjectView) -> Location | None:
        for fit in view.fits:
            compiled = Location.of((fit.attributes.get("compile") or {}).get("location"))
            return keyword(view.recording, compiled, "metrics") or compiled
        return None
