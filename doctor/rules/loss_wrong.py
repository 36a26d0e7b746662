"""Rule: a loss that does not suit the task or the labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.loss_facts import advantages
from doctor.reading.values import argument
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.labels import (
    LabelValues,
    label_values,
    names_several,
    numbers_of_classes,
    reconstructs,
)
from doctor.rules.view import SubjectView
from doctor.types import Location

_CROSS_ENTROPIES = ("softmax_cross_entropy", "sigmoid_cross_entropy", "log_probability", "kl_divergence")


@dataclass(frozen=True)
class LossWrong(Rule):
    """The loss does not suit the task, or the way in which the labels are written.

    What it is:
        A regression loss on class numbers, a cross-entropy on measured values, a loss for many
        classes on a single output unit, a binary loss on a softmax over many classes.

    Why it matters:
        The model minimises something else than what is wanted. A regression on class numbers takes
        class 9 for three times class 3; a cross-entropy over one unit is zero whatever the
        prediction.

    How it is measured:
        By construction, from the loss, the output and the labels that were seen: a categorical
        cross-entropy over one unit; a cross-entropy whose labels are measured values (not whole
        numbers) outside of 0 to 1; a cross-entropy of one unit on the numbers of `min_classes` and more
        classes; a squared or absolute error of one unit on `min_classes` to
        `max_classes` class numbers that count from 0, an error where an accuracy is asked for or the
        run fails, else a warning; a binary cross-entropy of a softmax over three and more classes, an
        error where the run fails, else a warning; an absolute error on targets of which more than half are zero, where
        the outputs come to less than `min_answer` of them and explain less than `min_explained`, a warning.

    Example:
        model.compile(loss="mse", metrics=["accuracy"])  # y in 0..9, one output unit

    Use instead:
        model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])  # ten units

    References:
        https://keras.io/api/losses/
    """

    fault: ClassVar[str] = "loss-wrong"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"label", "loss", "output"})

    #: Class numbers of which there are so many are no yes-or-no.
    min_classes: int = 3
    #: More different whole numbers are counts or measurements.
    max_classes: int = 30

    #: Part of the mean of the targets that outputs must reach where most are zero.
    min_answer: float = 0.2
    #: Variance that is to be explained there.
    min_explained: float = 0.1

    def check(self, view: SubjectView) -> Iterator[Result]:
        label, loss, output = view.label, view.loss, view.output
        assert label is not None and loss is not None and output is not None
        values = label_values(view)
        if values is None:
            yield self.not_checked(view, "the labels were not observed")
            return
        function = str(loss.attributes.get("function"))
        keras = str(loss.attributes.get("keras_loss") or "").lower().replace("_", "")
        units = output.attributes.get("units")
        if loss.attributes.get("swapped"):
            yield self._found(
                view, Severity.ERROR, Confidence.CERTAIN,
                "The loss is given the output for the labels, and the labels for the output",
                "What the network puts out stands where the loss takes the truth: it is unbounded there, and the "
                "cheapest answer is a very large one. Losses of Keras take the labels first.",
                Evidence("loss/arguments in their place", None, 0.0, 2.0),
                Fix("Give the labels first", "loss_fn(labels, predictions)"), loss.location,
            )  # fmt: skip
            return
        several = names_several(view)
        one_of_many = "categorical" in keras or (not keras and function == "softmax_cross_entropy")
        by_hand = not keras
        if one_of_many and isinstance(units, int) and units > 1 and several and not reconstructs(view):
            severe = view.judgement.failing or (not by_hand and not self._softmax(view))
            if by_hand and view.judgement.training:
                return  # the likelihood of several draws, as of the items that a person clicked
            yield self._found(
                view, Severity.ERROR if severe else Severity.WARNING,
                Confidence.HIGH,
                "A loss for one class among many, on labels that name several",
                f"Several of the {units} labels of an example may be 1. A categorical cross-entropy makes the outputs "
                "of an example compete for a single one.",
                Evidence(f"label/{label.name}/row_sum_max", None,
                         float(view.series("label", label, "row_sum_max", sound=False).finite().values.max()), 1.0),
                Fix("Ask every unit a question of its own",
                    'loss="binary_crossentropy"' if keras else "tf.nn.sigmoid_cross_entropy_with_logits"),
            )  # fmt: skip
            return
        alone = not keras and function == "softmax_cross_entropy" and units == 1
        alone = alone and label.attributes.get("encoding") != "index"  # see output-activation
        if ("categorical" in keras and units == 1) or alone:
            yield self._found(
                view, Severity.ERROR, Confidence.CERTAIN,
                "A loss for many classes on one output unit",
                "A categorical cross-entropy compares the units of an output with each other. With a single unit it "
                "is the same whatever the prediction.",
                Evidence("output/units", None, 1.0, 2.0),
                Fix("Use a binary cross-entropy for one unit",
                    'loss="binary_crossentropy"' if keras else
                    "tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)"),
            )  # fmt: skip
        elif function in _CROSS_ENTROPIES and advantages(view.recording, label):
            return  # the gradient of a policy: minus the logarithm of what was chosen, times how good it was
        elif function in _CROSS_ENTROPIES and reconstructs(view):
            return  # pictures that are to be rebuilt: their scale is the fault, if any
        elif function in _CROSS_ENTROPIES and not values.whole and (values.low < -1e-3 or values.high > 1 + 1e-3):
            yield self._found(
                view, Severity.ERROR, Confidence.CERTAIN,
                "A cross-entropy on measured values",
                f"The labels lie between {number(values.low)} and {number(values.high)} and are no whole numbers: this "
                "is a regression, and a cross-entropy takes classes or probabilities.",
                Evidence(f"label/{label.name}/max", None, values.high, 1.0),
                Fix("Use a squared error", 'loss="mse"' if view.keras else "tf.reduce_mean((output - y) ** 2)"),
            )  # fmt: skip
        elif function in _CROSS_ENTROPIES and units == 1 and numbers_of_classes(values, self.min_classes):
            classes = int(values.high) + 1
            yield self._found(
                view, Severity.ERROR, Confidence.CERTAIN,
                f"A yes-or-no loss on {classes} classes",
                f"The labels are the whole numbers 0 to {classes - 1}, and one output unit is asked for the "
                "probability of a yes: for labels above 1 the loss has no minimum and falls below zero.",
                Evidence(f"label/{label.name}/max", None, values.high, 1.0),
                Fix(f"Give the output {classes} units with a softmax, and use the cross-entropy of class numbers",
                    'loss="sparse_categorical_crossentropy"' if view.keras else
                    "tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)"),
            )  # fmt: skip
        elif function in ("squared_error", "absolute_error") and units == 1 and self._counts_classes(values):
            metrics = [str(one).lower() for fit in view.fits
                       for one in (fit.attributes.get("compile") or {}).get("metrics") or ()]  # fmt: skip
            meant = any("acc" in one for one in metrics)
            severity = Severity.ERROR if meant or view.judgement.failing else Severity.WARNING
            yield self._found(
                view, severity, Confidence.HIGH if meant else Confidence.MEDIUM,
                f"A regression loss on {values.distinct} classes",
                f"The labels are the whole numbers {values.low:.0f} to {values.high:.0f}, and one unit is trained to "
                "come near them: class 9 counts as three times class 3."
                + (" The metric asks for an accuracy." if meant else ""),
                Evidence("label/different values", None, float(values.distinct or 0)),
                Fix(f"Give the output {values.distinct} units and use a cross-entropy",
                    'loss="sparse_categorical_crossentropy"' if view.keras else
                    "tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)"),
            )  # fmt: skip
        elif function == "absolute_error" and (rare := self._mostly_nothing(view)) is not None:
            yield self._found(
                view, Severity.WARNING, Confidence.HIGH,
                "An absolute error on targets of which most are zero",
                f"{share(rare[0])} of the targets are zero, so that zero is the best constant answer to an absolute "
                f"error. The outputs have a mean of {number(rare[1])}, the targets {number(rare[2])}: what is rare and "
                "large is never predicted.",
                Evidence("label/zero_share", None, rare[0], 0.5, "share"),
                Fix("Use a loss of which the mean is the best answer", 'loss="poisson"' if view.keras else
                    "tf.reduce_mean((output - y) ** 2)"),
            )  # fmt: skip
        elif several:
            return  # a question for every unit suits these labels; whether the softmax does, output-activation tells
        elif "binarycross" in keras and self._softmax(view) and isinstance(units, int) and units > 2:
            yield self._found(
                view, Severity.ERROR if view.judgement.failing else Severity.WARNING, Confidence.HIGH,
                f"A binary cross-entropy on a softmax over {units} classes",
                "The loss asks every unit a yes-or-no question of its own, while the softmax makes one choice among "
                f"{units}.",
                Evidence("output/units", None, float(units), 2.0),
                Fix("Use the categorical cross-entropy", 'loss="categorical_crossentropy"'),
            )  # fmt: skip

    def _mostly_nothing(self, view: SubjectView) -> tuple[float, float, float] | None:
        """(share of zeros, mean of the outputs, mean of the targets) late in a run that answers zero; else None."""
        assert view.label is not None and view.output is not None
        zeros = view.series("label", view.label, "zero_share").finite().values
        wanted = view.series("label", view.label, "mean").finite().values
        given = view.series("output", view.output, "mean").finite().values
        if not len(zeros) or not len(given) or view.output.attributes.get("units") != 1:
            return None
        none, target, answer = float(zeros.mean()), float(wanted.mean()), float(given[-1])
        poor = (view.judgement.explained or 0.0) < self.min_explained
        return (none, answer, target) if none > 0.5 and poor and answer < self.min_answer * target else None

    def _line(self, view: SubjectView) -> Location | None:
        """Where the loss is chosen: its object is made, or its name is given."""
        if view.loss is None:
            return None
        made = Location.of(view.loss.attributes.get("made"))
        return made or argument(view.recording, view.loss.location, ("loss",), 1, "compile")

    def _counts_classes(self, values: LabelValues) -> bool:
        return bool(
            values.whole
            and values.low == 0
            and values.distinct is not None
            and self.min_classes <= values.distinct <= self.max_classes
            and values.high == values.distinct - 1
            and values.even
        )

    def _softmax(self, view: SubjectView) -> bool:
        assert view.output is not None
        return "softmax" in (view.output.attributes.get("produced_by"), view.output.attributes.get("activated_by"))

    def _found(
        self, view: SubjectView, severity: Severity, confidence: Confidence, title: str, text: str,
        evidence: Evidence, fix: Fix, location: Location | None = None,
    ) -> Result:  # fmt: skip
        return self.finding(
            view,
            severity=severity,
            confidence=confidence,
            title=title,
            message=text,
            site=view.loss,
            location=location or self._line(view),
            evidence=(evidence,),
            fixes=(fix,),
        )
