"""Rule: a model that only ever predicts the most frequent class."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.baseline import class_shares
from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.judgement import POOR_GAIN
from doctor.reading.class_weights import class_weights_at, weights_made_at
from doctor.reading.fed import fed_from
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.labels import reconstructs
from doctor.rules.view import SubjectView
from doctor.types import FloatArray, Location

#: What people judge scores by where classes are of unequal size.
_RANKED = re.compile(r"auc|recall|precision|f1|average_precision|roc|log_loss|lift|calibrat", re.I)


@dataclass(frozen=True)
class ClassImbalance(Rule):
    """Nearly all examples are of one class, and the model predicts nothing else.

    What it is:
        The rare class counts for so little in the mean loss that the cheapest answer is always the
        frequent one.

    Why it matters:
        The accuracy looks excellent (the share of the frequent class) while the model finds none
        of the cases that it was made for.

    How it is measured:
        The most frequent class has at least `min_majority` of the labels seen, and late in the run
        (its last third, or as much more as it takes to see `enough_rare`, but not the first
        quarter) at least `min_rare` examples of other classes were seen of which at most
        `max_found` were predicted to be of another class. A warning where the loss is
        far better than that of the class shares (`good_gain`), or clearly better in a script that
        speaks of recall, AUC and the like: the scores may be meant to rank; nothing at all where an AUC that it
        shows reaches `min_area`. Else an error. Or all of at least `min_single` training labels are of one class,
        while held-out labels are not.

    Example:
        model.fit(x, y)  # 97 % zeros

    Use instead:
        model.fit(x, y, class_weight={0: 1.0, 1: 30.0})

    References:
        He and Garcia 2009, Learning from Imbalanced Data, https://doi.org/10.1109/TKDE.2008.239
    """

    fault: ClassVar[str] = "class-imbalance"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"label", "output"})

    #: Smallest share of the most frequent class that is called imbalance.
    min_majority: float = 0.7
    #: Examples of the other classes that must have been seen for their absence to mean anything.
    min_rare: int = 8
    #: Predictions of the other classes, as a share of their examples: fewer is none. One of the twenty to
    #: forty examples that a run shows may be named by luck.
    max_found: float = 0.05
    #: Examples of the other classes for which the last third of the run is looked beyond: a model
    #: that finds one in five of them finds none of so many once in a hundred runs.
    enough_rare: int = 20
    #: Labels that are all of one class by no chance.
    min_single: int = 200
    #: Part of the observed steps, at the end, whose predictions are counted at most.
    late: float = 0.75
    #: Part of the loss of a constant prediction that a model gains whose scores are worth something.
    good_gain: float = 0.3
    #: Area under the curve of a model that tells more from less likely rows; chance is 0.5.
    min_area: float = 0.65

    def check(self, view: SubjectView) -> Iterator[Result]:
        shares = class_shares(view.recording, view.subject)
        if shares is None or reconstructs(view):
            return  # pixels that are to be rebuilt are no answers
        if view.judgement.nonfinite_step is not None and not view.judgement.broke_off:
            return  # what a network of NaN answers says nothing of its labels
        if np.count_nonzero(shares) < 2:
            found_none = self._single(view, int(shares.argmax()))
            if found_none is not None:
                yield found_none
            return
        majority, top = float(shares.max()), int(shares.argmax())
        if majority < self.min_majority:
            yield self.ruled_out(f"the most frequent class has {share(majority)} of the labels")
            return
        found = self._counts(view, len(shares), top)
        if found is None:
            yield self.not_checked(view, "the predicted classes were not counted")
            return
        labels, predicted = found
        rare, guessed = float(labels.sum() - labels[top]), float(predicted.sum() - predicted[top])
        if rare < self.min_rare:
            yield self.not_checked(view, f"{rare:.0f} examples of the rarer classes were seen late in the run")
            return
        if guessed > self.max_found * rare:
            yield self.ruled_out(f"{guessed:.0f} of {predicted.sum():.0f} late predictions are of the rarer classes")
            return
        if view.judgement.steps < 100 and not view.judgement.failing:
            return  # every model begins so
        ranked = self._ranked(view)
        if ranked is not None:
            yield self.ruled_out(f"`{ranked[0]}`, by which the script judges, comes to {number(ranked[1])}")
            return
        name = f"class {top}"
        favoured = self._favours(view, top)
        yield self.finding(
            view,
            severity=Severity.WARNING if self._meant(view) else Severity.ERROR,
            confidence=Confidence.MEDIUM,
            title=f"The model only predicts {name}, which {share(majority)} of the labels are",
            message=(
                f"Late in the run {rare:.0f} examples of other classes were seen, and {guessed:.0f} were predicted "
                f"to be of another class than {name}. An accuracy of {share(majority)} is what always answering "
                f"{name} reaches."
                + (f" The class weights make it worse: {number(favoured[0])} for {name} and {number(favoured[1])} for "
                   "another class." if favoured is not None else "")
            ),
            site=view.label,
            location=self._line(view) if favoured is None else self._weighed(view),
            evidence=(
                Evidence("label/share of the most frequent class", None, majority, self.min_majority, "share"),
                Evidence("output/predictions of other classes", None, guessed, self.max_found * rare),
                *((Evidence("class weight of the most frequent class", None, *favoured, "",
                            "the limit is that of another class"),) if favoured is not None else ()),
            ),
            fixes=(
                Fix(
                    "Weigh the rare class as much as the frequent one, and judge by recall or AUC",
                    f"class_weight={self._weights(shares)}" if view.keras else "",
                ),
            ),
        )

    def _favours(self, view: SubjectView, top: int) -> tuple[float, float] | None:
        """Class weights that are larger for the most frequent class: (its weight, that of the lightest other)."""
        fit = view.first_site("fit")
        weights = (fit.attributes.get("class_weight") or {}) if fit is not None else {}
        others = [float(value) for name, value in weights.items() if name != str(top)]
        if str(top) not in weights or not others or float(weights[str(top)]) <= max(others):
            return None
        return float(weights[str(top)]), min(others)

    def _weighed(self, view: SubjectView) -> Location | None:
        fit = view.first_site("fit")
        made = weights_made_at(view.recording, fit.location) if fit is not None else None
        return made or self._line(view)

    def _single(self, view: SubjectView, top: int) -> Result | None:
        """Training batches without a single example of the other classes, which the evaluation has."""
        assert view.label is not None
        seen = sum(float(row.sum()) for _, row in view.recording.vectors(view.label.key, "class_counts"))
        held_out = [row for site in view.sites("label", "eval")
                    for _, row in view.recording.vectors(site.key, "class_counts")]  # fmt: skip
        others = sum(float(row.sum() - row[top : top + 1].sum()) for row in held_out)
        if seen < self.min_single or others < self.min_rare:
            return None
        fit = view.first_site("fit")
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title=f"The training sees no other class than class {top}",
            message=(
                f"All of {seen:,.0f} labels of observed batches are of class {top}, and {others:,.0f} held-out ones "
                "are of others. What is never shown cannot be learned."
            ),
            site=view.label,
            location=fed_from(view.recording, fit.location if fit is not None else None) or self._line(view),
            onset=0,
            evidence=(Evidence("label/classes in training", None, 1.0, 2.0),),
            fixes=(Fix("Draw examples of every class into the batches, and count them before the training"),),
        )

    def _meant(self, view: SubjectView) -> bool:
        """Whether the scores learned much, or the script judges by what an imbalance does not flatter."""
        if view.judgement.training and (view.judgement.gain or 0.0) >= self.good_gain:
            return True
        return view.judgement.training and _RANKED.search(view.recording.source) is not None

    def _ranked(self, view: SubjectView) -> tuple[str, float] | None:
        """An area under the curve that is shown, and well above chance, where the loss gains too.

        Of what is rare by nature, as a click, no example is more likely than not: the shares are what is learned.
        """
        for name in reversed(view.recording.scalar_names(view.subject.key)):  # of held-out rows first
            values = view.recording.scalars(view.subject.key, name).finite().values
            if re.fullmatch(r"epoch/(val_)?(\w*_)?auc(_\d+)?", name, re.IGNORECASE) and len(values):
                good = float(values[-1]) >= self.min_area and (view.judgement.gain or 0.0) >= POOR_GAIN
                return (name.removeprefix("epoch/"), float(values[-1])) if good else None
        return None

    def _line(self, view: SubjectView) -> Location | None:
        """The call of fit, where weights are given; in a hand-written loop those that there are, else the loss."""
        if view.subject.attributes.get("style") == "fit" and view.subject.location is not None:
            return view.subject.location  # of several models the one that is meant
        fit = view.first_site("fit")
        weighed = class_weights_at(view.recording) if fit is None else None
        if weighed is not None:
            return weighed
        place = fit if fit is not None else view.loss
        return place.location if place is not None else None

    def _weights(self, shares: FloatArray) -> str:
        weights = {number: round(float(1 / (len(shares) * one)), 2) for number, one in enumerate(shares) if one > 0}
        return str(weights)

    def _counts(self, view: SubjectView, width: int, top: int) -> tuple[FloatArray, FloatArray] | None:
        """(labels, predictions) by class over the late observed steps of training."""
        output, label = view.output, view.label
        assert output is not None and label is not None
        predicted = dict(view.recording.vectors(output.key, "predicted_counts"))
        counted = dict(view.recording.vectors(label.key, "class_counts"))
        steps = sorted(set(predicted) & set(counted))
        if not steps:
            return None
        length = steps[-1] - steps[0]
        rows: list[tuple[FloatArray, FloatArray]] = []
        rare = 0.0
        for step in reversed(steps):
            enough = rare >= self.enough_rare and step < steps[-1] - length / 3
            if enough or step < steps[-1] - length * self.late:
                break
            rows.append((counted[step], predicted[step]))
            rare += float(counted[step].sum() - counted[step][top : top + 1].sum())
        size = max(width, *(len(one) for row in rows for one in row))
        labels, guesses = np.zeros(size), np.zeros(size)
        for one, other in rows:
            labels[: len(one)] += one
            guesses[: len(other)] += other
        return labels, guesses
