"""Typical exceptions of TensorFlow and Keras, raised for real in one process under capture."""

from __future__ import annotations

import json
from typing import Any

import pytest

from doctor.engine import diagnose
from doctor.findings import Finding
from doctor.reporters.code import change
from tests.builders import Run
from tests.conftest import ScriptRunner

#: Each function crashes on the line that ends in "# here".
SCRIPT = '''
import json
import keras
import numpy as np
import tensorflow as tf
from doctor.capture.locator import Locator
from doctor.capture.tracebacks import crash_facts

x, y = np.ones((40, 10), "float32"), np.arange(40) % 3
w = tf.Variable(tf.ones((4, 2)))
step_shape = [tf.TensorSpec((None, None))]

def model(units=3, loss="sparse_categorical_crossentropy"):
    made = keras.Sequential([keras.layers.Dense(units, activation="softmax")])
    made.compile("sgd", loss)
    return made

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(3)
    def call(self, inputs):
        return self.dense(inputs) + tf.ones((7, 5))  # NET

@tf.function
def traced(batch):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.matmul(batch, w))  # TRACED
    w.assign_sub(tape.gradient(loss, w))

@tf.function(input_signature=step_shape)
def late(batch):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.matmul(batch, w))  # LATE
    w.assign_sub(tape.gradient(loss, w))

@tf.function
def mixed(batch):
    return batch - np.int64(1) * tf.range(4)  # MIXED

def product():
    tf.matmul(tf.ones((8, 3)), w)  # here
def product_while_tracing():
    traced(tf.ones((8, 3)))
def product_in_a_graph():
    late(tf.ones((8, 4)))
    late(tf.ones((8, 3)))
def elementwise():
    tf.ones((8, 2)) - tf.ones((8, 3))  # here
def types():
    tf.ones((8, 4), tf.float64) @ w  # here
def types_while_tracing():
    mixed(tf.ones(4))
def layer_width():
    keras.Sequential([keras.Input((12,)), keras.layers.Dense(3)])(x)  # here
def layer_axes():
    keras.layers.Conv2D(4, 3)(np.ones((40, 28, 28), "float32"))  # here
def own_layer():
    Net()(x)
def label_columns():
    model(3, "categorical_crossentropy").fit(x, np.ones((40, 5)), verbose=0)  # here
def class_numbers():
    model(3, "categorical_crossentropy").fit(x, y, verbose=0)  # here
def one_hot():
    model().fit(x, np.eye(3)[y], verbose=0)  # here
def rows():
    model().fit(x, y[:-1], verbose=0)  # here
def label_value():
    tf.nn.sparse_softmax_cross_entropy_with_logits(tf.constant([0, 3]), tf.ones((2, 3)))  # here
def label_value_in_a_graph():
    model().fit(x, y + 1, verbose=0)  # here
def label_value_in_a_second_fit():
    made = model()
    def first():
        made.fit(x, y, verbose=0)
    first()
    made.fit(x, y + 1, verbose=0)  # here
def no_gradients():
    keras.optimizers.SGD().apply_gradients([(None, w)])  # here
def none_gradient():
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.ones((4, 2)))
    w.assign_sub(0.1 * tape.gradient(loss, w))  # here
def other_variables():
    optimizer = keras.optimizers.SGD()
    first, second = keras.Variable(np.ones((2, 2))), keras.Variable(np.ones((2, 2)), name="new")
    optimizer.apply_gradients([(tf.ones((2, 2)), first)])
    optimizer.apply_gradients([(tf.ones((2, 2)), second)])  # here
def gpu():
    print(tf.config.list_physical_devices("GPU")[0])  # here
def old_name():
    tf.placeholder(tf.float32)  # here
def objects():
    model().fit(np.array([["1", None]] * 40, dtype=object), y, verbose=0)  # here
def undefined():
    print(optimiser)  # here
def file():
    np.load("data/train.npy")  # here
def array_memory():
    np.ones((1 << 30, 1 << 20))  # here

def generator():
    yield x[0], y[0]
    raise ValueError("row 1 holds no label")  # GENERATOR
def in_the_pipeline():
    signature = (tf.TensorSpec((10,)), tf.TensorSpec((), tf.int64))
    list(tf.data.Dataset.from_generator(generator, output_signature=signature).batch(1))

crashes = {}
for name, function in list(globals().items()):
    if type(function) is type(model) and function.__module__ == "__main__" and not function.__code__.co_argcount:
        if name != "generator":
            try:
                function()
            except Exception as error:
                crashes[name] = crash_facts(error, Locator("train.py"))
with open("crashes.json", "w") as output:
    json.dump(crashes, output)
'''


