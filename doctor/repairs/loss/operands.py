"""Which of the values that meet in a loss are labels, and which come from the network."""

from __future__ import annotations

import re

import libcst as cst

from doctor.repairs.source import Source, last_name

_LABEL = re.compile(r"(^|_)(y|t|true|truth|target|targets|label|labels|actual|goal|gold|real|yb|yy|ys|y_batch|"
                    r"answer|answers|reference|wanted|expected|observed)(_|$)|^y[a-z]?$")  # fmt: skip
_OUTPUT = re.compile(r"pred|(^|_)(out|output|outputs|yhat|hat|guess|logits?|mu|score|scores|forecast|estimate|"
                     r"estimated|fitted|p|prob|probs|z|mean)(_|$|s$)")  # fmt: skip
_FORWARD = re.compile(r"model|net|predict|forward|call|self$|mlp|regress|classif|encoder|decoder|actor|critic|agent")


def is_label(source: Source, node: cst.BaseExpression, line: int) -> bool:
    """Whether a value looks like labels: by its name, or that of what it is made of, and by no pass of a network."""
    if is_output(source, node, line):
        return False
    return any(_LABEL.search(name.lower()) for name in _names(source, node))


def is_output(source: Source, node: cst.BaseExpression, line: int) -> bool:
    """Whether a value comes out of a network: of a call of one, a product of matrices, or by its name."""
    names = _names(source, node)
    if any(re.search(r"true|target|label", name.lower()) for name in names):
        return False
    if any(_OUTPUT.search(name.lower()) for name in names):
        return True
    return _passes(source, node) or _passes(source, source.followed(node, line))


def _passes(source: Source, node: cst.BaseExpression) -> bool:
    """Whether a value is made by a pass through a network."""
    for call in source.inside(node, cst.Call):
        name = last_name(call.func)
        if name in ("matmul", "dense", "conv2d") or _FORWARD.search(name.lower()):
            return True
    operations = source.inside(node, cst.BinaryOperation)
    return any(isinstance(one.operator, cst.MatrixMultiply) for one in operations)


def _names(source: Source, node: cst.BaseExpression) -> list[str]:
    """The plain names and attributes in a value, without those of functions."""
    callees = {id(part) for call in source.inside(node, cst.Call) for part in source.inside(call.func, cst.Name)}
    return [name.value for name in source.inside(node, cst.Name) if id(name) not in callees]
