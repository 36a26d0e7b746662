"""Rule: an absolute error of labels that are mostly zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.values import argument
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class MedianOfZeros(Rule):
    """The loss is least at the median of the labels, and most labels are zero.

    What it is:
        The mean absolute error asks for the median of what may come, not for its mean. Where more than half of the
        labels are 0, as of counts and amounts that are rarely there, the median is 0 for nearly every example.

    Why it matters:
        The network learns to say 0, and its sums are far too small, although the loss is as low as it gets.

    How it is measured:
        The share of the labels that are exactly zero, and the mean size of the outputs over that of the labels. It
        fires where the loss is an absolute error, the former is at least `min_share`, the latter at most `max_size`,
        and the run fails.

    Example:
        model.compile("adam", loss="mae")   # orders a month of a part that is rarely ordered

    Use instead:
        model.compile("adam", loss="poisson")

    References:
        Gneiting 2011, Making and evaluating point forecasts, https://doi.org/10.1198/jasa.2011.r10138
    """

    fault: ClassVar[str] = "loss-wrong"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"label", "loss", "output"})

    #: The median is 0 from here on.
    min_share: float = 0.5
    #: Outputs of half the labels' size miss half of what there is; those that follow the labels' mean have it all.
    max_size: float = 0.5

    def check(self, view: SubjectView) -> Iterator[Result]:
        label, loss, output = view.label, view.loss, view.output
        assert label is not None and loss is not None and output is not None
        if loss.attributes.get("function") != "absolute_error":
            return
        zeros = view.series("label", label, "zero_share").finite().values
        sizes = [view.series(role, site, "abs_mean").finite().values
                 for role, site in (("output", output), ("label", label))]  # fmt: skip
        if not len(zeros) or not all(len(one) for one in sizes):
            yield self.not_checked(view, "labels and outputs were not observed")
            return
        zero = float(np.mean(zeros))
        said, truth = float(np.mean(sizes[0][-len(sizes[0]) // 4 :])), float(np.mean(sizes[1]))
        if zero < self.min_share or truth == 0 or said > self.max_size * truth or not view.judgement.failing:
            yield self.ruled_out(f"{share(zero)} of the labels are zero")
            return
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="An absolute error of labels that are mostly zero",
            message=(
                f"{share(zero)} of the labels are 0, which is then their median, and an absolute error is least there: "
                f"the outputs have a mean size of {number(said)}, the labels one of {number(truth)}."
            ),
            site=loss,
            location=argument(view.recording, loss.location, ("loss",)) or loss.location,
            onset=0,
            evidence=(
                Evidence(f"label/{label.name}/zero_share", None, zero, self.min_share, "share"),
                Evidence("output/abs_mean over label/abs_mean", None, said / truth, self.max_size, "share"),
            ),
            fixes=(Fix("Use a loss that is least at the mean: of counts that of Poisson", 'loss="poisson"'),
                   Fix("Or of any amounts the squared error", 'loss="mse"')),
        )  # fmt: skip
