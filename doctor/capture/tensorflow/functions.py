"""Recognises the non-linearity that an op, or a small group of ops, computes."""

from __future__ import annotations

from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.trace import Key, Node, Trace


#: What a gelu multiplies its argument by, but for constants.
_GATES = frozenset({"Erf", "Erfc", "Tanh"})


def function_of(trace: Trace, node: Node) -> str | None:
    """The name of the non-linearity whose result `node` is, or None."""
    if node.op == "Sigmoid":
        return None if _gates_itself(trace, node) else "sigmoid"
    if node.op in _GATES and _gates(trace, node):
        return None
    if node.op == "Mul" and _is_gelu(trace, node):
        return "gelu"
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


def _is_gelu(trace: Trace, product: Node) -> bool:
    """Whether a product is x times something of erf(f(x)) or tanh(f(x)): gelu, its approximation, mish."""
    for key in product.inputs:
        gate = _gate_of(trace, key)
        others = [other for other in product.inputs if other != key]
        if gate is not None and others and _unscaled(trace, others[0]) in _behind(trace, gate):
            return True
    return False


def _gate_of(trace: Trace, key: Key) -> Node | None:
    """The Erf, Erfc or Tanh that a tensor is, but for constants that are added or multiplied."""
    for _ in range(4):
        producer = trace.producer.get(key)
        if producer is None or producer.op in _GATES:
            return producer
        mixed = [one for one in producer.inputs if trace.mixed(one)]
        if producer.op not in ("Add", "AddV2", "Mul") or len(mixed) != 1:
            return None
        key = mixed[0]
    return None


def _behind(trace: Trace, gate: Node) -> set[Key]:
    """The tensors of the network that a gate's argument is made of, a few ops back."""
    found: set[Key] = set()
    waiting = list(gate.inputs)
    for _ in range(16):
        if not waiting:
            break
        key = waiting.pop()
        if key in found or not trace.mixed(key):
            continue
        found.add(key)
        producer = trace.producer.get(key)
        if producer is not None and producer.op in ("Mul", "Add", "AddV2", "Pow", "Square", "Neg", "Softplus", "Cast",
                                                    "RealDiv"):  # fmt: skip
            waiting.extend(producer.inputs)
    return found


def _gates(trace: Trace, node: Node) -> bool:
    """Whether an Erf, Erfc or Tanh is the gate of a gelu."""
    key = node.outputs[0]
    for _ in range(4):
        following = [one for one in trace.consumers.get(key, []) if one.op in ("Add", "AddV2", "Mul") and one.outputs]
        if any(one.op == "Mul" and _is_gelu(trace, one) for one in following):
            return True
        passing = [one for one in following if all(not trace.mixed(other) for other in one.inputs if other != key)]
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
