"""Recognises kinds of losses by the ops behind the place where output and labels meet."""

from __future__ import annotations

from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.trace import Key, Node, Trace

#: Ops that take a logarithm within.
_WITH_LOGARITHM = frozenset({"Log1p", "Xlog1py", "LogSoftmax", "Softplus", "Lgamma"})
#: Tensors that are followed from the place where output and labels meet.
_MOST_FOLLOWED = 40


def logarithm_behind(trace: Trace, key: Key) -> Key | None:
    """The result of the logarithm (or log-softmax) that a tensor is, but for a sign or a shape."""
    for _ in range(8):
        source = trace.back(key, ops.PASSING | {"Neg"})
        producer = trace.producer.get(source)
        if producer is None:
            return None
        if producer.op in ops.LOGARITHMS or producer.op == "LogSoftmax":
            return source
        if producer.op == "Mul":  # a focal or class weight before the labels
            following = [one for one in producer.inputs if trace.mixed(one)]
            if len(following) == 1:
                key = following[0]
                continue
        return None
    return None


def single_logarithm(trace: Trace) -> bool:
    """Whether a forward pass takes one logarithm of what depends on the network, and no op that holds one."""
    found = [
        node
        for node in trace.nodes
        if (node.op in ops.LOGARITHMS | ops.CROSS_ENTROPIES or node.op in _WITH_LOGARITHM)
        and any(trace.mixed(key) for key in node.inputs)
    ]
    return len(found) == 1


def divergence_of(trace: Trace, key: Key) -> Node | None:
    """The op that takes the logarithm of the output in log(labels / output) or log(labels) - log(output)."""
    producer = trace.producer.get(trace.back(key, ops.PASSING | {"Neg"}))
    if producer is None:
        return None
    if producer.op in ops.LOGARITHMS and compared_with_logarithm(trace, producer) != producer.inputs[0]:
        return producer
    if producer.op == "Sub" and any(trace.only_data(one) for one in producer.inputs):
        logarithm = logarithm_behind(trace, next((one for one in producer.inputs if trace.mixed(one)), key))
        return trace.producer[logarithm] if logarithm is not None else None
    return None


def compared_with_logarithm(trace: Trace, logarithm: Node) -> Key:
    """What a logarithm is taken of; of a quotient of output and labels, the output."""
    return compared_with(trace, logarithm.inputs[0])


def compared_with(trace: Trace, key: Key) -> Key:
    """Of a quotient of output and labels the output, else the tensor itself."""
    inside = trace.producer.get(trace.back(key))
    if inside is not None and inside.op in ops.DIVISIONS and any(trace.only_data(one) for one in inside.inputs):
        # Of a factorisation the output depends on variables alone.
        return next((one for one in inside.inputs if trace.flag(one) and not trace.only_data(one)), key)
    return key


def unsigned(trace: Trace, key: Key) -> Key:
    """A tensor of data before its sign was turned round."""
    producer = trace.producer.get(trace.back(key))
    return producer.inputs[0] if producer is not None and producer.op == "Neg" else key


def complement(trace: Trace, node: Node, label: Key) -> Key:
    """The labels z where a product with logits is (1 - z) x, and is added, as in the weighted cross-entropy of tf.nn.

    The plain one subtracts z x: there a script may hand over 1 - z itself.
    """
    producer = trace.producer.get(trace.back(label))
    added = any(one.op in ("Add", "AddV2", "AddN") for key in node.outputs for one in trace.consumers.get(key, ()))
    if producer is None or producer.op != "Sub" or not added or trace.rank(producer.inputs[0]) != 0:
        return label
    return producer.inputs[1]


def unshifted(trace: Trace, key: Key) -> Key:
    """A tensor before it was bounded or shifted by a constant to keep its logarithm finite."""
    while True:
        key = trace.back(key)
        producer = trace.producer.get(key)
        if producer is None or not (
            producer.op in ops.BOUNDING or producer.op in ("Add", "AddV2") and shifts_only(trace, producer)
        ):
            return key
        key = next(one for one in producer.inputs if trace.mixed(one))


def stands_beside(trace: Trace, rate: Key, product: Node) -> bool:
    """Whether labels times log(rate) are half of a Poisson likelihood, rate - y log(rate).

    There the rate may be any positive number: it is not a probability. Where labels of zero are left out of the
    product, it goes through a choice.
    """
    through = ops.PASSING | {"Neg", "Mean", "Sum", "Select", "SelectV2"}
    waiting = list(product.outputs)
    while waiting:
        key = waiting.pop()
        for following in trace.consumers.get(key, []):
            if following.op in through:
                waiting.extend(following.outputs)
            elif following.op in ("Sub", "Add", "AddV2"):
                others = [other for other in following.inputs if other != key]
                if any(rate in _less_data(trace, other, through) for other in others):
                    return True
                if all(trace.only_data(other) for other in others):  # the deviance y log(y / rate) - y + rate
                    waiting.extend(following.outputs)
    return False


