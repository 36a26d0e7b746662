from doctor.findings import Fix
from doctor.repairs.loss.loss_logits import LossLogits
from doctor.types import Location
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused, repaired

FAULT = "loss-logits"
TOLD = "from_logits=True"


def test_loss_is_told_that_it_gets_logits() -> None:
    source = "bce = keras.losses.SparseCategoricalCrossentropy(reduction='none')  # per row\n"
    assert changed(LossLogits(), case(source, FAULT, "bce", code=TOLD)) == [
        "bce = keras.losses.SparseCategoricalCrossentropy(reduction='none', from_logits=True)  # per row"
    ]


def test_named_loss_becomes_an_object_that_takes_logits() -> None:
    source = "import tensorflow as tf\nmodel.compile('adam', loss='sparse_categorical_crossentropy')\n"
    assert changed(LossLogits(), case(source, FAULT, "compile", code=TOLD)) == [
        "model.compile('adam', loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))"
    ]


def test_function_of_keras_is_told_as_well() -> None:
    source = "loss = tf.reduce_mean(losses.categorical_crossentropy(y, z))\n"
    assert changed(LossLogits(), case(source, FAULT, "loss", code=TOLD)) == [
        "loss = tf.reduce_mean(losses.categorical_crossentropy(y, z, from_logits=True))"
    ]


def test_rescued_loss_is_told_that_it_gets_probabilities() -> None:
    source = "loss = SparseCategoricalCrossentropy(from_logits=True)\n"
    assert changed(LossLogits(), case(source, FAULT, "loss", code="from_logits=False")) == [
        "loss = SparseCategoricalCrossentropy(from_logits=False)"
    ]


def test_softmax_of_a_layer_goes_or_the_loss_changes() -> None:
    source = (
        "import tensorflow as tf\n"
        "net = tf.keras.Sequential([\n"
        "    tf.keras.layers.Dense(10, activation='softmax'),\n"
        "])\n"
        "loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=net(x))\n"
    )
    first, second = repaired(LossLogits(), case(source, FAULT, "Dense", code="activation=None"))
    assert "tf.keras.layers.Dense(10)," in first
    assert "loss = tf.keras.losses.sparse_categorical_crossentropy(y, net(x))" in second


def test_softmax_of_bare_code_goes() -> None:
    source = "def net(x):\n    return tf.nn.softmax(x @ w + b)\n"
    assert changed(LossLogits(), case(source, FAULT, "softmax")) == ["return x @ w + b"]


def test_layer_that_is_only_a_softmax_goes_from_a_list() -> None:
    source = "layers = [\n    Dense(32, 'relu'),\n    Dense(10),\n    Activation('softmax'),\n]\n"
    assert repaired(LossLogits(), case(source, FAULT, "Activation")) == [
        "layers = [\n    Dense(32, 'relu'),\n    Dense(10),\n]\n"
    ]


def test_positional_activation_goes() -> None:
    assert changed(LossLogits(), case("out = Dense(1, 'softmax')(h)\n", FAULT, "Dense")) == ["out = Dense(1)(h)"]


def test_probabilities_that_are_rounded_stay_probabilities() -> None:
    source = (
        "import tensorflow as tf\n"
        "net.add(Dense(1, activation='sigmoid'))\n"
        "loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, net(x)))\n"
        "hits = (net(x) > 0.5) == y\n"
    )
    given = case(source, FAULT, "Dense", code="activation=None")
    assert changed(LossLogits(), given) == ["loss = tf.reduce_mean(tf.keras.ops.binary_crossentropy(y, net(x)))"]


def test_logarithm_by_hand_is_taken_of_logits() -> None:
    source = (
        "import tensorflow as tf\n"
        "z = h @ w + b\n"
        "loss = -tf.reduce_mean(tf.reduce_sum(y * tf.math.log(tf.clip_by_value(z, 1e-7, 1.0)), 1))\n"
    )
    given = case(source, FAULT, "loss =", code="tf.nn.softmax_cross_entropy_with_logits(...)")
    assert changed(LossLogits(), given) == ["loss = -tf.reduce_mean(tf.reduce_sum(y * tf.nn.log_softmax(z), 1))"]


def test_binary_logarithms_by_hand() -> None:
    source = "import tensorflow as tf\nloss = -(y * tf.math.log(z + 1e-9) + (1 - y) * tf.math.log(1 - z + 1e-9))\n"
    given = case(source, FAULT, "loss =", code="tf.nn.sigmoid_cross_entropy_with_logits(...)")
    assert changed(LossLogits(), given) == [
        "loss = -(y * tf.math.log_sigmoid(z) + (1 - y) * tf.math.log_sigmoid(-z))"
    ]


def test_output_layer_gets_its_sigmoid() -> None:
    source = "import keras\nout = layers.Dense(1)(h)\nmodel.compile(loss='binary_crossentropy', metrics=['accuracy'])\n"
    place = Location("train.py", 2, "out = layers.Dense(1)(h)")
    end = Fix("Or end the model in a sigmoid", 'activation="sigmoid"', place)
    given = case(source, FAULT, "compile", fixes=(Fix("", TOLD), end))
    assert changed(LossLogits(), given) == ['out = layers.Dense(1, activation="sigmoid")(h)']


def test_softmax_with_a_temperature_is_taken_of_a_logarithm() -> None:
    source = "import tensorflow as tf\nsoft = tf.nn.softmax(teacher(x) / T)\n"
    assert changed(LossLogits(), case(source, FAULT, "soft", rule="softmax-twice")) == [
        "soft = tf.nn.softmax(tf.math.log(teacher(x) + 1e-7) / T)"
    ]


def test_loss_of_an_option_is_refused() -> None:
    source = "parser.add_argument('--loss', default='sparse_categorical_crossentropy')\n"
    assert "option" in refused(LossLogits(), case(source, FAULT, "--loss", code=TOLD))


def test_partial_function_is_told() -> None:
    source = "loss = partial(keras.losses.categorical_crossentropy, from_logits=True)\n"
    assert changed(LossLogits(), case(source, FAULT, "loss", code="from_logits=False")) == [
        "loss = partial(keras.losses.categorical_crossentropy, from_logits=False)"
    ]


def test_loss_from_a_file_is_exchanged_where_it_enters() -> None:
    source = "import keras\nmodel.compile(optimizer='adam', loss=settings['loss'])\n"
    run = Run().subject().site("loss", "loss", keras_loss="sparse_categorical_crossentropy", takes="probabilities")
    assert changed(LossLogits(), case(source, FAULT, "compile", code=TOLD, run=run)) == [
        "model.compile(optimizer='adam', loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))"
    ]


def test_activation_handed_to_a_layer_of_the_scripts_own() -> None:
    source = "import tensorflow as tf\nout = dense(h, 10, tf.nn.softmax)\n"
    assert changed(LossLogits(), case(source, FAULT, "out =")) == ["out = dense(h, 10, tf.identity)"]
    source = "SPEC = [(64, 'relu'), (10, 'softmax')]\n"
    assert changed(LossLogits(), case(source, FAULT, "SPEC")) == ["SPEC = [(64, 'relu'), (10, 'linear')]"]
