"""Rule: columns that vary by next to nothing, because they were scaled by figures that are not theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.scaling import adapted_at, scaled_by_row
from doctor.rules.base import Result, Rule, number
from doctor.rules.columns import columns_text, input_names
from doctor.rules.view import SubjectView
from doctor.rules.wording import data_line
from doctor.types import FloatArray, Location, Site

#: Spread of equal numbers of half the usual size, as a share of them: single precision.
_ROUNDING = 1e-6


@dataclass(frozen=True)
class FaintColumns(Rule):
    """Some columns of the inputs are nearly constant beside a value that is not zero.

    What it is:
        Columns were standardised by the mean and spread of other data, or of another form of the
        same data (before a logarithm, in other units, of another file).

    Why it matters:
        What is left of a column is a constant with a ripple that no weight of usual size can
        read. The network works with the remaining columns, and nothing looks wrong: the inputs as a
        whole are of unit scale.

    How it is measured:
        Mean and standard deviation of each column of what enters the first layer, medians over the
        first observed batches. A column is faint where the deviation is not zero but below `max_spread`
        while the mean lies more than `min_offset` from zero, and its smallest and largest value are no other
        column's too (as a background is). It fires for at least `min_columns` of
        them where the run fails, or closes less than `good_gain` of the gap to perfect prediction (a warning). So it
        does where the script scales every row by itself, a column's mean is `towers` times the median column's, and
        `most_of_row` of the columns vary by less than `of_row` and less than their mean.

    Example:
        scaler.adapt(table)  # the network is fed np.log1p(table)

    Use instead:
        scaler.adapt(np.log1p(table))

    References:
        https://keras.io/api/layers/preprocessing_layers/numerical/normalization/
    """

    fault: ClassVar[str] = "input-scale"
    needs: ClassVar[frozenset[str]] = frozenset({"input"})

    #: A weight of 1 turns this spread into a hundredth of a unit's usual range.
    max_spread: float = 0.01
    #: From the smallest to the largest value, in such spreads.
    max_range: float = 20.0
    #: Columns that are mostly zero, such as marks and rare words, have small spreads by nature.
    min_offset: float = 0.1
    #: A single such column may be a flag of units, or a year beside others.
    min_columns: int = 2
    #: Columns of a table below which nothing is said of its rows.
    min_row: int = 5
    #: Spread of a column that rows which are scaled by themselves leave nearly constant, where usual ones have 1.
    of_row: float = 0.1
    #: Share of the columns that are so.
    most_of_row: float = 0.5
    #: Largest mean of a column over the median one: one unit towers above the others.
    towers: float = 5.0
    #: Share of the gap to perfect prediction from which on nothing is missed.
    good_gain: float = 0.5

    def check(self, view: SubjectView) -> Iterator[Result]:
        gain = view.judgement.gain
        poor = gain is not None and gain < self.good_gain
        severity = view.degree or (Severity.WARNING if poor else None)
        for site in view.sites("input"):
            by_row = self._by_row(view, site) if severity is not None else None
            if by_row is not None and severity is not None:
                yield self._scaled_by_row(view, site, severity, *by_row)
                return
            faint = self._faint(view, site)
            if len(faint) < self.min_columns:
                continue
            if severity is None:
                return
            names = columns_text([one for one, _, _ in faint], input_names(view, site))
            least, mean, spread = min(faint, key=lambda one: one[2])
            yield self.finding(
                view,
                severity=severity,
                confidence=Confidence.MEDIUM,
                title=f"{len(faint)} columns of the inputs vary by next to nothing",
                message=(
                    f"In {names} the values hardly leave their mean (column {least}: {number(spread)} around "
                    f"{number(mean)}): to the network they are constants. Were they scaled by figures of other data, "
                    "or of another form of it?"
                ),
                site=site,
                location=adapted_at(view.recording) or data_line(view, site),
                evidence=(Evidence(f"input/{site.name}/column {least}/std", None, spread, self.max_spread),),
                fixes=(Fix("Take mean and spread of exactly what the network is fed", "scaler.adapt(x_train)"),),
            )
            return

    def _by_row(self, view: SubjectView, site: Site) -> tuple[Location, int, int, float] | None:
        """Where rows of several units are scaled by themselves, and what that leaves of the columns.

        Returns:
            (place, columns, those that hardly vary, their median spread).
        """
        tables = self._tables(view, site)
        if not all(len(table) for table in tables) or tables[0].shape[1] < self.min_row:
            return None
        mean, spread = (np.median(table, axis=0) for table in tables[:2])
        held = (spread < self.of_row) & (spread < np.abs(mean))
        # Neighbours on a scale, as wavelengths or hours are, have means alike: a row of one unit may be scaled so.
        apart = float(np.abs(mean).max()) > self.towers * float(np.median(np.abs(mean)))
        arrays = [one for one in view.sites("array", None) if one.attributes.get("role") == "x"]
        place = next((place for one in arrays if (place := scaled_by_row(view.recording, one)) is not None), None)
        if place is None or not apart or held.mean() < self.most_of_row:
            return None
        return place, len(mean), int(held.sum()), float(np.median(spread[held]))

    def _scaled_by_row(
        self, view: SubjectView, site: Site, severity: Severity, place: Location, columns: int, held: int, spread: float
    ) -> Result:
        return self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH,
            title="Every row is scaled by itself, and its columns have several units",
            message=(
                f"{held} of {columns} columns vary by {number(spread)} around a mean that is farther from zero: the "
                "column of the largest numbers sets the scale of every row, and the others come out nearly the same "
                "in all of them."
            ),
            site=site,
            location=place,
            onset=0,
            evidence=(Evidence(f"input/{site.name}/median spread of {held} columns", None, spread, self.of_row),),
            fixes=(Fix("Take mean and spread of every column, over the training rows",
                       "(x - x_train.mean(axis=0)) / x_train.std(axis=0)", place),),
        )  # fmt: skip

    def _tables(self, view: SubjectView, site: Site) -> list[FloatArray]:
        """Mean, spread, smallest and largest value of the columns, a row for each observed batch."""
        tables = []
        for name in ("column_mean", "column_std", "column_min", "column_max"):
            rows = [values for _, values in view.recording.vectors(site.key, name)]
            table = np.vstack([row for row in rows if len(row) == len(rows[0])]) if rows else np.empty((0, 0))
            tables.append(table[np.isfinite(table).all(axis=1)])
        return tables

    def _faint(self, view: SubjectView, site: Site) -> list[tuple[int, float, float]]:
        """(column, mean, spread) of the faint columns."""
        tables = self._tables(view, site)
        if not all(len(table) for table in tables):
            return []
        mean, spread = (np.median(table, axis=0) for table in tables[:2])
        # What is the same in most batches varies by rounding there, and a rare mark by much elsewhere.
        whole = tables[3].max(axis=0) - tables[2].min(axis=0)
        faint = (spread > _ROUNDING * np.abs(mean)) & (spread < self.max_spread) & (np.abs(mean) > self.min_offset)
        faint &= whole < self.max_range * self.max_spread
        for ends in (tables[2].min(axis=0), tables[3].max(axis=0)):
            # Pixels at the margin of pictures leave the value of the background now and then: all share it.
            _, place, count = np.unique(np.round(ends, 6), return_inverse=True, return_counts=True)
            faint &= count[place] == 1
        return [(int(one), float(mean[one]), float(spread[one])) for one in np.flatnonzero(faint)]
