"""Losses that are written op by op: where a tensor of the network meets one that is data only, and what it tells."""

from __future__ import annotations

from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.head import DIFFERENCES, Head
from doctor.capture.tensorflow.log_softmax import binary_logits_of, logits_of
from doctor.capture.tensorflow.loss_kinds import (
    compared_with,
    compared_with_logarithm,
    complement,
    difference_kind,
    divergence_of,
    exponential_beside,
    is_compared_later,
    is_hinge,
    logarithm_after,
    logarithm_behind,
    picked_label,
    stands_beside,
    unshifted,
    unsigned,
)
from doctor.capture.tensorflow.trace import Key, Node, Trace

_JOINS = DIFFERENCES | {"Mul", "MulNoNan", "Xlogy", "Xdivy", "GatherNd", "GatherV2"}


def joined_heads(trace: Trace, nodes: list[Node]) -> list[Head]:
    joins: list[tuple[Node, Key, Key]] = []
    for node in nodes:
        if node.op not in _JOINS or not node.outputs or not trace.mixed(node.outputs[0]) or masks(trace, node):
            continue
        network = [key for key in node.inputs if trace.mixed(key)]
        # The minus of a log-likelihood may stand before the labels: -y * log(p).
        data = [unsigned(trace, key) for key in node.inputs if trace.only_data(key)]
        if network and data:
            joins.append((node, network[0], data[0]))
    if not joins:
        return []
    log1p = [node for node in nodes if node.op == "Log1p" and trace.mixed(node.outputs[0])]
    of_labels = [node for node in trace.nodes if node.op == "Log1p" and trace.only_data(node.outputs[0])]
    for node, output, label in joins:
        if node.op in ("Mul", "MulNoNan") and log1p and not logarithm_behind(trace, output):
            # tf.nn.sigmoid_cross_entropy_with_logits: relu(x) - x * z + log1p(exp(-|x|)).
            if any(trace.back(output) in _origins(trace, one) for one in log1p):
                # tf.nn.weighted_cross_entropy_with_logits has (1 - z) * x in its place.
                return [Head("sigmoid_cross_entropy", "logits", output, complement(trace, node, label), node)]
        if node.op == "Mul" and any(trace.back(label) in _origins(trace, one) for one in of_labels):
            return [Head("sigmoid_cross_entropy", "logits", output, label, node, swapped=True)]
    for node, output, label in joins:
        picks = node.op in ("GatherNd", "GatherV2") and node.inputs[0] == output
        logits = logits_of(trace, output) if picks or node.op in ("Mul", "MulNoNan") else None
        if logits is not None:
            label = picked_label(trace, label) if picks else label
            return [Head("softmax_cross_entropy", "logits", logits, label, node)]
        logits = binary_logits_of(trace, output) if node.op == "Mul" else None
        if logits is not None:
            return [Head("sigmoid_cross_entropy", "logits", logits, label, node)]
    for node, output, label in joins:
        divergence = divergence_of(trace, output)
        if divergence is not None and node.op not in DIFFERENCES:
            rate = trace.back(compared_with_logarithm(trace, divergence))
            if stands_beside(trace, rate, node):
                # A deviance: on another scale than the likelihood rate - y log(rate), and of values all the same.
                return [Head("other", "values", rate, label, node)]
            takes = "logits" if divergence.op == "LogSoftmax" else "probabilities"
            return [Head("kl_divergence", takes, compared_with_logarithm(trace, divergence), label, node)]
        logarithm = logarithm_behind(trace, output)
        if node.op == "Xlogy":
            rate = trace.back(compared_with(trace, output))
            if stands_beside(trace, rate, node):
                kind = "poisson" if rate == trace.back(output) else "other"
                return [Head(kind, "values", rate, label, node)]
            return [Head("log_probability", "probabilities", output, label, node)]
        if logarithm is not None and node.op not in DIFFERENCES:
            producer = trace.producer[logarithm]
            rate = unshifted(trace, producer.inputs[0])
            if stands_beside(trace, rate, node):
                return [Head("poisson", "values", rate, label, node)]
            if producer.op == "LogSoftmax":
                return [Head("softmax_cross_entropy", "logits", producer.inputs[0], label, node)]
            return [Head("log_probability", "probabilities", producer.inputs[0], label, node)]
    for node, output, label in joins:
        picks = node.op in ("GatherNd", "GatherV2") and node.inputs[0] == output
        if (picks or node.op in ("Mul", "MulNoNan")) and logarithm_after(trace, node, picks):
            label = picked_label(trace, label) if picks else label
            return [Head("log_probability", "probabilities", output, label, node)]
    for node, output, label in joins:
        rate = exponential_beside(trace, output, node) if node.op == "Mul" else None
        if rate is not None:
            return [Head("poisson", "values", rate, label, node)]
    for node, output, label in joins:
        if node.op == "Mul" and is_hinge(trace, node):
            return [Head("hinge", "values", output, label, node)]
    for node, output, label in reversed(joins):
        if node.op in DIFFERENCES:
            return [Head(difference_kind(trace, node), "values", output, label, node)]
    node, output, label = joins[-1]
    if node.op == "Mul" and is_compared_later(trace, node):
        # `sum(q * one_hot(action))` picks values, which are held against others that the network made too.
        return [Head("other", "values", output, None, node)]
    return [Head("other", "values", output, label, node)]


def _origins(trace: Trace, node: Node) -> set[Key]:
    """Tensors a few elementwise steps before a node."""
    found: set[Key] = set()
    waiting = [(key, 0) for key in node.inputs]
    while waiting:
        key, depth = waiting.pop()
        source = trace.back(key)
        found.add(source)
        producer = trace.producer.get(source)
        if producer is not None and depth < 4 and producer.op in ("Exp", "Neg", "Abs", "Select", "SelectV2"):
            waiting.extend((one, depth + 1) for one in producer.inputs)
    return found


def masks(trace: Trace, node: Node) -> bool:
    """Whether an op leaves what a mask leaves, as tf.boolean_mask does: the places it is given are no labels."""
    made = trace.producer.get(node.inputs[1]) if "Gather" in node.op else None
    while made is not None and made.op in ops.PASSING:
        made = trace.producer.get(made.inputs[0])
    return made is not None and made.op == "Where"
