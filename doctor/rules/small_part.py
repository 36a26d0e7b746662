"""Rule: the small part of a split is trained on, and the large one held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.hits import shown_accuracy
from doctor.reading.split_shares import Split, smallest_training_share
from doctor.rules.base import Result, Rule, share
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class SmallPart(Rule):
    """The small part of the data is trained on, and the large one held out.

    What it is:
        The shares of a split stand for each other: 0.9 as the size of the test part, or parts that got each
        other's names.

    Why it matters:
        The model sees a fraction of the rows, knows them by heart, and is worse on the others than the data would
        allow.

    How it is measured:
        The script writes how much is held out, which leaves at most `most` of the rows for training, or gives the two
        parts each other's names. It fires where the model makes at least `times` as many errors outside of the
        training as within, and `min_gap` of all predictions more; of values, where it explains `min_gap` less of
        their variance. Who writes how much is trained on means it.

    Example:
        x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.9)

    Use instead:
        x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.1)

    References:
        https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.train_test_split.html
    """

    fault: ClassVar[str] = "overfitting"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: A quarter: studies of few labels use less on purpose, which is why the figures below must agree as well.
    most: float = 0.25
    #: Errors outside of the training over those within.
    times: float = 3.0
    #: Difference of the accuracies, or of the explained shares, that is worth a word.
    min_gap: float = 0.05

    def check(self, view: SubjectView) -> Iterator[Result]:
        split = smallest_training_share(view.recording)
        if split is None or split.trained > self.most or len(view.recording.subjects) > 1:
            return
        reached = self._reached(view)
        if reached is None:
            yield self.not_checked(view, "no figures of training and evaluation were seen side by side")
            return
        what, fitted, held = reached
        if fitted - held < self.min_gap or 1 - held < self.times * (1 - fitted):
            yield self.ruled_out(f"the {what} is {share(fitted)} in training and {share(held)} outside of it")
            return
        yield self._found(view, split, what, fitted, held)

    def _reached(self, view: SubjectView) -> tuple[str, float, float] | None:
        """What was measured, in training and outside of it."""
        judgement = view.judgement
        shown = [shown_accuracy(view.recording, view.subject.key, phase) for phase in ("train", "eval")]
        if all(len(one) for one in shown):
            return "accuracy", float(shown[0][-1]), float(shown[1][-1])
        if judgement.accuracy is not None and judgement.eval_accuracy is not None:
            return "accuracy", judgement.accuracy, judgement.eval_accuracy
        if judgement.explained is not None and judgement.eval_explained is not None:
            return "explained share of the variance", judgement.explained, judgement.eval_explained
        return None

    def _found(self, view: SubjectView, split: Split, what: str, fitted: float, held: float) -> Result:
        return self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.HIGH if split.swapped else Confidence.MEDIUM,
            title=f"The model is trained on {share(split.trained)} of the rows, and the rest is held out",
            message=(
                f"The {what} is {share(fitted)} in training and {share(held)} outside of it. "
                + ("The two parts have each other's names." if split.swapped
                   else "With the shares the other way round the model would see most of the data.")
            ),
            site=view.first_site("fit") or view.subject,
            location=split.location,
            onset=0,
            evidence=(
                Evidence("share of the rows that is trained on", None, split.trained, self.most, "share"),
                Evidence(f"{what} in training", None, fitted, None, "share"),
                Evidence(f"{what} outside of it", None, held, None, "share"),
            ),
            fixes=(Fix("Train on the large part", split.code, split.location),),
        )  # fmt: skip
