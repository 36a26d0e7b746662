"""Rule: dropout or batch normalisation that runs in the wrong mode."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.idioms import trains_by_default
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.view import SubjectView
from doctor.types import Location, Site

#: Names of what tells the mode, and of nothing else.
_MODE = re.compile(r"(?<![a-z])(is_?)?train|phase|mode(?!l)|dropout|learning", re.IGNORECASE)

#: A layer whose mode is what its model keeps, as `self.training`.
_KEPT_MODE = re.compile(r"training\s*=\s*self\.\w")


@dataclass(frozen=True)
class TrainMode(Rule):
    """Dropout or batch normalisation runs in the wrong mode.

    What it is:
        `training=True` where the model is evaluated, or no `training=True` where it is trained by
        hand: Keras sets the mode by itself only within `fit`, `evaluate` and `predict`.

    Why it matters:
        Dropout that acts in an evaluation makes predictions worse and different at every call.
        Batch normalisation that is never trained keeps the mean 0 and variance 1 that it was made
        with; one that is evaluated on the batch lets examples change each other's predictions.

    How it is measured:
        The mode of every call of such a layer, apart for training steps and passes outside of them, and
        dropout by hand by its random numbers. It fires where all passes outside training run in training
        mode, or those that do not say otherwise do because the model trains by default; where a switch that runs of
        a session are given has one value in training and outside of it; where batch
        normalisation was never called in training mode and its averages are as they were made; and where its
        averages have not settled (momentum to the power of the steps above `unsettled`, or a tenth of it where
        evaluation lacks `lost` of what training gains) while the evaluation accuracy is far below that of the
        training. An error where figures show the harm, else a warning.

    Example:
        predictions = model(x_test, training=True)

    Use instead:
        predictions = model(x_test, training=False)

    References:
        https://keras.io/api/layers/normalization_layers/batch_normalization/
    """

    fault: ClassVar[str] = "train-mode"

    #: Lower dropout hardly shows.
    min_rate: float = 0.05
    #: Share of their first value that moving averages still hold.
    unsettled: float = 0.05
    #: Part of the training's gain that evaluation lacks where it is at chance.
    lost: float = 0.9
    #: A run that gains less over a constant prediction is harmed.
    good_gain: float = 0.6
    #: Accuracy in evaluation below that in training, as a share of what the training gains over chance.
    min_gap: float = 0.3

    def check(self, view: SubjectView) -> Iterator[Result]:
        modal = view.sites("modal", None)
        dropping = [site for site in modal if "BatchNorm" not in str(site.attributes.get("class"))]
        norms = [site for site in modal if "BatchNorm" in str(site.attributes.get("class"))]
        found = (
            self._normalises_untrained(view, norms)
            or self._evaluates_in_training_mode(view, dropping + norms)
            or self._drops_by_hand(view, dropping)
            or self._switch_left(view)
            or self._unsettled(view, norms)
        )
        if found is not None:
            yield found
        elif modal:
            yield self.ruled_out(f"`{modal[0].name}` and its like run in the right mode")

    def _severity(self, view: SubjectView) -> Severity:
        judgement = view.judgement
        harmed = view.gap is not None and view.gap >= self.min_gap
        poor = judgement.gain is not None and judgement.gain < self.good_gain
        return Severity.ERROR if harmed or poor or judgement.failing else Severity.WARNING

    def _normalises_untrained(self, view: SubjectView, norms: list[Site]) -> Result | None:
        for site in norms:
            modes = site.attributes.get("train") or ()
            if modes and True not in modes and site.attributes.get("fresh") and site.attributes.get("trainable"):
                return self.finding(
                    view,
                    severity=self._severity(view),
                    confidence=Confidence.CERTAIN,
                    title=f"`{site.name}` is never called in training mode",
                    message=(
                        "The training steps call it with training=False: it normalises with the mean 0 and variance "
                        "1 that it was made with, and never learns those of the data."
                    ),
                    site=site,
                    location=Location.of(site.attributes.get("train_line")) or site.location,
                    evidence=(Evidence("calls in training mode", None, 0.0, 1.0),),
                    fixes=(Fix("Call the model in training mode under the tape", "model(x, training=True)"),),
                )
        return None

    def _evaluates_in_training_mode(self, view: SubjectView, layers: list[Site]) -> Result | None:
        for site in layers:
            modes = site.attributes.get("eval") or ()
            rate = site.attributes.get("rate")
            if True not in modes or (isinstance(rate, (int, float)) and rate < self.min_rate):
                continue
            if not site.attributes.get("train"):
                continue  # of a network that no gradient trains: one that follows another makes targets, batch by batch
            line = Location.of(site.attributes.get("eval_line")) or site.location
            if line is not None and _KEPT_MODE.search(line.code):
                line = self._evaluated_at(view) or line
            default = trains_by_default(view.recording)
            unasked = default is not None and line is not None and "training" not in line.code
            if False in modes and not unasked:
                continue  # several passes with dropout on purpose, beside those of `evaluate`
            which = "Passes outside the training that do not say otherwise" if False in modes else (
                "All passes outside the training")  # fmt: skip
            norm = "BatchNorm" in str(site.attributes.get("class"))
            what = (
                "it takes mean and variance from the batch that is evaluated, and changes its averages by it"
                if norm
                else f"it drops {share(float(rate or 0))} of its inputs at random"
            )
            return self.finding(
                view,
                severity=self._severity(view),
                confidence=Confidence.HIGH,
                title=f"`{site.name}` runs in training mode when the model is evaluated",
                message=f"{which} call it with training=True: {what}.",
                site=site,
                location=default if False in modes else line,
                evidence=(Evidence("evaluations in training mode" if False not in modes
                                   else "passes of the script's own in training mode", None, 1.0, 0.0, "share"),),
                fixes=(Fix("Evaluate in inference mode", "model(x, training=False)"),),
            )
        return None

    def _evaluated_at(self, view: SubjectView) -> Location | None:
        """Where the model is given held-out arrays outside of the training: there the mode was to be set."""
        rows = [site for site in view.sites("rows", "eval") if site.attributes.get("of") == "arrays"]
        return rows[0].location if rows else None

    def _drops_by_hand(self, view: SubjectView, known: list[Site]) -> Result | None:
        """Dropout of the script's own in a pass outside training."""
        for site in view.sites("dropout", "eval"):
            rate = site.attributes.get("rate")
            if site.attributes.get("layer") or known or not isinstance(rate, (int, float)) or rate < self.min_rate:
                continue
            return self.finding(
                view,
                severity=self._severity(view),
                confidence=Confidence.HIGH,
                title="Dropout acts when the model is evaluated",
                message=f"A pass outside the training drops {share(float(rate))} of its units at random.",
                site=site,
                location=trains_by_default(view.recording) or site.location,
                evidence=(Evidence("dropout/rate in evaluation", None, float(rate), 0.0, "share"),),
                fixes=(Fix("Drop only in training", "tf.nn.dropout(h, rate) if training else h"),),
            )
        return None

    def _switch_left(self, view: SubjectView) -> Result | None:
        """A switch that runs of a session are given, and that is the same in training and outside of it."""
        for switch in view.sites("flag", None):
            trained, evaluated = switch.attributes["train"], switch.attributes["eval"]
            if trained != evaluated or len(trained) != 1 or not _MODE.search(switch.name):
                continue
            on = trained[0]
            if not on and "drop" in switch.name.lower():
                continue  # dropout that is switched off for the whole run
            line = Location.of(switch.attributes["eval_line" if on else "train_line"]) or switch.location
            return self.finding(
                view,
                severity=self._severity(view),
                confidence=Confidence.HIGH,
                title=f"`{switch.name}` is {on} in training and outside of it",
                message=(
                    "What it switches, dropout or the statistics of a normalisation, runs "
                    + ("in training mode when the model is evaluated." if on else "never in training mode.")
                    + (" It is not fed there, and its default holds." if switch.attributes["default"] else "")
                ),
                site=switch,
                location=line,
                evidence=(Evidence(f"{'evaluations' if on else 'training steps'} in training mode", None, float(on),
                                   float(not on), "share"),),
                fixes=(Fix("Feed it False where the model is evaluated" if on else "Feed it True in training steps",
                           f"feed_dict={{..., {switch.name}: {not on}}}", line),),
            )  # fmt: skip
        return None

    def _unsettled(self, view: SubjectView, norms: list[Site]) -> Result | None:
        gap = None if view.recording.run.ended_early else view.gap  # they had more steps to settle in
        if view.judgement.failing and view.judgement.by == "loss":
            return None  # the training itself does no better: the few hits that were seen in it are chance
        for site in norms:
            momentum = site.attributes.get("momentum")
            trained = True in (site.attributes.get("train") or ())
            if gap is None or gap < self.min_gap or not isinstance(momentum, float) or not trained:
                continue
            left = momentum ** view.judgement.steps
            # Of a small variance a hundredth of the first value, 1, is still a multiple: then nothing is right.
            if left < self.unsettled and not (gap >= self.lost and left >= self.unsettled / 10):
                continue
            return self.finding(
                view,
                severity=Severity.ERROR,
                confidence=Confidence.MEDIUM,
                title=f"The averages of `{site.name}` have not settled",
                message=(
                    f"With momentum {number(momentum)} the moving averages still hold {share(left)} of their first "
                    f"value after {view.judgement.steps} steps: the evaluation normalises with figures that are none "
                    "of the data."
                ),
                site=site,
                evidence=(Evidence("share of the first value in the averages", None, left, self.unsettled, "share"),),
                fixes=(Fix("Lower the momentum, or train longer", "BatchNormalization(momentum=0.9)"),),
            )
        return None
