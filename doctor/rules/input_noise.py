"""Rule: training inputs that differ from evaluation inputs, by noise or by scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Finding, Fix, Severity
from doctor.rules.base import Result, Rule, number
from doctor.rules.view import SubjectView
from doctor.rules.wording import data_line, random_line
from doctor.types import Series, Site


@dataclass(frozen=True)
class InputNoise(Rule):
    """The training inputs drown in noise, or the evaluation inputs are prepared differently.

    What it is:
        Noise is added to (or was left in) the inputs that the model trains on, far beyond an
        augmentation; or a step of the preparation (a scaling, say) is done for one of the two
        and forgotten for the other.

    Why it matters:
        The model learns from static what it is asked about in clear pictures. Its training
        accuracy stays low, often below its test accuracy; or it is tested on inputs such as it
        has never seen.

    How it is measured:
        Standard deviations of the inputs in training (median) and outside of it (the cleanest
        batch seen), s_train and s_eval.
        Independent noise adds up as variance, so the noise has s_noise^2 = s_train^2 - s_eval^2
        and the signal-to-noise ratio is s_eval^2 / s_noise^2. A ratio s_train / s_eval of
        `max_ratio` leaves one part of signal to eight of noise. Ordinary augmentation (shifts,
        flips, dropout, slight noise) changes the spread by less than half. It is an error
        where the run also does badly in training (gain below `good_gain`), or fails; otherwise
        a warning: training with strong noise on purpose can work.

    Example:
        image = image + tf.random.normal([784], stddev=4.0)  # pixels lie in [0, 1]

    Use instead:
        image = image + tf.random.normal([784], stddev=0.1)

    References:
        Bishop 1995, Training with Noise is Equivalent to Tikhonov Regularization
    """

    fault: ClassVar[str] = "input-noise"
    needs: ClassVar[frozenset[str]] = frozenset({"input"})

    #: Largest s_train / s_eval, and s_eval / s_train.
    max_ratio: float = 3.0
    #: A run that closes this much of the gap to perfect prediction is not drowned.
    good_gain: float = 0.6
    #: Evaluation accuracy this far below training accuracy is no accident.
    max_lead: float = 0.1
    #: Batches of one data set differ in spread by less.
    max_change: float = 1.5
    #: A single number or two have no spread worth comparing.
    min_values: int = 100

    def check(self, view: SubjectView) -> Iterator[Result]:
        pairs = list(self._pairs(view))
        if not pairs:
            yield from self._without_evaluation(view)
            return
        for train, evaluation in pairs:
            own = self._spread(view, train)
            lowest, highest = self._of_arrays(view, train, own) or self._extremes(view, evaluation)
            if own <= 0 or lowest <= 0:
                continue
            if not self._steady(view, evaluation, own, lowest) or self._one_class(view):
                yield self.not_checked(view, "the evaluation inputs that were seen differ among themselves")
                return
            if own / lowest >= self.max_ratio:
                scaled = _same_factor(view, train, evaluation, own / lowest)
                if self._same_batch(view, evaluation) and not scaled and not self._does_badly(view):
                    yield self.not_checked(view, "one batch of the evaluation was seen, and the run trains")
                    return
                yield self._noisy(view, train, evaluation, (own, lowest))
                return
            if own / highest <= 1 / self.max_ratio:
                yield self._different(view, train, evaluation, (own, highest))
                return
            spread = own, highest
            yield self.ruled_out(
                f"training inputs spread by {number(spread[0])}, evaluation inputs by {number(spread[1])}"
            )

    def _pairs(self, view: SubjectView) -> Iterator[tuple[Site, Site]]:
        """Training and evaluation sites of the same input."""
        evaluation = [
            site for site in view.sites("input", "eval") if len(view.recording.observed_steps("input", site.key))
        ]
        for train in view.sites("input"):
            if _whole_numbers(train) or not len(view.recording.observed_steps("input", train.key)):
                continue
            for other in evaluation:
                same = (train.attributes.get("index") or 0) == (other.attributes.get("index") or 0)
                shapes = train.attributes.get("shape") or (), other.attributes.get("shape") or ()
                if same and tuple(shapes[0][1:]) == tuple(shapes[1][1:]):
                    yield train, other
                    break

    def _spread(self, view: SubjectView, site: Site) -> float:
        """Median standard deviation over the observed steps."""
        values = _series(view, site, "std").finite().values
        return float(sorted(values)[len(values) // 2]) if len(values) else 0.0

    def _of_arrays(self, view: SubjectView, train: Site, own: float) -> tuple[float, float] | None:
        """What all evaluation inputs spread by where `fit` was given arrays: their first rows may be neighbours.

        What the model does to its inputs before the first weights it does to both.
        """
        if view.sites("dataset", None) or train.attributes.get("random_ops"):
            return None
        known = [
            {float(one.attributes["std"]) for one in view.sites("array", None)
             if one.attributes.get("role") == role and one.attributes.get("std")}
            for role in ("x", "x_val")
        ]  # fmt: skip
        if any(len(spreads) != 1 for spreads in known):
            return None
        trained, held = (spreads.pop() for spreads in known)
        return own / trained * held, own / trained * held

    def _extremes(self, view: SubjectView, site: Site) -> tuple[float, float]:
        """Smallest and largest standard deviation of an evaluation batch.

        A script may ask for predictions on training batches between its steps, so that only
        some of what was seen outside the tape is test data.
        """
        spread = _series(view, site, "std")
        sizes = _series(view, site, "size").values
        values = spread.values[np.isfinite(spread.values) & (spread.values > 0) & (sizes >= self.min_values)]
        return (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)

    def _same_batch(self, view: SubjectView, evaluation: Site) -> bool:
        """Whether all that was seen of the evaluation is one batch, again and again, which may be of one person."""
        seen = (_series(view, evaluation, name).finite().values for name in ("std", "mean", "min", "max"))
        return all(len(values) > 1 and len(np.unique(values)) == 1 for values in seen)

    def _steady(self, view: SubjectView, evaluation: Site, own: float, lowest: float) -> bool:
        """Whether each evaluation batch spreads as the narrowest does, or as the training inputs do.

        Data that is held out is alike; the states that an agent comes through are not.
        """
        values = _series(view, evaluation, "std").finite().values
        values = values[values > 0]
        near = [
            any(1 / self.max_change < value / other < self.max_change for other in (own, lowest)) for value in values
        ]
        return bool(np.mean(near) >= 0.75) if near else True

    def _one_class(self, view: SubjectView) -> bool:
        """Whether the evaluation batches that were seen are of one class each, unlike the training batches."""
        label = view.label
        held = view.first_site("label", "eval")
        if label is None or held is None:
            return False
        trained = [values.max() / values.sum() for _, values in view.recording.vectors(label.key, "class_counts")
                   if values.sum() > 0]  # fmt: skip
        seen = [values.max() / values.sum() for _, values in view.recording.vectors(held.key, "class_counts")
                if values.sum() > 0]  # fmt: skip
        return bool(seen and trained) and min(seen) > 0.9 and float(np.median(trained)) < 0.7

    def _noisy(self, view: SubjectView, train: Site, evaluation: Site, spread: tuple[float, float]) -> Finding:
        low, high = _limits(view, train)
        clean_low, clean_high = _limits(view, evaluation, spread[1])
        noise = math.sqrt(spread[0] ** 2 - spread[1] ** 2)
        ratio = spread[0] / spread[1]
        scaled = _same_factor(view, train, evaluation, ratio)
        line = None if scaled else random_line(view, train)
        place = line or data_line(view, train)
        text = (
            f"Training inputs lie between {number(low)} and {number(high)} (standard deviation {number(spread[0])}), "
            f"evaluation inputs between {number(clean_low)} and {number(clean_high)} ({number(spread[1])}). "
        )
        if scaled:
            text += f"Mean and spread differ by the same factor, {number(ratio)}: one of the two is not scaled."
            fix = Fix("Prepare training and evaluation inputs by the same function", "", place)
        else:
            text += (
                f"The difference is noise of standard deviation {number(noise)}: one part of signal to "
                f"{number((noise / spread[1]) ** 2)} parts of noise."
            )
            fix = Fix(
                f"Keep the noise well below the signal's own spread of {number(spread[1])}, or leave it out",
                f"stddev={spread[1] / 3:.1g}",
                place,
            )
        accuracy = self._accuracies(view)
        return self.finding(
            view,
            severity=Severity.ERROR if self._does_badly(view) else Severity.WARNING,
            confidence=Confidence.HIGH,
            title="Training and evaluation inputs are scaled differently" if scaled
            else "The training inputs drown in noise",
            message=text + accuracy,
            site=train,
            location=place,
            evidence=self._evidence(view, train, evaluation, spread),
            fixes=(fix,),
        )  # fmt: skip

    def _different(self, view: SubjectView, train: Site, evaluation: Site, spread: tuple[float, float]) -> Finding:
        judgement = view.judgement
        lost = judgement.eval_accuracy is not None and judgement.accuracy is not None and (
            judgement.accuracy - judgement.eval_accuracy >= self.max_lead)  # fmt: skip
        return self.finding(
            view,
            severity=Severity.ERROR if lost or judgement.failing else Severity.WARNING,
            confidence=Confidence.HIGH,
            title="Evaluation inputs are not prepared as the training inputs are",
            message=(
                f"Evaluation inputs spread {number(spread[1] / spread[0])} times as far as training inputs (standard "
                f"deviation {number(spread[1])} against {number(spread[0])}).{self._accuracies(view)}"
            ),
            site=evaluation,
            location=data_line(view, evaluation),
            evidence=self._evidence(view, train, evaluation, spread),
            fixes=(
                Fix("Prepare training and evaluation inputs by the same function", "", data_line(view, evaluation)),
            ),
        )

    def _without_evaluation(self, view: SubjectView) -> Iterator[Result]:
        """Without evaluation inputs only noise added inside the training step can be seen, and only by its size."""
        noisy = [site for site in view.sites("input") if site.attributes.get("random_ops") and not _whole_numbers(site)]
        clean = [
            array
            for array in view.sites("array")
            if array.attributes.get("role") == "x" and array.attributes.get("std")
        ]
        for site in noisy:
            spread = self._spread(view, site)
            if clean and view.judgement.failing and spread >= self.max_ratio * float(clean[0].attributes["std"]):
                before = float(clean[0].attributes["std"])
                yield self.finding(
                    view,
                    severity=Severity.ERROR,
                    confidence=Confidence.MEDIUM,
                    title="The training inputs drown in noise",
                    message=(
                        f"Random numbers enter on the way to the first layer, and the standard deviation grows from "
                        f"{number(before)} in the array to {number(spread)}."
                    ),
                    site=site,
                    location=random_line(view, site) or data_line(view, site),
                    evidence=(Evidence(f"input/{site.name}/std", None, spread, self.max_ratio * before),),
                    fixes=(Fix("Keep the noise well below the signal's own spread", f"stddev={before / 3:.1g}"),),
                )
                return
        yield self.not_checked(view, "no evaluation inputs were seen to compare the training inputs with")

    def _does_badly(self, view: SubjectView) -> bool:
        judgement = view.judgement
        if judgement.failing:
            return True
        if judgement.accuracy is not None and judgement.majority is not None:
            return (judgement.accuracy - judgement.majority) / (1 - judgement.majority + 1e-9) < self.good_gain
        return judgement.gain is not None and judgement.gain < self.good_gain

    def _accuracies(self, view: SubjectView) -> str:
        judgement = view.judgement
        if judgement.accuracy is None:
            return ""
        text = f" Training accuracy is {judgement.accuracy:.2f}"
        return text + (
            f", evaluation accuracy {judgement.eval_accuracy:.2f}." if judgement.eval_accuracy is not None else "."
        )

    def _evidence(
        self, view: SubjectView, train: Site, evaluation: Site, spread: tuple[float, float]
    ) -> Iterator[Evidence]:
        ratio = spread[0] / spread[1]
        limit = self.max_ratio if ratio > 1 else 1 / self.max_ratio
        yield Evidence("input/std, training over evaluation", None, ratio, limit)
        for name, site in (("training", train), ("evaluation", evaluation)):
            low, high = _limits(view, site, spread[1] if name == "evaluation" else None)
            yield Evidence(f"input/{site.name}/min", None, low, note=name)
            yield Evidence(f"input/{site.name}/max", None, high, note=name)
        if view.judgement.accuracy is not None:
            yield Evidence("accuracy", None, view.judgement.accuracy, view.judgement.eval_accuracy, "share",
                           "in training; the limit is that in evaluation")  # fmt: skip


def _series(view: SubjectView, site: Site, statistic: str) -> Series:
    return view.series("input", site, statistic, sound=False)


def _limits(view: SubjectView, site: Site, spread: float | None = None) -> tuple[float, float]:
    """Smallest and largest value; with `spread` only of the batches that have it, where it is that of batches."""
    low, high = _series(view, site, "min").values, _series(view, site, "max").values
    if spread is not None:
        chosen = np.isclose(_series(view, site, "std").values, spread)
        low, high = (low[chosen], high[chosen]) if chosen.any() else (low, high)
    return float(low.min()), float(high.max())


def _whole_numbers(site: Site) -> bool:
    return str(site.attributes.get("dtype") or "").startswith(("int", "uint", "bool"))


def _same_factor(view: SubjectView, train: Site, evaluation: Site, ratio: float) -> bool:
    """Whether the mean differs by the same factor as the spread: scaling does that, noise does not."""
    means = [float(_series(view, site, "mean").values.mean()) for site in (train, evaluation)]
    floor = 0.1 * view.series("input", evaluation, "std", sound=False).values.mean()
    return abs(means[1]) > floor and 0.67 < (means[0] / means[1]) / ratio < 1.5
