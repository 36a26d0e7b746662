"""Rule script-crash."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.engine import diagnose
from doctor.findings import Severity
from doctor.rules.crash_essence import essence
from tests.builders import change, classifier

CRASH = {"type": "ValueError", "message": "Shapes (32, 3) and (32, 4) are incompatible\nmore", "traceback": "",
         "location": ["train.py", 12, "loss = f(y, x)"]}  # fmt: skip


def test_crash(findings: Any) -> None:
    run = classifier(failing=False)
    run.facts.update(status="crashed", crash=CRASH)
    (found,) = findings("script-crash", run)
    assert found.severity is Severity.ERROR and found.location.line == 12 and found.onset_step == 300
    assert found.message == "ValueError: Shapes (32, 3) and (32, 4) are incompatible"


@pytest.mark.parametrize(
    ("named", "own"),
    [("<tf.Tensor 'doctor/or_1:0' shape=() dtype=bool> is out of scope", True),
     ("Node: 'step/doctor_3/cond' failed", False), ("{{node doctor_12/add}} has no gradient", True),
     ("No module named 'my_doctor/data'", False)],
)  # fmt: skip
def test_instruments_that_broke_the_script_are_not_blamed_on_it(named: str, own: bool, findings: Any) -> None:
    run = classifier(failing=False)
    run.facts.update(status="crashed", crash={**CRASH, "message": named})
    (found,) = findings("script-crash", run)
    assert ("doctor's own instruments" in found.message) is own
    assert any(fix.code == "--overhead 0" for fix in found.fixes) is own


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Exception encountered when calling Sequential.call().\n\n\x1b[1mInput 0 of layer 'dense' is incompatible"
         "\x1b[0m\n\nArguments received by Sequential.call():\n  \u2022 training=True",
         "Input 0 of layer 'dense' is incompatible"),
        ("Graph execution error:\n\nDetected at node loss/Cross defined at (most recent call last):\n"
         '  File "train.py", line 5, in <module>\n\nReceived a label value of 4 which is outside the valid range.\n'
         "\t [[{{node loss/Cross}}]] [Op:__inference_step_1]",
         "Received a label value of 4 which is outside the valid range."),
        ("{{function_node __wrapped__Fill_device_/job:localhost/device:CPU:0}} OOM when allocating [Op:Fill] name: ",
         "OOM when allocating"),
        ("Matrix size-incompatible: In[0]: [8,3], In[1]: [4,2] [Op:MatMul] name: \nmore",
         "Matrix size-incompatible: In[0]: [8,3], In[1]: [4,2]"),
        ("labels " + "1 " * 400, "labels " + "1 " * 145 + "1" + "\u2026"),
        ("Graph execution error", "Graph execution error"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_sentence_that_matters(text: str, told: str) -> None:
    """What Keras and TensorFlow wrap around it is left out; the recording keeps it."""
    assert essence(text) == told


#: Beyond those that tests/cli/test_crash_messages.py raises for real: (crash, message, what to change, its code).
RARER = [
    ("tensorflow.python.framework.errors_impl.ResourceExhaustedError",
     "{{function_node __wrapped__Fill_device_/job:localhost/replica:0/task:0/device:CPU:0}} OOM when allocating tensor "
     "with shape[1048576,1048576] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator mklcpu "
     "[Op:Fill] name: ",
     "ResourceExhaustedError: OOM when allocating tensor with shape[1048576,1048576] and type float. The memory does "
     "not hold it.", "Use smaller batches or a smaller model, or read the data in parts", ""),
    ("MemoryError", "", "MemoryError. The memory does not hold it.",
     "Use smaller batches or a smaller model, or read the data in parts", ""),
    ("ModuleNotFoundError", "No module named 'sklearn'",
     "ModuleNotFoundError: No module named 'sklearn'. The package `scikit-learn` is not installed in the Python that "
     "doctor runs with, which also runs the script.", "Install `scikit-learn`", "pip install scikit-learn"),
    ("ModuleNotFoundError", "No module named 'tensorflow.contrib'",
     "ModuleNotFoundError: No module named 'tensorflow.contrib'. `tensorflow` is installed, but this version of it has "
     "no `contrib`: the script was written for another one.",
     "Import the name from where the installed `tensorflow` keeps it", ""),
    ("ModuleNotFoundError", "No module named 'tensorflow_addons'",
     "ModuleNotFoundError: No module named 'tensorflow_addons'. `tensorflow_addons` is no longer maintained and works "
     "with no TensorFlow that doctor supports.", None, ""),
    ("tensorflow.python.framework.errors_impl.InvalidArgumentError",
     "Could not satisfy device specification '/job:localhost/replica:0/task:0/device:GPU:0'.",
     "InvalidArgumentError: Could not satisfy device specification "
     "'/job:localhost/replica:0/task:0/device:GPU:0'. TensorFlow sees no such GPU on this machine.",
     'Use the GPU only where `tf.config.list_physical_devices("GPU")` names one', ""),
    ("ValueError", "Input 0 of layer \"lstm\" is incompatible with the layer: expected ndim=3, found ndim=2. "
     "Full shape received: (None, 10)",
     "ValueError: Input 0 of layer \"lstm\" is incompatible with the layer: expected ndim=3, found ndim=2. "
     "Full shape received: (None, 10). The layer `lstm` wants 3 axes, batch included, and got 2: (None, 10).",
     "Add the missing axis (a batch of one: `x[None]`, one feature: `x[:, None]`)", ""),
    ("ValueError", "dtype='string' is not a valid dtype for Keras type promotion.",
     "ValueError: dtype='string' is not a valid dtype for Keras type promotion. Keras met text where it computes with "
     "numbers. The third argument of `compile` is `loss_weights`: metrics that are given there without their name are "
     "taken for weights. Labels or inputs of text do the same.",
     "Name the metrics in `compile`; turn text into numbers before it is fed", 'metrics=["accuracy"]'),
    ("IndexError", "list index out of range", "IndexError: list index out of range", None, ""),
    ("TypeError", "'NoneType' object is not subscriptable", "TypeError: 'NoneType' object is not subscriptable", None,
     ""),
    ("SIGKILL", "The process was ended by SIGKILL",
     "The process was ended by SIGKILL. The system kills a process so when memory runs out.",
     "Use smaller batches or a smaller model, or read the data in parts", ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "message", "title", "code"), RARER)
def test_plain_words(findings: Any, kind: str, text: str, message: str, title: str | None, code: str) -> None:
    run = classifier(failing=False)
    run.facts.update(status="crashed", crash={"type": kind, "message": text, "traceback": "", "location": None})
    (found,) = findings("script-crash", run)
    assert found.message == message
    assert [(fix.title, fix.code) for fix in found.fixes] == ([] if title is None else [(title, code)])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('in user code:\n\n    File "train.py", line 7, in step  *\n        loss = f(x)\n\n    TypeError: Input \'y\'',
         "Input 'y'"),
        ("Graph execution error:\n\nDetected at node a defined at (most recent call last):\nDetected at node a "
         "defined at (most recent call last):\n2 root error(s) found.\n  (0) INVALID_ARGUMENT:  Incompatible shapes\n"
         "\t [[{{node a}}]]\n\t [[b/_8]]\n  (1) INVALID_ARGUMENT:  Incompatible shapes\n\t [[{{node a}}]]",
         "Incompatible shapes"),
        ("Received a label value of 9 which is outside the valid range of [0, 3).  Label values: 0 9 -1 "
         "[Op:Sparse] name: ",
         "Received a label value of 9 which is outside the valid range of [0, 3)."),
    ],
)  # fmt: skip
def test_the_sentence_behind_quoted_calls(text: str, told: str) -> None:
    assert essence(text) == told


def test_a_suggestion_of_pythons(findings: Any) -> None:
    run = classifier(failing=False)
    traceback = "NameError: name 'los' is not defined. Did you mean: 'loss'?\n"
    run.facts.update(crash={"type": "NameError", "message": "name 'los' is not defined", "traceback": traceback})
    (found,) = findings("script-crash", run)
    assert [fix.title for fix in found.fixes] == ["Write `loss`"]


def test_a_missing_file_is_no_symptom() -> None:
    """A fault of the training explains a crash by numbers, and none by a name, a file or a package."""
    for kind, text, cause in (
        ("ValueError", "None values not supported", "gradient-disconnected"),
        ("FileNotFoundError", "[Errno 2] No such file or directory: 'x'", None),
    ):
        run = change(classifier(), "variable:w2", connected=False)
        run.facts.update(status="crashed", crash={"type": kind, "message": text})
        crash = next(one for one in diagnose(run.build()).findings if one.rule == "script-crash")
        assert crash.caused_by == cause


def test_locations_of_any_form(findings: Any) -> None:
    for location in ({"path": "train.py", "line": 12, "code": ""}, None):
        run = classifier(failing=False)
        run.facts.update(crash={**CRASH, "location": location})
        assert findings("script-crash", run)


def test_no_crash_is_silent(check: Any) -> None:
    assert not check("script-crash", classifier())
