"""The structure of a network, read from hand-written ops: no TensorFlow is needed."""

from __future__ import annotations

import pytest

from tests.graph_ops import Ops, head_of


def test_multilayer_perceptron() -> None:
    """Inputs, kernels and biases in order, activations with what feeds them, logits, labels."""
    ops = Ops()
    logits = ops.dense(ops.dense(ops.dense("x", "1", "Relu"), "2", "Tanh"), "3")
    loss = ops.op("Mean", ops.op("SparseSoftmaxCrossEntropyWithLogits", logits, "y", rank=1), rank=0)
    network = ops.network(loss)
    assert network.inputs == ["x"]
    assert [(w.variable, w.role, w.activation) for w in network.weights.values()] == [
        ("w1", "kernel", "relu"), ("b1", "bias", None),
        ("w2", "kernel", "tanh"), ("b2", "bias", None),
        ("w3", "kernel", None), ("b3", "bias", None),
    ]  # fmt: skip
    assert [(a.function, set(a.fed_by), a.next) for a in network.activations] == [
        ("relu", {"w1", "b1"}, ("linear",)),
        ("tanh", {"w2", "b2"}, ("linear",)),
    ]
    (head,) = network.heads
    assert (head.function, head.takes, head.output, head.label) == ("softmax_cross_entropy", "logits", logits, "y")
    assert (head.produced_by, head.data_loss) == ("linear", loss)


def test_softmax_before_a_softmax_cross_entropy() -> None:
    """The op is right there, also when softmax is written out by hand."""
    for by_hand in (False, True):
        ops = Ops()
        logits = ops.dense("x", "1")
        if by_hand:
            exponential = ops.op("Exp", logits)
            probabilities = ops.op("RealDiv", exponential, ops.op("Sum", exponential))
        else:
            probabilities = ops.op("Softmax", logits)
        loss = ops.op("Mean", ops.op("SoftmaxCrossEntropyWithLogits", probabilities, "y", rank=1), rank=0)
        head = head_of(ops, loss)
        assert (head.function, head.takes, head.produced_by) == ("softmax_cross_entropy", "logits", "softmax")


def test_softmax_beside_the_loss_is_not_before_it() -> None:
    """Keras takes the logits from behind the softmax; predictions still go through it."""
    ops = Ops()
    logits = ops.dense("x", "1")
    ops.op("Softmax", logits)
    loss = ops.op("Mean", ops.op("SparseSoftmaxCrossEntropyWithLogits", logits, "y", rank=1), rank=0)
    head = head_of(ops, loss)
    assert (head.produced_by, head.activated_by) == ("linear", "softmax")


def test_stacked_linear_layers_are_seen_as_linear() -> None:
    """A product that goes straight into the next one."""
    ops = Ops()
    output = ops.dense(ops.dense("x", "1"), "2")
    loss = ops.op("Mean", ops.op("SquaredDifference", output, "y"), rank=0)
    network = ops.network(loss)
    assert [one.function for one in network.activations] == ["linear"]
    assert network.weights["w1"].activation == "linear"


def test_swish_is_not_a_sigmoid_and_a_guard_is_not_a_relu() -> None:
    """x * sigmoid(x) is one function; max(p, 1e-7) before a logarithm is none."""
    ops = Ops()
    linear = ops.dense("x", "1")
    hidden = ops.op("Mul", linear, ops.op("Sigmoid", linear))
    probabilities = ops.op("Softmax", ops.dense(hidden, "2"))
    ops.ranks["tiny"] = 0
    loss = ops.op("Mean", ops.op("Mul", "y", ops.op("Log", ops.op("Maximum", probabilities, "tiny"))), rank=0)
    network = ops.network(loss)
    assert [one.function for one in network.activations] == ["swish", "softmax"]
    assert network.heads[0].clipped


def test_noise_on_the_way_to_the_input_and_dropout_masks() -> None:
    """Random numbers added to the data are noted; a dropout mask inside the network is no input."""
    ops = Ops()
    noisy = ops.op("AddV2", "x", ops.op("RandomStandardNormal", ops.op("Shape", "x", rank=1)))
    hidden = ops.dense(noisy, "1", "Relu")
    mask = ops.op("Cast", ops.op("GreaterEqual", ops.op("RandomUniform", ops.op("Shape", hidden, rank=1)), "rate"))
    ops.ranks["rate"] = 0
    output = ops.dense(ops.op("Mul", hidden, mask), "2")
    loss = ops.op("Mean", ops.op("SquaredDifference", output, "y"), rank=0)
    network = ops.network(loss)
    assert network.inputs == [noisy] and network.random_inputs == {noisy}
    assert [one.function for one in network.activations] == ["relu"]


def test_evaluation_counts_hits() -> None:
    """Without a loss the comparison of the largest output with the labels is the head."""
    ops = Ops()
    logits = ops.dense(ops.dense("x", "1", "Relu"), "2")
    ops.op("Mean", ops.op("Cast", ops.op("Equal", ops.op("ArgMax", logits, rank=1), "y", rank=1), rank=1), rank=0)
    head = head_of(ops, None)
    assert (head.function, head.output, head.label) == ("accuracy", logits, "y")


