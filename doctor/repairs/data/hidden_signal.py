"""Statistics over the wrong axis and masks turned round: what hides one example, or one word, from the network."""

from __future__ import annotations

import libcst as cst

from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, dotted, last_name, number

#: (title, edits) of one way to mend a line.
Way = tuple[str, Edits]

_STATISTICS = ("mean", "std", "max", "min", "ptp", "norm", "reduce_mean", "reduce_std", "reduce_max", "reduce_min")


class Replaced:
    """A node in place of another."""

    def __init__(self, new: cst.CSTNode) -> None:
        self._new = new

    def __call__(self, node: cst.CSTNode) -> cst.CSTNode:
        return self._new


def over_examples(source: Source, line: int) -> Way | None:
    """Mean and spread over the examples, rather than of each example by itself."""
    scope = next((source.scope(node) for node in source.nodes if source.line(node) == line), source.module)
    here = [call for call in source.calls(*_STATISTICS, line=line) if argument(call, "axis") is not None]
    if not here:
        return None
    edits, changed = Edits(source), False
    for call in source.calls(*_STATISTICS):
        given, first = argument(call, "axis"), argument(here[0], "axis")
        if given is None or first is None or source.scope(call) is not scope:
            continue
        if source.code(given.value) == source.code(first.value) and source.code(given.value) != "0":
            over = number(given.value)
            edits.replace(given.value, "(0, 1)" if over == 1 and argument(call, "keepdims") else "0")
            changed = True
    return ("Take mean and spread over the examples", edits) if changed else None


def mask_turned(source: Source, line: int) -> Way | None:
    """A mask turned round."""
    for call in source.calls("equal", "not_equal", line=line):
        edits = Edits(source)
        name = "not_equal" if last_name(call.func) == "equal" else "equal"
        owner = dotted(call.func).rpartition(".")[0]
        edits.replace(call.func, f"{owner}.{name}" if owner else name)
        return "Turn the mask round", edits
    for compared in source.on(line, cst.Comparison):
        operator = compared.comparisons[0].operator
        if isinstance(operator, (cst.Equal, cst.NotEqual)) and len(compared.comparisons) == 1:
            edits = Edits(source)
            edits.change(operator, Replaced(cst.NotEqual() if isinstance(operator, cst.Equal) else cst.Equal()))
            return "Turn the mask round", edits
    for node in source.on(line, cst.BinaryOperation):
        large = abs(number(node.left) or 0.0) >= 1e4
        if isinstance(node.operator, cst.Multiply) and large:
            edits = Edits(source)
            inner, new = node.right, f"(1.0 - {source.code(node.right)})"
            if isinstance(inner, cst.BinaryOperation) and isinstance(inner.operator, cst.Subtract):
                if number(inner.left) == 1:
                    new = source.code(inner.right)
            edits.change(inner, Replaced(cst.parse_expression(new)))
            return "Hide the padding, not the rest", edits
    return None
