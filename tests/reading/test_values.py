"""Where the value of an argument was chosen, and where data was made."""

from __future__ import annotations

from typing import Callable

import numpy as np
import pytest

from doctor.reading.chains import Step, history, made_at
from doctor.reading.step_kinds import centred_at, may_empty, may_leave_numbers, transforms
from doctor.reading.values import argument
from doctor.recording import LOSS_ROW, OBSERVATION_ROW, Recording
from doctor.types import Location, RunFacts, Site


def recorded(source: str, **neighbours: str) -> Recording:
    others = {f"{name}.py": text for name, text in neighbours.items()}
    rows = {"losses": np.empty(0, LOSS_ROW), "observations": np.empty(0, OBSERVATION_ROW)}
    return Recording(run=RunFacts(path="train.py"), sites={}, source=source, neighbours=others, **rows)


def at(recording: Recording, word: str, path: str = "train.py") -> Location:
    lines = recording.sources[path].splitlines()
    line = next(number for number, one in enumerate(lines, 1) if word in one)
    return Location(path, line, lines[line - 1].strip())


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("opt = SGD(learning_rate=0.1)", 1),
        ("RATE = 0.1\nopt = SGD(learning_rate=RATE)", 1),
        ("RATE = 0.1\nopt = SGD(RATE)", 1),
        ("a, RATE = 1, 0.1\nopt = SGD(RATE)", 1),
        ("opt = SGD(\n    momentum=0.9,\n    learning_rate=0.1,\n)", 3),
        ("rate = Decay(0.1)\nopt = SGD(rate)", 1),
        ("def make(rate=0.3):\n    return SGD(rate)\nmake(\n    0.1)", 4),
        ("def make(rate=0.3):\n    return SGD(rate)\nmake()", 1),
        ("class A:\n    def __init__(self, rate):\n        self.rate = rate\n    def go(self):\n"
         "        SGD(self.rate)\nA(0.1)", 6),
        ("parser.add_argument('--batch-size')\nparser.add_argument('--rate', default=0.1)\nSGD(args.rate)", 2),
        ("class Config:\n    size: int = 3\n    rate: float = 0.1\nSGD(Config.rate)", 3),
        ("C = {\n    'size': 3,\n    'rate': 0.1,\n}\nSGD(C['rate'])", 3),
        ("C = json.load(file)\nSGD(\n    C['rate'])", 3),
        ("prior = 0.1\nlow = prior\nSGD(low)", 1),
        ("prior = 0.1\nlow = prior\nSGD(low)\nhead(prior)", 2),
        ("opt = SGD()", 1),
    ],
)  # fmt: skip
def test_where_a_rate_was_chosen(source: str, line: int) -> None:
    recording = recorded(source)
    found = argument(recording, at(recording, "SGD("), ("learning_rate",), 0, "SGD")
    assert found is not None and found.line == line


def test_in_another_file() -> None:
    recording = recorded("from settings import RATE\nopt = SGD(RATE)", settings="RATE = 0.1\n")
    found = argument(recording, at(recording, "SGD("), ("learning_rate",), 0, "SGD")
    assert found == Location("settings.py", 1, "RATE = 0.1")
    script = recorded("from nets import make\nmake(\n    rate=0.1)", nets="def make(rate):\n    return SGD(rate)\n")
    found = argument(script, at(script, "SGD(", "nets.py"), ("learning_rate",), 0, "SGD")
    assert found == Location("train.py", 3, "rate=0.1)")


PIPELINE = """import numpy as np
table = np.loadtxt("x.csv")
features, target = table[:, 0:3], table[:, 3]
features = features / features.std(axis=0)
x_train, x_test, y_train, y_test = train_test_split(features.astype("float32"), target)
y_train = one_hot(y_train, 3)
model.fit(x_train[:100], y_train)
"""


def test_the_way_of_data() -> None:
    recording = recorded(PIPELINE)
    place = at(recording, "model.fit")
    assert [step.line for step in history(recording, "x_train[:100]", place)] == [5, 4, 3, 2]
    x = Site("array:x", "array", "x_train[:100]", location=place)
    y = Site("array:y", "array", "y_train", location=place)
    found = [made_at(recording, x, wanted) for wanted in (may_leave_numbers, may_empty)]
    assert [one.line for one in found if one is not None] == [4, 3]
    labels = made_at(recording, y, transforms)
    assert labels is not None and labels.line == 6
    assert made_at(recording, None, transforms) is None


@pytest.mark.parametrize(
    ("source", "wanted", "line"),
    [
        ("x = a\nx[c] = np.log(x[c])\nfit(x)", may_leave_numbers, 2),
        ("x = a\nx /= x.std()\nfit(x)", may_leave_numbers, 2),
        ("x = a / 255.0\nfit(x)", may_leave_numbers, None),
        ("x = a // 255\nfit(x)", may_empty, 1),
        ("x = a * 0\nfit(x)", may_empty, 1),
        ("x = (a / 255).astype('uint8')\nfit(x)", may_empty, 1),
        ("x = a[10:]\nfit(x)", may_empty, None),
        ("x = a[..., np.newaxis]\nfit(x)", may_empty, None),
        ("x = a[:, :, None]\nfit(x)", may_empty, None),
        ("x = a[:, 3:, None]\nfit(x)", may_empty, 1),
        ("x = a[10:]\nfit(x)", transforms, None),
    ],
)
def test_steps(source: str, wanted: Callable[[Step], bool], line: int | None) -> None:
    recording = recorded(source)
    array = Site("array:x", "array", "x", location=at(recording, "fit(x)"))
    found = made_at(recording, array, wanted)
    assert (found.line if found is not None else None) == line


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def own(w):\n    c = w.mean(axis=-1, keepdims=True)\n    return (w - c) / w.std()\n\nx = own(a)\nfit(x)", 2),
        ("x = a[..., None]\nx = x - np.mean(x, axis=-1, keepdims=True)\nfit(x)", 2),
        ("x = a - a.mean()\nfit(x)", None),
        ("x = a - b.mean(axis=-1, keepdims=True)\nfit(x)", None),
    ],
)
def test_what_is_centred_by_itself(source: str, line: int | None) -> None:
    recording = recorded(source)
    found = centred_at(recording, Site("array:x", "array", "x", location=at(recording, "fit(x)")))
    assert (found.line if found is not None else None) == line
