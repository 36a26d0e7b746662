"""Rule: a trainable variable that gets no gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule
from doctor.rules.idioms import blocked, cut
from doctor.rules.view import SubjectView
from doctor.types import Location, Site


@dataclass(frozen=True)
class GradientDisconnected(Rule):
    """No path leads from a trainable variable to the loss, so that its gradient is None.

    What it is:
        The variable is left out of the forward pass, the way is cut (by NumPy, argmax, round,
        a cast to whole numbers, stop_gradient), the loss is computed outside the tape, or the
        variable is missing in the list that is handed to the gradient call.

    Why it matters:
        The variable keeps its initial value for ever; often it is the output layer.

    How it is measured:
        By construction: the gradient call answered None for a variable it was asked for. A
        variable that reaches the loss but was not asked for is an error only where the run
        fails: fine-tuning leaves variables out on purpose.

    Example:
        logits = tf.matmul(h1, w1) + b1  # w_out was made and never used

    Use instead:
        logits = tf.matmul(h1, w_out) + b_out

    References:
        https://www.tensorflow.org/guide/autodiff#getting_a_gradient_of_none
    """

    fault: ClassVar[str] = "gradient-disconnected"
    needs: ClassVar[frozenset[str]] = frozenset({"variable"})

    def check(self, view: SubjectView) -> Iterator[Result]:
        none = [
            site
            for site in view.variables
            if site.attributes.get("connected") is False and site.attributes.get("in_sources") is not False
        ]
        left_out = [
            site
            for site in view.variables
            if site.attributes.get("in_sources") is False and site.attributes.get("reaches_loss") is True
        ]
        if none:
            yield self._none(view, none)
        elif left_out and (view.judgement.failing or len(left_out) < len(view.variables) / 2):
            yield self._left_out(view, left_out)
        else:
            count = sum(1 for site in view.variables if site.attributes.get("connected") is not False)
            yield self.ruled_out(f"all {count} trainable variables get a gradient")

    def _none(self, view: SubjectView, none: list[Site]) -> Result:
        kernels = [site for site in none if site.attributes.get("role") == "kernel"]
        site = (kernels or none)[0]
        # Behind a cut everything looks unused: without a place of a cut it is unused indeed.
        where = cut(view.recording)
        unused = site.attributes.get("order") is None and where is None
        names = ", ".join(f"`{one.name}`" for one in none[:4]) + (" ..." if len(none) > 4 else "")
        everything = len(none) == len(view.variables)
        if unused:
            why = "The forward pass never uses it."
            fix = Fix(f"Use `{site.name}` in the forward pass, or delete it")
        else:
            why = (
                "It is used, but the way from there to the loss is cut: by NumPy, argmax, a cast, "
                "or a loss outside the tape."
            )
            fix = Fix("Stay within TensorFlow from the variables to the loss, inside `with tf.GradientTape() as tape:`")
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title=f"`{site.name}` gets no gradient" if not everything else "No variable gets a gradient",
            message=f"The gradient of {names} is None. {why} It keeps its initial value for ever.",
            site=site,
            location=site.location if unused else where or self._blocked(view, everything) or site.location,
            evidence=(Evidence("variables without a gradient", None, float(len(none)), 0.0),),
            fixes=(fix,),
        )

    def _blocked(self, view: SubjectView, everything: bool) -> Location | None:
        """Where the way of all gradients is cut; else the line that asks for them."""
        return (blocked(view.recording) if everything else None) or view.subject.location

    def _left_out(self, view: SubjectView, left_out: list[Site]) -> Result:
        site = left_out[0]
        names = ", ".join(f"`{one.name}`" for one in left_out[:4]) + (" ..." if len(left_out) > 4 else "")
        return self.finding(
            view,
            severity=Severity.ERROR if view.judgement.failing else Severity.INFO,
            confidence=Confidence.MEDIUM,
            title=f"`{site.name}` is missing in the list of variables to train",
            message=f"{names} reach the loss but are not in the list that is handed to the gradient call.",
            site=site,
            location=view.subject.location,
            evidence=(Evidence("variables left out", None, float(len(left_out)), 0.0),),
            fixes=(Fix("Ask for the gradient of every trainable variable",
                       "tape.gradient(loss, model.trainable_variables)" if view.keras else ""),),
        )  # fmt: skip
