from doctor.findings import Evidence, Fix
from doctor.repairs.optimiser.carried_state import CarriedState
from doctor.repairs.optimiser.flat_functions import SlopedFunction
from doctor.repairs.optimiser.left_out import WholeList
from doctor.repairs.optimiser.numpy_path import TensorFlowPath
from doctor.repairs.optimiser.tape_block import WatchedTensors, WholeTape
from doctor.repairs.optimiser.tracked_weights import TrackedWeights
from doctor.repairs.optimiser.unused_weights import UsedWeights
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused, repaired

FAULT = "gradient-disconnected"
LEFT_OUT = (Evidence("variables left out", None, 1.0, 0.0),)
HEAD = "import numpy as np\nimport tensorflow as tf\nfrom tensorflow import keras\n"
TAIL = (
    "with tf.GradientTape() as tape:\n    loss = mse(run(x), y)\ngrads = tape.gradient(loss, params)\n"
    "opt.apply_gradients(zip(grads, params))\n"
)


def test_functions_of_numpy_become_those_of_tensorflow() -> None:
    for before, after in (
        ("np.tanh(v)", "tf.tanh(v)"),
        ("np.clip(v, -4.0, 4.0)", "tf.clip_by_value(v, -4.0, 4.0)"),
        ("np.concatenate([v, x])", "tf.concat([v, x], axis=0)"),
        ("np.hstack([v, x])", "tf.concat([v, x], axis=1)"),
        ("np.mean(v, axis=1, keepdims=True)", "tf.reduce_mean(v, axis=1, keepdims=True)"),
        ("v / np.linalg.norm(v, axis=1)", "v / tf.norm(v, axis=1)"),
        ("np.dot(v, w)", "tf.tensordot(v, w, axes=1)"),
        ("v.numpy()", "v"),
        ("v.numpy().reshape(-1, 8)", "tf.reshape(v, [-1, 8])"),
        ("v.numpy().mean(axis=0)", "tf.reduce_mean(v, axis=0)"),
        ("np.transpose(v, axes=[0, 2, 1])", "tf.transpose(v, perm=[0, 2, 1])"),
        ("v * np.sqrt(2.0 / 8)", None),
    ):
        source = f"{HEAD}def run(x):\n    v = net(x)\n    return {before}\n\n\n{TAIL}"
        given = case(source, FAULT, "return")
        assert (changed(TensorFlowPath(), given) if after else repaired(TensorFlowPath(), given)) == (
            [f"return {after}"] if after else []
        )


def test_numpy_in_the_block_itself_and_what_is_only_kept() -> None:
    source = (
        f"{HEAD}with tf.GradientTape() as tape:\n    p = model.predict(x, verbose=0)\n"
        "    err = np.square(y - p)\n    loss = float(tf.reduce_mean(err))\n    history.append(p.numpy())\n"
        "g = tape.gradient(loss, ws)\n"
    )
    assert changed(TensorFlowPath(), case(source, FAULT, "predict")) == [
        "p = model(x)", "err = tf.square(y - p)", "loss = tf.reduce_mean(err)",
    ]  # fmt: skip


def test_function_outside_of_the_graph_is_called_within_it() -> None:
    source = (
        f"{HEAD}def unit(v):\n    return v / np.linalg.norm(v)\n\n\ndef run(x):\n"
        f"    return tf.numpy_function(unit, [net(x)], tf.float32)\n\n\n{TAIL}"
    )
    assert changed(TensorFlowPath(), case(source, FAULT, "numpy_f")) == ["return v / tf.norm(v)", "return unit(net(x))"]


def test_numpy_that_tensorflow_has_not_is_refused() -> None:
    source = f"{HEAD}def run(x):\n    return np.interp(net(x), a, b)\n\n\n{TAIL}"
    assert refused(TensorFlowPath(), case(source, FAULT, "interp")) == "TensorFlow has no `np.interp`"


