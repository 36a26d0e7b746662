"""Recognises the non-linearity that an op, or a small group of ops, computes."""

from __future__ import annotations

from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.trace import Key, Node, Trace


def function_of(trace: Trace, node: Node) -> str | None:
    """The name of the non-linearity whose result `node` is, or None."""
    if node.op == "Sigmoid":
        return None if _gates_itself(trace, node) else "sigmoid"
    if node.op == "Tanh" and _gates_its_argument(trace, node):
        return "gelu"  # its usual approximation, or mish
    if node.op in ("Mul", "MulNoNan") and any(_is_sigmoid_of(trace, key, node) for key in node.inputs):
        return "swish"
    if node.op == "Maximum" and any(trace.flag(key) == 0 for key in node.inputs) and not _guards(trace, node):
        return "relu"
    if node.op in ops.DIVISIONS and is_softmax_by_hand(trace, node):
        return "softmax"
    return ops.ACTIVATIONS.get(node.op)


def is_softmax_by_hand(trace: Trace, node: Node) -> bool:
    """Whether a division is exp(x) / sum(exp(x))."""
    if node.op not in ops.DIVISIONS or len(node.inputs) < 2:
        return False
    above = trace.back(node.inputs[0])
    below = trace.producer.get(trace.back(node.inputs[1]))
    exponential = trace.producer.get(above)
    if exponential is None or exponential.op != "Exp" or below is None or below.op != "Sum":
        return False
    return trace.back(below.inputs[0]) == above


def _gates_itself(trace: Trace, node: Node) -> bool:
    """Whether a sigmoid is the gate of a swish: multiplied by its own argument."""
    argument = _unscaled(trace, node.inputs[0])
    return any(
        consumer.op in ("Mul", "MulNoNan") and argument in consumer.inputs
        for consumer in trace.consumers.get(node.outputs[0], [])
    )


def _gates_its_argument(trace: Trace, node: Node) -> bool:
    """Whether x is multiplied by something of tanh(f(x)): 0.5 x (1 + tanh(...)), x tanh(softplus(x))."""
    behind: set[Key] = set()
    waiting = list(node.inputs)
    for _ in range(16):
        if not waiting:
            break
        key = waiting.pop()
        producer = trace.producer.get(key)
        if key in behind or not trace.mixed(key):
            continue
        behind.add(key)
        if producer is not None and producer.op in ("Mul", "AddV2", "Add", "Pow", "Square", "Softplus", "Cast"):
            waiting.extend(producer.inputs)
    key = node.outputs[0]
    for _ in range(4):
        following = trace.consumers.get(key, [])
        if any(one.op == "Mul" and any(other in behind for other in one.inputs if other != key) for one in following):
            return True
        passing = [one for one in following if one.op in ("AddV2", "Add", "Mul") and one.outputs]
        passing = [one for one in passing if all(not trace.mixed(other) for other in one.inputs if other != key)]
        if not passing:
            return False
        key = passing[0].outputs[0]
    return False


def _is_sigmoid_of(trace: Trace, key: Key, product: Node) -> bool:
    producer = trace.producer.get(key)
    return producer is not None and producer.op == "Sigmoid" and _unscaled(trace, producer.inputs[0]) in product.inputs


def _unscaled(trace: Trace, key: Key) -> Key:
    """The tensor that `key` is a constant multiple of: tf.nn.silu multiplies by beta first."""
    producer = trace.producer.get(key)
    if producer is not None and producer.op == "Mul":
        scaled = [one for one in producer.inputs if trace.flag(one)]
        if len(scaled) == 1:
            return scaled[0]
    return key


def _guards(trace: Trace, node: Node) -> bool:
    """Whether a maximum only keeps a logarithm, a root or a division away from zero."""
    following = [
        one.op for key in node.outputs for one in trace.consumers.get(key, []) if one.op not in ops.PASSING
    ]
    return any(op in ops.LOGARITHMS or op in ("Minimum", "Rsqrt", "Sqrt") or op in ops.DIVISIONS for op in following)
