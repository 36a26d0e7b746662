"""Takes a loss apart: the terms that it is the sum of, and the data loss among them."""

from __future__ import annotations

from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.trace import DATA, VARIABLES, Key, Node, Trace

_SUMS = frozenset({"Add", "AddV2", "AddN", "Sub"})
_SCALES = frozenset({"Mul", "RealDiv", "Div", "DivNoNan", "Neg", "Sum", "Mean"})
_ELEMENTWISE = frozenset({"Square", "Pow", "Abs", "Sqrt", "Minimum", "Maximum"})
_LOOPS = frozenset({"While", "StatelessWhile", "If", "StatelessIf", "Case"})


def summands(trace: Trace, target: Key) -> list[Key]:
    """The scalars that depend on data and variables and whose weighted sum is `target`, in order."""
    found: list[Key] = []
    waiting = [target]
    while waiting and len(found) < 64:
        key = trace.back(waiting.pop())
        producer = trace.producer.get(key)
        parts = _parts(trace, producer) if producer is not None else []
        if parts:
            waiting.extend(reversed(parts))
        elif key not in found:
            found.append(key)
    return found


def _parts(trace: Trace, node: Node) -> list[Key]:
    """The scalars that a scalar is the sum, or a multiple, of; [] where it is neither."""
    network = [key for key in node.inputs if trace.mixed(key)]
    if node.op in ("Sum", "Mean") and network:
        stack = trace.producer.get(trace.back(network[0]))
        if stack is not None and stack.op == "Pack":
            network = [key for key in stack.inputs if trace.mixed(key)]
    elif node.op not in _SUMS and (node.op not in _SCALES or len(network) != 1):
        return []
    return network if all(trace.rank(key) == 0 for key in network) else []


def penalties(trace: Trace, target: Key) -> list[Node]:
    """The ops that make the terms of a loss which depend on variables and on no data."""
    found: list[Node] = []
    waiting, seen = [target], 0
    while waiting and seen < 200:
        key = trace.back(waiting.pop())
        seen += 1
        producer = trace.producer.get(key)
        if producer is None or producer.op == "ReadVariableOp":
            continue
        if trace.only_variables(key):
            found.append(producer)
        elif producer.op in _SUMS | _SCALES | {"Pack"} and trace.mixed(key):
            waiting.extend(one for one in reversed(producer.inputs) if trace.rank(one) in (0, 1))
    return found


def data_loss(trace: Trace, node: Node, target: Key) -> Key | None:
    """The scalar between the head and the target that is the data loss: before penalties and loss scaling.

    Keras sums and then divides, so it is the last scalar that depends on this head alone.
    """
    on_path = trace.ancestors([target])
    key, found = node.outputs[0], None
    for _ in range(64):
        if trace.rank(key) == 0:
            found = key
        following = [
            one
            for one in trace.consumers.get(key, [])
            if id(one) in on_path and one.outputs and trace.mixed(one.outputs[0])
        ]
        if not following or (found is not None and _adds_or_scales(trace, following[0], key)):
            return found
        if following[0].op in _LOOPS:
            return None  # which of its results goes on is not known
        key = following[0].outputs[0]
    return found


def with_penalties(trace: Trace, loss: Key, target: Key) -> Key | None:
    """The scalar that the data loss and other terms are summed to, before any scaling; None without others."""
    on_path = trace.ancestors([target])
    key, found, added = loss, None, False
    for _ in range(16):
        following = [one for one in trace.consumers.get(key, []) if id(one) in on_path and one.outputs]
        if not following or following[0].op not in _SUMS | {"Pack", "Sum"} | ops.PASSING:
            break
        added = added or sum(bool(trace.flag(one) & VARIABLES) for one in following[0].inputs) > 1
        key = following[0].outputs[0]
        if added and trace.rank(key) == 0:
            found = key
    return found


def weighted_by(trace: Trace, node: Node, target: Key) -> tuple[str, Key, Key] | None:
    """What the losses of the examples, made by `node`, are multiplied by: "data" or "network", losses and factor.

    An advantage or a reward may be negative, and the loss then too; a variance that the network predicts
    divides its errors, and its logarithm is added to them.
    """
    on_path = trace.ancestors([target])
    waiting, seen = list(node.outputs), set(node.outputs)
    while waiting and len(seen) < 64:
        key = waiting.pop()
        for following in trace.consumers.get(key, []):
            if id(following) not in on_path or not following.outputs or trace.rank(key) == 0:
                continue
            others = [other for other in following.inputs if other != key]
            for other in others:
                if following.op in ops.DIVISIONS | {"Mul", "MulNoNan"} and trace.mixed(other):
                    return "network", key, other
            for other in others:
                if following.op in ("Mul", "MulNoNan") and trace.flag(other) & DATA:
                    return "data", key, other
            if following.op in _SUMS | _SCALES | _ELEMENTWISE | ops.LOGARITHMS | ops.PASSING:
                waiting += [one for one in following.outputs if one not in seen]
                seen.update(following.outputs)
    return None


def through_loop(trace: Trace, node: Node) -> bool:
    """Whether what `node` makes goes into a loop or a branch, of which is not seen what it makes of it."""
    key = node.outputs[0]
    for _ in range(16):
        if trace.rank(key) == 0:
            return False  # a loss that is one number already, and is printed now and then
        following = [one for one in trace.consumers.get(key, []) if one.outputs and trace.mixed(one.outputs[0])]
        if any(one.op in _LOOPS for one in following):
            return True
        if not following:
            return False
        key = following[0].outputs[0]
    return False


def _adds_or_scales(trace: Trace, node: Node, key: Key) -> bool:
    """Whether an op adds something else that depends on variables, or multiplies by a variable (a loss scale)."""
    others = [other for other in node.inputs if other != key]
    if node.op in ops.DIVISIONS and node.inputs[0] == key and any(trace.mixed(other) for other in others):
        return False  # an overlap over a union: the quotient is the loss
    if any(trace.flag(other) & VARIABLES for other in others):
        return True
    if node.op in ("Mul", "RealDiv"):
        producers = [trace.producer.get(trace.back(other)) for other in others]
        return any(producer is not None and producer.op == "ReadVariableOp" for producer in producers)
    return False