@pytest.fixture(scope="module")
def crashes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What capture keeps of each crash, by the name of its function."""
    run_script = ScriptRunner(tmp_path_factory.mktemp("crashes"))
    run_script.write("train.py", SCRIPT)
    done = run_script("-m", "doctor", "diagnose", "--quiet", "--run-dir", "run", "train.py")
    assert (run_script.folder / "crashes.json").exists(), done.stderr
    found: dict[str, Any] = json.loads((run_script.folder / "crashes.json").read_text())
    return found


def finding(crash: dict[str, Any]) -> Finding:
    """What the rule says of it."""
    found = diagnose(Run(status="crashed", crash=crash).build()).primary
    assert found is not None
    return found


PRODUCT = "A product of shapes (8, 3) and (4, 2) needs equal inner sizes."
ROWS = "Give the first weight matrix as many rows as the data has columns, or transpose one of the two"
LABEL = "The output has 3 units, so class numbers go from 0 to 2; the labels hold a 3."
MEMORY = "Use smaller batches or a smaller model, or read the data in parts"

#: function: (type, essential sentence or "" where it differs between releases, plain words, what to change)
EXPECTED = {
    "product": ("InvalidArgumentError", "Matrix size-incompatible: In[0]: [8,3], In[1]: [4,2].", PRODUCT, ROWS),
    "product_while_tracing": (
        "ValueError", "Dimensions must be equal, but are 3 and 4 for MatMul with input shapes: [8,3], [4,2].",
        PRODUCT, ROWS,
    ),
    "product_in_a_graph": (
        "InvalidArgumentError", "Matrix size-incompatible: In[0]: [8,3], In[1]: [4,2].", PRODUCT, ROWS,
    ),
    "elementwise": (
        "InvalidArgumentError", "Incompatible shapes: [8,2] vs. [8,3].",
        "An operation on two tensors got shapes (8, 2) and (8, 3): sizes that differ must be 1 in one of them.", "",
    ),
    "types": (
        "InvalidArgumentError",
        "cannot compute MatMul as input #1(zero-based) was expected to be a double tensor but is a float tensor.",
        "The operation MatMul got one tensor of type float64 and one of type float32; TensorFlow converts neither.",
        "Cast one of the two",
    ),
    "types_while_tracing": (
        "TypeError", "Input 'y' of 'Sub' Op has type int32 that does not match type float32 of argument 'x'.",
        "The operation Sub got one tensor of type int32 and one of type float32; TensorFlow converts neither.",
        "Cast one of the two",
    ),
    "layer_width": (
        "ValueError", "", "The layer `dense` was made for 12 values an example and got (40, 10).",
        "Make the model for inputs of 10 values, or feed it 12",
    ),
    "layer_axes": (
        "ValueError", "", "The layer `conv2d` wants 4 axes, batch included, and got 3: (40, 28, 28).",
        "Add the axis of channels to images in shades of grey",
    ),
    "own_layer": (
        "InvalidArgumentError", "Incompatible shapes: [40,3] vs. [7,5].",
        "An operation on two tensors got shapes (40, 3) and (7, 5): sizes that differ must be 1 in one of them.", "",
    ),
    "label_columns": (
        "ValueError", "", "The labels have shape (None, 5), the outputs of the model (None, 3).",
        "Give the output layer 5 units, one for each column of the labels",
    ),
    "class_numbers": (
        "ValueError", "", "The labels have shape (None,), the outputs of the model (None, 3).",
        "Where the labels are class numbers, use the loss for them",
    ),
    "one_hot": (
        "ValueError", "", "The labels have shape (None, 3), the outputs of the model (None, 3).",
        "Where the labels are one-hot, use the loss for them",
    ),
    "rows": (
        "ValueError", "", "`x` has 40 rows and `y` 39: every row needs its label.",
        "Cut, filter and shuffle inputs and labels alike",
    ),
    "label_value": (
        "InvalidArgumentError", "Received a label value of 3 which is outside the valid range of [0, 3).", LABEL,
        "Give the output 4 units, or correct the labels",
    ),
    "label_value_in_a_graph": (
        "InvalidArgumentError", "Received a label value of 3 which is outside the valid range of [0, 3).", LABEL,
        "Give the output 4 units, or correct the labels",
    ),
    "label_value_in_a_second_fit": (
        "InvalidArgumentError", "Received a label value of 3 which is outside the valid range of [0, 3).", LABEL,
        "Give the output 4 units, or correct the labels",
    ),
    "no_gradients": (
        "ValueError", "No gradients provided for any variable.",
        "No variable that was handed to the optimiser takes part in the loss: it was computed outside the tape, from "
        "other variables, or through NumPy.",
        "Compute the loss from the model's outputs inside `with tf.GradientTape() as tape`",
    ),
    "none_gradient": (
        "TypeError", "unsupported operand type(s) for *: 'float' and 'NoneType'.",
        "`tape.gradient` gives None for a variable that the loss does not depend on.",
        "Use the variable in the loss, inside the tape, without a detour through NumPy",
    ),
    "other_variables": (
        "ValueError", "", "The optimiser was first used with other variables and does not know `new`.",
        "Make an optimiser for each model, or build it on all variables",
    ),
    "gpu": (
        "IndexError", "list index out of range.", "TensorFlow sees no such GPU on this machine.",
        'Use the GPU only where `tf.config.list_physical_devices("GPU")` names one',
    ),
    "old_name": (
        "AttributeError", "module 'tensorflow' has no attribute 'placeholder'.",
        "`tf.placeholder` belongs to TensorFlow 1.", "Use the name that TensorFlow 2 keeps it under",
    ),
    "objects": (
        "ValueError", "",
        "The array holds Python objects (text, None, or rows of different lengths) where numbers are needed.",
        "Convert it, which shows the value that is no number",
    ),
    "undefined": (
        "NameError", "name 'optimiser' is not defined.",
        "Nothing has been given the name `optimiser` before this line runs.",
        "Correct the name, or define or import it before this line",
    ),
    "file": (
        "FileNotFoundError", "[Errno 2] No such file or directory: 'data/train.npy'.",
        "A relative path starts from the folder in which the command was given, not from the script's.",
        "Correct the path, or start the script from the folder that it expects",
    ),
    "array_memory": (
        "ArrayMemoryError",
        "Unable to allocate 8.00 PiB for an array with shape (1073741824, 1048576) and data type float64.",
        "The memory does not hold it.", MEMORY,
    ),
    "in_the_pipeline": ("InvalidArgumentError", "ValueError: row 1 holds no label", "", ""),
}  # fmt: skip

#: Functions whose crash is not on their own last line.
ELSEWHERE = {
    "product_while_tracing": "TRACED", "product_in_a_graph": "LATE", "types_while_tracing": "MIXED",
    "own_layer": "NET", "in_the_pipeline": "GENERATOR",
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_a_crash_is_told_in_plain_words(name: str, crashes: dict[str, Any]) -> None:
    """Its essential sentence, what it means, what to change, and the user's line, wherever it was raised."""
    kind, essential, plain, fix = EXPECTED[name]
    found = finding(crashes[name])
    assert found.title == f"The script raised {kind} before the first training step"
    if essential:
        assert found.message == f"{kind}: {essential}{' ' if plain else ''}{plain}"
    assert found.message.startswith(f"{kind}: ") and found.message.endswith(plain)
    assert [one.title for one in found.fixes] == ([fix] if fix else [])
    assert found.location is not None and found.location.path == "train.py"
    assert found.location.code.endswith(f"# {ELSEWHERE.get(name, 'here')}")


def test_no_call_of_doctors_is_shown(crashes: dict[str, Any]) -> None:
    """Neither in the traceback nor in the calls that TensorFlow keeps with the ops of a graph."""
    assert set(crashes) == set(EXPECTED)
    for name, crash in crashes.items():
        assert "doctor" not in crash["traceback"], name
    assert "defined at (most recent call last)" in crashes["label_value_in_a_graph"]["message"]


def test_advice_stands_for_no_line_of_the_script(crashes: dict[str, Any]) -> None:
    """Reporters offer code that resembles the user's line as its replacement."""
    for name, crash in crashes.items():
        recording = Run(status="crashed", crash=crash).build()
        found = finding(crash)
        for fix in found.fixes:
            assert {line.mark for line in change(recording, found, fix)} <= {" "}, name
