"""Rule: outputs that exclude each other where labels do not, or do not where labels do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Finding, Fix, Severity
from doctor.rules.base import Result, Rule
from doctor.rules.labels import names_several
from doctor.rules.view import SubjectView
from doctor.rules.wording import activation_line
from doctor.types import Site


@dataclass(frozen=True)
class ExclusiveClasses(Rule):
    """A softmax where an example may have several labels, or sigmoids where it has one of several classes.

    What it is:
        A softmax shares one whole among the classes; sigmoids answer for each class alone. Labels
        that name several classes want the one, labels that name a single class want the other.

    Why it matters:
        Of two labels that are both right neither can come near 1 behind a softmax. Keras takes the logits
        behind sigmoids for those of a softmax where the loss is a categorical cross-entropy: it trains, but
        what the model puts out was never trained and is no probability of a class.

    How it is measured:
        By construction: the last activation, the loss, and labels of 0 and 1 of which some example has
        several. It is an error where the run fails, else a warning.

    Example:
        Dense(10, activation="sigmoid")  # loss="categorical_crossentropy"

    Use instead:
        Dense(10, activation="softmax")

    References:
        https://keras.io/api/losses/probabilistic_losses/
    """

    fault: ClassVar[str] = "output-activation"
    scope: ClassVar[str] = "head"
    needs: ClassVar[frozenset[str]] = frozenset({"output", "loss"})

    def check(self, view: SubjectView) -> Iterator[Result]:
        output, loss = view.output, view.loss
        assert output is not None and loss is not None
        produced = str(output.attributes.get("produced_by") or "linear")
        shown = str(output.attributes.get("activated_by") or produced)
        units, function = int(output.attributes.get("units") or 0), loss.attributes.get("function")
        if units < 2:
            return
        several = names_several(view)
        if shown == "softmax" and several:
            yield self._competing(view, output)
        elif not several and shown == "sigmoid" != produced and function == "softmax_cross_entropy":
            yield self._looked_behind(view, output, units)
        else:
            yield self.ruled_out(f"the classes and the last activation ({shown}) go together")

    def _competing(self, view: SubjectView, output: Site) -> Finding:
        return self.finding(
            view,
            severity=view.degree or Severity.WARNING,
            confidence=Confidence.HIGH,
            title="A softmax where an example may have several labels",
            message=(
                "A softmax shares one whole among its units, so that of two labels that are both right neither can "
                "come near 1."
            ),
            site=output,
            location=activation_line(view, output),
            evidence=(Evidence(f"output/{output.name}/units", None, float(output.attributes.get("units") or 0)),),
            fixes=(Fix("Use a sigmoid for every unit", 'activation="sigmoid"', activation_line(view, output)),),
        )

    def _looked_behind(self, view: SubjectView, output: Site, units: int) -> Finding:
        """Sigmoids under a categorical cross-entropy of Keras, which takes the logits behind them for a softmax."""
        return self.finding(
            view,
            severity=view.degree or Severity.WARNING,
            confidence=Confidence.HIGH,
            title="A sigmoid on the output of a classifier of exclusive classes",
            message=(
                f"The {units} outputs end in a sigmoid, and the loss is that of a softmax over the logits behind them: "
                "what the model puts out was never trained. It does not sum to 1 and is no probability of a class."
            ),
            site=output,
            location=activation_line(view, output),
            evidence=(Evidence(f"output/{output.name}/units", None, float(units)),),
            fixes=(Fix("Use a softmax instead", 'activation="softmax"', activation_line(view, output)),),
        )
