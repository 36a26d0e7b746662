"""Rule: inputs far from unit scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.scaling import deviation_as_variance, never_adapted, scaled_again, unscaled_conversion
from doctor.reading.step_kinds import converted_at
from doctor.rules.base import Result, Rule, number
from doctor.rules.columns import column_text, input_names, training_file
from doctor.rules.view import SubjectView
from doctor.rules.wording import data_line, scaled_line
from doctor.types import Location, Site

_UNADAPTED = " The script's Normalization was never adapted: it subtracts 0 and divides by 1."


@dataclass(frozen=True)
class InputScale(Rule):
    """The inputs are far from unit scale, or their columns far from each other's.

    What it is:
        Raw pixels from 0 to 255, raw sums of money, columns in mixed units; or inputs that
        were scaled twice and are next to zero.

    Why it matters:
        Initial weights are drawn for inputs of unit scale. With inputs s times as large the
        outputs are s times and the steepest direction of the loss s^2 times as large: a rate
        that suits unit inputs is s^2 times too high, and ReLU units die or sigmoids saturate
        in the first steps. Inputs next to zero carry no signal past the biases.

    How it is measured:
        Root mean square of what enters the first weighted operation, median over the observed
        steps: at least `max_rms` or at most `min_rms`; or, for tables, the largest standard
        deviation of a column over the median one at least `max_column_ratio`. Whole numbers
        before an embedding are no quantities, and a normalisation before the first weights
        takes the scale away. Only where the run fails is it an error. A normalisation of Keras that is
        given a standard deviation as its variance is one where the run closes less than `good_gain` of
        the gap to perfect prediction.

    Example:
        x_train = x_train.reshape(-1, 784).astype("float32")

    Use instead:
        x_train = x_train.reshape(-1, 784).astype("float32") / 255.0

    References:
        LeCun et al. 1998, Efficient BackProp, http://yann.lecun.com/exdb/publis/pdf/lecun-98b.pdf
    """

    fault: ClassVar[str] = "input-scale"
    needs: ClassVar[frozenset[str]] = frozenset({"input"})

    #: Largest root mean square. Standardised data has 1, pixels in [0, 1] about 0.3, raw
    #: pixels 80. At 10 the largest stable learning rate is a hundred times smaller than usual.
    max_rms: float = 10.0
    #: Smallest root mean square; pixels divided by 255 twice have 0.001.
    min_rms: float = 0.01
    #: Share of the gap to perfect prediction from which on a wrong spread of the columns does no harm.
    good_gain: float = 0.5
    #: Ratio of the spreads of normalised columns from which on one hides the other.
    max_spread_ratio: float = 10.0
    #: Largest ratio of one column's spread to the median column's.
    max_column_ratio: float = 100.0

    def check(self, view: SubjectView) -> Iterator[Result]:
        place = deviation_as_variance(view.recording)
        gain = view.judgement.gain
        if place is not None and (gain is None or gain < self.good_gain):
            yield self._taken_for_variance(view, place)
            return
        sites = [site for site in view.sites("input") if not self._ids(view, site)]
        if not sites:
            return
        clean = ""
        for site in sites:
            rms = self._rms(view, site)
            if rms is None:
                continue
            column = self._odd_column(view, site)
            if self.min_rms < rms < self.max_rms and column is None:
                low, high = self._range(view, site)
                clean = clean or f"inputs lie between {number(low)} and {number(high)} (root mean square {number(rms)})"
                continue
            severity = view.degree
            if severity is None or rms == 0:
                return
            bare = never_adapted(view.recording)
            yield self.finding(
                view,
                severity=severity,
                confidence=Confidence.HIGH if rms >= self.max_rms else Confidence.MEDIUM,
                title=self._title(rms, column, input_names(view, site)),
                message=self._message(view, site, rms, column) + (_UNADAPTED if bare is not None else ""),
                site=site,
                location=bare or (scaled_again(view.recording) if rms <= self.min_rms else None)
                or (unscaled_conversion(view.recording, 0) if rms >= self.max_rms else None)
                or scaled_line(view)
                or self._prepared(view)
                or data_line(view, site),
                evidence=self._evidence(view, site, rms, column),
                fixes=(Fix("Adapt it to the training rows, before the training", "norm.adapt(x_train)", bare),)
                if bare is not None else self._fixes(view, site, rms),
            )  # fmt: skip
            return
        if clean:
            yield self.ruled_out(clean)
        else:
            yield self.not_checked(view, "the inputs were not observed while they were finite")

    def _taken_for_variance(self, view: SubjectView, place: Location) -> Result:
        """A normalisation divides by the root of what it is given as variance."""
        rows = [values for site in view.sites("input") for _, values in view.recording.vectors(site.key, "column_std")]
        table = np.vstack([row for row in rows if len(row) == len(rows[0])]) if rows else np.empty((0, 1))
        spread = np.sqrt(np.nanmedian(table, axis=0)) if len(table) else np.empty(0)
        text = ""
        evidence = []
        apart = len(spread) and spread.max() > self.max_spread_ratio * max(float(spread.min()), 1e-30)
        if len(spread):
            low, high = float(spread.min()), float(spread.max())
            text = f" The columns come out with spreads from {number(low)} to {number(high)}."
            evidence = [
                Evidence("smallest spread of a normalised column", None, low, 1.0),
                Evidence("largest spread of a normalised column", None, high, 1.0),
            ]
        return self.finding(
            view,
            severity=Severity.ERROR if view.judgement.failing or apart else Severity.WARNING,
            confidence=Confidence.HIGH,
            title="The normalisation is given a standard deviation as its variance",
            message="keras.layers.Normalization divides by the square root of its `variance`." + text,
            site=view.first_site("input") or view.subject,
            location=place,
            onset=0,
            evidence=evidence,
            fixes=(Fix("Square it", "variance=std**2", place),),
        )

    def _ids(self, view: SubjectView, site: Site) -> bool:
        embedding = any(variable.attributes.get("role") == "embedding" for variable in view.variables)
        whole = str(site.attributes.get("dtype") or "").startswith(("int", "uint", "bool"))
        # Whole numbers that a kernel is multiplied by are pixels and counts; those that name rows go to a table.
        return (embedding and (whole or len(view.sites("input")) == 1)) or self._normalised_first(view)

    def _normalised_first(self, view: SubjectView) -> bool:
        """Whether a normalisation comes before the first kernel."""
        order = [site.attributes.get("order") for site in view.used_kernels]
        scales = [site.attributes.get("order") for site in view.variables if site.attributes.get("role") == "scale"]
        known = [value for value in order if value is not None]
        return bool(known) and any(value is not None and value < min(known) for value in scales)

    def _rms(self, view: SubjectView, site: Site) -> float | None:
        mean = view.series("input", site, "mean", sound=False).values
        std = view.series("input", site, "std", sound=False).values
        values = np.hypot(mean, std)
        values = values[np.isfinite(values)]
        return float(np.median(values)) if len(values) else None

    def _range(self, view: SubjectView, site: Site) -> tuple[float, float]:
        low = view.series("input", site, "min", sound=False).values
        high = view.series("input", site, "max", sound=False).values
        return float(np.nanmin(low)), float(np.nanmax(high))

    def _odd_column(self, view: SubjectView, site: Site) -> tuple[int, float, float, float] | None:
        """(column, its std, median std, ratio) of a column that dwarfs the others."""
        rows = [values for _, values in view.recording.vectors(site.key, "column_std")]
        if not rows or len(rows[0]) < 2:
            return None
        table = np.vstack([row for row in rows if len(row) == len(rows[0])])
        # A batch with a NaN tells nothing of its column's spread.
        known = np.isfinite(table)
        spread = np.array([np.median(column[seen]) if seen.any() else 0.0 for column, seen in zip(table.T, known.T)])
        varying = spread[spread > 0]
        if len(varying) < 2:
            return None
        worst, median = int(spread.argmax()), float(np.median(varying))
        # A single lively pixel among nearly constant ones is no mixed unit: it must be large itself.
        if spread[worst] < self.max_column_ratio * median or spread[worst] < self.max_rms:
            return None
        return worst, float(spread[worst]), median, float(spread[worst] / median)

    def _prepared(self, view: SubjectView) -> Location | None:
        """Where the only array that `fit` is given was last converted: `x = x.reshape(-1, 784).astype("float32")`."""
        arrays = [one for one in view.sites("array", None) if one.attributes.get("role") == "x"]
        if view.first_site("fit") is None or len(arrays) != 1:
            return None
        return converted_at(view.recording, arrays[0])

    def _title(self, rms: float, column: tuple[int, float, float, float] | None, names: list[str | None]) -> str:
        if column is not None:
            return f"{_capital(column_text(column[0], names))} of the inputs dwarfs the others"
        return "The inputs are not scaled" if rms >= self.max_rms else "The inputs are next to zero"

    def _message(
        self, view: SubjectView, site: Site, rms: float, column: tuple[int, float, float, float] | None
    ) -> str:
        low, high = self._range(view, site)
        text = f"Inputs lie between {number(low)} and {number(high)}, root mean square {number(rms)}."
        if column is not None:
            text += (
                f" {_capital(column_text(column[0], input_names(view, site)))} spreads by {number(column[1])} "
                f"where the median column spreads by {number(column[2])}, {number(column[3])} times less."
            )
        if training_file(view):
            text += f" They come from {training_file(view)}."
        if rms >= self.max_rms:
            text += f" A learning rate that suits inputs of unit scale is about {number(rms**2)} times too high here."
        elif column is None:
            text += " Were they scaled twice?"
        return text

    def _evidence(
        self, view: SubjectView, site: Site, rms: float, column: tuple[int, float, float, float] | None
    ) -> Iterator[Evidence]:
        low, high = self._range(view, site)
        yield Evidence(f"input/{site.name}/rms", None, rms, self.max_rms if rms >= self.max_rms else self.min_rms)
        yield Evidence(f"input/{site.name}/min", None, low)
        yield Evidence(f"input/{site.name}/max", None, high)
        if column is not None:
            yield Evidence(
                f"input/{site.name}/column {column[0]}/std", None, column[1], self.max_column_ratio * column[2]
            )

    def _fixes(self, view: SubjectView, site: Site, rms: float) -> Iterator[Fix]:
        low, high = self._range(view, site)
        if low >= 0 and 200 < high <= 255:
            yield Fix("Scale the pixels to [0, 1], in training and evaluation alike", "x = x / 255.0", safe=True)
        elif rms >= self.max_rms:
            yield Fix(
                "Standardise every column with the training data's mean and spread",
                "x = (x - x_train.mean(axis=0)) / (x_train.std(axis=0) + 1e-8)",
                safe=True,
            )
        else:
            yield Fix("Scale the inputs once, not twice", "x = x / 255.0")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
