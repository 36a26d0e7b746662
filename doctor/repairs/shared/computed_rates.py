"""Learning rates that are computed: what a line returns, assigns, or takes off the weights."""

from __future__ import annotations

import re

import libcst as cst

from doctor.repairs.base import CannotWrite
from doctor.repairs.source import Source, last_name

#: How people call a rate.
RATE = re.compile(r"(?<![a-z])(lr\d?|rate|eta|step_?size|alpha)(?![a-z])|learning_?rate", re.IGNORECASE)


def computed(source: Source, line: int) -> cst.BaseExpression:
    """What a line returns, assigns, or takes off the weights, as far as it can be multiplied."""
    for call in source.calls("assign_sub", "assign_add", "assign", line=line):
        step = call.args[0].value if call.args else None
        if last_name(call.func) == "assign":
            step = _step(step)
        if step is not None:
            return step
    for augmented in source.on(line, cst.AugAssign):
        if isinstance(augmented.operator, (cst.SubtractAssign, cst.AddAssign)) and source.line(augmented) == line:
            return augmented.value
    values: list[cst.BaseExpression] = []
    values += [node.value for node in source.on(line, cst.Return) if node.value is not None]
    values += [node.body for node in source.on(line, cst.Lambda)]
    for node in source.on(line, cst.Assign):
        step, whole = _step(node.value), node.value
        arithmetic = isinstance(whole, cst.BinaryOperation)
        if isinstance(whole, cst.BinaryOperation) and source.code(node.targets[0].target) == source.code(whole.left):
            if step is not None:
                return step
        name = last_name(node.targets[0].target)
        if arithmetic or RATE.search(name) and "sched" not in name.lower():
            values.append(node.value)
    for value in values:
        inner = value.func if isinstance(value, cst.Call) else value
        if isinstance(value, cst.Call) and last_name(inner)[:1].isupper():
            continue  # an object is no number
        if isinstance(value, (cst.BinaryOperation, cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.IfExp)):
            return value
    raise CannotWrite(f"no learning rate is written on line {line}")


def _step(value: cst.BaseExpression | None) -> cst.BaseExpression | None:
    """What a difference takes off: `rate * g` of `w - rate * g`."""
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, (cst.Subtract, cst.Add)):
        return value.right
    return None


def simple(value: cst.BaseExpression) -> bool:
    """Whether an expression can be multiplied without parentheses around it."""
    product = isinstance(value, cst.BinaryOperation) and isinstance(value.operator, (cst.Multiply, cst.Power))
    return product or isinstance(value, (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.Float, cst.Integer))
