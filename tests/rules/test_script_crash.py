"""Rule script-crash."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Severity
from doctor.rules.crash_essence import essence
from tests.builders import classifier

CRASH = {"type": "ValueError", "message": "Shapes (32, 3) and (32, 4) are incompatible\nmore", "traceback": "",
         "location": ["train.py", 12, "loss = f(y, x)"]}  # fmt: skip


def test_crash(findings: Any) -> None:
    run = classifier(failing=False)
    run.facts.update(status="crashed", crash=CRASH)
    (found,) = findings("script-crash", run)
    assert found.severity is Severity.ERROR and found.location.line == 12 and found.onset_step == 300
    assert found.message == "ValueError: Shapes (32, 3) and (32, 4) are incompatible"


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


def test_locations_of_any_form(findings: Any) -> None:
    for location in ({"path": "train.py", "line": 12, "code": ""}, None):
        run = classifier(failing=False)
        run.facts.update(crash={**CRASH, "location": location})
        assert findings("script-crash", run)


def test_no_crash_is_silent(check: Any) -> None:
    assert not check("script-crash", classifier())
