"""Finds where the output of a network meets its labels, and what kind of loss that is."""

from __future__ import annotations

from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.functions import function_of
from doctor.capture.tensorflow.head import Head
from doctor.capture.tensorflow.joined_heads import joined_heads, masks
from doctor.capture.tensorflow.loss_kinds import is_summed_up, shifts_only, single_logarithm
from doctor.capture.tensorflow.summands import data_loss, summands, through_loop, weighted_by
from doctor.capture.tensorflow.trace import Key, Node, Trace

#: Losses that take the logarithm of a probability themselves.
_OF_PROBABILITIES = frozenset({"log_probability", "kl_divergence"})


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
        heads = joined_heads(trace, nodes)
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
        weighted = [node for node in own if node.op in ops.WEIGHTED and not masks(trace, node)]
        weighted = [node for node in weighted if trace.mixed(node.outputs[0])]
        before = trace.ancestors([key for node in weighted for key in node.inputs])
        after = [node for node in own if id(node) not in before]
        for head in _fused_heads(trace, own) or joined_heads(trace, after):
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
        head.half = head.function == "log_probability" and head.produced_by == "sigmoid" and single_logarithm(trace)
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
    return masks(trace, node) or (rank is not None and rank >= 2 and rank == trace.rank(node.inputs[0]))


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
