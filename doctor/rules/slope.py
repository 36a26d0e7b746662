"""How steeply a loss still falls at the end of a run."""

from __future__ import annotations

from doctor.rules.view import SubjectView

#: `late_slope` from which on a curve is nearly level.
LEVEL = 0.96


def late_slope(view: SubjectView) -> float:
    """The loss of the last tenth of the run over that of the tenth before.

    Of losses that are not positive the quotient says nothing: there it is 1 less the part that the last tenth has
    in the whole fall.
    """
    losses = view.recording.data_losses(view.subject.key).finite().values
    width = max(len(losses) // 10, 5)
    late, before = losses[-width:], losses[-2 * width : -width]
    if len(before) < width:
        return 0.0 if view.judgement.falling else 1.0
    if not float(before.mean()) > 0 or not float(late.mean()) > 0:
        fall = float(losses[:width].mean() - late.mean())
        return 1.0 - float(before.mean() - late.mean()) / fall if fall > 0 else 1.0
    return float(late.mean() / before.mean())
