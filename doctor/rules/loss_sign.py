"""Rule: the loss is made larger instead of smaller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.agreements import coefficient_minimised
from doctor.reading.idioms import returned_at
from doctor.reading.loops import added_at
from doctor.reading.similarity import turned_similarity
from doctor.rules.base import Result, Rule, number, point, share
from doctor.rules.labels import label_values
from doctor.rules.updates import learning_rate_line
from doctor.rules.view import SubjectView
from doctor.types import Location, Series

_NEVER_NEGATIVE = ("softmax_cross_entropy", "sigmoid_cross_entropy", "log_probability", "squared_error",
                   "absolute_error")  # fmt: skip


@dataclass(frozen=True)
class LossSign(Rule):
    """The loss is maximised: its sign is wrong, or the update goes uphill.

    What it is:
        A minus is missing before a log-likelihood, or one too many stands before a loss, or the
        gradient is added to the weights instead of subtracted.

    Why it matters:
        Every step makes the model worse, and a loss that falls below zero for ever looks like
        success.

    How it is measured:
        A cross-entropy of labels between 0 and 1, a squared and an absolute error cannot be
        negative: it fires where one is, at more than `min_share` of the steps. The update goes
        uphill where the mean of the update and that of the gradient have the same sign at
        `min_uphill` of at least `min_pairs` observations of variables, and the run does not train;
        descent gives opposite signs, always for plain SGD and mostly for the others. Where the very first update
        of each of `min_variables` variables goes uphill, `min_uphill_later` is enough. A loss of values
        rewards error where it falls while the squared error of the predictions grows `min_growth`
        times, to more than `min_growth` times the variance of the labels. A loss function called after a
        measure of agreement (Dice, IoU, F1), or that divides products of truth and prediction by the sum of both, and
        returns the bare quotient is wrong where it falls below a half.

    Example:
        loss = tf.reduce_mean(tf.reduce_sum(y * tf.math.log(p), axis=1))

    Use instead:
        loss = -tf.reduce_mean(tf.reduce_sum(y * tf.math.log(p), axis=1))

    References:
        Goodfellow, Bengio and Courville 2016, Deep Learning, chapters 5.5 and 8.3
    """

    fault: ClassVar[str] = "loss-sign"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: Share of the steps with a negative loss: rounding makes single ones of a loss near zero.
    min_share: float = 0.2
    #: A loss this far below zero is no rounding.
    tolerance: float = 1e-4
    #: Share of observations with update and gradient of one sign.
    min_uphill: float = 0.9
    #: The same where the first updates of all variables had it: momentum makes the later ones lag behind.
    min_uphill_later: float = 0.6
    #: Variables whose first updates are compared: of four that go downhill all look uphill never.
    min_variables: int = 4
    #: How far below zero a loss of unknown form has fallen, over the size of the errors, if it has no bottom.
    min_fall: float = 0.5
    #: Growth of the squared error that no loss of values brings about while it falls.
    min_growth: float = 4.0
    #: Losses at either end that are averaged to see which way it goes.
    averaged: int = 10
    #: Observations of variables that are needed.
    min_pairs: int = 12

    def check(self, view: SubjectView) -> Iterator[Result]:
        # Without penalties: a term that is the logarithm of a weight may be negative.
        losses = view.recording.data_losses(view.subject.key).finite()
        # Between two that were seen apart a term is interpolated, which may well be a second loss that falls.
        apart = view.recording.scalars(view.subject.key, "data_loss").finite()
        losses = apart if len(apart) else losses
        below = losses.values < -self.tolerance
        function = view.loss.attributes.get("function") if view.loss is not None else None
        # Of several outputs a sum was recorded, in which each may have a weight and a penalty for that weight.
        weighted = len(view.sites("loss")) > 1 or any(one.attributes.get("weighted") for one in view.sites("loss"))
        impossible = function in _NEVER_NEGATIVE and not weighted and self._in_range(view)
        if len(losses) and below.mean() > self.min_share and impossible and self._sinks(losses):
            index = int(below.argmax())
            name = str(function).replace("_", " ")
            yield self.finding(
                view,
                severity=Severity.ERROR,
                confidence=Confidence.CERTAIN,
                title="The loss is negative, and is made ever more so: its sign is wrong",
                message=(
                    f"The loss is a {name}, which cannot be negative, and goes from {number(float(losses.values[0]))} "
                    f"to {number(float(losses.values[-1]))}: the optimiser maximises the error."
                ),
                site=view.loss,
                location=self._line(view),
                onset=0,
                evidence=(point(losses, index, 0.0), point(losses, len(losses) - 1, 0.0)),
                fixes=(Fix("Turn the sign of the loss"),),
            )
            return
        place = turned_similarity(view.recording)
        if place is not None and function not in _NEVER_NEGATIVE:
            yield self.finding(
                view,
                severity=Severity.ERROR,
                confidence=Confidence.HIGH,
                title="A cosine similarity of Keras is made large: it is negative already",
                message=(
                    "keras.losses.cosine_similarity is -1 where two vectors point the same way, so that minimising "
                    "it brings them together. Subtracted from 1, or with a minus, it drives them apart."
                ),
                site=view.loss,
                location=place,
                onset=0,
                evidence=(Evidence("keras.losses.cosine_similarity of equal vectors", None, -1.0),),
                fixes=(Fix("Minimise it as it is", "1.0 + keras.losses.cosine_similarity(y, prediction)", place),),
            )
            return
        called = view.loss.attributes.get("keras_loss") if view.loss is not None else None
        minimised = coefficient_minimised(view.recording, called)
        late = view.judgement.late_loss
        if minimised is not None and 0 <= late < min(0.5, view.judgement.first_loss):
            yield self.finding(
                view,
                severity=Severity.ERROR,
                confidence=Confidence.HIGH,
                title=f"`{called}` is made small, and measures how well two things agree",
                message=(
                    f"It returns a quotient that is 1 where prediction and truth agree. The training brings it from "
                    f"{number(view.judgement.first_loss)} to {number(late)}: they agree less and less."
                ),
                site=view.loss,
                location=minimised,
                onset=0,
                evidence=(Evidence(view.losses.name, None, late, 1.0, "", "the limit is full agreement"),),
                fixes=(Fix("Subtract it from 1", "return 1.0 - coefficient", minimised),),
            )
            return
        grown = self._growth(view)
        if grown is not None:
            yield self._rewarded(view, *grown)
            return
        pairs, uphill = self._uphill(view)
        if pairs < self.min_pairs:
            return
        # Momentum blurs the sign of single updates, but not that of the very first.
        started = self._started_uphill(view) and uphill >= self.min_uphill_later
        # What begins below zero and rises is a log-likelihood that is maximised on purpose: no error is negative.
        likelihood = len(losses) and losses.head(self.averaged).values.max() < 0 and not self._sinks(losses)
        if (uphill < self.min_uphill and not started) or view.judgement.training or likelihood:
            yield self.ruled_out(f"updates go against the gradient at {share(1 - uphill)} of the observations")
            return
        lagging = uphill < self.min_uphill
        yield self.finding(
            view,
            severity=view.degree or Severity.WARNING,
            confidence=Confidence.HIGH,
            title="The update goes uphill: the gradient is added instead of subtracted",
            message=(
                f"Update and gradient have the same sign at {share(uphill)} of {pairs} observations; the loss goes "
                f"from {number(view.judgement.first_loss)} to {number(view.judgement.late_loss)}."
            ),
            site=view.optimizer or view.subject,
            location=(added_at(view.recording) or learning_rate_line(view)) if view.optimizer is None
            else view.subject.location,
            onset=0,
            evidence=(
                Evidence("updates along the gradient", None, uphill,
                         self.min_uphill_later if lagging else self.min_uphill, "share",
                         "the first ones all are: momentum makes the later ones lag behind" if lagging else ""),
            ),
            fixes=(Fix("Subtract the gradient", "variable.assign_sub(learning_rate * gradient)"),),
        )

    def _sinks(self, losses: Series) -> bool:
        """Whether it moves away from zero: one that rises to zero from below is minus an error that is maximised."""
        early, late = (part.values.mean() for part in (losses.head(self.averaged), losses.tail(self.averaged)))
        return bool(late <= early)

    def _growth(self, view: SubjectView) -> tuple[float, float] | None:
        """Squared error over the variance of the labels, at first and late, where it grew while the loss fell."""
        judgement = view.judgement
        if view.output is None or view.loss is None or not judgement.late_loss < judgement.first_loss:
            return None
        rows = [row for _, row in view.recording.vectors(view.output.key, "errors") if np.isfinite(row).all()]
        values = label_values(view)
        if len(rows) < 9 or (values is not None and values.whole and values.high - values.low <= 2):
            return None  # margins of classes grow beyond -1 and 1
        third = len(rows) // 3
        wrong, spread, count = np.sum(rows, axis=0)
        if spread <= 0:
            return None
        early, late = (
            float(np.sum([row[0] for row in part]) / np.sum([row[2] for row in part]) / (spread / count))
            for part in (rows[:third], rows[-third:])
        )
        if late <= self.min_growth * max(early, 1.0):
            return None
        # In a likelihood of angles the size of the outputs is free: a loss without a bottom falls as the error grows.
        bottomless = judgement.late_loss < -self.min_fall * np.sqrt(late * spread / count)
        known = view.loss.attributes.get("function") != "other"
        return (early, late) if known or bottomless else None

    def _rewarded(self, view: SubjectView, early: float, late: float) -> Result:
        judgement = view.judgement
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The loss falls where the error grows: its sign is wrong",
            message=(
                f"The squared error of `{view.output.name if view.output else 'the output'}` goes from "
                f"{number(early)} to {number(late)} times the variance of the labels, while the loss falls from "
                f"{number(judgement.first_loss)} to {number(judgement.late_loss)}: what is minimised is large where "
                "predictions are good."
            ),
            site=view.loss,
            location=self._line(view) or (view.loss.location if view.loss is not None else None),
            onset=0,
            evidence=(
                Evidence("squared error over the variance of the labels", None, late, self.min_growth * max(early, 1)),
            ),
            fixes=(Fix("Minimise a distance: turn the sign of a similarity, or subtract it from its largest value"),),
        )

    def _line(self, view: SubjectView) -> Location | None:
        """Where a hand-written loss becomes one number."""
        if view.loss is None:
            return None
        written = returned_at(view.recording, view.loss.attributes.get("keras_loss"))
        if written is not None or view.subject.attributes.get("style") == "fit":
            return written
        return Location.of(view.loss.attributes.get("end"))

    def _in_range(self, view: SubjectView) -> bool:
        """Whether the labels are such that the loss cannot be negative."""
        function = view.loss.attributes.get("function") if view.loss is not None else None
        if function in ("squared_error", "absolute_error"):
            return True
        values = label_values(view)
        if values is None:
            return False
        index = view.label is not None and view.label.attributes.get("encoding") == "index"
        return index or (values.low >= -1e-3 and values.high <= 1 + 1e-3)

    def _started_uphill(self, view: SubjectView) -> bool:
        """Whether the first update of every variable, of four and more, has the sign of its gradient."""
        same = []
        for site in view.variables:
            update, slope = (view.series(role, site, "mean") for role in ("update", "gradient"))
            if not len(update) or not len(slope) or update.steps[0] or slope.steps[0]:
                continue
            if update.values[0] and slope.values[0]:
                same.append(np.sign(update.values[0]) == np.sign(slope.values[0]))
        return len(same) >= self.min_variables and all(same)

    def _uphill(self, view: SubjectView) -> tuple[int, float]:
        """(observations, share of them whose update has the sign of the gradient)."""
        same = []
        for site in view.variables:
            update, slope = view.series("update", site, "mean"), view.series("gradient", site, "mean")
            known = dict(zip(slope.steps.tolist(), slope.values.tolist()))
            same += [
                float(np.sign(value) == np.sign(known[step]))
                for step, value in zip(update.steps.tolist(), update.values.tolist())
                if value and known.get(step)
            ]
        return len(same), float(np.mean(same)) if same else 0.0
