"""Answers that are read from outputs as the loss takes them: the threshold of logits, the axis of classes."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import argument, last_name, number


class ReadAnswers(Repair):
    """Compares logits with 0, takes the largest output of each row, and one output as a yes or no."""

    id = "read-answers"
    faults = ("metric-wrong",)
    rules = ("scored-apart",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        output, loss = case.view.output, case.view.loss
        logits = loss is not None and loss.attributes.get("takes") == "logits"
        units = output.attributes.get("units") if output is not None else None
        edits = Edits(source)
        for comparison in source.on(line, cst.Comparison):
            for target in comparison.comparisons:
                if logits and number(target.comparator) == 0.5:
                    edits.replace(target.comparator, "0")
                    yield self.patch("Compare the logits with 0", edits)
                    return
                if not logits and number(target.comparator) == 0:
                    edits.replace(target.comparator, "0.5")
                    yield self.patch("Compare the probabilities with 0.5", edits)
                    return
        for call in source.calls("argmax", line=line):
            axis = argument(call, "axis", 0 if isinstance(call.func, cst.Attribute) and not _module(call) else 1)
            if units == 1:
                values = call.args[0].value if _module(call) and call.args else getattr(call.func, "value", None)
                if isinstance(values, cst.BaseExpression):
                    edits.replace(call, f"({source.code(values)}[:, 0] > {0 if logits else 0.5}).astype(int)")
                    yield self.patch("Read the single output as a yes or no", edits)
                    return
            if axis is None or number(axis.value) == 0:
                edits.set_argument(call, "axis", "-1", 1 if _module(call) else 0)
                yield self.patch("Take the largest output of each row", edits)
                return
        for call in source.calls("round", "rint", line=line):
            if logits and call.args:
                edits.wrap(call.args[0].value, f"{edits.tensorflow()}.sigmoid(", ")")
                yield self.patch("Round the probability, not the logit", edits)
                return
        raise CannotWrite(f"line {line} reads no answers in a way that is known")


def _module(call: cst.Call) -> bool:
    """Whether a function of a library is called, and no method of an array."""
    owner = call.func.value if isinstance(call.func, cst.Attribute) else None
    return owner is None or last_name(owner) in ("np", "numpy", "tf", "math", "ops", "keras", "K", "jnp")
