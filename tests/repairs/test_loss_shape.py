from doctor.repairs.loss.loss_shape import LossShape
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused, repaired

FAULT = "loss-shape"
SQUEEZE = "tf.squeeze(output, axis=-1)"


def met(labels: list[int], output: list[int]) -> Run:
    shapes = {"labels": labels, "output": output, "result": [8, 8]}
    return Run().subject().site("loss", "loss", broadcast=shapes)


def test_labels_get_an_axis_or_outputs_lose_one() -> None:
    source = "import tensorflow as tf\nloss = tf.reduce_mean(tf.square(y - model(x)))\n"
    given = case(source, FAULT, "loss", code=SQUEEZE, run=met([8], [8, 1]))
    assert [text.splitlines()[1] for text in repaired(LossShape(), given)] == [
        "loss = tf.reduce_mean(tf.square(y[:, None] - model(x)))",
        "loss = tf.reduce_mean(tf.square(y - tf.squeeze(model(x), axis=-1)))",
    ]


def test_labels_lose_an_axis() -> None:
    source = "import tensorflow as tf\nerr = pred - target\n"
    assert changed(LossShape(), case(source, FAULT, "err", code=SQUEEZE, run=met([8, 1], [8]))) == [
        "err = pred - tf.squeeze(target, axis=-1)"
    ]


def test_labels_that_are_mentioned_twice_change_before() -> None:
    source = "ce = -(y * tf.math.log(p) + (1 - y) * tf.math.log(1 - p))\n"
    assert changed(LossShape(), case(source, FAULT, "ce", code=SQUEEZE, run=met([8], [8, 1]))) == [
        "y = y[:, None]"
    ]


def test_product_of_matrices_is_the_output() -> None:
    source = "guess = h @ w + b\ncost = tf.reduce_mean((a - guess) ** 2)\n"
    assert changed(LossShape(), case(source, FAULT, "cost", code=SQUEEZE, run=met([8], [8, 1]))) == [
        "cost = tf.reduce_mean((a[:, None] - guess) ** 2)"
    ]


def test_entries_of_dictionaries() -> None:
    source = "error = y['price'] - out['price']\n"
    assert changed(LossShape(), case(source, FAULT, "error", code=SQUEEZE, run=met([8], [8, 1]))) == [
        "error = y['price'][:, None] - out['price']"
    ]


def test_unknown_shapes_are_made_alike() -> None:
    source = "import tensorflow as tf\nd = tf.math.squared_difference(a, b)\n"
    assert changed(LossShape(), case(source, FAULT, "d =", code=SQUEEZE)) == [
        "d = tf.math.squared_difference(tf.reshape(a, tf.shape(b)), b)"
    ]


def test_weights_get_the_shape_of_the_losses() -> None:
    source = "import tensorflow as tf\nloss = -tf.reduce_mean(logp * tf.stop_gradient(advantage)) - 0.01 * entropy\n"
    assert changed(LossShape(), case(source, FAULT, "loss", code="weights[:, tf.newaxis]")) == [
        "loss = -tf.reduce_mean(logp * tf.reshape(tf.stop_gradient(advantage), tf.shape(logp))) - 0.01 * entropy"
    ]


def test_reductions_go_over_the_last_axis() -> None:
    given = case("m = tf.reduce_logsumexp(a + b, axis=0)\n", FAULT, "m =", code="tf.reduce_logsumexp(..., axis=-1)")
    assert changed(LossShape(), given) == ["m = tf.reduce_logsumexp(a + b, axis=-1)"]
    given = case("p = tf.nn.softmax(z, axis=0)\n", FAULT, "p =", code="tf.nn.softmax(logits, axis=-1)")
    assert changed(LossShape(), given) == ["p = tf.nn.softmax(z, axis=-1)"]


def test_softmax_by_hand_sums_over_the_classes() -> None:
    source = "def softmax(z):\n    e = tf.exp(z)\n    return e / tf.reduce_sum(e)\n"
    given = case(source, FAULT, "return", code="tf.nn.softmax(logits, axis=-1)")
    assert changed(LossShape(), given) == ["return e / tf.reduce_sum(e, axis=-1, keepdims=True)"]


def test_line_without_a_meeting_is_refused() -> None:
    assert "no two values" in refused(LossShape(), case("loss = keras_loss(y, p)\n", FAULT, "loss", code=SQUEEZE))
