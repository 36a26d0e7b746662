"""Rule: inputs are taken in a shuffled order, and their labels as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.shuffles import sliced_apart
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class LabelsInPlace(Rule):
    """A batch takes its inputs by numbers that are shuffled, and its labels as they stand in the data.

    What it is:
        A generator or PyDataset shuffles the numbers of the rows, takes the inputs by them, and forgets the labels.

    Why it matters:
        Every example stands beside the label of another one.

    How it is measured:
        In the source: a function that slices numbers which are shuffled, and the labels by the same bounds. Labels are
        known by their name, or as the last of what the function returns. Only where the run does not close
        `good_gain` of the gap to perfect prediction: labels that belong elsewhere are not learned.

    Example:
        def __getitem__(self, index):
            window = slice(index * 32, index * 32 + 32)
            rows = self.order[window]
            return self.x[rows], self.y[window]

    Use instead:
        def __getitem__(self, index):
            rows = self.order[index * 32 : index * 32 + 32]
            return self.x[rows], self.y[rows]

    References:
        https://keras.io/api/utils/python_utils/ (PyDataset)
    """

    fault: ClassVar[str] = "label-mismatch"

    #: Share of the gap to perfect prediction from which on the labels belong to their inputs.
    good_gain: float = 0.6

    def check(self, view: SubjectView) -> Iterator[Result]:
        judgement = view.judgement
        if judgement.training and (judgement.gain or 0.0) >= self.good_gain:
            return
        place = sliced_apart(view.recording)
        if place is None:
            return
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The inputs are taken in a shuffled order, and their labels as they stand",
            message=(
                f"Line {place.line} takes the labels by their place in the data, where the inputs of the batch are "
                "taken by numbers that are shuffled."
            ),
            site=view.label or view.subject,
            location=place,
            onset=0,
            evidence=(Evidence("orders of inputs and labels", None, 2.0, 1.0),),
            fixes=(Fix("Take both by the same numbers", "rows = order[start:stop]\nx[rows], y[rows]", place),),
        )
