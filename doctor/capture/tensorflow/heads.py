"""Finds where the output of a network meets its labels, and what kind of loss that is."""

from __future__ import annotations

from dataclasses import dataclass, field

from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.functions import function_of
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
    is_summed_up,
    logarithm_after,
    logarithm_behind,
    picked_label,
    shifts_only,
    stands_beside,
    unshifted,
    unsigned,
)
from doctor.capture.tensorflow.summands import data_loss, summands, through_loop, weighted_by
from doctor.capture.tensorflow.trace import Key, Node, Trace

#: Ops whose meeting of output and labels tells the loss by itself.
DIFFERENCES = frozenset({"Sub", "SquaredDifference"})
_JOINS = DIFFERENCES | {"Mul", "MulNoNan", "Xlogy", "Xdivy", "GatherNd", "GatherV2"}

#: Losses that take the logarithm of a probability themselves.
_OF_PROBABILITIES = frozenset({"log_probability", "kl_divergence"})


@dataclass
class Head:
    """Where the output meets the labels."""

    function: str
    takes: str
    output: Key
    label: Key | None
    node: Node
    produced_by: str = "linear"
    activated_by: str | None = None
    activated: list[Key] = field(default_factory=list)
    clipped: bool = False
    log_of_softmax: bool = False
    data_loss: Key | None = None
    #: What multiplies the losses of the examples: "data", "network" or nothing; the losses and the factor.
    weighted: str | None = None
    weights: tuple[Key, Key] | None = None
    #: Labels and output were handed to the loss in each other's place.
    swapped: bool = False
    #: The sums by which rows are divided between what made the output and the loss; Keras has one of its own.
    sums: list[Node] = field(default_factory=list)
    #: How an evaluation turns the output into an answer: "largest", or "rounded" (at one half).
    decision: str | None = None


def find_heads(trace: Trace, nodes: list[Node], target: Key | None) -> list[Head]:
    """The heads on the path to a loss, the one nearest the end of the forward pass last seen first.

    A fused cross-entropy op is taken where there is one. Else the head is the op, nearest
    to the loss, in which a tensor of the network meets one that is data only.
    """
    heads = _heads_of_terms(trace, nodes, target) if target is not None else []
    heads = heads or _fused_heads(trace, nodes)
    if not heads and target is None:
        heads = _compared_heads(trace, nodes)
    if not heads:
        heads = _joined_heads(trace, nodes)
        if target is None and heads and not is_summed_up(trace, heads[0].node):
            heads = []  # an output that is made of inputs (`x * net(x)`) meets no labels
    for head in heads:
        if through_loop(trace, head.node):  # an alignment (CTC), a chain of states: no loss of single answers
            head.function, head.takes, head.label = "other", "values", None
        elif head.function == "other" and _made_of_labels(trace, head):
            head.label = None
        _look_behind(trace, head)
        if target is not None:
            head.data_loss = data_loss(trace, head.node, target)
            found = weighted_by(trace, head.node, target)
            if found is not None:
                head.weighted, head.weights = found[0], found[1:]
    return heads


def _made_of_labels(trace: Trace, head: Head) -> bool:
    """Whether what meets the labels is the solution of a system for them, as in a Gaussian process: no prediction."""
    if head.label is None:
        return False
    label = trace.back(head.label)
    on_path = trace.ancestors([head.output])
    return any(
        id(node) in on_path and node.op in ops.SOLVES and trace.back(node.inputs[-1]) == label
        for node in trace.consumers.get(label, ())
    )


def _heads_of_terms(trace: Trace, nodes: list[Node], target: Key) -> list[Head]:
    """The heads of a loss that is a sum, as that of a model with several outputs; [] where at most one is found."""
    terms = summands(trace, target)
    found: dict[int, Head] = {}
    for term in terms if len(terms) > 1 else ():
        on_path = trace.ancestors([term])
        own = [node for node in nodes if id(node) in on_path]
        # Behind the last weights: what meets data before them is no label.
        weighted = [node for node in own if node.op in ops.WEIGHTED and not _masks(trace, node)]
        weighted = [node for node in weighted if trace.mixed(node.outputs[0])]
        before = trace.ancestors([key for node in weighted for key in node.inputs])
        after = [node for node in own if id(node) not in before]
        for head in _fused_heads(trace, own) or _joined_heads(trace, after):
            found.setdefault(id(head.node), head)
    heads = sorted(found.values(), key=lambda head: trace.position[id(head.node)])
    return heads if len(heads) > 1 else []


def _fused_heads(trace: Trace, nodes: list[Node]) -> list[Head]:
    fused = [node for node in nodes if node.op in ops.CROSS_ENTROPIES and trace.mixed(node.inputs[0])]
    swapped = [
        Head("softmax_cross_entropy", "logits", node.inputs[1], node.inputs[0], node, swapped=True)
        for node in nodes
        if node.op in ops.CROSS_ENTROPIES and trace.only_data(node.inputs[0]) and trace.mixed(node.inputs[1])
    ]
    return [_fused_head(trace, node) for node in fused] or swapped


