"""Rule: a callback takes the worst figure for the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.directions import turned_directions
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView

_STOPPING = "EarlyStopping"


@dataclass(frozen=True)
class WatchedBackwards(Rule):
    """A callback watches a loss with mode "max", or an accuracy with mode "min".

    What it is:
        EarlyStopping, ModelCheckpoint and ReduceLROnPlateau are told which way the watched figure gets better. With
        the wrong one the first epoch counts as the best.

    Why it matters:
        The training is stopped, or its rate lowered, because it makes progress, and the weights that are brought
        back are the worst.

    How it is measured:
        In the source: the name of the figure and the mode that stand in one call. A loss that goes below zero may be
        one to be maximised, and is left alone.

    Example:
        keras.callbacks.EarlyStopping(monitor="val_loss", mode="max", restore_best_weights=True)

    Use instead:
        keras.callbacks.EarlyStopping(monitor="val_loss", mode="min", restore_best_weights=True)

    References:
        https://keras.io/api/callbacks/early_stopping/
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
        for place, name, figure, mode in turned_directions(view.recording):
            if name not in used:
                continue
            better = "smaller" if mode == "max" else "larger"
            # What only stops, or lowers a rate, is bad where the run ends early or does not learn.
            severe = used[name] or name == _STOPPING or view.judgement.failing
            yield self.finding(
                view,
                severity=Severity.ERROR if severe else Severity.WARNING,
                confidence=Confidence.HIGH,
                title=f"`{name}` takes the worst `{figure}` for the best",
                message=(
                    f"`{figure}` is the better the {better} it is, and `{name}` is told mode=\"{mode}\": the first "
                    "epochs count as the best."
                    + (" Their weights are what is kept." if used[name] else "")
                ),
                site=view.subject,
                location=place,
                evidence=(Evidence("calls with the other direction", None, 1.0, 0.0),),
                fixes=(Fix("Give the right direction, or leave it to Keras", 'mode="auto"', place),),
            )
            return
