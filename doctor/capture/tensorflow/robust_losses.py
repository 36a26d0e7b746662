"""Losses of a difference that are squared near zero and straight beyond: Huber, log-cosh, pseudo-Huber."""

from __future__ import annotations

from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.trace import Key, Node, Trace

_LIMITS = frozenset({"Less", "LessEqual", "Greater", "GreaterEqual", "Minimum"})
_SCALES = frozenset({"Mul", "Neg", "RealDiv"})
_SQUARES = frozenset({"Square", "Pow", "Mul"})


def is_robust(trace: Trace, difference: Node) -> bool:
    """Whether large differences count in proportion, small ones by their squares.

    - Huber: |d| is held against a limit, or cut off at it;
    - log-cosh: the log of cosh(d), or d + softplus(-2 d);
    - pseudo-Huber: the root of d^2 plus a constant.
    """
    if not difference.outputs:
        return False
    gap = difference.outputs[0]
    after = _following(trace, gap)
    for node in after:
        following = _following(trace, node.outputs[0])
        if node.op == "Abs" and any(_against_constant(trace, one, node.outputs[0]) for one in following):
            return True
        if node.op == "Cosh" and any(one.op == "Log" for one in following):
            return True
        if node.op in _SCALES and any(one.op == "Softplus" for one in following):
            return True
        alone = all(trace.back(key) == trace.back(gap) or not trace.flag(key) for key in node.inputs)
        if node.op in _SQUARES and alone:
            for shifted in following:
                plus = shifted.op in ("Add", "AddV2") and any(trace.flag(key) == 0 for key in shifted.inputs)
                if plus and any(one.op == "Sqrt" for one in _following(trace, shifted.outputs[0])):
                    return True
    return False


def _against_constant(trace: Trace, node: Node, key: Key) -> bool:
    return node.op in _LIMITS and all(trace.flag(other) == 0 for other in node.inputs if other != key)


def _following(trace: Trace, key: Key) -> list[Node]:
    """The ops that take a tensor, also through casts and identities."""
    found: list[Node] = []
    waiting = [key]
    while waiting and len(found) < 32:
        for node in trace.consumers.get(waiting.pop(), []):
            if node.outputs:
                found.append(node)
                if node.op in ops.PASSING:
                    waiting.append(node.outputs[0])
    return found
