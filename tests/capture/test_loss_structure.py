"""What a loss is made of, read from hand-written ops: no TensorFlow is needed."""

from __future__ import annotations

import pytest

from doctor.capture.tensorflow.network import analyse
from doctor.capture.tensorflow.summands import with_penalties
from doctor.capture.tensorflow.trace import Trace
from tests.graph_ops import Ops, head_of


def test_logarithm_of_a_softmax_by_hand() -> None:
    """-sum(y log softmax(x)), with and without something that keeps the argument from zero."""
    for clipped in (False, True):
        ops = Ops()
        probabilities = ops.op("Softmax", ops.dense("x", "1"))
        argument = ops.op("AddV2", probabilities, "epsilon") if clipped else probabilities
        ops.ranks["epsilon"] = 0
        loss = ops.op("Mean", ops.op("Neg", ops.op("Mul", "y", ops.op("Log", argument))), rank=0)
        head = head_of(ops, loss)
        assert (head.function, head.takes, head.output) == ("log_probability", "probabilities", probabilities)
        assert (head.produced_by, head.clipped, head.log_of_softmax) == ("softmax", clipped, not clipped)


@pytest.mark.parametrize(("kind", "function"), [("Square", "squared_error"), ("Abs", "absolute_error")])
def test_regression(kind: str, function: str) -> None:
    """The difference of output and labels, squared or absolute."""
    ops = Ops()
    output = ops.dense(ops.dense("x", "1", "Relu"), "2", "Sigmoid")
    loss = ops.op("Mean", ops.op(kind, ops.op("Sub", output, "y")), rank=0)
    head = head_of(ops, loss)
    assert (head.function, head.takes, head.output, head.produced_by) == (function, "values", output, "sigmoid")


def test_penalties_and_loss_scales_are_left_out_of_the_data_loss() -> None:
    """Sum, division by the batch size, then a penalty: the loss of the data is what comes before it."""
    ops = Ops()
    output = ops.dense("x", "1")
    total = ops.op("Sum", ops.op("SquaredDifference", output, "y"), rank=0)
    mean = ops.op("DivNoNan", total, "batch", rank=0)
    ops.ranks["batch"] = 0
    penalty = ops.op("L2Loss", ops.variable("w1"), rank=0)
    loss = ops.op("AddV2", mean, penalty, rank=0)
    assert head_of(ops, loss).data_loss == mean


def test_the_total_with_a_penalty_on_activations() -> None:
    """What Keras sums the loss and the penalties of layers to; the scale of mixed precision comes after it."""
    ops = Ops()
    hidden = ops.dense("x", "1", "Relu")
    loss = ops.op("Mean", ops.op("SquaredDifference", ops.dense(hidden, "2"), "y"), rank=0)
    penalty = ops.op("Sum", ops.op("Abs", hidden), rank=0)
    total = ops.op("Sum", ops.op("Pack", loss, penalty, rank=1), rank=0)
    target = ops.op("Mul", total, ops.variable("scale"), rank=0)
    trace = Trace(ops.nodes, ops.variables, lambda key: key in ("x", "y"), ops.ranks.get)
    assert analyse(trace, target).heads[0].data_loss == loss
    assert with_penalties(trace, loss, target) == total
    assert with_penalties(trace, total, target) is None


@pytest.mark.parametrize(("last", "expected"), [(None, "relu"), ("Softmax", "softmax")])
def test_a_relu_before_a_logarithm(last: str | None, expected: str) -> None:
    """It is the output's activation, unless it only keeps probabilities from being negative."""
    ops = Ops()
    output = ops.op("Relu", ops.dense(ops.dense("x", "1", "Relu"), "2", last))
    ops.ranks["tiny"] = 0
    loss = ops.op("Mean", ops.op("Mul", "y", ops.op("Log", ops.op("Maximum", output, "tiny"))), rank=0)
    (head,) = ops.network(loss).heads
    assert (head.function, head.produced_by, head.clipped) == ("log_probability", expected, True)


def test_a_logarithm_is_not_always_of_a_probability() -> None:
    """Poisson: p - y log(p). Squared logarithmic error: (log(p + 1) - log(y + 1))^2."""
    ops = Ops()
    ops.ranks["tiny"] = 0
    rate = ops.dense("x", "1", "Softplus")
    product = ops.op("Mul", "y", ops.op("Log", ops.op("AddV2", rate, "tiny")))
    loss = ops.op("Mean", ops.op("Sub", rate, product), rank=0)
    assert [(head.function, head.takes, head.produced_by) for head in ops.network(loss).heads] == [
        ("poisson", "values", "softplus")
    ]
    ops = Ops()
    log_rate = ops.dense("x", "1")
    rate = ops.op("Exp", log_rate)
    loss = ops.op("Mean", ops.op("Sub", rate, ops.op("Mul", log_rate, "y")), rank=0)
    (head,) = ops.network(loss).heads
    assert (head.function, head.output) == ("poisson", rate), "as in tf.nn.log_poisson_loss"
    ops = Ops()
    ops.ranks["one"] = 0
    guess = ops.op("Log", ops.op("AddV2", ops.dense("x", "1", "Relu"), "one"))
    truth = ops.op("Log", ops.op("AddV2", "y", "one"))
    loss = ops.op("Mean", ops.op("SquaredDifference", guess, truth), rank=0)
    (head,) = ops.network(loss).heads
    assert (head.function, head.takes, head.output) == ("squared_error", "values", guess)


