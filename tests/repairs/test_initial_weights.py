"""Initial values drawn anew, in the styles in which scripts draw them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from doctor.repairs.forward.initial_weights import InitialWeights
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused, repaired


def run(source: str, on: str, *, std: float, sizes: tuple[tuple[int, ...], ...] = ((20, 30), (30, 4)), role: str =
        "kernel", mean: float = 0.0, layer: str | None = None, lines: tuple[str, ...] = ()) -> Run:  # fmt: skip
    """A network whose weights are made on the line that holds `on` (or on one line each), before ReLUs but the last."""
    where = {place: number for number, text in enumerate(source.splitlines(), 1) for place in (on, *lines)
             if place in text}  # fmt: skip
    built = Run(source).subject()
    for index, size in enumerate(sizes):
        place = lines[index] if lines else on
        last = index == len(sizes) - 1
        values = np.random.default_rng(index).normal(mean, std, size) if std else np.full(size, mean)
        fan_in = int(np.prod(size[:-1]))
        built.site("variable", f"w{index}", line=where[place], shape=list(size), role=role, fan_in=fan_in, order=index,
                   fan_out=int(np.prod(size[:-2]) * size[-1]), activation=None if last else "relu", trainable=True,
                   layer=layer and (f"{layer}_{index}" if index else layer))  # fmt: skip
        built.observe("weight", f"variable:w{index}", 0, values)
    return built


def lines(source: str, on: str, fault: str = "init-too-large", **facts: object) -> list[str]:
    """What the first patch puts in, of a script whose weights start with a standard deviation of 5."""
    given = run(source, on, **{"std": 5.0, **facts})  # type: ignore[arg-type]
    return changed(InitialWeights(), case(source, fault, on, run=given, site="variable:w0"))


TF = "import tensorflow as tf\nimport numpy as np\n"
HELPER = TF + "def weights(n_in, n_out):\n    return tf.Variable({})\nws = [weights(a, b) for a, b in sizes]\n"


@pytest.mark.parametrize(
    ("drawn", "wanted"),
    [
        ("tf.random.normal([n_in, n_out])", "tf.random.normal([n_in, n_out], stddev=(2 / n_in) ** 0.5)"),
        ("tf.random.normal((n_in, n_out), 0.0, 5.0)", "tf.random.normal((n_in, n_out), 0.0, (2 / n_in) ** 0.5)"),
        ("tf.random.normal((n_in, n_out)) * 5", "tf.random.normal((n_in, n_out), stddev=(2 / n_in) ** 0.5)"),
        (
            "tf.random.truncated_normal([n_in, n_out], stddev=STD, seed=3)",
            "tf.random.truncated_normal([n_in, n_out], stddev=(2 / n_in) ** 0.5, seed=3)",
        ),
        ("tf.random.uniform([n_in, n_out], -5, 5)", "tf.random.normal([n_in, n_out], stddev=(2 / n_in) ** 0.5)"),
        ("tf.fill([n_in, n_out], 0.3)", "tf.random.normal([n_in, n_out], stddev=(2 / n_in) ** 0.5)"),
        (
            "(5 * np.random.randn(n_in, n_out)).astype('float32')",
            "(np.random.randn(n_in, n_out) * (2 / n_in) ** 0.5).astype('float32')",
        ),
        (
            "5 * np.random.randn(n_in, n_out).astype('float32')",
            "np.random.randn(n_in, n_out).astype('float32') * (2 / n_in) ** 0.5",
        ),
        ("rng.normal(size=(n_in, n_out))", "rng.normal(size=(n_in, n_out), scale=(2 / n_in) ** 0.5)"),
        ("rng.normal(0, 5, (n_in, n_out))", "rng.normal(0, (2 / n_in) ** 0.5, (n_in, n_out))"),
        ("rng.uniform(-5, 5, (n_in, n_out))", "rng.normal(0.0, (2 / n_in) ** 0.5, (n_in, n_out))"),
        ("rng.standard_normal((n_in, n_out)) * 5", "rng.standard_normal((n_in, n_out)) * (2 / n_in) ** 0.5"),
        (
            "np.ones((n_in, n_out), dtype=np.float32)",
            "np.random.normal(0.0, (2 / n_in) ** 0.5, (n_in, n_out)).astype(np.float32)",
        ),
        ("tf.constant(0.5, shape=(n_in, n_out))", "tf.random.normal((n_in, n_out), stddev=(2 / n_in) ** 0.5)"),
    ],
)  # fmt: skip
def test_draw_of_a_helper_gets_the_scale_of_he(drawn: str, wanted: str) -> None:
    assert lines(HELPER.format(drawn), "return") == [f"return tf.Variable({wanted})"]


def test_shape_of_filters_is_multiplied_out() -> None:
    source = "import tensorflow as tf\nk = tf.Variable(tf.random.normal([3, 3, c, 16]))\n"
    assert lines(source, "k =", sizes=((3, 3, 8, 16), (16, 2)), lines=("k =", "k =")) == [
        "k = tf.Variable(tf.random.normal([3, 3, c, 16], stddev=(2 / (3 * 3 * c)) ** 0.5))"
    ]


def test_every_far_kernel_is_drawn_anew() -> None:
    source = "import tensorflow as tf\nw1 = tf.Variable(tf.zeros([20, 30]))\nw2 = tf.Variable(tf.zeros([30, 4]))\n"
    assert lines(source, "w1 =", "init-constant", std=0.0, lines=("w1 =", "w2 =")) == [
        "w1 = tf.Variable(tf.random.normal([20, 30], stddev=(2 / 20) ** 0.5))",
        "w2 = tf.Variable(tf.random.normal([30, 4], stddev=(2 / (30 + 4)) ** 0.5))",
    ]


def test_scale_that_has_a_line_of_its_own_is_corrected_there() -> None:
    source = (
        TF + "def weights(shape):\n    fan_in, fan_out = shape\n    limit = np.sqrt(6 * fan_in)\n"
        "    return tf.Variable(tf.random.uniform(shape, -limit, limit))\n"
    )
    assert lines(source, "return") == ["limit = np.sqrt(6 / fan_in)"]


def test_scale_of_a_session_is_corrected_where_it_is_computed() -> None:
    source = (
        TF + "def layer(n, width):\n    scale = 5.0 / np.sqrt(n)\n"
        "    w = v1.get_variable('w', [n, width], initializer=v1.random_normal_initializer(0, scale))\n"
    )
    assert lines(source, "w =") == ["scale = np.sqrt(2 / n)"]


def test_constant_of_the_file_is_replaced_where_the_shape_is_known() -> None:
    source = TF + "SIGMA = 5.0\nfor a, b in sizes:\n    w = tf.Variable(tf.random.normal([a, b], stddev=SIGMA))\n"
    assert lines(source, "w =") == ["w = tf.Variable(tf.random.normal([a, b], stddev=(2 / a) ** 0.5))"]


def test_variables_of_a_session() -> None:
    source = (
        "import tensorflow.compat.v1 as tf\ndef layer(x, n):\n"
        "    w = tf.get_variable('w', [x.shape[1], n], initializer=tf.random_normal_initializer(0.0, 5.0))\n"
    )
    assert lines(source, "w =") == [
        "w = tf.get_variable('w', [x.shape[1], n], initializer=tf.variance_scaling_initializer(scale=2.0))"
    ]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("Dense(n, activation='relu', kernel_initializer='ones')",
         "Dense(n, activation='relu', kernel_initializer='he_normal')"),
        ("Dense(n, kernel_initializer=keras.initializers.RandomNormal(stddev=5.0))",
         "Dense(n, kernel_initializer='he_normal')"),
        ("Dense(n, kernel_initializer=initializers.Constant(0.5), name='a')",
         "Dense(n, kernel_initializer='he_normal', name='a')"),
        ("Dense(n, kernel_initializer=keras.initializers.RandomNormal(stddev=5.0, seed=2))",
         "Dense(n, kernel_initializer=keras.initializers.HeNormal(seed=2))"),
        ("Dense(n, kernel_initializer=VarianceScaling(60.0, mode='fan_in'))",
         "Dense(n, kernel_initializer=VarianceScaling(2.0, mode='fan_in'))"),
        ("Dense(n, kernel_initializer=cfg.init)", "Dense(n, kernel_initializer='he_normal')"),
    ],
)  # fmt: skip
def test_initialiser_of_a_layer_is_replaced(given: str, wanted: str) -> None:
    source = f"import keras\nfrom keras.layers import Dense\nmode = 'a'\nfor n in (30, 4):\n    net.add({given})\n"
    assert lines(source, "net.add", layer="dense") == [f"net.add({wanted})"]


def test_initialiser_of_the_last_layer_is_left_to_keras() -> None:
    source = "import keras\nout = keras.layers.Dense(4, kernel_initializer='ones')(h)\n"
    assert lines(source, "out =", layer="dense", sizes=((30, 4),)) == ["out = keras.layers.Dense(4)(h)"]


def test_initialiser_by_name_is_replaced_where_it_is_made() -> None:
    source = (
        "from keras import initializers, layers\ninit = initializers.RandomNormal(stddev=5.0)\n"
        "for n in (30, 4):\n    net.add(layers.Dense(n, kernel_initializer=init))\n"
    )
    assert lines(source, "net.add", layer="dense") == ["init = initializers.HeNormal()"]


def test_weight_that_a_layer_adds() -> None:
    source = (
        "import keras\nclass Linear(keras.layers.Layer):\n    def build(self, shape):\n"
        "        self.w = self.add_weight(name='w0', shape=(shape[-1], self.units), initializer='ones')\n"
        "h = Linear(30)(x)\n"
    )
    given = run(source, "h =", std=0.0, mean=1.0, layer="linear", sizes=((20, 30),))
    found = case(source, "init-constant", "h =", run=given, site="variable:w0")
    assert changed(InitialWeights(), found) == [
        "self.w = self.add_weight(name='w0', shape=(shape[-1], self.units), initializer='glorot_uniform')"
    ]


def test_layer_that_does_not_heed_its_own_initialiser_does_now() -> None:
    source = (
        "import keras\nclass Linear(keras.layers.Layer):\n"
        "    def __init__(self, units, kernel_initializer='he_normal'):\n"
        "        self.kernel_initializer = keras.initializers.get(kernel_initializer)\n"
        "    def build(self, shape):\n"
        "        self.w = self.add_weight(name='w0', shape=(shape[-1], 30), initializer=self.bias_initializer)\n"
        "h = Linear(30)(x)\n"
    )
    given = run(source, "h =", std=0.0, layer="linear", sizes=((20, 30),))
    found = case(source, "init-constant", "h =", run=given, site="variable:w0")
    assert changed(InitialWeights(), found) == [
        "self.w = self.add_weight(name='w0', shape=(shape[-1], 30), initializer=self.kernel_initializer)"
    ]


def test_values_that_were_loaded_into_a_variable_are_drawn() -> None:
    source = 'import numpy as np\nimport tensorflow as tf\nw = tf.Variable(stored["w"].astype("float32"))\n'
    assert lines(source, "w =", sizes=((20, 30), (30, 4))[:1]) == [
        "w = tf.Variable(tf.random.normal([20, 30], stddev=(2 / (20 + 30)) ** 0.5))"
    ]


def test_bias_below_zero_starts_at_zero() -> None:
    source = (
        "import tensorflow as tf\nw = tf.Variable(tf.random.normal([20, 30], stddev=0.3))\n"
        "b = tf.Variable(-9.0 * tf.ones([30]))\nh = tf.nn.relu(x @ w + b)\n"
    )
    given = Run(source).subject().dense(20, 30, bias=-9.0)
    given.site("variable", "b1", line=3, shape=[30], role="bias", trainable=True)
    found = case(source, "dead-relu", "b =", run=given, site="variable:b1")
    assert changed(InitialWeights(), found) == ["b = tf.Variable(tf.zeros([30]))"]


def test_bias_of_a_layer_is_left_to_keras() -> None:
    source = (
        "from keras import initializers, layers\n"
        "h = layers.Dense(30, activation='relu', bias_initializer=initializers.Constant(-9.0))(x)\n"
    )
    given = Run(source).subject().dense(20, 30, bias=-9.0, layer="dense", line=2)
    found = case(source, "dead-relu", "h =", run=given, site="variable:b1")
    assert changed(InitialWeights(), found) == ["h = layers.Dense(30, activation='relu')(x)"]


def test_values_of_unknown_origin_are_refused() -> None:
    source = "import tensorflow as tf\nw = tf.Variable(make())\nv = tf.Variable(given)\n"
    given = run(source, "v =", std=5.0, sizes=((20, 30),))
    found = case(source, "init-too-large", "v =", run=given, site="variable:w0")
    assert refused(InitialWeights(), found) == "the values come from elsewhere"


def test_class_of_the_script_adds_the_weight_without_a_name() -> None:
    source = (
        "import keras\nclass Linear(keras.layers.Layer):\n    def build(self, shape):\n"
        "        self.w = self.add_weight(shape=(shape[-1], self.units), initializer=keras.initializers.Ones())\n"
        "        self.b = self.add_weight(shape=(self.units,), initializer='zeros')\nh = Linear(30)(x)\n"
    )
    given = run(source, "h =", std=0.0, mean=1.0, layer="linear", sizes=((20, 30),))
    found = case(source, "init-constant", "h =", run=given, site="variable:w0")
    assert changed(InitialWeights(), found) == [
        "self.w = self.add_weight(shape=(shape[-1], self.units), initializer='glorot_uniform')"
    ]


def test_initialiser_that_is_called_for_its_values_stays_one() -> None:
    source = (
        "import tensorflow as tf\ninit = tf.keras.initializers.RandomNormal(stddev=5.0)\n"
        "for a, b in sizes:\n    w = tf.Variable(init([a, b]))\n"
    )
    assert lines(source, "w =") == ["init = tf.keras.initializers.HeNormal()"]


def test_values_of_a_function_that_cannot_be_followed_keep_their_shape() -> None:
    source = "import tensorflow as tf\nfor a, b in sizes:\n    w = tf.Variable(self.start([a, b]))\n"
    assert lines(source, "w =") == ["w = tf.Variable(tf.random.normal([a, b], stddev=(2 / a) ** 0.5))"]


def test_loaded_weights_are_left_out_with_the_loop_that_only_loads_them() -> None:
    source = (
        "import keras\nh = keras.layers.Dense(30)(x)\nwith open(path) as f:\n"
        "    for layer in net.layers:\n        layer.set_weights(f[layer.name])\nnet.fit(x, y)\n"
    )
    given = run(source, "h =", std=5.0, layer="dense", sizes=((20, 30),))
    site = given.sites["variable:w0"]
    loaded = {**site.attributes, "set_at": ["train.py", 5, "layer.set_weights(f[layer.name])"]}
    given.sites["variable:w0"] = replace(site, attributes=loaded)
    found = case(source, "init-too-large", "set_weights", run=given, site="variable:w0")
    assert repaired(InitialWeights(), found) == ["import keras\nh = keras.layers.Dense(30)(x)\nnet.fit(x, y)\n"]


def test_biases_that_share_a_name_with_the_output_get_a_value_of_their_own() -> None:
    source = (
        "import keras\nPRIOR = keras.initializers.Constant(-9.0)\nhidden_start = PRIOR\n"
        "h = keras.layers.Dense(30, 'relu', bias_initializer=hidden_start)(x)\n"
        "y = keras.layers.Dense(1, 'sigmoid', bias_initializer=PRIOR)(h)\n"
    )
    given = Run(source).subject().dense(20, 30, bias=-9.0, layer="dense", line=4)
    found = case(source, "dead-relu", "PRIOR =", run=given, site="variable:b1")
    assert changed(InitialWeights(), found) == ["hidden_start = 'zeros'"]


def test_variables_of_get_variable() -> None:
    """Each gets an initialiser of its own: others may share the one that has a name."""
    source = (
        "import tensorflow.compat.v1 as tf\ninit = tf.random_normal_initializer(0, 5.0)\n"
        "w = tf.get_variable('w', [20, 30], initializer=init)\nv = tf.get_variable('v', [30, 4], initializer=init)\n"
    )
    assert lines(source, "w = ", "init-too-large", lines=("w = ", "v = ")) == [
        "w = tf.get_variable('w', [20, 30], initializer=tf.variance_scaling_initializer(scale=2.0))",
        "v = tf.get_variable('v', [30, 4], initializer=tf.variance_scaling_initializer(mode=\"fan_avg\"))",
    ]
