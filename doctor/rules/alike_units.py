"""Rule: outputs that were made alike and stay copies of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Severity
from doctor.reading.drawn import drawn_at
from doctor.rules.advice import initialise
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.types import Site


@dataclass(frozen=True)
class AlikeUnits(Rule):
    """Outputs that start from equal weights are still copies of each other when the training ends.

    What it is:
        The last kernel starts at one number, zero mostly, and the loss treats several of its outputs alike: the
        components of a mixture, the heads of an ensemble.

    Why it matters:
        Equal weights get equal gradients: a mixture of four stays one. The loss falls all the same, to what one
        component can do. (Outputs with labels of their own, as those of classes, part in the first update: there
        zeros do no harm.)

    How it is measured:
        The columns of the kernel at the end of the run: it fires where at most `distinct` of them differ, the kernel
        was constant at step 0 and has moved since, and no label stands beside each output.

    Example:
        w = tf.Variable(tf.zeros([hidden, 3 * components]))

    Use instead:
        w = tf.Variable(tf.random.normal([hidden, 3 * components], stddev=0.1))

    References:
        Bishop 1994, Mixture Density Networks, https://publications.aston.ac.uk/id/eprint/373/
    """

    fault: ClassVar[str] = "init-constant"
    needs: ClassVar[frozenset[str]] = frozenset({"weight"})

    #: Share of the columns that differ from each other.
    distinct: float = 0.5
    #: Spread over the units at step 0, as a share of the mean absolute weight, that rounding explains.
    tolerance: float = 1e-6

    def check(self, view: SubjectView) -> Iterator[Result]:
        known = [kernel for kernel in view.used_kernels if kernel.attributes.get("distinct_units")]
        if not known:
            yield self.not_checked(view, "the weights were not looked at when the run ended")
            return
        for kernel in known:
            units, different = int(kernel.attributes["shape"][-1]), int(kernel.attributes["distinct_units"])
            if different > self.distinct * units or not self._grew(view, kernel) or self._told_apart(view, units):
                continue
            yield self.finding(
                view,
                severity=Severity.WARNING if view.judgement.training else Severity.ERROR,
                confidence=Confidence.HIGH,
                title=f"Outputs of `{kernel.name}` are copies of each other",
                message=(
                    f"`{kernel.name}` starts with equal weights for all its {units} outputs, and after "
                    f"{view.judgement.steps} steps {different} of them differ: the others are copies, which the loss "
                    "gives the same gradient."
                ),
                site=kernel,
                location=drawn_at(view.recording, kernel),
                onset=0,
                evidence=(
                    Evidence(f"weight/{kernel.name}/columns that differ", None, float(different),
                             self.distinct * units),
                ),
                fixes=initialise(view, kernel),
            )  # fmt: skip
            return
        yield self.ruled_out("the outputs of every layer differ from each other at the end")

    def _grew(self, view: SubjectView, kernel: Site) -> bool:
        """Whether a kernel that was constant at step 0 is not what it was."""
        stats = view.initial("weight", kernel)
        norms = view.series("weight", kernel, "norm").values
        if stats is None or len(norms) < 2 or stats["example_std"] > self.tolerance * stats["abs_mean"]:
            return False
        return float(norms[-1]) != float(norms[0])

    def _told_apart(self, view: SubjectView, units: int) -> bool:
        """Whether each output is compared with a label of its own."""
        loss, label = view.loss, view.label
        if loss is None or label is None:
            return loss is not None and loss.attributes.get("function") != "other"
        shape = list(label.attributes.get("shape") or ())
        many = len(shape) >= 2 and (shape[-1] is None or shape[-1] >= units)
        return many or loss.attributes.get("labels") != "continuous"