def test_rounding_is_taken_out_of_a_loss_or_passed_straight_through() -> None:
    source = f"{HEAD}with tf.GradientTape() as t:\n    p = tf.round(m(x))\n    l = mse(p, y)\ng = t.gradient(l, w)\n"
    assert [text.splitlines()[4:-2] for text in repaired(SlopedFunction(), case(source, FAULT, "round"))] == [
        ["    p = m(x)"],
        ["    smooth = m(x)", "    p = smooth + tf.stop_gradient(tf.round(smooth) - smooth)"],
    ]


def test_layer_of_codes_lets_the_gradient_straight_through() -> None:
    source = f"{HEAD}class L(keras.layers.Layer):\n    def call(self, p):\n        return tf.cast(p > 0.5, p.dtype)\n"
    assert changed(SlopedFunction(), case(source, FAULT, "cast")) == [
        "return p + tf.stop_gradient(tf.cast(p > 0.5, p.dtype) - p)"
    ]
    source = f"{HEAD}def f(y, p):\n    return tf.reduce_sum(tf.one_hot(tf.argmax(p, -1), 10) * y)\n\n\n"
    source += "m.compile('sgd', f)\n"
    assert changed(SlopedFunction(), case(source, FAULT, "argmax")) == [
        "return tf.reduce_sum(tf.nn.softmax(p) * y)"
    ]


def test_stopped_gradient_is_let_through_and_accuracy_is_left_alone() -> None:
    source = f"{HEAD}with tf.GradientTape() as t:\n    h = tf.stop_gradient(enc(x))\n    l = mse(dec(h), y)\n"
    assert changed(SlopedFunction(), case(source, FAULT, "h =")) == ["h = enc(x)"]
    source = f"{HEAD}with tf.GradientTape() as t:\n    hit = tf.cast(tf.round(p) == y, tf.float32)\n"
    assert repaired(SlopedFunction(), case(source, FAULT, "with")) == []


def test_variable_is_added_to_the_list_as_the_others_are_written() -> None:
    run = Run().subject().site("variable", "q", in_sources=False, reaches_loss=True)
    source = "class M:\n    def __init__(self):\n        self.q = tf.Variable(b)\n        self.ps = [self.a, self.p]\n"
    given = case(source, FAULT, "self.ps", run=run, evidence=LEFT_OUT)
    assert changed(WholeList(), given) == ["self.ps = [self.a, self.p, self.q]"]
    source = "q = tf.Variable(b)\nps = [a, p]\n"
    assert changed(WholeList(), case(source, FAULT, "ps", run=run, evidence=LEFT_OUT)) == ["ps = [a, p, q]"]


MODELS = f"{HEAD}enc = keras.Sequential([])\nhead = keras.Sequential([])\nbce = keras.losses.BinaryCrossentropy()\n"


def test_model_is_added_to_the_list() -> None:
    source = (
        f"{MODELS}params = head.trainable_variables\nwith tf.GradientTape() as t:\n    l = bce(y, head(enc(x)))\n"
        "g = t.gradient(l, params)\n"
    )
    assert changed(WholeList(), case(source, FAULT, "params =", evidence=LEFT_OUT)) == [
        "params = head.trainable_variables + enc.trainable_variables"
    ]


def test_models_without_weights_yet_are_built_or_listed_later() -> None:
    source = (
        f"{MODELS}params = enc.trainable_variables + head.trainable_variables\nwith tf.GradientTape() as t:\n"
        "    l = bce(y, head(enc(x)))\ng = t.gradient(l, params)\n"
    )
    run = Run().subject().site("input", "x", shape=[32, 24])
    texts = repaired(WholeList(), case(source, FAULT, "params =", run=run, evidence=LEFT_OUT))
    assert "enc.build((None, 24))\nparams = enc" in texts[0]
    assert texts[1].endswith("params = enc.trainable_variables + head.trainable_variables\ng = t.gradient(l, params)\n")


