"""Rule: what the script scores itself is far below what the model reaches in training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule, share
from doctor.rules.memorising import penalty_fixes, place_to_hold_back
from doctor.rules.scores import Score, scores
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class LearnedByHeart(Rule):
    """The model knows its training data, and scores far less on what the script keeps apart.

    What it is:
        Overfitting in a script that hands no validation data to `fit`, and computes a score of held-out rows itself.

    Why it matters:
        Nothing in the training shows it: the loss falls to next to nothing, and too little data, or too large a
        model, is seen only in the score at the end.

    How it is measured:
        The best `r2_score` or `accuracy_score` of what the model predicts, and what the script computes itself where it
        compares predictions with labels in NumPy, on rows that are not trained on by their hashes, or by the name
        and the number of their labels; an R2 is told against the variance of the training labels. It fires
        where training gains `min_gain` of the way from a constant to perfect predictions, and that score less than
        `max_kept` of it. Where `fit` or `evaluate` see held-out rows, overfitting tells.

    Example:
        model.fit(x[:60], y[:60], epochs=500)
        print(r2_score(y_test, model.predict(x_test)))

    Use instead:
        model.fit(x, y, epochs=500, validation_split=0.1, callbacks=[keras.callbacks.EarlyStopping(patience=10)])

    References:
        https://scikit-learn.org/stable/modules/model_evaluation.html
    """

    fault: ClassVar[str] = "overfitting"
    worst: ClassVar[Severity] = Severity.WARNING

    #: Share of what training could gain that it must have gained: it knows its rows then.
    min_gain: float = 0.95
    #: Part of that which a score of new rows may be below. Noise of a quarter of the variance costs a third.
    max_kept: float = 0.65
    #: Below it predictions are of another scale than the labels.
    min_kept: float = -1.0
    #: Rows below which a score says little.
    min_rows: int = 30

    def check(self, view: SubjectView) -> Iterator[Result]:
        judgement = view.judgement
        if judgement.eval_accuracy is not None or judgement.eval_explained is not None:
            return  # see overfitting
        told = self._of_variance(view) or self._of_classes(view)
        if told is None:
            yield self.not_checked(view, "the script computes no score of held-out rows by itself")
            return
        gain, kept, score = told
        if gain < self.min_gain or kept >= self.max_kept * gain or kept < self.min_kept:
            yield self.ruled_out(f"{score.measure} of held-out rows is {share(max(score.value, 0.0))}")
            return
        yield self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
            title="The model overfits: it knows the training data only",
            message=(
                f"{score.measure} is {score.value:.3f} on {score.rows} rows that the model was not trained on "
                f"({score.name}), where training reaches {share(gain)} of what perfect predictions would gain over a "
                "constant one."
            ),
            site=view.first_site("fit") or view.subject,
            location=place_to_hold_back(view),
            evidence=(
                Evidence("gained in training", None, gain, None, "share"),
                Evidence("gained on held-out rows", None, kept, self.max_kept * gain, "share"),
            ),
            fixes=(
                *penalty_fixes(view),
                Fix("Use more data, a smaller model, dropout or weight decay, and stop by a validation loss"),
            ),
        )

    def _of_variance(self, view: SubjectView) -> tuple[float, float, Score] | None:
        """(gained in training, gained by the score, the score)."""
        held = [one for one in scores(view, "r2_score") if not one.trained_on and one.rows >= self.min_rows]
        fitted = view.judgement.explained
        gain = view.judgement.gain
        if view.loss is not None and view.loss.attributes.get("function") == "squared_error" and gain is not None:
            # The loss is known of every step; where sampling was dear, the last labels are those of an early one.
            fitted = gain if fitted is None else max(fitted, gain)
        if not held or fitted is None:
            return None
        spread = view.series("label", view.label, "std").values if view.label is not None else np.empty(0)
        trained = float(np.median(spread)) ** 2 if len(spread) else 0.0
        kept = []
        for one in held:
            ratio = one.variance / trained if one.variance and trained else 1.0
            # A quiet stretch of a series is no harder; labels of another scale are no measure.
            kept.append(1 - (1 - one.value) * (ratio if 1 / 9 < ratio < 9 else 1.0))
        best = int(np.argmax(kept))
        return fitted, kept[best], held[best]

    def _of_classes(self, view: SubjectView) -> tuple[float, float, Score] | None:
        """The same of classes."""
        held = [one for one in scores(view, "accuracy_score")
                if not one.trained_on and one.rows >= self.min_rows and one.majority is not None]  # fmt: skip
        accuracy, majority = view.judgement.accuracy, view.judgement.majority
        if not held or accuracy is None or majority is None or majority >= 1:
            return None
        best = max(held, key=lambda one: one.best)
        chance = float(best.majority or 0.0)
        return (accuracy - majority) / (1 - majority), (best.best - chance) / max(1 - chance, 1e-12), best
