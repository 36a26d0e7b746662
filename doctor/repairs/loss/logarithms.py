"""Logarithms of probabilities that a script takes itself: of what, and in which safer form."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, last_name, number

_LOGS = ("log", "ln", "log2", "log10")
_BOUNDS = ("clip_by_value", "clip", "maximum", "minimum")
_CASTS = ("cast", "squeeze")


def logs(source: Source, line: int) -> list[cst.Call]:
    """Logarithms on a line, and behind the names that its statement mentions within the same function."""
    seen: dict[cst.CSTNode, cst.Call] = {}
    statements = [one for one in source.on(line, cst.SimpleStatementLine)]
    for _ in range(3):
        behind: list[cst.SimpleStatementLine] = []
        for statement in statements:
            for call in source.inside(statement, cst.Call):
                if last_name(call.func) in _LOGS and len(call.args) == 1:
                    seen[call] = call
            behind += _made_of(source, statement)
        statements = behind
    return list(seen.values())


def _made_of(source: Source, statement: cst.SimpleStatementLine) -> Iterator[cst.SimpleStatementLine]:
    """The statements of the same function that give the names in a statement their values."""
    scope, line = source.scope(statement), source.line(statement)
    for name in source.inside(statement, cst.Name):
        for made in source.assignments(name.value):
            around = source.statement(made)
            if source.line(made) < line and source.scope(made) is scope and isinstance(around, cst.SimpleStatementLine):
                yield around


def argument_of(source: Source, call: cst.Call) -> cst.BaseExpression:
    """What a logarithm is taken of, without bounds and small numbers that keep it away from zero."""
    return unbounded(source, call.args[0].value, source.line(call))


def unbounded(source: Source, value: cst.BaseExpression, line: int) -> cst.BaseExpression:
    """A value without the bounds put on it, through the names that only stand for it with bounds."""
    followed: list[cst.CSTNode] = []  # p = clip(p, ...) leads to itself
    while True:
        inner = _inner(value)
        if inner is not None:
            value = inner
            continue
        behind = source.followed(value, line)
        if behind is value or behind in followed or _inner(behind) is None:
            return value
        followed.append(behind)
        value = behind


def _inner(value: cst.BaseExpression) -> cst.BaseExpression | None:
    """What a bound is put on; None where none is."""
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Add) and small(value.right):
        return value.left
    if isinstance(value, cst.Call) and last_name(value.func) in _BOUNDS and value.args:
        plain = [arg.value for arg in value.args if number(arg.value) is None]
        return plain[0] if plain else None
    return None


def small(value: cst.BaseExpression) -> bool:
    """Whether a value looks like what is added so that nothing is zero: a small number, or a name that says so."""
    known = number(value)
    if known is not None:
        return 0 < known <= 1e-2
    return last_name(value).lower().strip("_") in ("eps", "epsilon", "tiny", "smooth", "delta") or (
        isinstance(value, cst.Call) and last_name(value.func) == "epsilon"
    )


def complement(value: cst.BaseExpression) -> cst.BaseExpression | None:
    """p of 1 - p, or None."""
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Subtract) and number(value.left) == 1:
        return value.right
    return None


def of_logits(edits: Edits, line: int, function: str, logits: str | None = None) -> bool:
    """Take the logarithms on a line of logits instead of probabilities; whether there were any.

    Args:
        edits: of the file.
        line: of the loss.
        function: that makes probabilities of the logits, "softmax" or "sigmoid".
        logits: what they are, by default what the logarithms are taken of now.
    """
    source = edits.source
    found = logs(source, line)
    for call in found:
        value = argument_of(source, call)
        turned = complement(value)
        inner = unbounded(source, turned, source.line(call)) if turned is not None else value
        code = logits or source.code(inner)
        if function == "sigmoid":
            simple = logits is None and isinstance(inner, (cst.Name, cst.Call, cst.Attribute, cst.Subscript))
            simple = simple or code.isidentifier()
            sign = "" if turned is None else "-" if simple else "-("
            edits.replace(call, f"{edits.tensorflow()}.math.log_sigmoid({sign}{code}{')' if sign == '-(' else ''})")
        else:
            edits.replace(call, f"{edits.tensorflow()}.nn.log_softmax({code})")
    return bool(found)
