from doctor.findings import Fix
from doctor.repairs.loss.loss_wrong import LossWrong
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused

FAULT = "loss-wrong"


def test_named_loss_is_exchanged_in_its_own_quotes() -> None:
    source = "m.compile(loss='categorical_crossentropy', optimizer=opt)\n"
    assert changed(LossWrong(), case(source, FAULT, "compile", code='loss="binary_crossentropy"')) == [
        "m.compile(loss='binary_crossentropy', optimizer=opt)"
    ]


def test_object_keeps_that_it_takes_logits() -> None:
    source = "loss=keras.losses.CategoricalCrossentropy(from_logits=True)\n"
    assert changed(LossWrong(), case(source, FAULT, "loss=", code='loss="binary_crossentropy"')) == [
        "loss=keras.losses.BinaryCrossentropy(from_logits=True)"
    ]


def test_squared_error_takes_no_logits() -> None:
    source = "criterion = tf.keras.losses.BinaryCrossentropy(from_logits=True)\n"
    assert changed(LossWrong(), case(source, FAULT, "criterion", code='loss="mse"')) == [
        "criterion = tf.keras.losses.MeanSquaredError()"
    ]


def test_loss_of_a_configuration_is_exchanged_there() -> None:
    source = 'CONFIG = {"units": 32, "loss": "mae"}\nmodel.compile(loss=CONFIG["loss"])\n'
    assert changed(LossWrong(), case(source, FAULT, "CONFIG =", code='loss="poisson"')) == [
        'CONFIG = {"units": 32, "loss": "poisson"}'
    ]


def test_classes_get_a_unit_each_and_a_cross_entropy() -> None:
    source = "n_out = 1\nout = layers.Dense(n_out)(h)\nmodel.compile('adam', loss='mse')\n"
    script = source.replace("model", "import keras\nmodel")
    run = Run(script).subject().site("output", "out", line=2, produced_by="linear")
    fix = Fix("Give the output 10 units and use a cross-entropy", 'loss="sparse_categorical_crossentropy"')
    given = case(script, FAULT, "compile", fixes=(fix,), run=run)
    assert changed(LossWrong(), given) == [
        "n_out = 10",
        'out = layers.Dense(n_out, activation="softmax")(h)',
        "model.compile('adam', loss='sparse_categorical_crossentropy')",
    ]


def test_cross_entropy_of_tensorflow_asks_each_unit() -> None:
    source = "per = tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z)\n"
    assert changed(LossWrong(), case(source, FAULT, "per", code="tf.nn.sigmoid_cross_entropy_with_logits")) == [
        "per = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z)"
    ]


def test_cross_entropy_of_values_becomes_a_squared_error() -> None:
    source = "import tensorflow as tf\nl = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z)\n"
    assert changed(LossWrong(), case(source, FAULT, "l =", code="tf.reduce_mean((output - y) ** 2)")) == [
        "l = tf.square(z - y)"
    ]


def test_labels_come_first() -> None:
    given = case("loss = mse(model(x), y)\n", FAULT, "loss", code="loss_fn(labels, predictions)")
    assert changed(LossWrong(), given) == ["loss = mse(y, model(x))"]


def test_mask_is_turned_round() -> None:
    given = case("mask = tf.cast(y == PAD, tf.float32)\n", FAULT, "mask", rule="turned-mask")
    assert changed(LossWrong(), given) == ["mask = tf.cast(y != PAD, tf.float32)"]


def test_focal_factor_is_turned_round() -> None:
    source = "def focal(y, p):\n    pt = tf.reduce_sum(y * p, -1)\n    return pt ** gamma * -tf.math.log(pt)\n"
    assert changed(LossWrong(), case(source, FAULT, "return", rule="rewards-errors")) == [
        "return (1.0 - pt) ** gamma * -tf.math.log(pt)"
    ]


def test_loss_by_hand_is_refused() -> None:
    given = case("loss = my_own(y, p)\n", FAULT, "loss", code='loss="mse"')
    assert "by hand" in refused(LossWrong(), given)


def test_last_layer_of_a_line_is_the_output() -> None:
    source = "m = Sequential([Dense(32, activation='relu'), Dense(1)])\nm.compile('adam', 'mse')\n"
    run = Run(source).subject().site("output", "out", line=1, produced_by="linear")
    fix = Fix("Give the output 4 units and use a cross-entropy", 'loss="sparse_categorical_crossentropy"')
    assert changed(LossWrong(), case(source, FAULT, "compile", fixes=(fix,), run=run)) == [
        "m = Sequential([Dense(32, activation='relu'), Dense(4, activation=\"softmax\")])",
        "m.compile('adam', 'sparse_categorical_crossentropy')",
    ]
