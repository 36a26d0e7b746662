from doctor.repairs.data.input_scale import ScaledArrays
from doctor.repairs.data.scaled_pipeline import ScaledPipeline
from doctor.repairs.data.scaled_wrongly import DeviationSquared, ScaledTwice, ThrownAway
from tests.repairs.data_runs import PIXELS, TABLE, Arrays, measured
from tests.repairs.helpers import case, changed, refused, repaired

FAULT = "input-scale"


def test_pixels_are_divided_behind_what_writes_them_anew() -> None:
    source = (
        "(a, b), (c, d) = mnist.load_data()\n"
        "a = a.reshape(-1, 784).astype('float32')\n"
        "c = c.reshape(-1, 784).astype('float32')\n"
        "model.fit(a, b, validation_data=(c, d))\n"
    )
    run = Arrays(source).array("x", "a", "fit", **PIXELS).array("x_val", "c", "fit", **PIXELS)
    assert changed(ScaledArrays(), case(source, FAULT, "fit", run=run, evidence=measured(100.0))) == [
        "a = a.reshape(-1, 784).astype('float32') / 255.0",
        "c = c.reshape(-1, 784).astype('float32') / 255.0",
    ]


def test_whole_pixels_become_floats_first() -> None:
    source = "(x, y), held_out = load()\nmodel.fit(x, y)\n"
    run = Arrays(source).array("x", "x", "fit", **{**PIXELS, "dtype": "uint8"})
    assert changed(ScaledArrays(), case(source, FAULT, "fit", run=run, evidence=measured(100.0))) == [
        'x = x.astype("float32") / 255.0'
    ]


def test_table_is_standardised_by_the_training_rows_only() -> None:
    source = "x, y = read(path)\nn = 80\nnet.fit(x[:n], y[:n], validation_data=(x[n:], y[n:]))\n"
    run = Arrays(source).array("x", "x[:n]", "fit", **TABLE).array("x_val", "x[n:]", "fit", **TABLE)
    given = case(source, FAULT, "fit", run=run, evidence=measured(2200.0, 0, 9000))
    assert repaired(ScaledArrays(), given) == [
        "x, y = read(path)\nn = 80\n"
        "mean, std = x[:n].mean(axis=0), x[:n].std(axis=0)\nx = (x - mean) / (std + 1e-8)\n"
        "net.fit(x[:n], y[:n], validation_data=(x[n:], y[n:]))\n"
    ]


def test_rows_that_are_split_off_are_no_training_rows_and_a_later_test_set_is_scaled_alike() -> None:
    source = "X = load('a')\nmodel.fit(X, y, validation_split=0.25)\nZ = load('b')\nmodel.evaluate(Z, z)\n"
    run = Arrays(source).array("x", "X", "fit", **TABLE).array("x_val", "Z", "evaluate", **TABLE)
    given = case(source, FAULT, "fit", run=run, evidence=measured(2200.0, 0, 9000))
    assert changed(ScaledArrays(), given) == [
        "mean, std = X[: int(len(X) * 0.75)].mean(axis=0), X[: int(len(X) * 0.75)].std(axis=0)",
        "X = (X - mean) / (std + 1e-8)",
        "Z = (Z - mean) / (std + 1e-8)",
    ]


def test_parameters_are_followed_to_what_they_are_given() -> None:
    source = (
        "def train(net, data, labels):\n    for _ in range(9):\n        step(net, data, labels)\n\n\n"
        "def main():\n    train_x, train_y, test_x = read()\n    train(make(), train_x, train_y)\n    show(test_x)\n"
    )
    run = Arrays(source, style="tape").array("x", "data", "step(", **TABLE).array("x_val", "test_x", "show", **TABLE)
    given = case(source, FAULT, "step(", run=run, evidence=measured(2200.0, 0, 9000))
    assert changed(ScaledArrays(), given) == [
        "mean, std = train_x.mean(axis=0), train_x.std(axis=0)",
        "train_x = (train_x - mean) / (std + 1e-8)",
        "test_x = (test_x - mean) / (std + 1e-8)",
    ]


def test_series_are_standardised_over_rows_and_moments() -> None:
    source = "import tensorflow as tf\nx = tf.constant(read())\nfor step in range(9):\n    loss = run(x)\n"
    run = Arrays(source, style="tape").array("x", "x", "run(x)", (50, 10, 3), **TABLE)
    given = case(source, FAULT, "run(x)", run=run, evidence=measured(2200.0, 0, 9000))
    assert changed(ScaledArrays(), given)[0] == (
        "mean, std = tf.reduce_mean(x, axis=(0, 1)), tf.math.reduce_std(x, axis=(0, 1))"
    )


def test_arrays_in_two_functions_are_refused() -> None:
    source = "def a():\n    x = read()\n    fit(x)\n\n\ndef b():\n    z = read()\n    evaluate(z)\n"
    run = Arrays(source).array("x", "x", "fit", **TABLE).array("x_val", "z", "evaluate", **TABLE)
    given = case(source, FAULT, "fit", run=run, evidence=measured(2200.0, 0, 9000))
    assert refused(ScaledArrays(), given) == "training and held-out inputs are held in different functions"


