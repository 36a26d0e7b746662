"""Rule: a metric compares the predictions with what the model was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.scored_inputs import scored_against_inputs
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class ScoredInputs(Rule):
    """A metric is given an input of the model in place of the labels that the loss is given.

    What it is:
        In a translation the decoder is fed the text and has to tell the next sign: both are arrays of the same
        shape, and the metric is handed the wrong one.

    Why it matters:
        The metric stays near chance, or looks fine, whatever the model learns.

    How it is measured:
        In the script: one function makes `p = model(x)`, and hands `p` to a loss with `y` and to the `update_state`
        of a metric with `x`. Names are no proof of what is meant, so that this is a warning.

    Example:
        logits = model(tokens_in)
        loss = loss_fn(tokens_out, logits)
        accuracy.update_state(tokens_in, logits)

    Use instead:
        accuracy.update_state(tokens_out, logits)

    References:
        https://keras.io/api/metrics/base_metric/
    """

    fault: ClassVar[str] = "metric-wrong"

    def check(self, view: SubjectView) -> Iterator[Result]:
        found = scored_against_inputs(view.recording) if view.subject == view.recording.subjects[0] else None
        if found is None:
            return
        place, given, wanted = found
        yield self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.HIGH,
            title=f"A metric compares the predictions with `{given}`, which the model was given",
            message=(
                f"The loss compares them with `{wanted}`. What the metric shows says nothing of how well these are "
                "predicted."
            ),
            site=view.subject,
            location=place,
            evidence=(Evidence("metrics that are given an input for the labels", None, 1.0, 0.0),),
            fixes=(Fix("Give the metric what the loss is given", place.code.replace(given, wanted, 1), place),),
        )
