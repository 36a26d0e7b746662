"""Rule: a callback takes the worst figure for the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.directions import turned_directions
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView

#: What stops is told of by too-few-steps, what lowers the rate by lr-too-low.
_TOLD_ELSEWHERE = frozenset({"EarlyStopping", "ReduceLROnPlateau"})


@dataclass(frozen=True)
class WatchedBackwards(Rule):
    """A callback watches a loss with mode "max", or an accuracy with mode "min".

    What it is:
        ModelCheckpoint, and many a callback of one's own, is told which way the watched figure gets better. With
        the wrong one the first epoch counts as the best.

    Why it matters:
        The training looks well, and the weights that are kept are the worst.

    How it is measured:
        In the source: the name of the figure and the mode that stand in one call. A loss that goes below zero may be
        one to be maximised, and is left alone. Callbacks that stop, or lower the rate, are told of by other rules.

    Example:
        keras.callbacks.ModelCheckpoint(path, monitor="val_loss", mode="max", save_best_only=True)

    Use instead:
        keras.callbacks.ModelCheckpoint(path, monitor="val_loss", mode="min", save_best_only=True)

    References:
        https://keras.io/api/callbacks/model_checkpoint/
    """

    fault: ClassVar[str] = "update-missing"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: A loss below this may be meant to be maximised.
    floor: float = 0.0

    def check(self, view: SubjectView) -> Iterator[Result]:
        losses = view.losses.finite().values
        if view.subject != view.recording.subjects[0] or not len(losses) or losses.min() < self.floor:
            return
        used = {str(one.get("class")): bool(one.get("best")) for fit in view.sites("fit", None)
                for one in fit.attributes.get("callbacks") or ()}  # fmt: skip
        for call in turned_directions(view.recording):
            if call.name not in used or call.name in _TOLD_ELSEWHERE:
                continue
            better = "smaller" if call.mode == "max" else "larger"
            yield self.finding(
                view,
                severity=Severity.ERROR if used[call.name] or view.judgement.failing else Severity.WARNING,
                confidence=Confidence.HIGH,
                title=f"`{call.name}` takes the worst `{call.monitor}` for the best",
                message=(
                    f"`{call.monitor}` is the better the {better} it is, and `{call.name}` is told "
                    f'mode="{call.mode}": the first epochs count as the best.'
                    + (" Their weights are what is kept." if used[call.name] else "")
                ),
                site=view.subject,
                location=call.location,
                evidence=(Evidence("calls with the other direction", None, 1.0, 0.0),),
                fixes=(Fix("Give the right direction", f'mode="{"min" if call.mode == "max" else "max"}"',
                           call.location),),
            )  # fmt: skip
            return
