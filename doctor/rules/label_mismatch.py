"""Rule: labels that do not belong to their inputs, or that the loss does not understand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.judgement import EXPLODED
from doctor.reading.chains import made_at
from doctor.reading.shuffles import lone_shuffle
from doctor.reading.step_kinds import divides
from doctor.rules.apart import apart
from doctor.rules.base import Result, Rule, number
from doctor.rules.drowned_signal import drowned
from doctor.rules.label_places import label_line, mapped_at, went_apart
from doctor.rules.labels import (
    counted_from_one,
    empty_rows,
    fractions,
    label_array,
    label_values,
    numbers_of_classes,
    reconstructs,
)
from doctor.rules.view import SubjectView
from doctor.types import Location, Site

#: Losses whose labels are probabilities.
_OF_SHARES = ("sigmoid_cross_entropy", "log_probability", "kl_divergence")


@dataclass(frozen=True)
class LabelMismatch(Rule):
    """The labels do not belong to their inputs, or have a range that the loss does not understand.

    What it is:
        Class numbers that start at 1 for an output that counts from 0, labels -1 and 1 or 0
        and 255 for a binary cross-entropy, class numbers where one-hot rows are expected; or
        labels that were shuffled, sorted or read apart from their inputs.

    Why it matters:
        A label out of range is an error on one device and a silent NaN or zero on another. A
        binary cross-entropy with labels outside [0, 1] has no minimum: it falls for ever
        while the predictions are wrong.

    How it is measured:
        By construction: the smallest and largest label of the observed steps, against the
        number of output units for class numbers, and against [0, 1] for cross-entropies that
        take probabilities as labels. Labels of `fit` that are all of one class, in at least `min_batches`
        batches, for an output of several units.
        Whether labels belong to their inputs: nearest neighbours, and a straight line or class
        means, guess the labels of rows they have not seen; below `related` standard errors above
        chance they have nothing to go by. The rows are those of the training arrays, or of the batches that
        were observed. That fires only where the run fails; or fits the training
        rows and is at chance on all others; or gains less than half of what it could, where the labels of held-out
        rows can be guessed. With little confidence where no held-out data shows that the same guessers could, and not
        at all where the loss blew up: that is reason enough.

    Example:
        y = np.where(positive, 1.0, -1.0)  # for a binary cross-entropy

    Use instead:
        y = np.where(positive, 1.0, 0.0)

    References:
        https://keras.io/api/losses/probabilistic_losses/
    """

    fault: ClassVar[str] = "label-mismatch"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"label", "loss"})

    #: Rounding that is no other encoding.
    tolerance: float = 1e-3
    #: Standard errors above chance that two guessers without training reach where labels belong to
    #: their inputs: on shuffled labels the larger of the two stayed below 3.2 in 300 trials.
    related: float = 3.5
    #: The same where nothing else says that they went apart: shuffled labels reached it in 26 of 300 trials.
    near_chance: float = 2.0
    #: Observed batches of which all labels must be of one class.
    min_batches: int = 5
    #: Rows that the guessers need for their silence to mean anything.
    min_rows: int = 100

    def check(self, view: SubjectView) -> Iterator[Result]:
        label, loss = view.label, view.loss
        assert label is not None and loss is not None
        low = view.series("label", label, "min", sound=False).finite()
        high = view.series("label", label, "max", sound=False).finite()
        if not len(low):
            yield self.not_checked(view, "the labels were not observed")
            return
        smallest, largest = float(low.values.min()), float(high.values.max())
        units = view.output.attributes.get("units") if view.output is not None else None
        function, encoding = loss.attributes.get("function"), label.attributes.get("encoding")
        categorical = function in ("softmax_cross_entropy", "log_probability")
        parts = fractions(view) if encoding == "index" and categorical else None
        if parts is not None:
            yield self._finding(
                view, label, *parts, (0.0, float(units or 1) - 1),
                f"The labels lie between {number(parts[0])} and {number(parts[1])} and are no whole numbers, but the "
                "loss takes the number of a class: what stands behind the point is cut off.",
                Fix("Leave the class numbers as they are: only inputs are scaled", ""),
                made_at(view.recording, label_array(view), divides),
            )  # fmt: skip
            return
        if encoding == "index" and categorical and units and units > 1:
            if smallest < 0 or (largest >= units and smallest >= 1):
                yield self._finding(
                    view, label, smallest, largest, (0.0, float(units) - 1),
                    f"The labels run from {smallest:.0f} to {largest:.0f}, but {units} output "
                    "units stand for the classes 0 to "
                    f"{units - 1}.",
                    Fix("Count the classes from 0", f"y = y - {smallest:.0f}"),
                )  # fmt: skip
                return
        elif function == "hinge" and smallest > -0.5:
            yield self._finding(
                view, label, smallest, largest, (-1.0, 1.0),
                f"The labels lie between {number(smallest)} and {number(largest)}, but a hinge loss takes -1 and 1: "
                "where the label is 0 the loss is 1 whatever the prediction.",
                Fix("Make the labels -1 and 1", "y = 2 * y - 1"),
            )  # fmt: skip
            return
        elif encoding == "one-hot" and empty_rows(view) and counted_from_one(view):
            yield self._finding(
                view, label, 1.0, float(units or 0), (0.0, float(units or 1) - 1),
                "No one-hot label is of the first class, and some hold no 1 at all: the class numbers count from 1, "
                "the encoding from 0.",
                Fix("Count the classes from 0", "y = y - 1"),
            )  # fmt: skip
            return
        elif function in _OF_SHARES or (categorical and encoding == "one-hot"):
            values = label_values(view)
            if values is not None and not values.whole and (smallest < -0.01 or largest > 1.01):
                return  # measured values under a cross-entropy: the loss is wrong, not the labels
            if values is not None and units == 1 and numbers_of_classes(values):
                return  # classes under a yes-or-no loss: so it is here
            if reconstructs(view):
                return  # pictures that are to be rebuilt: their scale is the fault, if any
            if smallest < -self.tolerance or largest > 1 + self.tolerance:
                scale = f"y = (y - {number(smallest)}) / {number(largest - smallest)}" if largest > smallest else ""
                yield self._finding(
                    view, label, smallest, largest, (0.0, 1.0),
                    f"The labels lie between {number(smallest)} and {number(largest)}, but a "
                    "cross-entropy takes labels between 0 "
                    "and 1: outside of it the loss has no minimum.",
                    Fix("Bring the labels to 0 and 1", scale),
                )  # fmt: skip
                return
        single = self._one_class(view, label, loss)
        if single is not None:
            yield single
            return
        apart = self._apart(view)
        if apart is not None:
            yield apart
            return
        yield self.ruled_out(f"the labels lie between {number(smallest)} and {number(largest)}, as the loss expects")

    def _one_class(self, view: SubjectView, label: Site, loss: Site) -> Result | None:
        """Labels of `fit` that are all of one class, for an output of several."""
        if view.subject.attributes.get("style") != "fit" or loss.attributes.get("keras_loss") is None:
            return None  # a loop may well name one class on purpose, as that of the positive pair
        of_classes = loss.attributes.get("function") in ("softmax_cross_entropy", "log_probability")
        if label.attributes.get("encoding") != "index" or not of_classes:
            return None
        low, high, size = (view.series("label", label, name, sound=False).values for name in ("min", "max", "size"))
        if len(low) < self.min_batches or size.sum() < self.min_rows or not low.min() == high.max():
            return None
        name = int(low[0])
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title=f"All labels are of class {name}",
            message=(
                f"In {len(low)} observed batches all {size.sum():.0f} labels are of class {name}, for a loss that "
                "tells several apart. Were the labels scaled, cut off or cast to whole numbers on the way?"
            ),
            site=label,
            location=mapped_at(view) or label_line(view, label),
            evidence=(Evidence("label/classes seen", None, 1.0, 2.0),),
            fixes=(Fix("Hand the class numbers on as they are, and print a few before the training"),),
        )

    def _apart(self, view: SubjectView) -> Result | None:
        """Labels that have nothing to do with their inputs."""
        found = apart(view, self.related, self.min_rows)
        if found is None or drowned(view, self.related, self.min_rows) is not None:
            return None
        rows, relation = found.rows, found.rows.site.attributes["relation"]
        what = "an accuracy" if relation["kind"] == "classes" else "a correlation"
        text = (
            f"Nearest neighbours and a straight line guess the labels of {relation['rows']} of the training rows with "
            f"{what} of {number(relation['score'])}, where chance gives {number(relation['chance'])}."
        )
        if found.sound is not None:
            text += f" On {found.sound.name} they reach {number(found.sound.site.attributes['relation']['score'])}."
        if found.by_heart:
            text += " The model learned them by heart, and is at chance on what it has not seen."
        alone = lone_shuffle(view.recording)
        supported = found.sound is not None or found.by_heart or alone is not None
        if not supported and rows.site.attributes.get("of") == "arrays" and _above(view, rows.site) >= self.near_chance:
            return None  # a little better than chance, of few rows, and nothing else speaks for it
        if not supported and self._blown_up(view):
            return None  # that is a reason to fail by itself
        keys = rows.site.attributes.get("labels")  # of batches only whether there are any
        place = next((view.recording.sites.get(str(key)) for key in keys), None) if isinstance(keys, list) else None
        inputs = next(iter(rows.site.attributes.get("inputs") or ()), None) if place is not None else None
        given = view.recording.sites.get(str(inputs))
        where, why, fix = went_apart(view, alone, given, place)
        text += why
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=(
                Confidence.HIGH if found.sound else Confidence.MEDIUM if found.by_heart or alone else Confidence.LOW
            ),
            title="The labels have nothing to do with their inputs",
            message=text,
            site=place or rows.site,
            location=where or rows.site.location,
            evidence=(
                Evidence(
                    f"{rows.name}: labels guessed from inputs", None, float(relation["deviations"]), self.related,
                    "standard errors",
                ),
            ),
            fixes=(fix,),
        )  # fmt: skip

    def _blown_up(self, view: SubjectView) -> bool:
        """Whether the loss was far above that of a constant prediction at some time, or no number."""
        losses, guessing = view.losses.values, view.judgement.baseline
        return bool(guessing) and not bool((losses <= EXPLODED * abs(guessing or 0.0)).all())

    def _finding(
        self, view: SubjectView, label: Site, low: float, high: float, limits: tuple[float, float], text: str, fix: Fix,
        place: Location | None = None,
    ) -> Result:  # fmt: skip
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="The labels are outside the range that the loss takes",
            message=text,
            site=label,
            location=place or label_line(view, label),
            evidence=(
                Evidence(f"label/{label.name}/min", None, low, limits[0]),
                Evidence(f"label/{label.name}/max", None, high, limits[1]),
            ),
            fixes=(fix,),
        )


def _above(view: SubjectView, rows: Site) -> float:
    """Standard errors above chance at which labels are guessed: of folds, which overlap, their mean."""
    known = [
        float(site.attributes["relation"]["deviations"])
        for site in view.sites("rows", None)
        if site.location == rows.location
        and all(site.attributes.get(name) == rows.attributes.get(name) for name in ("of", "used_for", "width"))
        and (site.attributes.get("relation") or {}).get("deviations") is not None
    ]
    return sum(known) / len(known)
