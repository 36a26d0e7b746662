"""Rule: predictions in the units of scaled targets are scored against targets in other units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.scores import scores
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class ScoredInUnits(Rule):
    """The script scores what the model predicts against targets of another scale than it was trained on.

    What it is:
        Targets were standardised or put between 0 and 1 for the training, and what the model predicts is compared
        with the targets as they were before; or the other way round.

    Why it matters:
        The error is that of a model that knows nothing, or seems tiny in the wrong unit, however well it was trained.

    How it is measured:
        The variance of the labels that a score was computed of, over that of the labels in training. It fires where
        that is at least `min_ratio`, or at most one over it, the predictions explain nothing of those labels, and
        the run explains `min_explained` of its own; no other score of held-out rows may be better than the mean.

    Example:
        mae = mean_absolute_error(price, model.predict(x))  # trained on scaler.transform(price)

    Use instead:
        mae = mean_absolute_error(price, scaler.inverse_transform(model.predict(x)))

    References:
        https://scikit-learn.org/stable/modules/compose.html#transforming-target-in-regression
    """

    fault: ClassVar[str] = "metric-wrong"
    worst: ClassVar[Severity] = Severity.WARNING

    #: Ratio of variances, a factor of five in the unit: seasons and places differ by less.
    min_ratio: float = 25.0
    #: Share of its own labels' variance that a trained model explains.
    min_explained: float = 0.5
    #: Rows from which on a variance is known.
    min_rows: int = 30

    def check(self, view: SubjectView) -> Iterator[Result]:
        explained = view.judgement.explained
        spread = view.series("label", view.label, "std", sound=False).finite() if view.label is not None else None
        if explained is None or spread is None or not len(spread) or spread.values.mean() <= 0:
            return
        trained = float(spread.values.mean()) ** 2
        found = [one for one in scores(view, "r2_score") if one.rows >= self.min_rows and one.variance]
        apart = [one for one in found if not 1 / self.min_ratio < (one.variance or 0.0) / trained < self.min_ratio]
        if not apart or explained < self.min_explained or max(one.best for one in found) > 0:
            if found:
                yield self.ruled_out("what is scored has the scale of what was trained on")
            return
        score = apart[0]
        ratio = (score.variance or 0.0) / trained
        labels = str(score.site.attributes.get("labels") or "the labels")
        yield self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.HIGH,
            title="Predictions are scored against labels of another scale than they were trained on",
            message=(
                f"The labels of the training have a standard deviation of {number(trained**0.5)}, `{labels}` one of "
                f"{number((score.variance or 0.0) ** 0.5)}. The run explains {share(explained)} of the variance of its "
                "own labels and nothing of these: one of the two has to be brought back to the unit of the other."
            ),
            site=score.site,
            location=score.made or score.site.location,
            evidence=(
                Evidence("variance of the labels scored over that in training", None, ratio, self.min_ratio),
                Evidence("R2 of the script's predictions", None, score.best, explained),
            ),
            fixes=(Fix("Undo the scaling of the targets first", "scaler.inverse_transform(model.predict(x))"),),
        )
