"""Which loop runs the training steps, and where its length stands."""

from __future__ import annotations

import numpy as np
import pytest

from doctor.reading.loops import added_at, decayed_at, driving_loop, length_of_training, never_due
from doctor.recording import LOSS_ROW, OBSERVATION_ROW, Recording
from doctor.types import Location, RunFacts


def recorded(source: str, **neighbours: str) -> Recording:
    others = {f"{name}.py": text for name, text in neighbours.items()}
    rows = {"losses": np.empty(0, LOSS_ROW), "observations": np.empty(0, OBSERVATION_ROW)}
    return Recording(run=RunFacts(path="train.py"), sites={}, source=source, neighbours=others, **rows)


def at(text: str, path: str, word: str) -> Location:
    line = next(number for number, one in enumerate(text.splitlines(), 1) if word in one)
    return Location(path, line, text.splitlines()[line - 1].strip())


FUNCTION = """
def step(x, y):
    with tf.GradientTape() as tape:
        loss = f(x, y)
    return tape.gradient(loss, weights)

for epoch in range(3):
    for x, y in data:
        step(x, y)
"""
NAMED = """
EPOCHS = 2
seen = 0
for epoch in range(EPOCHS):
    grads = tape.gradient(loss, weights)
"""
WHILE = """
i = 0
while i < 40:
    grads = tape.gradient(loss, weights)
"""
CLASS = """
class Trainer:
    def fit(self, data):
        for x, y in data.take(20):
            self.update(x, y)

    def update(self, x, y):
        return tape.gradient(loss, weights)

Trainer().fit(data)
"""
FIELD = """
class Config:
    epochs: int = 30

def main(cfg):
    for epoch in range(1, cfg.epochs + 1):
        grads = tape.gradient(loss, weights)
"""
NO_LOOP = "grads = tape.gradient(loss, weights)\n"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (FUNCTION, "for epoch in range(3):"),
        (NAMED, "EPOCHS = 2"),
        (WHILE, "while i < 40:"),
        (CLASS, "for x, y in data.take(20):"),
        (FIELD, "epochs: int = 30"),
        (NO_LOOP, None),
    ],
)
def test_length_of_training(source: str, line: str | None) -> None:
    found = length_of_training(recorded(source), at(source, "train.py", "tape.gradient"))
    assert (found.code if found is not None else None) == line


def test_the_loop_may_be_in_another_file() -> None:
    library = "def step(x):\n    return tape.gradient(loss, weights)\n"
    script = "from library import step\nfor _ in range(7):\n    step(1)\n"
    recording = recorded(script, library=library)
    found = driving_loop(recording, at(library, "library.py", "tape.gradient"))
    assert found == Location("train.py", 2, "for _ in range(7):")


def test_a_file_that_has_changed_tells_nothing() -> None:
    assert driving_loop(recorded(WHILE), Location("train.py", 4, "something else")) is None


@pytest.mark.parametrize(
    ("line", "found"),
    [("w.assign_add(rate * g)", True), ("w.assign_add(-rate * g)", False), ("w.assign_sub(rate * g)", False),
     ("p.assign_add(lr * v)", True), ("p.assign_add(-lr * v)", False), ("rate.assign_add(lr)", False),
     ("sums.assign_add(x)", False), ("w.assign_add(self.mu * s + self.eta * grad)", True)],
)  # fmt: skip
def test_where_a_gradient_is_added(line: str, found: bool) -> None:
    place = added_at(recorded(f"x = 1\n{line}\n"))
    assert (place is not None and place.line == 2) if found else place is None


def test_a_condition_that_never_comes_true() -> None:
    source = "for i in range(9):\n    if i == 99:\n        flush()\ndef flush():\n    opt.apply_gradients(pairs)\n"
    place = never_due(recorded(source))
    assert place is not None and place.line == 2
    assert never_due(recorded("for i in range(9):\n    opt.apply_gradients(pairs)\n")) is None


@pytest.mark.parametrize(
    "update, decays",
    [
        ("w.assign_sub(rate * g + 0.05 * w)", True),
        ("w.assign(w - rate * (g + decay * w))", True),
        ("w -= decay * w", True),
        ("m.assign(0.9 * m + 0.1 * g)", False),
        ("w.assign_sub(rate * g)", False),
    ],
)
def test_weights_that_are_made_smaller_by_a_part_of_themselves(update: str, decays: bool) -> None:
    assert (decayed_at(recorded(update + "\n")) is not None) is decays


def test_a_condition_of_a_graph() -> None:
    source = (
        "class Model(keras.Model):\n    def train_step(self, data):\n"
        "        tf.cond(tf.equal(self.count, self.every), {}, lambda: None)\n\n"
        "    def flush(self):\n        self.optimizer.apply_gradients(zip(self.kept, self.weights))\n"
    )
    for handed, line in (("self.flush", 3), ("lambda: self.flush()", 3), ("self.report", None)):
        found = never_due(recorded(source.format(handed)))
        assert (found and found.line) == line


@pytest.mark.parametrize(
    "statement, alone",
    [
        ("p.assign_sub(self.weight_decay * p)", True),
        ("p.assign_sub(self.lr * self.weight_decay * p)", False),
        ("w.assign_sub(rate * g + 0.05 * w)", False),
        ("w -= 0.05 * w", True),
        ("w.assign(w - lr * (g + decay * w))", False),
    ],
)
def test_a_decay_that_forgets_the_rate(statement: str, alone: bool) -> None:
    place = decayed_at(recorded(f"x = 1\n{statement}\n"), whole=True)
    assert (place is not None and place.line == 2) is alone
