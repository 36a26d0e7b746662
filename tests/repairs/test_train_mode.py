from doctor.repairs.loss.train_mode import TrainMode
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused

FAULT = "train-mode"
OFF, ON = "model(x, training=False)", "model(x, training=True)"


def test_evaluation_is_told_its_mode() -> None:
    for line, right in (
        ("logits = model(x, training=True)", "logits = model(x, training=False)"),
        ("logits = net(x[y == c])", "logits = net(x[y == c], training=False)"),
        ("p = np.array([scorer(row[None])[0] for row in rows])",
         "p = np.array([scorer(row[None], training=False)[0] for row in rows])"),
    ):  # fmt: skip
        assert changed(TrainMode(), case(f"import numpy as np\n{line}\n", FAULT, line, code=OFF)) == [right]


def test_layer_takes_the_mode_of_its_method() -> None:
    source = "class Net(Model):\n    def call(self, x, training):\n        return self.drop(self.d(x), training=True)\n"
    assert changed(TrainMode(), case(source, FAULT, "return", code=OFF)) == [
        "return self.drop(self.d(x), training=training)"
    ]


def test_method_without_the_mode_gets_it() -> None:
    source = "class Net(Model):\n    def call(self, x):\n        return self.drop(self.d(x), training=True)\n"
    assert changed(TrainMode(), case(source, FAULT, "return", code=OFF)) == [
        "def call(self, x, training=None):",
        "return self.drop(self.d(x), training=training)",
    ]


def test_function_of_both_modes_gets_a_parameter() -> None:
    source = (
        "def forward(x):\n"
        "    return model(x, training=True)\n"
        "with tf.GradientTape() as tape:\n"
        "    loss = mse(y, forward(x))\n"
        "print(forward(x_test))\n"
    )
    assert changed(TrainMode(), case(source, FAULT, "return", code=OFF)) == [
        "def forward(x, training=True):",
        "return model(x, training=training)",
        "print(forward(x_test, training=False))",
    ]


def test_training_step_is_told_its_mode() -> None:
    source = "with tf.GradientTape() as tape:\n    loss = lf(b, net(a))\n"
    assert changed(TrainMode(), case(source, FAULT, "loss", code=ON)) == ["loss = lf(b, net(a, training=True))"]


def test_momentum_is_lowered() -> None:
    given = case("h = layers.BatchNormalization()(h)\n", FAULT, "h =", code="BatchNormalization(momentum=0.9)")
    assert changed(TrainMode(), given) == ["h = layers.BatchNormalization(momentum=0.9)(h)"]


def test_dropout_by_hand_gets_a_mode() -> None:
    source = (
        "def net(x):\n"
        "    h = tf.nn.relu(x @ w)\n"
        "    h = tf.nn.dropout(h, 0.5)\n"
        "    return h @ v\n"
        "with tf.GradientTape() as tape:\n"
        "    loss = mse(y, net(x))\n"
        "print(net(x_test))\n"
    )
    code = "tf.nn.dropout(h, rate) if training else h"
    assert changed(TrainMode(), case(source, FAULT, "dropout", code=code)) == [
        "def net(x, training=False):",
        "h = tf.nn.dropout(h, 0.5) if training else h",
        "loss = mse(y, net(x, training=True))",
    ]


def test_line_without_a_model_is_refused() -> None:
    assert "no model is called" in refused(TrainMode(), case("acc = 0\n", FAULT, "acc", code=OFF))


def test_model_that_trains_by_default() -> None:
    """`fit` tells the mode by itself; in a loop of the script's own nothing else would."""
    source = "class Net(Model):\n    def call(self, x, training=True):\n        return self.d(x, training=training)\n"
    given = case(source, FAULT, "def call", code=OFF, run=Run().subject(style="fit"))
    assert changed(TrainMode(), given) == ["def call(self, x, training=False):"]
    assert refused(TrainMode(), case(source, FAULT, "def call", code=OFF, run=Run().subject(style="tape")))
