"""Rule: the best weights are kept on a condition that cannot come true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.best import never_better
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class NeverBetter(Rule):
    """The best weights so far are kept on a condition that cannot come true, and those of the start come back.

    What it is:
        A script keeps the weights of the best epoch by hand. Its best value starts where no epoch can be better:
        at 0 for a loss that is to be smaller, at infinity for an accuracy that is to be larger. So the weights
        that are kept are those of before the training, and when they are brought back all that was learned is lost.

    Why it matters:
        The training looks perfect. What is evaluated, saved and shipped has learned nothing.

    How it is measured:
        In the script: the comparison of a loss, or of a measure between 0 and 1, with a name that gets a value only
        there and once before the loop; the branch keeps weights, and a later line brings weights back. In the run:
        it fires where no loss at any step was below `floor`, so that a loss may not be negative here.

    Example:
        best = 0.0
        for epoch in range(20):
            ...
            if validation_loss < best:
                best, kept = validation_loss, model.get_weights()
        model.set_weights(kept)

    Use instead:
        best = float("inf")

    References:
        https://keras.io/api/callbacks/model_checkpoint/
    """

    fault: ClassVar[str] = "update-missing"

    #: A loss below this may go below zero in other places too.
    floor: float = 0.0

    def check(self, view: SubjectView) -> Iterator[Result]:
        if view.subject != view.recording.subjects[0]:
            return  # one script, one finding
        losses = view.losses.finite()
        if not len(losses) or losses.values.min() < self.floor:
            return
        found = never_better(view.recording)
        if found is None:
            return
        larger = ">" in found.test
        start = 'float("-inf")' if larger else 'float("inf")'
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The weights that are kept as the best are those of before the training",
            message=(
                f"`{found.test}` never comes true, as the best value starts at {found.start}. What was learned, from a "
                f"loss of {number(view.judgement.first_loss)} to {number(view.judgement.late_loss)}, is thrown away by "
                f"`{found.restored.code}`."
            ),
            site=view.subject,
            location=found.first,
            onset=0,
            evidence=(
                Evidence("smallest loss of a step", None, float(losses.values.min()), None),
                Evidence("times that weights were kept", None, 0.0, 1.0),
            ),
            fixes=(Fix("Start with the worst value there is", _started(found.first.code, start)),),
        )


def _started(code: str, start: str) -> str:
    return f"{code.partition('=')[0].rstrip()} = {start}" if code.count("=") == 1 else start