def _less_data(trace: Trace, key: Key, through: frozenset[str]) -> list[Key]:
    """A tensor, and what it is beside data that is added or subtracted: of y - rate the rate."""
    found = [trace.back(key, through)]
    producer = trace.producer.get(found[0])
    if producer is not None and producer.op in ("Sub", "Add", "AddV2"):
        if any(trace.only_data(one) for one in producer.inputs):
            found += [trace.back(one, through) for one in producer.inputs]
    return found


def logarithm_after(trace: Trace, join: Node, picked: bool) -> bool:
    """Whether a logarithm is taken of the probabilities that `join` picks: log(sum(y p)) or log(p[i, y_i]).

    A product that is not `picked` from has to be summed: log(y p) is the model of a positive value.
    """
    key = join.outputs[0]
    for _ in range(8):
        following = [one for one in trace.consumers.get(key, []) if one.outputs]
        if any(one.op in ops.LOGARITHMS for one in following):
            return picked
        passing = [
            one
            for one in following
            if one.op in ops.PASSING | ops.BOUNDING | {"Sum"} or one.op in ("Add", "AddV2") and shifts_only(trace, one)
        ]
        if not passing:
            return False
        picked = picked or passing[0].op == "Sum"
        key = passing[0].outputs[0]
    return False


def picked_label(trace: Trace, indices: Key) -> Key:
    """The labels in pairs of (row, label), as GatherNd takes them; else the indices themselves."""
    producer = trace.producer.get(trace.back(indices, ops.PASSING))
    return producer.inputs[-1] if producer is not None and producer.op == "Pack" else indices


def exponential_beside(trace: Trace, key: Key, product: Node) -> Key | None:
    """The rate exp(z) of a Poisson likelihood exp(z) - y z, of which `product` is y z; None where it is none."""
    through = ops.PASSING | {"StridedSlice"}  # z[:, 0] may be written twice
    source = trace.back(key, through)
    for node in trace.nodes:
        if node.op == "Exp" and node.outputs and trace.back(node.inputs[0], through) == source:
            if stands_beside(trace, node.outputs[0], product):
                return node.outputs[0]
    return None


def difference_kind(trace: Trace, node: Node) -> str:
    if node.op == "SquaredDifference":
        return "squared_error"
    following = {one.op for one in trace.consumers.get(node.outputs[0], [])}
    if following & {"Square", "Pow", "SquaredDifference", "L2Loss"}:
        return "squared_error"
    if "Abs" in following:
        # Huber and log-cosh take the absolute value too, and then square or bound it.
        return "absolute_error"
    if "Mul" in following and any(
        one.op == "Mul" and one.inputs[0] == one.inputs[1] for one in trace.consumers[node.outputs[0]]
    ):
        return "squared_error"
    return "other"


def is_hinge(trace: Trace, product: Node) -> bool:
    """Whether a product of output and labels is bounded from below as max(0, 1 - y f)."""
    key = product.outputs[0]
    for steps in range(5):
        following = [one for one in trace.consumers.get(key, []) if one.outputs]
        bounds = [one for one in following if one.op == "Maximum"]
        if steps == 0 and (bounds or any(one.op == "Relu" for one in following)):
            return False  # no margin and no sign: a mask over pairs, whose distances are bounded
        # Of two tensors of the network the larger one is another loss, as that of a quantile.
        if any(trace.flag(other) == 0 for one in bounds for other in one.inputs if other != key):
            return True
        if any(one.op == "Relu" for one in following):
            return True
        if bounds:
            return False
        passing = [
            one
            for one in following
            if one.op in ("Sub", "Add", "AddV2", "Neg", "Mul")
            and all(trace.flag(other) == 0 for other in one.inputs if other != key)
        ]
        if not passing:
            return False
        key = passing[0].outputs[0]
    return False


def shifts_only(trace: Trace, node: Node) -> bool:
    """Whether an addition or subtraction only shifts the network's tensor by a constant."""
    return all(trace.mixed(key) or trace.flag(key) == 0 for key in node.inputs) and len(
        [key for key in node.inputs if trace.mixed(key)]
    ) == 1


#: Ops that pick and shape what a mask has left.
_PICKING = frozenset({"Sum", "Max", "Identity", "Reshape", "Squeeze", "ExpandDims", "Cast", "StopGradient"})


def is_compared_later(trace: Trace, node: Node) -> bool:
    """Whether a difference follows a product, soon after: of what a mask left, and something else of the network."""
    waiting = list(node.outputs)
    for key in waiting:
        for following in trace.consumers.get(key, []):
            if following.op in ("Sub", "SquaredDifference"):
                return True
            if following.op in _PICKING and len(waiting) < 20:
                waiting += [one for one in following.outputs if one not in waiting]
    return False


def is_summed_up(trace: Trace, node: Node) -> bool:
    """Whether a mean or sum is taken of what an op leads to, as a loss or an error is."""
    waiting, seen = list(node.outputs), set(node.outputs)
    while waiting and len(seen) < _MOST_FOLLOWED:
        for following in trace.consumers.get(waiting.pop(0), []):
            if following.op in ("Mean", "Sum"):
                return True
            new = [key for key in following.outputs if key not in seen]
            seen.update(new)
            waiting += new
    return False
