"""A linear layer behind a recurrent one that was to be the output itself."""

from __future__ import annotations

import libcst as cst

from doctor.repairs.base import CannotWrite, Case
from doctor.repairs.edits import Edits
from doctor.repairs.source import argument, number

_RECURRENT = ("LSTM", "GRU", "SimpleRNN")
#: Units of the recurrent layer, which was as wide as the output.
_WIDTH = 32


def behind_recurrence(case: Case) -> Edits:
    """Put a Dense layer behind the last recurrent layer, which gets units enough to remember by.

    Raises:
        CannotWrite: the layer is not made in a way that another can follow.
    """
    edits = Edits(case.source)
    source = edits.source
    calls = source.calls(*_RECURRENT, line=case.location.line)
    if not calls:
        raise CannotWrite(f"no recurrent layer is made on line {case.location.line}")
    call = calls[-1]
    units = argument(call, "units", 0)
    if units is None:
        raise CannotWrite("the recurrent layer does not say how many units it has")
    dense = f"{edits.keras('layers.Dense')}({source.code(units.value)})"
    around = source.parent(call)
    if number(units.value) is not None and (number(units.value) or 0) < _WIDTH / 2:
        edits.replace(units.value, str(_WIDTH))
    outer = source.parent(around) if around is not None else None
    if isinstance(around, cst.Arg) and isinstance(outer, cst.Call) and isinstance(outer.func, cst.Attribute):
        if outer.func.attr.value == "add":  # model.add(LSTM(1))
            edits.insert_after(outer, f"{source.code(outer.func)}({dense})")
            return edits
    if isinstance(around, cst.Element) and isinstance(outer, (cst.List, cst.Tuple)):
        _append(edits, outer, around, dense)
        return edits
    if isinstance(around, cst.Call) and around.func is call:  # out = LSTM(1)(h)
        edits.change(around, lambda node: cst.Call(func=cst.parse_expression(dense), args=[cst.Arg(_value(node))]))
        return edits
    raise CannotWrite("what follows the recurrent layer is not written beside it")


def _value(node: cst.CSTNode) -> cst.BaseExpression:
    assert isinstance(node, cst.BaseExpression)
    return node


def _append(edits: Edits, listed: cst.List | cst.Tuple, element: cst.Element, code: str) -> None:
    """Put another element behind one of a list, laid out as that."""
    at = next(index for index, one in enumerate(listed.elements) if one is element)

    def longer(node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, (cst.List, cst.Tuple))
        elements = list(node.elements)
        own = elements[at]
        new = cst.Element(cst.parse_expression(code), comma=own.comma)
        if at > 0:
            elements[at] = own.with_changes(comma=elements[at - 1].comma)
        else:
            elements[at] = own.with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
        return node.with_changes(elements=[*elements[: at + 1], new, *elements[at + 1 :]])

    edits.change(listed, longer)
