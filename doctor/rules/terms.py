"""What a loss has beside the loss of the data: penalties, and divergences of a code."""

from __future__ import annotations

from doctor.rules.view import SubjectView


def other_terms(view: SubjectView) -> list[tuple[int, float, float]]:
    """(step, the other terms together, loss of the data) at observed steps.

    What is known as the loss of a step is the sum of both in an eager loop, and that of the data in a graph.
    """
    losses = view.recording.losses(view.subject.key)
    known = dict(zip(losses.steps.tolist(), losses.values.tolist()))

    def beside(name: str) -> list[tuple[int, float, float]]:
        seen = view.recording.scalars(view.subject.key, name).finite()
        pairs = zip(seen.steps.tolist(), seen.values.tolist())
        return [(step, value, known[step]) for step, value in pairs if step in known]

    return [(step, loss - data, data) for step, data, loss in beside("data_loss")] or [
        (step, whole - data, data) for step, whole, data in beside("total_loss")
    ]