@pytest.mark.parametrize("last", ["Softmax", None])
@pytest.mark.parametrize("written", ["quotient", "difference", "clipped"])
def test_divergence_of_two_distributions(written: str, last: str | None) -> None:
    """y log(y / p), as Keras writes it too, and y (log y - log p): the output is p, not the quotient."""
    ops = Ops()
    ops.ranks["tiny"] = 0
    output = ops.dense("x", "1", last)
    bounded = ops.op("Maximum", ops.op("Minimum", output, "tiny"), "tiny") if written == "clipped" else output
    if written == "difference":
        logarithm = ops.op("Sub", ops.op("Log", "y"), ops.op("Log", bounded))
    else:
        logarithm = ops.op("Log", ops.op("RealDiv", "y", bounded))
    loss = ops.op("Mean", ops.op("Sum", ops.op("Mul", "y", logarithm), rank=1), rank=0)
    head = head_of(ops, loss)
    assert (head.function, head.takes, head.output) == ("kl_divergence", "probabilities", output)
    assert (head.produced_by, head.clipped) == ("softmax" if last else "linear", written == "clipped")


def test_losses_that_are_weighted_by_data() -> None:
    """An advantage of every example may be negative; a number for all, and a division by their count, may not."""
    for advantage, weighted in (("y", "data"), ("two", None)):
        ops = Ops()
        ops.ranks.update(two=0)
        logits = ops.dense("x", "1")
        each = ops.op("SparseSoftmaxCrossEntropyWithLogits", logits, "y", rank=1)
        each = ops.op("Mul", ops.op("Reshape", each, rank=1), advantage, rank=1)
        assert head_of(ops, ops.op("Mean", each, rank=0)).weighted == weighted


def test_a_logarithm_of_what_the_labels_pick() -> None:
    """-log(p[i, y_i]), with rows and labels as pairs, and -log(sum(y p)): cross-entropies of p."""
    ops = Ops()
    ops.ranks.update(rows=1, tiny=0)
    p = ops.op("Softmax", ops.dense("x", "1"))
    picked = ops.op("GatherNd", p, ops.op("Pack", "rows", "y"), rank=1)
    loss = ops.op("Mean", ops.op("Neg", ops.op("Log", ops.op("AddV2", picked, "tiny", rank=1), rank=1), rank=1), rank=0)
    head = head_of(ops, loss)
    assert (head.function, head.takes, head.output, head.label) == ("log_probability", "probabilities", p, "y")
    ops = Ops()
    p = ops.op("Softmax", ops.dense("x", "1"))
    shares = ops.op("Sum", ops.op("Mul", "y", p), rank=1)
    head = head_of(ops, ops.op("Mean", ops.op("Neg", ops.op("Log", shares, rank=1), rank=1), rank=0))
    assert (head.function, head.output, head.label) == ("log_probability", p, "y")


def test_a_loss_behind_a_loop_is_of_no_known_kind() -> None:
    """An alignment picks logarithms by labels too."""
    ops = Ops()
    picked = ops.op("Sum", ops.op("Mul", "y", ops.op("LogSoftmax", ops.dense("x", "1"))))
    head = head_of(ops, ops.op("Mean", ops.op("While", picked, rank=1), rank=0))
    assert (head.function, head.label, head.data_loss) == ("other", None, None)


def test_the_solution_of_a_system_for_the_labels_is_no_prediction() -> None:
    """The evidence of a Gaussian process: `y * solve(kernel, y)`."""
    for solved, label in (("y", None), ("x", "y")):
        ops = Ops()
        kernel = ops.dense("x", "1")
        fit = ops.op("Neg", ops.op("Mul", "y", ops.op("MatrixTriangularSolve", kernel, solved)))
        head = head_of(ops, ops.op("Sum", fit, rank=0))
        assert (head.function, head.label) == ("other", label)


def test_labels_and_output_in_each_others_place() -> None:
    """Keras's losses take the labels first."""
    ops = Ops()
    logits = ops.dense("x", "1")
    loss = ops.op("Mean", ops.op("SoftmaxCrossEntropyWithLogits", "y", logits, rank=1), rank=0)
    head = head_of(ops, loss)
    assert (head.swapped, head.output, head.label) == (True, logits, "y")

    ops = Ops()
    logits = ops.dense("x", "1")
    log = ops.op("Log1p", ops.op("Exp", ops.op("Neg", ops.op("Abs", "y"))))
    cost = ops.op("AddV2", ops.op("Sub", ops.op("Relu", "y"), ops.op("Mul", "y", logits)), log)
    head = head_of(ops, ops.op("Mean", cost, rank=0))
    assert (head.function, head.swapped, head.output, head.label) == ("sigmoid_cross_entropy", True, logits, "y")