def test_second_player_gets_its_own_variables() -> None:
    source = (
        f"{HEAD}G = keras.Sequential([])\nD = keras.Sequential([])\n"
        "with tf.GradientTape() as a:\n    dl = f(D(G(z)))\ngd = a.gradient(dl, D.trainable_variables)\n"
        "with tf.GradientTape() as b:\n    gl = f(D(G(z)))\ngg = b.gradient(gl, D.trainable_variables)\n"
        "opt.apply_gradients(zip(gg, D.trainable_variables))\n"
    )
    assert changed(WholeList(), case(source, FAULT, "gg =", evidence=LEFT_OUT)) == [
        "gg = b.gradient(gl, G.trainable_variables)", "opt.apply_gradients(zip(gg, G.trainable_variables))",
    ]  # fmt: skip


def test_weights_that_keras_does_not_track() -> None:
    fixes = (Fix("", "self.add_weight(shape=shape, initializer=initializer)"),)
    source = (
        f"{HEAD}class M(keras.Model):\n    def __init__(self, n):\n"
        "        self.p = tf.Variable(tf.random.normal([n, 4], stddev=0.1), name='p')\n"
        "        self.b = tf.Variable(tf.zeros([n]))\n        self.n = tf.Variable(0, trainable=False)\n"
    )
    assert changed(TrackedWeights(), case(source, FAULT, "self.p", fixes=fixes)) == [
        "self.p = self.add_weight(shape=(n, 4), initializer=keras.initializers.RandomNormal(stddev=0.1), name='p')",
        'self.b = self.add_weight(shape=(n,), initializer="zeros")',
    ]
    source = "class M:\n    def __init__(self):\n        self.p = tf.Variable(start())\n"
    assert "shape of `start()`" in refused(TrackedWeights(), case(source, FAULT, "self.p", fixes=fixes))


def test_unused_layer_is_called() -> None:
    fixes = (Fix("Use `dense` in the forward pass, or delete it"),)
    source = (
        "class M(keras.Model):\n    def __init__(self):\n        self.out = Dense(10)\n\n"
        "    def call(self, x):\n        return self.hidden(x)\n"
    )
    assert changed(UsedWeights(), case(source, FAULT, "Dense(10)", fixes=fixes)) == ["return self.out(self.hidden(x))"]


def test_statements_are_moved_into_the_tape() -> None:
    source = f"{HEAD}with tf.GradientTape() as t:\n    p = m(x)\nloss = f(y, p)\ng = t.gradient(loss, w)\n"
    assert repaired(WholeTape(), case(source, FAULT, "gradient")) == [
        f"{HEAD}with tf.GradientTape() as t:\n    p = m(x)\n    loss = f(y, p)\ng = t.gradient(loss, w)\n"
    ]
    source = f"{HEAD}x = np.array(rows)\np = m(x)\nwith tf.GradientTape() as t:\n    loss = f(y, p)\n"
    source += "g = t.gradient(loss, w)\n"
    assert repaired(WholeTape(), case(source, FAULT, "gradient")) == [
        f"{HEAD}x = np.array(rows)\nwith tf.GradientTape() as t:\n    p = m(x)\n    loss = f(y, p)\n"
        "g = t.gradient(loss, w)\n"
    ]


def test_tensors_become_variables() -> None:
    source = (
        f"{HEAD}w = tf.random.normal([3, 1])\nb = tf.zeros([1])\nwith tf.GradientTape() as t:\n"
        "    loss = f(x @ w + b)\nd = t.gradient(loss, [w, b])\n"
    )
    assert changed(WatchedTensors(), case(source, FAULT, "gradient")) == [
        "w = tf.Variable(tf.random.normal([3, 1]))", "b = tf.Variable(tf.zeros([1]))",
    ]  # fmt: skip


def test_state_is_carried_in_a_tensor() -> None:
    source = (
        "def run(self, x):\n    self.state.assign(self.enc(x))\n    for _ in range(9):\n"
        "        self.state.assign_add(self.field(self.state))\n    return self.state\n"
    )
    assert changed(CarriedState(), case(source, FAULT, "enc")) == [
        "state = self.enc(x)", "state = state + self.field(state)", "return state",
    ]  # fmt: skip
    source = "def run(x):\n    kept[0].assign(x)\n    return kept\n"
    assert refused(CarriedState(), case(source, FAULT, "kept[0]")) == "`kept[0]` is one of several states"