def test_pixels_of_a_pipeline_are_divided_in_the_function_that_it_maps() -> None:
    source = (
        "import tensorflow as tf\n\n\ndef read(path, label):\n    img = tf.io.decode_png(tf.io.read_file(path))\n"
        "    img = tf.image.resize(img, [32, 32])\n    return img, label\n\n\n"
        "train = files.map(read).batch(32)\nmodel.fit(train)\n"
    )
    run = Arrays(source).pipeline(("map", "files.map", {"defined": "def read"}), ("batch", "files.map", {}))
    assert changed(ScaledPipeline(), case(source, FAULT, "files.map", run=run, evidence=measured(100.0))) == [
        "img = tf.image.resize(img, [32, 32]) / 255.0"
    ]


def test_pipeline_in_mixed_units_is_normalised_by_its_own_figures() -> None:
    source = (
        "import keras\ntrain, test = make(1), make(2)\n"
        "for x, y in train:\n    step(x, y)\nfor x, y in test:\n    see(x)\n"
    )
    run = Arrays(source, style="tape").pipeline(("batch", "make(1)", {}), loop="in train")
    run.pipeline(("batch", "make(2)", {}), used_for="eval", loop="in test")
    assert changed(ScaledPipeline(), case(source, FAULT, "step", run=run, evidence=measured(2200.0, 0, 9000))) == [
        "normalize = keras.layers.Normalization()",
        "normalize.adapt(train.map(lambda x, y: x))",
        "train = train.map(lambda x, y: (normalize(x), y))",
        "test = test.map(lambda x, y: (normalize(x), y))",
    ]


def test_model_scales_what_a_generator_yields() -> None:
    for source, line in (
        ("import keras\nm = keras.Sequential([\n    keras.Input((28, 28)),\n    keras.layers.Flatten(),\n])\n",
         "keras.layers.Rescaling(1.0 / 255),"),
        ("from keras import layers\nm.add(layers.Dense(9))\n", "m.add(layers.Rescaling(1.0 / 255))"),
        ("from tensorflow.keras import layers\ni = layers.Input((9,))\nx = layers.Dense(9)(i)\nm = Model(i, x)\n",
         "x = layers.Dense(9)(layers.Rescaling(1.0 / 255)(i))"),
    ):  # fmt: skip
        given = case(source, FAULT, "import", run=Arrays(source), evidence=measured(100.0))
        assert changed(ScaledPipeline(), given) == [line]


def test_second_scaling_is_taken_out_wherever_it_is_written() -> None:
    first = "x = x / 255.0\n"
    for second, expected in (
        ("m = Sequential([Rescaling(1 / 255), Dense(9)])\n", ["m = Sequential([Dense(9)])"]),
        ("m.add(layers.Rescaling(1.0 / 255))\n", []),
        ("h = layers.Rescaling(1.0 / 255)(i)\n", ["h = i"]),
        ("z = tf.cast(z, tf.float32) / 255\n", ["z = tf.cast(z, tf.float32)"]),
        ("z /= 255\n", []),
    ):
        given = case(first + second, FAULT, second.strip(), run=Arrays(first + second), evidence=measured(0.001))
        assert changed(ScaledTwice(), given) == expected


def test_result_of_a_scaler_is_kept_and_a_deviation_squared() -> None:
    assert changed(ThrownAway(), case("scaler.transform(block)\n", FAULT, "transform")) == [
        "block = scaler.transform(block)"
    ]
    source = "norm = keras.layers.Normalization(mean=m, variance=np.std(x, axis=0))\n"
    assert changed(DeviationSquared(), case(source, FAULT, "norm")) == [
        "norm = keras.layers.Normalization(mean=m, variance=np.std(x, axis=0)**2)"
    ]


def test_members_of_pairs_and_attributes_are_changed_where_they_are_made() -> None:
    source = "train, test = read()\nds = Dataset.from_tensor_slices(train)\nsee(test[0])\n"
    run = Arrays(source).array("x", "train[0]", "slices", **TABLE).array("x_val", "test[0]", "see", **TABLE)
    assert changed(ScaledArrays(), case(source, FAULT, "slices", run=run, evidence=measured(2200.0, 0, 9000))) == [
        "mean, std = train[0].mean(axis=0), train[0].std(axis=0)",
        "train = ((train[0] - mean) / (std + 1e-8), *train[1:])",
        "test = ((test[0] - mean) / (std + 1e-8), *test[1:])",
    ]
    source = (
        "class A:\n    def __init__(self, x):\n        self.x = x\n\n"
        "    def go(self):\n        self.net.fit(self.x)\n"
    )
    run = Arrays(source).array("x", "self.x", "fit", **PIXELS)
    assert repaired(ScaledArrays(), case(source, FAULT, "fit", run=run, evidence=measured(100.0))) == [
        source.replace("self.x = x\n", "self.x = x\n        self.x = self.x / 255.0\n")
    ]


def test_data_of_a_loop_is_found_where_its_line_does_not_name_it() -> None:
    source = "x, y = read()\nfor a, b in batches(x, y):\n    step(a, b)\n"
    run = Arrays(source, style="tape").array("x", "x", "step", **PIXELS)
    assert changed(ScaledArrays(), case(source, FAULT, "step", run=run, evidence=measured(100.0))) == ["x = x / 255.0"]
