"""Rule: the run ends while the loss still falls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.judgement import SHORT_STEPS, judge
from doctor.loss_facts import interleaved
from doctor.reading.clones import gives_weights_back
from doctor.reading.directions import Turned
from doctor.reading.epoch_lengths import divided_twice
from doctor.reading.loops import length_of_training
from doctor.reading.values import argument
from doctor.rules.base import Result, Rule, number
from doctor.rules.slope import LEVEL, late_slope, pass_slope
from doctor.rules.view import SubjectView
from doctor.rules.watched import turned
from doctor.types import Location


@dataclass(frozen=True)
class TooFewSteps(Rule):
    """The training ends long before convergence, while the loss still falls.

    What it is:
        The script stops after few steps or epochs, although nothing is wrong with them.

    Why it matters:
        The model could do better for the mere asking; every comparison with it is unfair.

    How it is measured:
        The run ended by itself, is not clearly better than a constant prediction, took at
        least `min_steps` steps, and the mean loss of its last tenth lies below that of the
        tenth before by more than twice the standard error. A run that trains is warned about where
        it has closed less than `good_gain` of that gap (`level_gain` where its curve is `level`), or less than
        `fair_gain` while the loss of its last tenth, or of the last of few epochs, is below `steep` times that of the
        one before. A run of at most a hundred steps that fails, or is too short to be judged, and whose loss shows no
        trend, is warned about. An EarlyStopping in use that watches a figure with the wrong mode is wrong by
        construction, and so is an epoch of as many steps as the number of batches over their size.

    Example:
        model.fit(x, y, epochs=1)

    Use instead:
        model.fit(x, y, epochs=50, callbacks=[keras.callbacks.EarlyStopping(patience=3)])

    References:
        Prechelt 1998, Early Stopping, but when?, https://doi.org/10.1007/3-540-49430-8_3
    """

    fault: ClassVar[str] = "too-few-steps"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: Fewer steps show no trend.
    min_steps: int = 10
    #: Share of the gap to perfect prediction below which a run that still falls is worth a word.
    good_gain: float = 0.5
    #: The same of a run that is in the middle of its fall: of 23 sound ones that still fall the steepest below
    #: this gain has 0.87.
    fair_gain: float = 0.75
    #: The loss of the last tenth over that of the tenth before, below which the fall is in its middle.
    steep: float = 0.8
    #: The same from which on the curve is nearly level.
    level: float = LEVEL
    #: Part of the first loss that may be left where no constant prediction is known: more steps add little to it.
    max_left: float = 0.05
    #: Share of the gap that is enough for a curve that is nearly level: it would add little.
    level_gain: float = 0.45

    def check(self, view: SubjectView) -> Iterator[Result]:
        judgement = view.judgement
        stop = turned(view, "EarlyStopping")
        if stop is not None:
            yield self._stopped_for_nothing(view, stop)
            return
        place = divided_twice(view.recording) if not judgement.training or judgement.falling else None
        if place is not None:
            yield self._part_of_an_epoch(view, place)
            return
        if view.recording.run.status != "completed" or judgement.steps < self.min_steps:
            return
        if judgement.nonfinite_step is not None:
            return  # more steps make no number of what is none
        # Of several trainings the short ones are trials.
        unknown = judgement.by == "steps" and len(view.recording.subjects) == 1
        short = judgement.steps <= SHORT_STEPS and (judgement.failing or unknown)
        if short and not judgement.falling:
            yield from self._hardly_begun(view)
            return
        if len(view.recording.subjects) > 1 and gives_weights_back(view.recording):
            yield self.ruled_out("each copy is trained for a round, whose weights a model is given")
            return
        slope, between = late_slope(view), pass_slope(view)
        if judgement.training and not judgement.falling and between < self.steep:
            if (judgement.gain or 1.0) < self.fair_gain and not self._leads_on(view) and not self._settled(view):
                yield self._stopped(view, Severity.WARNING)
                return
        enough = self.fair_gain if slope < self.steep else self.good_gain if slope < self.level else self.level_gain
        if judgement.training and self._leads_on(view):
            yield self.ruled_out("a training that follows goes further")
            return
        if judgement.baseline is None and judgement.falling and self._nearly_nothing(view):
            yield self.ruled_out(f"the loss came down to {number(judgement.late_loss)}: hardly anything is left of it")
            return
        if judgement.training and judgement.falling and (judgement.gain or 1.0) < enough and not self._settled(view):
            yield self._stopped(view, Severity.WARNING)
            return
        if judgement.training or not judgement.falling:
            yield self.ruled_out(f"the loss no longer falls after {judgement.steps} steps" if not judgement.falling
                                 else f"{judgement.steps} steps were enough to train")  # fmt: skip
            return
        if not judgement.failing and interleaved(view.recording, view.subject):
            yield self.ruled_out("the loss of a model that is trained in turn with another rises and falls with it")
            return
        yield self._stopped(view, Severity.ERROR if judgement.failing else Severity.WARNING)

    def _nearly_nothing(self, view: SubjectView) -> bool:
        """Whether a loss without a known baseline, which never was below zero, lost nearly all of its first value."""
        losses, judgement = view.recording.data_losses(view.subject.key).finite().values, view.judgement
        return float(losses.min()) >= 0 and judgement.late_loss <= self.max_left * judgement.first_loss

    def _leads_on(self, view: SubjectView) -> bool:
        """Whether this is a stage, and what it lacks a later one adds: a training on another line, once it is over,
        that comes further."""
        recording, own = view.recording, view.recording.loss_seconds(view.subject.key)
        for other in recording.subjects:
            seconds = recording.loss_seconds(other.key)
            if len(own) and len(seconds) and seconds[0] >= own[-1] and other.location != view.subject.location:
                judgement = judge(recording, other)
                if judgement.training and (judgement.gain or 0.0) > (view.judgement.gain or 0.0):
                    return True
        return False

    def _settled(self, view: SubjectView) -> bool:
        """Whether a model that is trained beside this one trains and no longer falls, as an actor beside its critic."""
        recording, own = view.recording, view.recording.loss_seconds(view.subject.key)
        for other in recording.subjects:
            seconds = recording.loss_seconds(other.key)
            apart = not len(own) or len(seconds) != len(own) or seconds[0] >= own[-1] or own[0] >= seconds[-1]
            if other.key == view.subject.key or apart:
                continue
            judgement = judge(recording, other)
            if judgement.training and not judgement.falling:
                return True
        return False

    def _stopped_for_nothing(self, view: SubjectView, stop: Turned) -> Result:
        """Early stopping that takes every improvement for none."""
        better = "smaller" if stop.mode == "max" else "larger"
        return self.finding(
            view,
            severity=view.degree_of_learning or Severity.WARNING,
            confidence=Confidence.CERTAIN,
            title=f"The training is stopped while `{stop.monitor}` gets better",
            message=(
                f"EarlyStopping waits for `{stop.monitor}` with mode={stop.mode!r}, but it is the better the {better}: "
                "every improvement counts as none, and the first epochs are taken for the best."
            ),
            site=view.first_site("fit") or view.subject,
            location=stop.location,
            evidence=(Evidence("steps", None, float(view.judgement.steps)),),
            fixes=(Fix("Turn the mode round, or leave it to Keras",
                       f'mode="{"min" if stop.mode == "max" else "max"}"', stop.location),),
        )  # fmt: skip

    def _part_of_an_epoch(self, view: SubjectView, place: Location) -> Result:
        """An epoch of as many steps as the number of batches divided by the size of a batch."""
        return self.finding(
            view,
            severity=view.degree_of_learning or Severity.WARNING,
            confidence=Confidence.CERTAIN,
            title="An epoch is a small part of the data: the number of batches is divided by their size",
            message=(
                f"`{place.code}` counts batches, and divides them by the size of a batch once more. The run took "
                f"{view.judgement.steps} steps in all: {view.judgement.reason}."
            ),
            site=view.first_site("fit") or view.subject,
            location=place,
            onset=0,
            evidence=(Evidence("steps", None, float(view.judgement.steps)),),
            fixes=(Fix("Leave steps_per_epoch out: the data says how long an epoch is", "", place),),
        )

    def _stopped(self, view: SubjectView, severity: Severity) -> Result:
        judgement = view.judgement
        return self.finding(
            view,
            severity=severity,
            confidence=Confidence.LOW,
            title=f"The training ends after {judgement.steps} steps while the loss still falls",
            message=(
                f"The loss goes from {number(judgement.first_loss)} to "
                f"{number(judgement.late_loss)} in {judgement.steps} steps "
                "and was still falling at the end."
            ),
            site=view.first_site("fit") or view.subject,
            location=self._line(view),
            evidence=(Evidence(view.losses.name, None, judgement.late_loss, judgement.baseline, "",
                               "mean of the last steps; the limit is that of a constant prediction"),),
            fixes=(Fix("Train longer, and stop when the validation loss no longer falls",
                       "epochs=50" if view.keras else ""),),
        )  # fmt: skip

    def _line(self, view: SubjectView) -> Location | None:
        """The call of `fit`, or the line that says how often the loop goes round."""
        fit = view.first_site("fit")
        if fit is not None:
            return argument(view.recording, fit.location, ("epochs", "steps_per_epoch"))
        return length_of_training(view.recording, view.subject.location)

    def _hardly_begun(self, view: SubjectView) -> Iterator[Result]:
        """A run that shows no trend: of so few steps that need not mean anything."""
        judgement = view.judgement
        if judgement.nonfinite_step is not None or judgement.late_loss > 1.1 * abs(judgement.first_loss):
            return
        yield self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.LOW,
            title=f"The training ends after {judgement.steps} steps, before it shows anything",
            message=(
                f"The loss goes from {number(judgement.first_loss)} to {number(judgement.late_loss)} in "
                f"{judgement.steps} steps. Even a sound model may need more to leave the start."
            ),
            site=view.first_site("fit") or view.subject,
            location=self._line(view),
            evidence=(Evidence("steps", None, float(judgement.steps), float(SHORT_STEPS)),),
            fixes=(Fix("Train at least ten times as long", "epochs=1000" if view.keras else ""),),
        )
