"""Rule: the training data is learned by heart, what was held out is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.hits import shown_accuracy
from doctor.reading.adaptation import adapts_within
from doctor.reading.source import modules
from doctor.rules.base import Result, Rule, number, point, share
from doctor.rules.memorising import penalty_fixes, place_to_hold_back
from doctor.rules.view import SubjectView
from doctor.types import Series


@dataclass(frozen=True)
class Overfitting(Rule):
    """The model fits the training data, and gets worse on what it has not seen.

    What it is:
        Too large a model, too little data or too many epochs: what is learned last are the
        accidents of the training rows.

    Why it matters:
        The training figures go on improving while the model becomes less useful.

    How it is measured:
        The validation loss that `fit` reports: its last values against its smallest, while the
        training loss went on falling. A warning where it rose by `min_rise`, and more than `min_lost` of what it had
        gained over a constant prediction is lost again; an error where more than
        `max_lost` of what it had gained over a constant prediction is lost again (where there is no
        yardstick: where it doubled and rose by more than the training loss fell). Scripts that go
        back to their best weights are spared. Without validation by `fit`: the accuracies measured
        in training and outside of it, or the shares of the variance of the labels that are
        explained, an error where training gains `min_gain` and evaluation less than `min_kept` of that.

    Example:
        model.fit(x[:100], y[:100], epochs=500, validation_data=(x_val, y_val))

    Use instead:
        stop = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
        model.fit(x, y, epochs=500, validation_data=(x_val, y_val), callbacks=[stop])

    References:
        Prechelt 1998, Early Stopping, but when?, https://doi.org/10.1007/3-540-49430-8_3
    """

    fault: ClassVar[str] = "overfitting"

    #: Rise of the validation loss over its smallest value that is worth a word.
    min_rise: float = 0.25
    #: Share of what validation had gained over a constant prediction that may be lost again.
    max_lost: float = 0.4
    #: Below this share it is worth no warning: of a loss that is close to zero a quarter is little.
    min_lost: float = 0.05
    #: Epochs that show a course.
    min_epochs: int = 5
    #: Share of the training's gain that evaluation should reach.
    min_kept: float = 0.5
    #: The same of accuracies that are shown, where the validation loss hardly rises.
    max_guessing: float = 0.3
    #: What training must gain over a constant prediction to be called fitted.
    min_gain: float = 0.8

    def check(self, view: SubjectView) -> Iterator[Result]:
        recording, key = view.recording, view.subject.key
        validation = recording.scalars(key, "epoch/val_loss").finite()
        training = recording.scalars(key, "epoch/loss").finite()
        if len(validation) >= self.min_epochs and len(training) >= self.min_epochs:
            yield from self._by_curves(view, validation, training)
        elif len(recording.subjects) > 1:
            yield self.not_checked(view, "of several models, which was evaluated is not known")
        elif adapts_within(recording):
            yield self.not_checked(view, "weights are fitted anew within each step: those that are kept are a start")
        elif view.judgement.explained is not None and view.judgement.eval_explained is not None:
            yield from self._by_errors(view, view.judgement.explained, view.judgement.eval_explained)
        elif view.judgement.eval_accuracy is not None:
            yield from self._by_accuracy(view)
        else:
            yield self.not_checked(view, "no validation was seen")

    def _by_curves(self, view: SubjectView, validation: Series, training: Series) -> Iterator[Result]:
        # Of a noisy curve one low value is luck: the smallest mean of three.
        width = 3 if len(validation) >= 9 else 1
        smooth = np.convolve(validation.values, np.ones(width) / width, mode="valid")
        index = int(smooth.argmin()) + width // 2
        best, last = float(smooth.min()), float(validation.values[-max(1, len(validation) // 10) :].mean())
        fit_best, fit_last = float(training.values[min(index, len(training) - 1)]), float(training.values[-1])
        rise = (last - best) / abs(best) if best else 0.0
        if rise < self.min_rise or fit_last >= fit_best or index >= len(validation) - 1:
            shown = self._by_shown(view)
            yield shown or self.ruled_out(f"the validation loss ends {share(max(rise, 0.0))} above its best")
            return
        if fit_best - fit_last < 0.05 * abs(fit_best):
            return
        lost = self._lost(view, best, last)
        bad = lost > self.max_lost if lost is not None else rise > 1.0 and last - best > fit_best - fit_last
        if lost is not None and lost < self.min_lost:
            # A quarter more of next to nothing is next to nothing.
            yield self.ruled_out(f"{share(max(lost, 0.0))} of what validation had gained is lost again")
            return
        spared = self._goes_back(view)
        yield self.finding(
            view,
            severity=Severity.ERROR if bad and not spared else Severity.WARNING if not spared else Severity.INFO,
            confidence=Confidence.HIGH,
            title="The model overfits: validation gets worse while training gets better",
            message=(
                f"The validation loss is best after epoch {index + 1} with {number(best)} and ends at {number(last)}; "
                f"the training loss went from {number(fit_best)} to {number(fit_last)} meanwhile."
                + (f" That is {share(min(lost, 1.0))} of what validation had gained." if lost is not None else "")
            ),
            site=view.first_site("fit") or view.subject,
            location=place_to_hold_back(view),
            onset=int(validation.steps[index]),
            evidence=(
                point(validation, index, None, "", "the best"),
                point(validation, len(validation) - 1, best * (1 + self.min_rise)),
                point(training, len(training) - 1, None, "", "training"),
            ),
            fixes=(
                *penalty_fixes(view),
                Fix(
                    "Stop at the best epoch, and regularise or add data",
                    "callbacks=[keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)]",
                ),
            ),
        )

    def _by_shown(self, view: SubjectView) -> Result | None:
        """All right in training and guessing in validation, by accuracies that `fit` shows: the loss may hide it."""
        majority = view.judgement.majority
        fitted, held = (shown_accuracy(view.recording, view.subject.key, phase) for phase in ("train", "eval"))
        if majority is None or majority >= 1 or not len(fitted) or not len(held):
            return None
        # The best of the later epochs: single ones are noisy.
        best = float(held[len(held) // 2 :].max())
        gain, kept = ((one - majority) / (1 - majority) for one in (float(fitted[-1]), best))
        if gain < self.min_gain or kept >= self.max_guessing * gain:
            return None
        return self.finding(
            view,
            severity=Severity.ERROR if not self._goes_back(view) else Severity.WARNING,
            confidence=Confidence.MEDIUM,
            title="The model overfits: it knows the training data only",
            message=(
                f"`fit` shows an accuracy of {share(float(fitted[-1]))} in training and at best {share(best)} in the "
                f"later validations, where always answering the most frequent class gives {share(majority)}."
            ),
            site=view.first_site("fit") or view.subject,
            location=place_to_hold_back(view),
            evidence=(
                Evidence("accuracy in training", None, float(fitted[-1]), None, "share"),
                Evidence("accuracy in validation", None, best, None, "share"),
            ),
            fixes=(
                *penalty_fixes(view),
                Fix("Use a smaller model, more data, dropout or weight decay, and stop earlier"),
            ),
        )

    def _lost(self, view: SubjectView, best: float, last: float) -> float | None:
        """Share of the gain over a constant prediction that validation lost again; above 1 where it lost all."""
        base = view.judgement.baseline
        if base is None or not np.isfinite(base) or view.judgement.gain is None or base <= best:
            return None
        return (last - best) / (base - best)

    def _goes_back(self, view: SubjectView) -> bool:
        """Whether the script restores or saves its best weights: by a callback that is in use, or by a line."""
        words: tuple[str, ...] = ("load_weights(", "set_weights(")
        callbacks = [fit.attributes.get("callbacks") for fit in view.sites("fit")]
        if not callbacks or None in callbacks:
            words = (*words, "restore_best_weights=True", "save_best_only=True")
        elif any(one.get("best") for given in callbacks for one in given or ()):
            return True
        return any(word in module.text for module in modules(view.recording) for word in words)

    def _by_errors(self, view: SubjectView, fitted: float, held: float) -> Iterator[Result]:
        if fitted < self.min_gain or held >= self.min_kept * fitted:
            yield self.ruled_out(
                f"{share(max(fitted, 0.0))} of the variance is explained in training, {share(max(held, 0.0))} outside"
            )
            return
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.MEDIUM,
            title="The model overfits: it knows the training data only",
            message=(
                f"In training {share(fitted)} of the variance of the labels is explained, outside of it "
                + (f"{share(held)}." if held >= 0 else "less than by their mean.")
            ),
            site=view.loss or view.subject,
            location=place_to_hold_back(view),
            onset=None,
            evidence=(
                Evidence("variance explained in training", None, fitted, None, "share"),
                Evidence("variance explained in evaluation", None, held, self.min_kept * fitted, "share"),
            ),
            fixes=(
                *penalty_fixes(view),
                Fix("Use a smaller model, more data, dropout or weight decay, and stop earlier"),
            ),
        )

    def _by_accuracy(self, view: SubjectView) -> Iterator[Result]:
        judgement = view.judgement
        if judgement.accuracy is None or judgement.eval_accuracy is None or judgement.majority is None:
            return
        room = 1 - judgement.majority
        if room <= 0:
            return  # a single class was seen: nothing is gained by naming it
        gain = (judgement.accuracy - judgement.majority) / room
        kept = (judgement.eval_accuracy - judgement.majority) / room
        if gain < self.min_gain or kept >= self.min_kept * gain:
            yield self.ruled_out(
                f"accuracy {share(judgement.accuracy)} in training, {share(judgement.eval_accuracy)} outside of it"
            )
            return
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.MEDIUM,
            title="The model overfits: it knows the training data only",
            message=(
                f"The accuracy is {share(judgement.accuracy)} in training and {share(judgement.eval_accuracy)} outside "
                f"of it, where always answering the most frequent class gives {share(judgement.majority)}."
            ),
            site=view.loss or view.subject,
            location=place_to_hold_back(view),
            onset=None,
            evidence=(
                Evidence("accuracy in training", None, judgement.accuracy, None, "share"),
                Evidence("accuracy in evaluation", None, judgement.eval_accuracy, judgement.accuracy, "share"),
            ),
            fixes=(
                *penalty_fixes(view),
                Fix("Use a smaller model, more data, dropout or weight decay, and stop earlier"),
            ),
        )
