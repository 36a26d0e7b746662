"""Rule: a last activation, or a number of output units, that does not suit the task."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Finding, Fix, Severity
from doctor.rules.base import Result, Rule, number
from doctor.rules.labels import counted_from_one, empty_rows, names_several
from doctor.rules.view import SubjectView
from doctor.rules.wording import activation_line, output_line
from doctor.types import Location, Site

#: The values that a function can give.
RANGES: dict[str, tuple[float, float]] = {
    "sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, math.inf),
    "relu6": (0.0, 6.0),
    "softplus": (0.0, math.inf),
}


_RECURRENT = re.compile(r"\b(LSTM|GRU|SimpleRNN)\(")


@dataclass(frozen=True)
class OutputActivation(Rule):
    """The last activation does not suit the task, or the output has too few units.

    What it is:
        A softmax over one unit (always 1), a ReLU before a cross-entropy, a sigmoid on many
        exclusive classes, a sigmoid or tanh before targets that leave its range, or fewer
        output units than classes.

    Why it matters:
        The model cannot say what the labels ask for, whatever its weights: this is the most
        frequent fault in questions people ask.

    How it is measured:
        By construction from the function, the number of units, the axis of a sum and the loss. For squared and
        absolute errors, and others that subtract the output from the labels, the range of the labels against the
        range of the function: when the labels' mean lies outside, or what is a standard deviation beside it does and
        labels reach as far beyond the end, it is an error at once, otherwise only where the run fails.
        For a loss that takes probabilities, an activation that reaches beyond 1 (by more than
        `margin`) is an error at once too.

    Example:
        Dense(1, activation="softmax")

    Use instead:
        Dense(1, activation="sigmoid")

    References:
        Humbatova et al. 2020, Taxonomy of Real Faults in Deep Learning Systems, https://arxiv.org/abs/1910.11015
    """

    fault: ClassVar[str] = "output-activation"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"output", "loss"})

    #: Part of the function's range by which labels, or probabilities, may leave it: rounding and stray values.
    margin: float = 0.05

    def check(self, view: SubjectView) -> Iterator[Result]:
        output, loss = view.output, view.loss
        assert output is not None and loss is not None
        produced = str(output.attributes.get("produced_by") or "linear")
        # Keras computes the loss from the logits behind a softmax or sigmoid; users see its result.
        shown = str(output.attributes.get("activated_by") or produced)
        function = str(loss.attributes.get("function") or "other")
        units = int(output.attributes.get("units") or 0)
        found = None
        if output.attributes.get("over_examples") and units > 1:
            found = self._over_examples(view, output)
        elif shown == "softmax" and units == 1:
            found = self._one_softmax(view, output)
        elif shown == "softmax" and units > 1 and names_several(view):
            return  # see exclusive-classes
        elif function == "poisson" and produced == "linear" and self._negative(view, output):
            found = self._rate(view, output)
        elif (empty := empty_rows(view)) is not None and not counted_from_one(view):
            found = self._too_few(view, output, empty)
        elif function in ("softmax_cross_entropy", "sigmoid_cross_entropy", "log_probability"):
            found = self._classes(view, output, loss, produced, function, units)
        elif function in ("squared_error", "absolute_error") or loss.attributes.get("subtracted"):
            found = self._values(view, output, produced)
        if found is not None:
            yield found
        elif produced != "linear" or loss.attributes.get("takes") != "probabilities":  # else see loss-logits
            yield self.ruled_out(
                f"the output ({units} unit{'' if units == 1 else 's'}, {produced}) suits the loss "
                f"({function.replace('_', ' ')})"
            )

    def _one_softmax(self, view: SubjectView, output: Site) -> Finding:
        bare = "tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)"
        code = 'activation="sigmoid"' if view.keras else bare
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="A softmax over one unit is always 1",
            message="The output has one unit behind a softmax: it is 1 whatever the input, and its gradient is 0.",
            site=output,
            location=activation_line(view, output),
            evidence=(Evidence(f"output/{output.name}/units", None, 1.0, 2.0),),
            fixes=(
                Fix("Use a sigmoid with the binary cross-entropy", code, activation_line(view, output)),
                Fix("Or two units with the categorical cross-entropy", "units=2" if view.keras else ""),
            ),
        )

    def _over_examples(self, view: SubjectView, output: Site) -> Finding:
        place = Location.of(output.attributes["over_examples"])
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The outputs are normalised over the examples of a batch",
            message=(
                "The outputs are divided by their sum over the first axis: the answer for an example depends on the "
                "others in its batch, and the classes of one example do not sum to 1. Alone, an example gets another "
                "answer."
            ),
            site=output,
            location=place,
            evidence=(Evidence("axis of the sum", None, 0.0, -1.0),),
            fixes=(Fix("Sum over the classes", "axis=-1", place),),
        )

    def _negative(self, view: SubjectView, output: Site) -> bool:
        low = view.series("output", output, "min", sound=False).finite().values
        return len(low) > 0 and float(low.min()) < 0

    def _rate(self, view: SubjectView, output: Site) -> Finding:
        low = view.series("output", output, "min", sound=False).finite()
        place = activation_line(view, output)
        return self.finding(
            view,
            severity=Severity.ERROR if view.judgement.nonfinite_step is not None else view.degree or Severity.WARNING,
            confidence=Confidence.HIGH,
            title="A linear output where a Poisson loss takes the logarithm of a rate",
            message=(
                f"The outputs go down to {number(float(low.values.min()))}. The loss takes them for rates, and the "
                "logarithm of what is not positive is no number."
            ),
            site=output,
            location=place,
            evidence=(Evidence(low.name, int(low.steps[0]), float(low.values[0]), 0.0),),
            fixes=(Fix("End the model in a positive function", 'activation="softplus"', place),),
        )

    def _classes(
        self, view: SubjectView, output: Site, loss: Site, produced: str, function: str, units: int
    ) -> Finding | None:
        classes = self._largest_label(view) + 1
        index = view.label is not None and view.label.attributes.get("encoding") == "index"
        if (
            units
            and index
            and classes > units
            and not (units == 1 and classes <= 2)
            and self._smallest_label(view) == 0
        ):
            return self.finding(
                view,
                severity=Severity.ERROR,
                confidence=Confidence.CERTAIN,
                title=f"{units} output unit{'s' if units > 1 else ''} for {classes:.0f} classes",
                message=(
                    f"The labels go up to {classes - 1:.0f}, so {classes:.0f} classes need as many "
                    f"units; the output has {units}."
                ),
                site=output,
                location=output_line(view, output),
                evidence=(Evidence(f"output/{output.name}/units", None, float(units), classes),),
                fixes=(
                    Fix(
                        f"Make {classes:.0f} output units",
                        f"units={classes:.0f}" if view.keras else "",
                        output_line(view, output),
                    ),
                ),
            )
        odd = produced in ("relu", "relu6", "tanh", "elu", "selu", "softplus", "leaky_relu", "swish", "gelu")
        many = produced == "sigmoid" and units > 1 and index and function == "log_probability"
        if not (odd or many):
            return None
        takes = str(loss.attributes.get("takes") or "values")
        # Beyond 0 and 1 there is no probability: that is wrong whether the run gets on or not.
        largest = view.series("output", output, "max")
        outside = odd and takes == "probabilities" and len(largest) and float(largest.values.max()) > 1 + self.margin
        severity = Severity.ERROR if outside else view.degree or Severity.WARNING
        wanted = "softmax" if units > 1 else "sigmoid"
        low, high = RANGES.get(produced, (-math.inf, math.inf))
        why = {
            "relu": "a ReLU turns every negative logit into 0, where no gradient passes",
            "relu6": "a ReLU turns every negative logit into 0, where no gradient passes",
            "tanh": "a tanh keeps every logit between -1 and 1, so the model can never be sure",
            "sigmoid": "sigmoids of exclusive classes do not sum to 1",
        }.get(produced, f"a {produced} before a cross-entropy bends the logits for nothing")
        code = ("activation=None" if takes == "logits" else f'activation="{wanted}"') if view.keras else ""
        title = f"Leave the {produced} out" if takes == "logits" else f"Use a {wanted} instead"
        return self.finding(
            view,
            severity=severity,
            confidence=Confidence.HIGH,
            title=f"A {produced} on the output of a classifier",
            message=(
                f"The last layer ends in a {produced}, and the loss takes {takes}: {why}"
                f"{', and what lies above 1 is no probability' if outside else ''}."
            ),
            site=output,
            location=activation_line(view, output),
            evidence=self._range(view, output, low, 1.0 if outside else high),
            fixes=(Fix(title, code, activation_line(view, output)),),
        )

    def _values(self, view: SubjectView, output: Site, produced: str) -> Finding | None:
        label = view.label
        if label is None or produced not in RANGES:
            return None
        smallest, largest = self._smallest_label(view), self._largest_label(view)
        if not math.isfinite(smallest):
            return None
        low, high = RANGES[produced]
        margin = self.margin * (1.0 if math.isinf(high) else high - low)
        below, above = smallest < low - margin, largest > high + margin
        if not (below or above):
            return None
        mean = float(view.series("label", label, "mean", sound=False).values.mean())
        spread = float(view.series("label", label, "std", sound=False).values.mean())
        # Many labels cannot be reached where a standard deviation beside their mean is outside, and they go on as far
        # again: of skewed ones a few stray values may lie just beyond an end.
        missed = mean - spread < low - margin and smallest < low - spread
        missed |= mean + spread > high + margin and largest > high + spread
        beyond = mean < low or mean > high or missed
        severity = Severity.ERROR if beyond or view.judgement.failing else Severity.WARNING
        return self.finding(
            view,
            severity=severity,
            confidence=Confidence.CERTAIN if beyond else Confidence.HIGH,
            title=f"A {produced} output cannot reach the targets",
            message=(
                f"The targets lie between {number(smallest)} and {number(largest)} (mean "
                f"{number(mean)}, standard deviation {number(spread)}), but a {produced} only "
                f"gives values {'from 0 on' if math.isinf(high) else f'between {low:g} and {high:g}'}."
            ),
            site=output,
            location=activation_line(view, output),
            evidence=(
                Evidence(f"label/{label.name}/min", None, smallest, low),
                Evidence(f"label/{label.name}/max", None, largest, None if math.isinf(high) else high),
                Evidence(f"label/{label.name}/mean", None, mean),
                Evidence(f"label/{label.name}/std", None, spread),
            ),
            fixes=(self._linear(view, output),),
        )

    def _linear(self, view: SubjectView, output: Site) -> Fix:
        place = activation_line(view, output)
        if place is not None and _RECURRENT.search(place.code):
            return Fix("Put a linear layer behind the recurrence", "keras.layers.Dense(1)")
        return Fix("End the model in a linear layer", "activation=None" if view.keras else "", place)

    def _smallest_label(self, view: SubjectView) -> float:
        series = view.series("label", view.label, "min", sound=False).finite() if view.label is not None else None
        return float(series.values.min()) if series is not None and len(series) else math.nan

    def _largest_label(self, view: SubjectView) -> float:
        series = view.series("label", view.label, "max", sound=False).finite() if view.label is not None else None
        return float(series.values.max()) if series is not None and len(series) else math.nan

    def _too_few(self, view: SubjectView, output: Site, empty: float) -> Finding:
        assert view.label is not None
        how_many = f"{100 * empty:.0f} % of the one-hot labels" if empty > 0 else "Some one-hot labels"
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="Some one-hot labels are empty: there are more classes than output units",
            message=(
                f"{how_many} hold no 1 at all: their class number lies beyond the width of the encoding, which is "
                "that of the output. The model can never name these classes."
            ),
            site=output,
            location=output_line(view, output),
            evidence=(Evidence(f"label/{view.label.name}/row_sum_min", 0, 0.0, 1.0),),
            fixes=(Fix("Make as many output units, and as wide one-hot labels, as there are classes"),),
        )

    def _range(self, view: SubjectView, output: Site, low: float, high: float) -> Iterator[Evidence]:
        for statistic, limit in (("min", low), ("max", high)):
            series = view.series("output", output, statistic)
            if len(series):
                yield Evidence(series.name, int(series.steps[-1]), float(series.values[-1]),
                               limit if math.isfinite(limit) else None)  # fmt: skip