def _fused_head(trace: Trace, node: Node) -> Head:
    logits, label = _unflattened(trace, node.inputs[0]), _unflattened(trace, node.inputs[1])
    source = trace.back(logits)
    producer = trace.producer.get(source)
    if producer is not None and producer.op in ops.LOGARITHMS:
        # Keras with from_logits=False hands log(clip(p)) to the fused op.
        return Head("log_probability", "probabilities", producer.inputs[0], label, node)
    return Head("softmax_cross_entropy", "logits", logits, label, node)


def _unflattened(trace: Trace, key: Key) -> Key:
    """A tensor before it was flattened to the shape that it had: in a graph its width is no longer known."""
    source = trace.back(key, frozenset({"Reshape"}))
    return source if trace.rank(source) == trace.rank(key) else key


def _compared_heads(trace: Trace, nodes: list[Node]) -> list[Head]:
    """Where an evaluation counts hits: the largest output is compared with the labels."""
    for node in nodes:
        if node.op != "Equal":
            continue
        for key in node.inputs:
            producer = trace.producer.get(trace.back(key))
            others = [other for other in node.inputs if other != key and trace.only_data(other)]
            if producer is None or not trace.mixed(key) or not others:
                continue
            if producer.op == "ArgMax":
                return [Head("accuracy", "logits", producer.inputs[0], others[0], node, decision="largest")]
            if producer.op in ("Round", "Rint"):
                made = trace.producer.get(trace.back(producer.inputs[0]))
                takes = "probabilities" if made is not None and function_of(trace, made) == "sigmoid" else "logits"
                return [Head("accuracy", takes, producer.inputs[0], others[0], node, decision="rounded")]
    return []


def _joined_heads(trace: Trace, nodes: list[Node]) -> list[Head]:
    joins: list[tuple[Node, Key, Key]] = []
    for node in nodes:
        if node.op not in _JOINS or not node.outputs or not trace.mixed(node.outputs[0]) or _masks(trace, node):
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
        if (picks or node.op in ("Mul", "MulNoNan")) and logarithm_after(trace, node):
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


def _look_behind(trace: Trace, head: Head) -> None:
    """What made the output: its non-linearity, and clipping before a logarithm."""
    key = head.output
    shift = frozenset({"Add", "AddV2", "Sub"})
    for _ in range(32):
        producer = trace.producer.get(key)
        if producer is None:
            break
        function = function_of(trace, producer)
        if producer.op == "Relu" and head.takes == "probabilities" and _is_probability(trace, producer.inputs[0]):
            key = producer.inputs[0]  # max(p, 0) before a logarithm guards it
            continue
        if function is not None and not (producer.op == "Maximum" and head.function in _OF_PROBABILITIES):
            head.produced_by = function
            break
        network = [one for one in producer.inputs if trace.mixed(one)]
        if head.takes == "probabilities" and producer.op in ops.BOUNDING and network:
            head.clipped = True
        elif head.takes == "probabilities" and producer.op in shift and shifts_only(trace, producer):
            # log(p + epsilon) is bounded; log(1 - p) is the other half of a binary one.
            head.clipped = head.clipped or producer.op != "Sub"
        elif head.takes == "probabilities" and _normalises(trace, producer):
            network = network[:1]  # Keras divides the outputs of a row by their sum
            head.sums.append(trace.producer[trace.back(producer.inputs[1])])
        elif producer.op not in ops.PASSING and not _picks_rows(trace, producer):
            break
        if not network:
            break
        key = network[0]
    head.log_of_softmax = head.takes == "probabilities" and head.produced_by == "softmax" and not head.clipped
    if head.takes == "probabilities":
        head.output = key
    for node in trace.consumers.get(head.output, []):
        function = function_of(trace, node)
        if function in ("softmax", "sigmoid"):
            head.activated_by = function
            head.activated.append(node.outputs[0])


def _picks_rows(trace: Trace, node: Node) -> bool:
    """Whether an op picks rows of the network's outputs, as those nodes of a graph that have labels."""
    if node.op not in ("Gather", "GatherV2") or not trace.mixed(node.inputs[0]):
        return False
    rank = trace.rank(node.outputs[0])
    return _masks(trace, node) or (rank is not None and rank >= 2 and rank == trace.rank(node.inputs[0]))


def _masks(trace: Trace, node: Node) -> bool:
    """Whether an op leaves what a mask leaves, as tf.boolean_mask does: the places it is given are no labels."""
    made = trace.producer.get(node.inputs[1]) if "Gather" in node.op else None
    while made is not None and made.op in ops.PASSING:
        made = trace.producer.get(made.inputs[0])
    return made is not None and made.op == "Where"


def _normalises(trace: Trace, node: Node) -> bool:
    """Whether an op divides a tensor by the sum of its own values."""
    if node.op not in ops.DIVISIONS:
        return False
    total = trace.producer.get(trace.back(node.inputs[1]))
    return total is not None and total.op == "Sum" and trace.back(total.inputs[0]) == trace.back(node.inputs[0])


def _is_probability(trace: Trace, key: Key) -> bool:
    """Whether a tensor is the result of a softmax or sigmoid."""
    producer = trace.producer.get(trace.back(key, ops.PASSING | ops.BOUNDING))
    return producer is not None and function_of(trace, producer) in ("softmax", "sigmoid")
