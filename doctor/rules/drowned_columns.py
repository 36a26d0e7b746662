"""Rule: columns of several targets that the loss cannot tell from nothing beside columns of larger numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule, number
from doctor.rules.columns import columns_text, input_names
from doctor.rules.labels import reconstructs
from doctor.rules.view import SubjectView, root_mean_square
from doctor.rules.wording import data_line


@dataclass(frozen=True)
class DrownedColumns(Rule):
    """An autoencoder of a table in mixed units rebuilds the columns with the largest numbers only.

    What it is:
        Columns in units of their own (pascals, hours, shares) are put into one mean of squared errors as they are.

    Why it matters:
        The error of one column is a million times that of another. What varies little in its unit may come out as
        anything: the loss does not notice, and neither does an alarm that is raised by it.

    How it is measured:
        The variance of each column of the inputs, which are the targets too, beside the mean squared error of one
        value late in the run. It fires where at least `min_columns` of up to `most` columns that vary have a variance
        below `max_variance` times that error: rebuilding them perfectly, or not at all, is the same to the loss.

    Example:
        autoencoder.fit(table, table)

    Use instead:
        table = (table - table.mean(axis=0)) / table.std(axis=0)
        autoencoder.fit(table, table)

    References:
        https://scikit-learn.org/stable/modules/preprocessing.html
    """

    fault: ClassVar[str] = "input-scale"
    needs: ClassVar[frozenset[str]] = frozenset({"input", "output"})

    #: Share of the error of one value that a whole column's variance is below.
    max_variance: float = 0.01
    #: Share of the columns.
    min_columns: float = 0.5
    #: Wider rows are pictures, whose margins vary little by nature.
    most: int = 48

    def check(self, view: SubjectView) -> Iterator[Result]:
        site, output = view.first_site("input"), view.output
        if site is None or output is None or not reconstructs(view):
            return
        tables = [values for _, values in view.recording.vectors(site.key, "column_std")]
        late = [row for _, row in view.recording.vectors(output.key, "errors") if np.isfinite(row).all()]
        if not tables or not late or not 2 <= len(tables[0]) <= self.most:
            return
        variances = np.median(np.vstack([row for row in tables if len(row) == len(tables[0])]), axis=0) ** 2
        wrong, _, count = np.sum(late[-max(1, len(late) // 3) :], axis=0)
        error = float(wrong / count)
        varied = variances > 0
        drowned = np.flatnonzero(varied & (variances < self.max_variance * error))
        if len(drowned) < self.min_columns * varied.sum():
            yield self.ruled_out("the error of a value is of the size of what the columns vary by")
            return
        least = int(drowned[variances[drowned].argmin()])
        names = columns_text(drowned, input_names(view, site))
        place, start = data_line(view, site), view.initial("input", site)
        yield self.finding(
            view,
            severity=view.degree or Severity.WARNING,
            confidence=Confidence.HIGH,
            title=f"{len(drowned)} of {int(varied.sum())} columns do not count in the loss",
            message=(
                f"The mean squared error of a value is {number(error)} late in the run, and {names} vary by less than "
                f"a hundredth of that in their own units (column {least}: {number(float(variances[least]))}). Whether "
                "these are rebuilt makes no difference to the loss."
            ),
            site=site,
            location=place,
            onset=0,
            evidence=(
                *([Evidence(f"input/{site.name}/rms", 0, root_mean_square(start))] if start is not None else ()),
                Evidence(f"input/{site.name}/column {least}/variance", None, float(variances[least]),
                         self.max_variance * error),
                Evidence("largest over smallest variance of a column", None,
                         float(variances[varied].max() / variances[varied].min())),
            ),
            fixes=(Fix("Standardise each column by the mean and spread of the training rows",
                       "x = (x - x_train.mean(axis=0)) / x_train.std(axis=0)", place),),
        )  # fmt: skip
