"""What is behind typical exceptions of training scripts, in plain words."""

from __future__ import annotations

import re
from typing import Callable, Mapping, Sequence

from doctor.findings import Fix
from doctor.rules import crash_shapes
from doctor.rules.crash_explained import Crash, Explanation
from doctor.rules.crash_packages import missing_module


def explain(crash: Crash) -> Explanation:
    """What `crash` means, as far as it is known."""
    for pattern, told in _TEXTS:
        match = re.search(pattern, crash.text) or re.search(pattern, crash.message)
        if match is not None:
            return told(match, crash)
    by_name = _NAMES.get(crash.name)
    return by_name(crash) if by_name is not None else Explanation(alone=crash.name in _ALONE)


#: Exceptions that no number in the training brings about.
_ALONE = frozenset(
    "AttributeError ImportError IndentationError KeyError NameError NotImplementedError PermissionError SyntaxError "
    "TabError UnboundLocalError UnicodeDecodeError IsADirectoryError EOFError RecursionError JSONDecodeError".split()
)


def _types(match: re.Match[str], crash: Crash) -> Explanation:
    names = {"double": "float64", "float": "float32", "half": "float16"}
    found = match.groupdict()
    one, other = (names.get(name, name) for name in (found["one"], found["other"]))
    return Explanation(
        f"The operation {found['op']} got one tensor of type {one} and one of type {other}; "
        "TensorFlow converts neither.",
        (Fix("Cast one of the two", "tf.cast(x, tf.float32)"),),
        alone=True,
    )


def _label(match: re.Match[str], crash: Crash) -> Explanation:
    value, units = int(match[1]), int(match[2])
    fix = f"Give the output {value + 1} units, or correct the labels" if value > 0 else "Correct the labels"
    return Explanation(
        f"The output has {units} units, so class numbers go from 0 to {units - 1}; the labels hold a {value}.",
        (Fix(fix),),
        alone=True,
    )


def _no_gradients(match: re.Match[str], crash: Crash) -> Explanation:
    return Explanation(
        "No variable that was handed to the optimiser takes part in the loss: it was computed outside the tape, from "
        "other variables, or through NumPy.",
        (Fix("Compute the loss from the model's outputs inside `with tf.GradientTape() as tape`"),),
    )


def _none(match: re.Match[str], crash: Crash) -> Explanation:
    if not re.search(r"grad|tape|assign", crash.code, re.IGNORECASE):
        return Explanation()
    return Explanation(
        "`tape.gradient` gives None for a variable that the loss does not depend on.",
        (Fix("Use the variable in the loss, inside the tape, without a detour through NumPy"),),
    )


def _unknown_variable(match: re.Match[str], crash: Crash) -> Explanation:
    return Explanation(
        f"The optimiser was first used with other variables and does not know `{match[1]}`.",
        (Fix("Make an optimiser for each model, or build it on all variables", "optimizer.build(all_variables)"),),
        alone=True,
    )


def _no_gpu(match: re.Match[str], crash: Crash) -> Explanation:
    if crash.name == "IndexError" and "gpu" not in crash.code.lower():
        return Explanation(alone=True)
    return Explanation(
        "TensorFlow sees no such GPU on this machine.",
        (Fix('Use the GPU only where `tf.config.list_physical_devices("GPU")` names one'),),
        alone=True,
    )


def _objects(match: re.Match[str], crash: Crash) -> Explanation:
    return Explanation(
        "The array holds Python objects (text, None, or rows of different lengths) where numbers are needed.",
        (Fix("Convert it, which shows the value that is no number", 'x.astype("float32")'),),
        alone=True,
    )


def _text(match: re.Match[str], crash: Crash) -> Explanation:
    return Explanation(
        "Keras met text where it computes with numbers. The third argument of `compile` is `loss_weights`: metrics "
        "that are given there without their name are taken for weights. Labels or inputs of text do the same.",
        (Fix("Name the metrics in `compile`; turn text into numbers before it is fed", 'metrics=["accuracy"]'),),
        alone=True,
    )


def _tensorflow_1(match: re.Match[str], crash: Crash) -> Explanation:
    name = match[1]
    return Explanation(
        f"`tf.{name}` belongs to TensorFlow 1.",
        (Fix("Use the name that TensorFlow 2 keeps it under", f"tf.compat.v1.{name}"),),
        alone=True,
    )


