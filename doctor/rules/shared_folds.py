"""Rule: one network is trained through all folds of a cross-validation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.folds import trained_through
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.types import Location


@dataclass(frozen=True)
class SharedFolds(Rule):
    """One network is trained through all folds: what it is tested on it was trained on in the folds before.

    What it is:
        The network is made before the loop over the folds, and each `fit` goes on where the last one ended.

    Why it matters:
        From the second fold on the held-out rows were training rows of another fold. The mean over the folds is too
        good, and grows with their number.

    How it is measured:
        In the source a loop over pairs of index arrays (`for train, test in folds.split(x)`) trains a network that was
        made before it, and nothing in the loop makes another one or gives it weights anew; in the run the same
        network was fitted `min_fits` times or more.

    Example:
        model = build()
        for train, test in KFold(5).split(x):
            model.fit(x[train], y[train])

    Use instead:
        for train, test in KFold(5).split(x):
            model = build()
            model.fit(x[train], y[train])

    References:
        https://scikit-learn.org/stable/modules/cross_validation.html
    """

    fault: ClassVar[str] = "leakage"
    scope: ClassVar[str] = "run"

    #: Fits of one network that are rounds.
    min_fits: int = 2

    def check(self, view: SubjectView) -> Iterator[Result]:
        for trained, made in trained_through(view.recording):
            fits = [site for site in view.recording.sites_of("fit")
                    if site.location is not None and site.location.line == trained.line]  # fmt: skip
            # Trainings that go on are one subject: a network that is made anew is another one.
            subjects = [one for one in view.recording.subjects if one.attributes.get("style") == "fit"]
            if len(fits) >= self.min_fits and len(subjects) < len(fits):
                yield self._finding(view, trained, made, len(fits))
                return

    def _finding(self, view: SubjectView, trained: Location, made: Location | None, rounds: int) -> Result:
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="One network is trained through all folds",
            message=(
                f"It was fitted {rounds} times and made once: from the second fold on it is tested on rows that it was "
                "trained on in the folds before."
            ),
            location=made or trained,
            onset=None,
            evidence=(Evidence("fits of one network", None, float(rounds), 1.0),),
            fixes=(Fix("Make the network anew in each fold", "", trained),),
        )
