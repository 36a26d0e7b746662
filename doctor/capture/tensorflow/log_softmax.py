"""Recognises cross-entropies that the script writes by itself, without a logarithm of a softmax or sigmoid."""

from __future__ import annotations

from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.trace import Key, Node, Trace

#: A maximum is guarded where it is infinite, and gets an axis back: `m[:, None]`.
_SELECTING = ops.PASSING | {"Select", "SelectV2", "IsFinite", "StridedSlice"}
_ADDING = frozenset({"Add", "AddV2"})
#: Ops that are followed from a difference to the logarithm in it, and from a maximum to what it is of.
_DEEPEST = 6


def logits_of(trace: Trace, output: Key) -> Key | None:
    """The logits s, where `output`, which meets the labels, is s - log(sum(exp(s))), or s with that logarithm apart.

    The second is of log(sum(exp(s))) - sum(y s). A maximum that is subtracted from s first, as tf.reduce_logsumexp
    does to keep the exponential finite, is looked through.
    """
    producer = trace.producer.get(trace.back(output, ops.PASSING | {"Neg"}))
    if producer is not None and producer.op == "Sub":
        logits = _unshifted(trace, producer.inputs[0])
        if trace.back(logits) in _summed(trace, _logarithms(trace, producer.inputs[1])):
            return logits
    logits = _unshifted(trace, output)
    if trace.mixed(logits) and trace.back(logits) in _summed(trace, [one for one in trace.nodes if one.op == "Log"]):
        return logits
    return None


def binary_logits_of(trace: Trace, output: Key) -> Key | None:
    """The logits z of softplus(z) - y z, or of y softplus(-z) + (1 - y) softplus(z).

    Args:
        trace: of the forward pass.
        output: what meets the labels.
    """
    through = ops.PASSING | {"Neg", "StridedSlice"}  # z[:, 0] may be written twice
    given = [trace.back(node.inputs[0], through) for node in trace.nodes if node.op == "Softplus"]
    producer = trace.producer.get(trace.back(output, through))
    if producer is not None and producer.op == "Softplus":
        key = producer.inputs[0]
        fewest = 2  # of one alone the output is a positive value
    else:
        key, fewest = output, 1
    negated = trace.producer.get(trace.back(key))
    if negated is not None and negated.op == "Neg":
        key = negated.inputs[0]
    return key if given.count(trace.back(key, through)) >= fewest else None


def _logarithms(trace: Trace, key: Key) -> list[Node]:
    """The logarithms that a tensor is the result of, but for a shape and what is added."""
    found: list[Node] = []
    waiting = [(key, 0)]
    while waiting:
        key, depth = waiting.pop()
        producer = trace.producer.get(trace.back(key))
        if producer is None or depth > _DEEPEST:
            continue
        if producer.op == "Log":
            found.append(producer)
        elif producer.op in _ADDING:
            waiting.extend((one, depth + 1) for one in producer.inputs)
    return found


def _summed(trace: Trace, logarithms: list[Node]) -> set[Key]:
    """The tensors s of logarithms log(sum(exp(s)))."""
    found: set[Key] = set()
    for logarithm in logarithms:
        total = trace.producer.get(trace.back(logarithm.inputs[0], ops.PASSING | ops.BOUNDING))
        if total is not None and total.op == "Sum":
            exponential = trace.producer.get(trace.back(total.inputs[0]))
            if exponential is not None and exponential.op == "Exp":
                found.add(trace.back(_unshifted(trace, exponential.inputs[0])))
    return found


def _unshifted(trace: Trace, key: Key) -> Key:
    """A tensor before its own maximum was subtracted from it; as it is at hand, not as an op within a call made it."""
    for _ in range(_DEEPEST):
        producer = trace.producer.get(trace.back(key))
        if producer is None or producer.op != "Sub" or not _is_maximum(trace, *producer.inputs):
            return key
        key = producer.inputs[0]
    return key


def _is_maximum(trace: Trace, whole: Key, key: Key) -> bool:
    """Whether `key` is the maximum of `whole` over some axis."""
    waiting = [(key, 0)]
    while waiting:
        key, depth = waiting.pop()
        producer = trace.producer.get(key)
        if producer is None or depth > _DEEPEST:
            continue
        if producer.op == "Max":
            return trace.back(producer.inputs[0]) == trace.back(whole)
        if producer.op in _SELECTING:
            waiting.extend((one, depth + 1) for one in producer.inputs)
    return False
