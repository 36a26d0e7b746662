"""Rule: what the trained model is asked is prepared otherwise than what it was trained on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Iterator, Mapping, Sequence

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.chains import made_at
from doctor.reading.step_kinds import divides, transforms
from doctor.rules.base import Result, Rule, number
from doctor.rules.columns import array_names, columns_text
from doctor.rules.view import SubjectView
from doctor.types import Site


@dataclass(frozen=True)
class ServedOtherwise(Rule):
    """Rows that `predict` or `evaluate` is given have other columns than the training rows.

    What it is:
        The model is trained on columns that were scaled, and later asked about columns that were not, or with other
        figures: the variance in the place of the standard deviation, a scaler that was fitted again, another unit.

    Why it matters:
        The training and its validation look well. What the model is used for gets answers of another world.

    How it is measured:
        The mean and the spread of every column of tables that are given to predict and evaluate, of `min_rows` rows
        and more, against those of the table that was fitted. A column is far off where its spread differs by
        `max_ratio` and more, or its mean by `max_shift` training spreads and more. It fires where at least
        `min_far` of `min_columns` or more columns are far off, some wider and others narrower, or all by a factor of
        `unit`: the rows of one class are narrower alone, what an anomaly detector looks for is wider alone. Columns
        that hold one value are of a plot.

    Example:
        served = (raw - scaler.mean_) / scaler.var_

    Use instead:
        served = (raw - scaler.mean_) / scaler.scale_

    References:
        Sculley et al. 2015, Hidden Technical Debt in Machine Learning Systems
    """

    fault: ClassVar[str] = "input-scale"
    worst: ClassVar[Severity] = Severity.WARNING

    #: Fewer rows are single cases.
    min_rows: int = 30
    #: Fewer columns are a curve, or a plane that is drawn.
    min_columns: int = 3
    #: Ratio of two spreads of one column. Parts of one table differ by less than two.
    max_ratio: float = 3.0
    #: Distance of two means in training spreads. Cases that are looked for may lie three off.
    max_shift: float = 5.0
    #: Ratio, or distance in training spreads, that only another unit brings about.
    unit: float = 20.0
    #: Share of the columns that are far off.
    min_far: float = 0.5

    def check(self, view: SubjectView) -> Iterator[Result]:
        if len(view.recording.subjects) != 1:
            return
        tables = [one for one in view.sites("array", None) if one.attributes.get("columns")]
        trained = [one for one in tables if one.attributes.get("role") == "x"]
        if len(trained) != 1:
            return
        own = list(trained[0].attributes["columns"])
        for served in tables:
            columns = list(served.attributes["columns"])
            rows = (served.attributes.get("shape") or [0])[0]
            if served.attributes.get("role") != "x_val" or rows < self.min_rows or len(columns) != len(own):
                continue
            compared = [(number, mine, theirs) for number, (mine, theirs) in enumerate(zip(own, columns))
                        if _spread(mine) and _spread(theirs)]  # fmt: skip
            far = [number for number, mine, theirs in compared if self._far(mine, theirs)]
            if len(compared) >= self.min_columns and len(far) >= self.min_far * len(compared) and self._scaled(
                [own[number] for number in far], [columns[number] for number in far]
            ):
                yield self._finding(view, trained[0], served, far, len(compared))
                return
        if len(tables) > 1:
            yield self.ruled_out(f"the columns of `{tables[-1].name}` are like those of the training rows")

    def _far(self, trained: Mapping[str, Any], served: Mapping[str, Any]) -> bool:
        ratio = _spread(served) / _spread(trained)
        shift = abs(float(served["mean"]) - float(trained["mean"])) / _spread(trained)
        return not 1 / self.max_ratio < ratio < self.max_ratio or shift >= self.max_shift

    def _scaled(self, trained: Sequence[Mapping[str, Any]], served: Sequence[Mapping[str, Any]]) -> bool:
        """Whether columns differ as scaling makes them, and not as one class, or what is looked for, does.

        Some are wider and others narrower, or all lie a multiple of `unit` apart.
        """
        ratios = [_spread(theirs) / _spread(mine) for mine, theirs in zip(trained, served)]
        shifts = [abs(float(theirs["mean"]) - float(mine["mean"])) / _spread(mine)
                  for mine, theirs in zip(trained, served)]  # fmt: skip
        both = max(ratios) >= self.max_ratio and min(ratios) <= 1 / self.max_ratio
        return both or all(max(one, 1 / one, shift) >= self.unit for one, shift in zip(ratios, shifts))

    def _finding(self, view: SubjectView, trained: Site, served: Site, far: list[int], compared: int) -> Result:
        mine, theirs = trained.attributes["columns"], served.attributes["columns"]
        worst = max(far, key=lambda at: abs(math.log(_spread(theirs[at]) / _spread(mine[at]))))
        name = str(served.attributes.get("variable") or served.name)
        line = made_at(view.recording, served, divides) or made_at(view.recording, served, transforms)
        return self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
            title=f"`{name}` is prepared otherwise than the training rows",
            message=(
                f"In {len(far)} of {compared} columns ({columns_text(far[:10], array_names(served))}) mean or spread "
                f"are far from those of the training rows: column {worst} spreads by {number(_spread(theirs[worst]))}, "
                f"in training by {number(_spread(mine[worst]))}."
            ),
            site=served,
            location=line or served.location,
            evidence=(
                Evidence("columns that are far off", None, len(far) / compared, self.min_far, "share"),
                Evidence(f"spread of column {worst}", None, _spread(theirs[worst]), _spread(mine[worst]), "",
                         "the limit is that of the training rows"),
            ),
            fixes=(Fix("Prepare every row by the figures of the training rows, in one function for all"),),
        )  # fmt: skip


def _spread(column: Mapping[str, Any]) -> float:
    """The standard deviation of a column; 0 where it holds one value, or nothing is known."""
    value = (column or {}).get("std")
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else 0.0
