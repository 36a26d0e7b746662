"""How steeply a loss still falls at the end of a run."""

from __future__ import annotations

import numpy as np

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


#: Passes over the data of which `pass_slope` says something: two may fall by the first steps alone, and of many the
#: last tenth is a pass or more.
PASSES = range(3, 11)
#: Steps of such a pass, at least.
PASS_STEPS = 10


def pass_slope(view: SubjectView) -> float:
    """The loss of the last pass of `fit` over that of the pass before, where each lies below the one before; else 1.

    Batches may differ more than the loss falls between them; a pass has the same rows as the one before. The drop has
    to be as large as its standard error would be if it had not.
    """
    fit = view.first_site("fit")
    passes = (fit.attributes.get("epochs") or 0) if fit is not None else 0
    losses = view.recording.data_losses(view.subject.key).finite().values
    if passes not in PASSES or len(losses) % passes or len(losses) // passes < PASS_STEPS:
        return 1.0
    rows = np.reshape(losses, (passes, -1))
    means, errors = rows.mean(axis=1), rows.std(axis=1, ddof=1) / np.sqrt(rows.shape[1])
    clear = means[-2] - means[-1] > float(np.hypot(errors[-1], errors[-2]))
    return float(means[-1] / means[-2]) if clear and means[-1] > 0 and (np.diff(means) < 0).all() else 1.0