def test_an_overlap_over_a_union_is_the_loss() -> None:
    """The sum above the line alone is none."""
    ops = Ops()
    output = ops.op("Sigmoid", ops.dense("x", "1"))
    above = ops.op("Sum", ops.op("Mul", "y", output), rank=0)
    below = ops.op("AddV2", ops.op("Sum", "y", rank=0), ops.op("Sum", output, rank=0), rank=0)
    loss = ops.op("Sub", "one", ops.op("RealDiv", above, below, rank=0), rank=0)
    assert head_of(ops, loss).data_loss == loss


def test_weights_of_the_examples() -> None:
    ops = Ops()
    square = ops.op("Square", ops.op("Sub", "y", ops.dense("x", "1")))
    loss = ops.op("Sum", ops.op("Mul", "y", square), rank=0)
    head = head_of(ops, loss)
    assert (head.weighted, head.weights) == ("data", (square, "y"))


def test_a_mask_is_no_label_where_the_network_makes_both_sides() -> None:
    """Of deep Q-learning: sum(q * one_hot(action)) against reward + max(q') of the other network."""
    ops = Ops()
    chosen = ops.op("Sum", ops.op("Mul", ops.dense("x", "1"), "y"), rank=1)
    wanted = ops.op("AddV2", ops.op("Max", ops.dense("x", "2"), rank=1), ops.op("Neg", "x"), rank=1)
    loss = ops.op("Mean", ops.op("Square", ops.op("Sub", wanted, chosen, rank=1), rank=1), rank=0)
    head = head_of(ops, loss)
    assert (head.function, head.label) == ("other", None)


@pytest.mark.parametrize("margin", [True, False])
def test_a_hinge_has_a_margin(margin: bool) -> None:
    """max(0, 1 - y f); a mask that is multiplied with distances before they are bounded is none of labels."""
    ops = Ops()
    product = ops.op("Mul", ops.dense("x", "1"), "y")
    argument = ops.op("Sub", "one", product) if margin else product
    ops.ranks["one"] = 0
    loss = ops.op("Mean", ops.op("Maximum", argument, "zero"), rank=0)
    functions = [head.function for head in ops.network(loss).heads]
    assert ("hinge" in functions) is margin


@pytest.mark.parametrize("weighted", [True, False])
def test_labels_of_a_weighted_cross_entropy(weighted: bool) -> None:
    """(1 - z) x + w log(1 + exp(-x)) has the complement of its labels; the plain one is handed it on purpose."""
    ops = Ops()
    logits = ops.dense("x", "1")
    ops.ranks["one"] = ops.ranks["weight"] = 0
    other = ops.op("Sub", "one", "y")
    log1p = ops.op("Log1p", ops.op("Exp", ops.op("Neg", ops.op("Abs", logits))))
    product = ops.op("Mul", other, logits)
    if weighted:
        factor = ops.op("AddV2", "one", ops.op("Mul", "weight", "y"))
        total = ops.op("AddV2", product, ops.op("Mul", factor, ops.op("AddV2", log1p, ops.op("Relu", logits))))
    else:
        total = ops.op("AddV2", ops.op("Sub", ops.op("Relu", logits), product), log1p)
    head = head_of(ops, ops.op("Mean", total, rank=0))
    assert (head.function, head.takes, head.output) == ("sigmoid_cross_entropy", "logits", logits)
    assert head.label == ("y" if weighted else other)


@pytest.mark.parametrize("gather", ["GatherV2", "GatherNd"])
def test_losses_that_a_mask_leaves(gather: str) -> None:
    """As tf.boolean_mask picks them: the places of what is left are no labels, alone and in a sum with another loss."""
    ops = Ops()
    places = ops.op("Squeeze", ops.op("Where", "mask"), rank=1)
    ops.ranks["mask"] = 1
    output = ops.dense(ops.dense("x", "1", "Relu"), "2")
    errors = ops.op("Mean", ops.op("SquaredDifference", output, "y"), "axis", rank=1)
    left = ops.op("Mean", ops.op(gather, errors, places, rank=1), rank=0)
    head = head_of(ops, left)
    assert (head.function, head.output, head.label) == ("squared_error", output, "y")

    other = ops.dense(ops.dense("x", "3", "Relu"), "4")
    loss = ops.op("Mean", ops.op("SoftmaxCrossEntropyWithLogits", other, "y", rank=1), rank=0)
    heads = ops.network(ops.op("AddV2", loss, left, rank=0)).heads
    assert [(one.function, one.output) for one in heads] == [
        ("squared_error", output), ("softmax_cross_entropy", other)
    ]  # fmt: skip