def _no_name(match: re.Match[str], crash: Crash) -> Explanation:
    meant = re.search(r"Did you mean: '(\w+)'\?", crash.traceback)
    fix = Fix(f"Write `{meant[1]}`") if meant else Fix("Correct the name, or define or import it before this line")
    return Explanation(f"Nothing has been given the name `{match[1]}` before this line runs.", (fix,), alone=True)


def _no_file(match: re.Match[str], crash: Crash) -> Explanation:
    return Explanation(
        "A relative path starts from the folder in which the command was given, not from the script's.",
        (Fix("Correct the path, or start the script from the folder that it expects"),),
        alone=True,
    )


def _no_module(match: re.Match[str], crash: Crash) -> Explanation:
    text, fixes = missing_module(match[1])
    return Explanation(text, fixes, alone=True)


def _memory(crash: Crash) -> Explanation:
    fix = Fix("Use smaller batches or a smaller model, or read the data in parts")
    return Explanation("The memory does not hold it.", (fix,), True)


def _killed(crash: Crash) -> Explanation:
    return Explanation(
        "The system kills a process so when memory runs out.",
        (Fix("Use smaller batches or a smaller model, or read the data in parts"),),
        alone=True,
    )


def _native(crash: Crash) -> Explanation:
    return Explanation(
        "Not the script but a compiled library failed, and Python could say no more.",
        (Fix("See the line where it happens", "python -X faulthandler SCRIPT"),),
        alone=True,
    )


_Told = Callable[[re.Match[str], Crash], Explanation]

_TEXTS: Sequence[tuple[str, _Told]] = (
    (r"Matrix size-incompatible: In\[0\]: \[(.*?)\], In\[1\]: \[(.*?)\]", crash_shapes.product),
    (r"(?:must be equal|must be at least|but is rank).* for (\w+) with input shapes: (.*)", crash_shapes.node),
    (r"Incompatible shapes: \[(.*?)\] vs\. \[(.*?)\]", crash_shapes.elementwise),
    (r"layer ['\"](\w+)['\"] is incompatible with the layer: expected axis (-?\d+) of input shape to have value (\d+), "
     r"but received input with shape [\[(](.*?)[\])]", crash_shapes.layer_width),
    (r"layer ['\"](\w+)['\"] is incompatible with the layer: expected (?:min_)?ndim=(\d+), found ndim=(\d+)\. "
     r"Full shape received: [\[(](.*?)[\])]", crash_shapes.layer_axes),
    (r"target\.shape=\((.*?)\), output\.shape=\((.*?)\)", crash_shapes.targets),
    (r"cardinality is ambiguous[\s\S]*'(\w+)' sizes: ([\d, ]+)[\s\S]*'(\w+)' sizes: ([\d, ]+)",
     crash_shapes.cardinality),
    (r"cannot compute (?P<op>\w+) as input #\d+\(zero-based\) was expected to be an? (?P<one>\w+) tensor "
     r"but is an? (?P<other>\w+) tensor", _types),
    (r"Input '\w+' of '(?P<op>\w+)' Op has type (?P<one>\w+) that does not match type (?P<other>\w+)", _types),
    (r"Received a label value of (-?\d+) which is outside the valid range of \[0, (\d+)\)", _label),
    (r"No gradients provided for any variable", _no_gradients),
    (r"Invalid dtype: object|Unsupported object type|could not convert string to float", _objects),
    (r"dtype='?string'? is not a valid dtype", _text),
    (r"NoneType|None values not supported", _none),
    (r"Unknown variable: <(?:Keras)?Variable [^>]*?path=([^,>]+)", _unknown_variable),
    (r"Could not satisfy.*GPU:\d|unknown device.*GPU:\d|list index out of range", _no_gpu),
    (r"module 'tensorflow[\w.]*' has no attribute '(Session|placeholder|get_variable|global_variables_initializer|"
     r"variable_scope|InteractiveSession|ConfigProto|reset_default_graph|GraphKeys)'", _tensorflow_1),
    (r"^name '(\w+)' is not defined", _no_name),
    (r"No such file or directory", _no_file),
    (r"No module named '?([\w.]+)'?", _no_module),
)  # fmt: skip

_NAMES: Mapping[str, Callable[[Crash], Explanation]] = {
    "MemoryError": _memory,
    "ArrayMemoryError": _memory,
    "ResourceExhaustedError": _memory,
    "SIGKILL": _killed,
    "SIGSEGV": _native,
    "SIGABRT": _native,
    "SIGBUS": _native,
    "SIGFPE": _native,
    "SIGILL": _native,
    "SIGTERM": lambda crash: Explanation("Another process told it to end.", alone=True),
}