@pytest.mark.parametrize(("over", "straight"), [("batch", True), ("example", False)])
def test_normalising_the_batch_bends_nothing(over: str, straight: bool) -> None:
    """Its mean and spread have a number for each unit: for one example they are constants."""
    ops = Ops()
    hidden = ops.dense("x", "1")
    mean = ops.op("Mean", hidden, "axis")
    variance = ops.op("Mean", ops.op("SquaredDifference", hidden, mean), "axis")
    rank = 2
    if over == "batch":
        rank = 1
        mean, variance = ops.op("Squeeze", mean, rank=1), ops.op("Squeeze", variance, rank=1)
    inverse = ops.op("Mul", ops.op("Rsqrt", variance, rank=rank), ops.variable("gamma"), rank=rank)
    moved = ops.op("Sub", ops.variable("beta"), ops.op("Mul", mean, inverse, rank=rank), rank=rank)
    output = ops.dense(ops.op("AddV2", ops.op("Mul", hidden, inverse), moved), "2")
    network = ops.network(ops.op("Mean", ops.op("SquaredDifference", output, "y"), rank=0))
    (activation,) = [one for one in network.activations if one.function == "linear"]
    assert activation.straight is straight and activation.normalised


def test_the_kernel_of_a_recurrence_that_begins_with_zeros() -> None:
    """Its first product is one of constants, and added like a bias; it is a kernel all the same."""
    ops = Ops()
    state = ops.op("Fill")
    for _ in range(2):
        fed = ops.op("AddV2", ops.op("MatMul", "x", ops.variable("wx")), ops.op("MatMul", state, ops.variable("wh")))
        state = ops.op("Tanh", ops.op("AddV2", fed, ops.variable("b")))
    loss = ops.op("Mean", ops.op("SparseSoftmaxCrossEntropyWithLogits", ops.dense(state, "o"), "y", rank=1), rank=0)
    weights = ops.network(loss).weights
    assert [(name, weights[name].role) for name in ("wx", "wh", "b", "wo")] == [
        ("wx", "kernel"), ("wh", "kernel"), ("b", "bias"), ("wo", "kernel"),
    ]  # fmt: skip


def test_outputs_that_are_divided_by_their_sum() -> None:
    """Keras does so before the logarithm: what was put in is the output."""
    ops = Ops()
    raw = ops.dense("x", "1", "Relu")
    shares = ops.op("RealDiv", raw, ops.op("Sum", raw))
    cost = ops.op("Mul", "y", ops.op("Log", ops.op("Maximum", shares, "epsilon")))
    head = head_of(ops, ops.op("Mean", ops.op("Neg", ops.op("Sum", cost, rank=1), rank=1), rank=0))
    assert (head.function, head.produced_by, head.output) == ("log_probability", "relu", raw)


def test_the_hinge_of_a_margin_is_no_activation() -> None:
    """One number for each example, from which nothing but the loss is made."""
    ops = Ops()
    embedded = ops.dense(ops.dense("x", "1", "Relu"), "2")
    margin = ops.op("Maximum", ops.op("Sum", embedded, rank=1), ops.op("Const", rank=0), rank=1)
    network = ops.network(ops.op("Mean", margin, rank=0))
    assert [one.function for one in network.activations if one.function != "linear"] == ["relu"]


def test_edges_that_come_with_each_row() -> None:
    """`a @ relu(a @ (x @ w))`: what tells one graph from another is no input of a layer, but belongs to the row."""
    ops = Ops()
    ops.ranks.update(x=3, y=3)
    hidden = ops.op("Relu", ops.op("BatchMatMulV2", "y", ops.dense("x", "1"), rank=3), rank=3)
    loss = ops.op("Mean", ops.op("BatchMatMulV2", "y", ops.dense(hidden, "2"), rank=3), rank=0)
    network = ops.network(loss)
    assert network.inputs == ["x"] and network.beside == ["y"]
    ops.ranks["y"] = 2  # one matrix for all rows
    assert ops.network(loss).beside == []


def test_a_kernel_with_a_gain_for_each_unit_is_the_matrix() -> None:
    """Weight normalisation: w = g v / |v|."""
    ops = Ops()
    gain, matrix = ops.variable("g"), ops.variable("v")
    ops.ranks[gain] = 1
    kernel = ops.op("RealDiv", ops.op("Mul", gain, matrix), ops.op("Sqrt", ops.op("Sum", ops.op("Square", matrix))))
    output = ops.op("AddV2", ops.op("MatMul", "x", kernel), ops.variable("b"))
    loss = ops.op("Mean", ops.op("SparseSoftmaxCrossEntropyWithLogits", output, "y", rank=1), rank=0)
    weights = ops.network(loss).weights.values()
    assert [(one.variable, one.role) for one in weights] == [("v", "kernel"), ("b", "bias")]


@pytest.mark.parametrize(("kind", "rank", "made_by"), [
    ("GatherV2", 2, "relu"), ("GatherNd", 1, "linear"), ("GatherV2", 1, "linear"), ("StridedSlice", 2, "linear"),
])  # fmt: skip
def test_rows_that_have_labels(kind: str, rank: int, made_by: str) -> None:
    """Of the nodes of a graph those with labels are picked; what picks columns, or values, makes something else."""
    ops = Ops()
    picked = ops.op(kind, ops.dense("x", "1", "Relu"), "rows", rank=rank)
    head = head_of(ops, ops.op("Mean", ops.op("SparseSoftmaxCrossEntropyWithLogits", picked, "y", rank=1), rank=0))
    assert (head.produced_by, head.takes) == (made_by, "logits")
