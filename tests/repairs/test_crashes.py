from doctor.repairs.base import Case
from doctor.repairs.loss.crash_names import CrashNames
from doctor.repairs.loss.crashes import Crash
from tests.builders import Run
from tests.repairs.helpers import case, changed, refused

FAULT = "script-crash"


def crashed(
    source: str, on: str, message: str, *, kind: str = "ValueError", traceback: str = "", code: str = ""
) -> Case:
    facts = {"type": kind, "message": message, "traceback": traceback, "location": None}
    return case(source, FAULT, on, code=code, run=Run(crash=facts))


def test_operand_in_double_precision_is_cast() -> None:
    source = "import tensorflow as tf\nh = x @ w\n"
    message = "cannot compute MatMul as input #1(zero-based) was expected to be a double tensor but is a float tensor"
    assert changed(Crash(), crashed(source, "h =", message)) == ["h = tf.cast(x, tf.float32) @ w"]
    message = "cannot compute Sub as input #1(zero-based) was expected to be a float tensor but is a int64 tensor"
    assert changed(Crash(), crashed("import tensorflow as tf\ne = p - y\n", "e =", message)) == [
        "e = p - tf.cast(y, tf.float32)"
    ]


def test_loss_for_the_labels_that_are_there() -> None:
    source = "m.compile('adam', 'categorical_crossentropy')\nm.fit(x, y)\n"
    given = crashed(
        source, "fit", "Arguments `target` and `output` must have the same rank. Received: "
        "target.shape=(None,), output.shape=(None, 10)", code="keras.losses.sparse_categorical_crossentropy",
    )  # fmt: skip
    assert changed(Crash(), given) == ["m.compile('adam', 'sparse_categorical_crossentropy')"]


def test_output_as_wide_as_the_labels() -> None:
    source = "h = Dense(64)(x)\nout = Dense(3, activation='softmax')(h)\nm.fit(x, y)\n"
    message = "must have the same shape. Received: target.shape=(None, 5), output.shape=(None, 3)"
    assert changed(Crash(), crashed(source, "fit", message)) == ["out = Dense(5, activation='softmax')(h)"]
    message = "Received a label value of 9 which is outside the valid range of [0, 3)."
    assert changed(Crash(), crashed(source, "fit", message)) == ["out = Dense(10, activation='softmax')(h)"]


def test_missing_axis_of_all_that_is_fed() -> None:
    source = "m.fit(x, y, validation_data=(a, b))\nm.evaluate(a, b)\n"
    message = 'Input 0 of layer "conv2d" is incompatible with the layer: expected min_ndim=4, found ndim=3. Full shape'
    assert changed(Crash(), crashed(source, "fit", message)) == ["x = x[..., None]", "a = a[..., None]"]


def test_width_of_the_input() -> None:
    source = "m = Sequential([Input(shape=(12,)), Dense(3)])\nm.fit(x, y)\n"
    message = ('Input 0 of layer "dense" is incompatible with the layer: expected axis -1 of input shape to have value '
               "12, but received input with shape (None, 10)")  # fmt: skip
    assert changed(Crash(), crashed(source, "fit", message)) == ["m = Sequential([Input(shape=(10,)), Dense(3)])"]


def test_metrics_are_named() -> None:
    source = "m.compile('adam', 'mse', ['mae'])\nm.fit(x, y)\n"
    given = crashed(source, "fit", "dtype='string' is not a valid dtype for Keras type promotion.")
    assert changed(Crash(), given) == ["m.compile('adam', 'mse', metrics=['mae'])"]


def test_misspelt_names() -> None:
    trace = "NameError: name 'optimiser' is not defined. Did you mean: 'optimizer'?"
    given = crashed("optimiser.apply(g)\n", "apply", "name 'optimiser' is not defined", traceback=trace)
    assert changed(CrashNames(), given) == ["optimizer.apply(g)"]
    trace = "AttributeError: 'Mean' object has no attribute 'reset_states'. Did you mean: 'reset_state'?"
    given = crashed("loss_mean.reset_states()\n", "reset", "no attribute 'reset_states'", traceback=trace)
    assert changed(CrashNames(), given) == ["loss_mean.reset_state()"]


def test_names_of_tensorflow_1() -> None:
    source = "import tensorflow as tf\nx = tf.placeholder(tf.float32)\n"
    message = "module 'tensorflow' has no attribute 'placeholder'"
    assert changed(CrashNames(), crashed(source, "x =", message, code="tf.compat.v1.placeholder")) == [
        "import tensorflow.compat.v1 as tf",
        "tf.disable_v2_behavior()",
    ]
    source = "import tensorflow as tf\na = tf.log(p) - tf.log(q)\n"
    assert changed(CrashNames(), crashed(source, "a =", "module 'tensorflow' has no attribute 'log'")) == [
        "a = tf.math.log(p) - tf.math.log(q)"
    ]


def test_arguments_and_entries_of_older_versions() -> None:
    given = crashed("opt = Adam(lr=0.1)\n", "opt", "Argument(s) not recognized: {'lr': 0.1}")
    assert changed(CrashNames(), given) == ["opt = Adam(learning_rate=0.1)"]
    given = crashed("plt.plot(history.history['acc'])\n", "acc", "'acc'", kind="builtins.KeyError")
    assert changed(CrashNames(), given) == ["plt.plot(history.history['accuracy'])"]


def test_unknown_width_is_refused() -> None:
    message = "expected axis -1 of input shape to have value 12, but received input with shape (None, 10)"
    assert "no input of 12" in refused(Crash(), crashed("m.fit(x, y)\n", "fit", message))
