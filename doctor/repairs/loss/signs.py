"""Signs in expressions: which terms a sum has, and the same with a term turned round."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.edits import Edits, expression
from doctor.repairs.source import Source, last_name, number

_AVERAGES = ("reduce_mean", "reduce_sum", "mean", "sum", "cast", "float")


def terms(value: cst.BaseExpression, sign: int = 1) -> Iterator[tuple[int, cst.BaseExpression]]:
    """What a sum is made of, each part with its sign; a value that is no sum is its only part."""
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, (cst.Add, cst.Subtract)):
        yield from terms(value.left, sign)
        yield from terms(value.right, sign if isinstance(value.operator, cst.Add) else -sign)
    elif isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus) and number(value) is None:
        yield from terms(value.expression, -sign)
    else:
        yield sign, value


def turn(edits: Edits, value: cst.BaseExpression) -> None:
    """Turn the sign of a value: take out the minus before it, or put one there."""
    inside = _signed(value)
    if isinstance(inside, cst.UnaryOperation):
        code = edits.source.code(inside.expression)
        alone = not isinstance(edits.source.parent(inside), cst.BinaryOperation)
        _put(edits, inside, _bare(inside.expression, code) if alone else code)
        return
    code = edits.source.code(value)
    sum_ = isinstance(value, cst.BinaryOperation) and isinstance(value.operator, (cst.Add, cst.Subtract))
    whole = (sum_ and not value.lpar) or isinstance(value, (cst.IfExp, cst.Comparison, cst.BooleanOperation))
    _put(edits, value, f"-({code})" if whole else f"-{code}")


def turn_term(edits: Edits, term: cst.BaseExpression) -> None:
    """Turn the sign of the term of a sum that a node is, or stands in as a factor or below a mean."""
    source = edits.source
    term = _whole_term(source, term)
    parent = source.parent(term)
    if isinstance(parent, cst.UnaryOperation) and isinstance(parent.operator, cst.Minus):
        edits.replace(parent, source.code(term))
    elif isinstance(parent, cst.BinaryOperation) and parent.right is term:
        edits.change(parent.operator, _other)
    else:
        turn(edits, term)


def _put(edits: Edits, node: cst.BaseExpression, code: str) -> None:
    """Put an expression in another's place, without parentheses: a minus binds as closely as what it stands before."""
    new = expression(code)
    edits.change(node, lambda old: new)


def _whole_term(source: Source, node: cst.BaseExpression) -> cst.BaseExpression:
    """The term that a node is a factor of, or what a mean is taken of."""
    while True:
        parent = source.parent(node)
        outer = source.parent(parent) if isinstance(parent, cst.Arg) else None
        if isinstance(outer, cst.Call) and last_name(outer.func) in _AVERAGES and outer.args[0] is parent:
            node = outer
        elif isinstance(parent, cst.BinaryOperation) and isinstance(parent.operator, (cst.Multiply, cst.Divide)):
            node = parent
        else:
            return node


def _signed(value: cst.BaseExpression) -> cst.BaseExpression:
    """The part of a value that carries its sign: -x itself, x of x * y, x of mean(x)."""
    here = value
    while True:
        if isinstance(here, cst.UnaryOperation) and isinstance(here.operator, cst.Minus):
            return here
        if isinstance(here, cst.BinaryOperation) and isinstance(here.operator, (cst.Multiply, cst.Divide)):
            here = here.left
        elif isinstance(here, cst.Call) and last_name(here.func) in _AVERAGES and here.args:
            here = here.args[0].value
        else:
            return value


def _bare(node: cst.BaseExpression, code: str) -> str:
    """The text of a node without one pair of parentheses around it, where a minus needed them."""
    return code[1:-1] if len(node.lpar) == 1 and isinstance(node, cst.BinaryOperation) else code


def _other(operator: cst.CSTNode) -> cst.CSTNode:
    """Plus for minus, and minus for plus."""
    assert isinstance(operator, (cst.Add, cst.Subtract))
    other = cst.Subtract if isinstance(operator, cst.Add) else cst.Add
    return other(whitespace_before=operator.whitespace_before, whitespace_after=operator.whitespace_after)
