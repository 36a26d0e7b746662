"""Rule: a score that the script computes itself contradicts what the evaluation saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.hits import shown_accuracy
from doctor.rules.base import Result, Rule, share
from doctor.rules.row_sets import row_sets
from doctor.rules.scores import Score, among, scores
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class ScoredApart(Rule):
    """The script's own score says that the model guesses, on rows that it is right on.

    What it is:
        Between what the model predicts and what is scored something goes wrong: rows in another order than the
        labels, a threshold of 0.5 on logits, an argmax over the wrong axis, classes that are counted from another
        number, a scaler that is left out.

    Why it matters:
        The model works and is reported as worthless. People look for the fault in the model.

    How it is measured:
        The accuracy that `fit` or `evaluate` showed last on held-out rows, against the best `accuracy_score` of what
        the model predicts for as many rows, both as shares of the way from the most frequent class to perfect
        predictions. It fires where the first gains `min_gain` and the second at most `max_kept` of that. Where the
        script compares by itself, the first may also be the plain reading of the very same answers: the class of the
        largest output, or one output against 0.5, or 0.

    Example:
        print(accuracy_score(y_test, model.predict(x_test) > 0.5))  # of logits

    Use instead:
        print(accuracy_score(y_test, model.predict(x_test) > 0))

    References:
        https://scikit-learn.org/stable/modules/model_evaluation.html#accuracy-score
    """

    fault: ClassVar[str] = "metric-wrong"
    worst: ClassVar[Severity] = Severity.WARNING

    #: Share of the possible gain of a model that works.
    min_gain: float = 0.5
    #: Part of it below which chance begins: a threshold that is a little off costs less.
    max_kept: float = 0.4
    #: Rows below which chance is too wide.
    min_rows: int = 50
    #: Share of the most frequent class from which on thresholds are a matter of choice.
    max_majority: float = 0.8

    def check(self, view: SubjectView) -> Iterator[Result]:
        yield self._by_seen(view) or self._by_plain(view) or self.ruled_out("scores agree with what was evaluated")

    def _by_plain(self, view: SubjectView) -> Result | None:
        """The script's own comparison finds guesses where a plain reading of the same answers is right."""
        told = [one for one in scores(view, "accuracy_score")
                if one.by_hand and one.rows >= self.min_rows and one.majority is not None]  # fmt: skip
        for score in told:
            plain, chance = score.site.attributes.get("plain"), float(score.majority or 0.0)
            # Of a rare class a threshold of its own is chosen on purpose.
            if plain is None or chance >= self.max_majority or score.site.attributes.get("broadcast"):
                continue
            gain, kept = ((one - chance) / max(1 - chance, 1e-12) for one in (float(plain), score.value))
            if gain >= self.min_gain and kept <= self.max_kept * gain:
                return self._found(view, score, float(plain), "A plain reading of the same answers",
                                   "The score misreads the model")  # fmt: skip
        return None

    def _same_rows(self, view: SubjectView, score: Score) -> bool:
        """Whether a score is of rows that were evaluated: those of inputs that were changed on purpose are others."""
        return not score.by_hand or among(view, score.site.attributes.get("seen") or (), "eval") is True

    def _by_seen(self, view: SubjectView) -> Result | None:
        """The evaluation that was seen on as many rows says otherwise."""
        shown = shown_accuracy(view.recording, view.subject.key, "eval")
        accuracy = float(shown[-1]) if len(shown) else view.judgement.eval_accuracy
        rows = {one.rows for one in row_sets(view, "eval") if one.array is not None}
        # Several labels to a row are right together or not at all, which is another measure.
        held = [one for one in scores(view, "accuracy_score")
                if one.rows >= self.min_rows and not one.trained_on and one.majority is not None
                and (not rows or one.rows in rows) and self._same_rows(view, one)]  # fmt: skip
        if accuracy is None or not held:
            return None
        # One that agrees clears the way from predictions to scores: others are of changed inputs, or thresholds.
        score = max(held, key=lambda one: one.value)
        chance = float(score.majority or 0.0)
        gain, kept = ((one - chance) / max(1 - chance, 1e-12) for one in (accuracy, score.value))
        if gain < self.min_gain or kept > self.max_kept * gain:
            return None
        return self._found(view, score, accuracy, "The evaluation", "The score contradicts the evaluation")

    def _found(self, view: SubjectView, score: Score, right: float, by: str, title: str) -> Result:
        return self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
            title=title,
            message=(
                f"{by} finds {share(right)} of the rows right, the script ({score.name}) {share(score.value)} of "
                f"{score.rows} rows; the most frequent class alone is {share(float(score.majority or 0.0))}. "
                "What is scored is not what the model says of these rows: look at their order, the threshold and the "
                "axis."
            ),
            site=view.subject,
            location=score.made or score.site.location,
            evidence=(
                Evidence(by.lower(), None, right, None, "share"),
                Evidence("score of the script", None, score.value, right, "share"),
            ),
            fixes=(Fix("Compare a few predictions with their labels by eye, and follow both back"),),
        )
