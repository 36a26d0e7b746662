"""The structure of a forward pass: inputs, weights, activations, output and loss.

Ops come from an eager op callback or from walking a graph; both are only nodes with
tensor keys here, so that they share the analysis.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.functions import function_of
from doctor.capture.tensorflow.head import Head
from doctor.capture.tensorflow.heads import find_heads
from doctor.capture.tensorflow.summands import penalties
from doctor.capture.tensorflow.trace import DATA, RANDOM, Key, Node, Trace


@dataclass
class Weight:
    """A trainable variable as the forward pass uses it."""

    variable: Key
    role: str = "other"
    order: int = 0
    activation: str | None = None
    normalised: bool = False


@dataclass
class Activation:
    """The output of a non-linearity, or of a weighted op that goes on without one."""

    tensor: Key
    function: str
    node: Node
    order: int = 0
    fed_by: tuple[Key, ...] = ()
    next: tuple[str, ...] = ()
    normalised: bool = False
    straight: bool = False


@dataclass
class Network:
    """What was found; keys are tensors' or variables'.

    Attributes:
        beside: data of each row that the network's tensors are multiplied by later, as a graph's edges.
    """

    inputs: list[Key] = field(default_factory=list)
    beside: list[Key] = field(default_factory=list)
    random_inputs: set[Key] = field(default_factory=set)
    weights: dict[Key, Weight] = field(default_factory=dict)
    activations: list[Activation] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    output: Key | None = None
    hidden_calls: bool = False
    penalties: list[Node] = field(default_factory=list)


def analyse(trace: Trace, target: Key | None) -> Network:
    """The network on the path to `target` (a loss), or all of the trace where it is None."""
    network = Network()
    on_path = trace.ancestors([target]) if target is not None else {id(node) for node in trace.nodes}
    nodes = [node for node in trace.nodes if id(node) in on_path]
    weighted = [node for node in nodes if _is_weighted(trace, node)]
    network.hidden_calls = any(node.op in ops.CALLS for node in weighted)
    for node in weighted:
        for key in node.inputs:
            if not trace.only_data(key):
                continue
            # A loop over time is fed a list of what stands behind each other in the input.
            source = trace.back(key, ops.UNSTACKING if node.op in ops.CALLS else frozenset({"Identity", "Cast"}))
            if trace.only_data(source) and _carries_values(trace, source) and source not in network.inputs:
                network.inputs.append(source)
                if trace.flag(key) & RANDOM and key not in trace.noise:
                    network.random_inputs.add(source)
    # What a recurrence tries on the first moment of a sequence is a part of an input, and no other input.
    whole = {key: trace.back(key, ops.UNSTACKING | {"StridedSlice"}) for key in network.inputs}
    network.inputs = [key for key, source in whole.items() if source == key or source not in whole]
    network.beside = _edges(trace, nodes)
    network.heads = find_heads(trace, nodes, target)
    network.penalties = penalties(trace, target) if target is not None else []
    head_nodes = {id(head.node) for head in network.heads}
    _find_weights(trace, nodes, weighted, network)
    for node in nodes:
        function = function_of(trace, node)
        if function and trace.mixed(node.outputs[0]):
            _add_activation(trace, network, node, node.outputs[0], function, on_path, head_nodes)
        elif node in weighted and node.op not in ops.CALLS and node.op != "ResourceGather":
            result = _with_bias(trace, node)
            following, _ = _next_functions(trace, result, on_path, head_nodes)
            if "weighted" in following and trace.mixed(result):
                _add_activation(trace, network, node, result, "linear", on_path, head_nodes)
    network.activations.sort(key=lambda one: trace.position[id(one.node)])
    for order, activation in enumerate(network.activations):
        activation.order = order
    if network.heads:
        network.output = network.heads[0].output
    elif weighted:
        network.output = _with_bias(trace, weighted[-1])
    return network


def _edges(trace: Trace, nodes: list[Node]) -> list[Key]:
    """Data that comes with each row and is multiplied, matrix by matrix, with what the network made of the inputs."""
    found: list[Key] = []
    for node in nodes:
        if node.op in ops.BATCHED_PRODUCTS and any(trace.mixed(key) for key in node.inputs):
            sources = (trace.back(key) for key in node.inputs if trace.only_data(key))
            found += [key for key in sources if trace.rank(key) == 3 and key not in found]
    return found


def _is_weighted(trace: Trace, node: Node) -> bool:
    if not node.outputs:
        return False  # called for its effects
    if node.op in ops.CALLS:
        return any(key in trace.variables for key in node.inputs) and any(
            trace.flag(key) & DATA for key in node.inputs
        )
    if node.op not in ops.WEIGHTED or not trace.mixed(node.outputs[0]):
        return False
    return any(trace.only_variables(key) for key in node.inputs)


def _carries_values(trace: Trace, key: Key) -> bool:
    rank = trace.rank(key)
    return rank is None or rank >= 1


def _with_bias(trace: Trace, node: Node) -> Key:
    """The output of a weighted op after its bias was added."""
    key = node.outputs[0]
    for _ in range(4):
        following = [
            one
            for one in trace.consumers.get(key, [])
            if one.op in ops.ADDITIONS and any(trace.only_variables(other) for other in one.inputs if other != key)
        ]
        passing = [one for one in trace.consumers.get(key, []) if one.op in ops.PASSING and one.op != "Cast"]
        if following:
            return following[0].outputs[0]
        if len(trace.consumers.get(key, [])) == 1 and passing:
            key = passing[0].outputs[0]
            continue
        break
    return node.outputs[0]


def _next_functions(
    trace: Trace, key: Key, on_path: set[int], head_nodes: set[int]
) -> tuple[tuple[str, ...], bool]:
    """Functions that a tensor goes into next ("weighted" for a weighted op, "loss"), and whether it is normalised."""
    found: list[str] = []
    normalised = False
    seen: set[int] = set()
    waiting = [key]
    while waiting and len(seen) < 200:
        tensor = waiting.pop()
        for node in trace.consumers.get(tensor, []):
            if id(node) in seen or id(node) not in on_path:
                continue
            seen.add(id(node))
            function = function_of(trace, node)
            if node.op in ops.NORMALISING:
                normalised = True
            if node.op in ops.CROSS_ENTROPIES or id(node) in head_nodes:
                found.append("loss")
            elif function:
                found.append(function)
            elif _is_weighted(trace, node):
                found.append("weighted")
            elif trace.mixed(node.outputs[0]) if node.outputs else False:
                if node.op.startswith(("BatchMatMul", "MatMul")):
                    found.append("product")
                else:
                    waiting.extend(node.outputs)
    return tuple(dict.fromkeys(found)), normalised


def _goes_straight(trace: Trace, key: Key, on_path: set[int]) -> bool:
    """Whether nothing that is not linear is done to a tensor on its way to the next weighted ops.

    A number for each unit, as the mean and spread that batch normalisation takes, is no function of
    the one example: what is made of such numbers alone counts as constant.
    """
    ahead: set[int] = set()
    ends: list[Node] = []
    waiting = [key]
    while waiting and len(ahead) < 200:
        for node in trace.consumers.get(waiting.pop(), []):
            if id(node) in ahead or id(node) not in on_path or node.op in ops.SHAPES:
                continue
            ahead.add(id(node))
            if _is_weighted(trace, node):
                ends.append(node)
            else:
                waiting.extend(node.outputs)
    seen: set[int] = set()
    waiting = [one for node in ends for one in node.inputs]
    while waiting:
        made_by = trace.producer.get(waiting.pop())
        if made_by is None or id(made_by) in seen or id(made_by) not in ahead:
            continue
        seen.add(id(made_by))
        varying = [one for one in made_by.inputs if trace.mixed(one) and not _of_the_batch(trace, one)]
        if made_by.op not in ops.LINEAR or (len(varying) > 1 and made_by.op not in ops.ADDING):
            return False
        divided_by, picked_by = made_by.inputs[-1] if "Div" in made_by.op else None, made_by.inputs[0]
        if divided_by in varying or (made_by.op in ("Select", "SelectV2") and picked_by in varying):
            return False
        waiting.extend(varying)
    return True


def _of_the_batch(trace: Trace, key: Key) -> bool:
    """Whether a tensor has one number for each unit, or one in all, and none for each example."""
    rank = trace.rank(key)
    return rank is not None and rank < 2


def _add_activation(
    trace: Trace, network: Network, node: Node, key: Key, function: str, on_path: set[int], head_nodes: set[int]
) -> None:
    following, normalised = _next_functions(trace, key, on_path, head_nodes)
    if not following and _of_the_batch(trace, key):
        return  # a number for each example that nothing is made of but the loss: the hinge of a margin
    weights, before = _weights_before(trace, node)
    straight = function == "linear" and _goes_straight(trace, key, on_path)
    network.activations.append(
        Activation(
            tensor=key,
            function=function,
            node=node,
            fed_by=weights,
            next=tuple("linear" if one == "weighted" else one for one in following),
            normalised=before or normalised,
            straight=straight,
        )
    )


def _weights_before(trace: Trace, node: Node) -> tuple[tuple[Key, ...], bool]:
    """Variables of the weighted op (and bias) just before a node, and whether a normalisation lies between."""
    variables: list[Key] = []
    normalised = False
    waiting = [node]
    seen: set[int] = set()
    while waiting and len(seen) < 100:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if one.op in ops.NORMALISING:
            normalised = True
        stop = _is_weighted(trace, one) or (one is not node and bool(function_of(trace, one)))
        for key in one.inputs:
            variable = trace.variable_of(key)
            if variable is not None and variable not in variables and not (stop and not _is_weighted(trace, one)):
                variables.append(variable)
            producer = trace.producer.get(key)
            if producer is not None and not stop and trace.mixed(key):
                waiting.append(producer)
    return tuple(variables), normalised


def _of_a_product(trace: Trace, key: Key) -> bool:
    """Whether a tensor is a variable that was multiplied by constants, as a matrix."""
    for _ in range(8):
        node = trace.producer.get(key)
        if node is None or key in trace.variables:
            return False
        if node.op in ops.WEIGHTED:
            return True
        key = next((one for one in node.inputs if trace.flag(one)), key)
    return False


def _find_weights(trace: Trace, nodes: list[Node], weighted: list[Node], network: Network) -> None:
    """The variables on the path, in the order in which the forward pass first uses them."""
    on_path = {id(node) for node in nodes}
    head_nodes = {id(head.node) for head in network.heads}
    kernels = {id(node) for node in weighted}
    for node in nodes:
        if node.op == "ReadVariableOp":
            continue
        for key in node.inputs:
            variable = trace.variable_of(key)
            result = node.outputs[0] if node.outputs else key
            if variable is None or variable in network.weights or trace.only_variables(result):
                continue
            if _of_a_product(trace, key):
                continue  # the first state of a recurrence is a constant: its kernel is used with the next one
            weight = Weight(variable, order=len(network.weights))
            if id(node) in kernels and node.op not in ops.CALLS:
                weight.role = "embedding" if "Gather" in node.op else "kernel"
                following, weight.normalised = _next_functions(trace, node.outputs[0], on_path, head_nodes)
                first = [one for one in following if one not in ("loss", "product")]
                weight.activation = ("linear" if first[0] == "weighted" else first[0]) if first else None
            elif node.op in ops.ADDITIONS:
                weight.role = "bias"
            elif node.op.startswith("Mul") or node.op in ops.NORMALISING:
                weight.role = "scale"
            network.weights[variable] = weight
