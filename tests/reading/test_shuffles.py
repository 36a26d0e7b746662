"""Which line brings one array alone into another order."""

from __future__ import annotations

import numpy as np
import pytest

from doctor.reading.idioms import seeded_again
from doctor.reading.shuffles import lone_shuffle, order_thrown_away
from doctor.recording import LOSS_ROW, OBSERVATION_ROW, Recording
from doctor.types import RunFacts
from tests.reading.test_values import recorded


def line(source: str) -> int | None:
    rows = {"losses": np.empty(0, LOSS_ROW), "observations": np.empty(0, OBSERVATION_ROW)}
    found = lone_shuffle(Recording(run=RunFacts(path="train.py"), sites={}, source=source, **rows))
    return found.line if found is not None else None


@pytest.mark.parametrize(
    "source",
    [
        "x = load()\nnp.random.shuffle(y)",
        "rng.shuffle(x)\nrng.shuffle(labels)",
        "x = x[rng.permutation(len(x))]\ny = y[rng.permutation(len(y))]",
        "a = b\nself.targets = self.targets[np.random.permutation(n)]",
        "a = b\ny = tf.random.shuffle(y)",
        "from random import shuffle\nshuffle(names)",
        "a = b\ny = df['label'].sample(frac=1).values",
        "x = sorted(images)\nlabels = sorted(labels)",
        "a = tf.data.Dataset.from_tensor_slices(x)\nb = tf.data.Dataset.from_tensor_slices(y).shuffle(100)\n"
        "data = tf.data.Dataset.zip((a, b))",
    ],
)
def test_alone(source: str) -> None:
    assert line(source) == 2


@pytest.mark.parametrize(
    "source",
    [
        "order = np.arange(len(x))\nrng.shuffle(order)\nx, y = x[order], y[order]",
        "n = len(x)\nperm = np.random.permutation(n)",
        "data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(1000)",
        "data = tf.data.Dataset.from_tensor_slices((x, y)).map(decode).shuffle(cut)",
        "cut = int(0.8 * len(x))\ndata.cache().shuffle(cut)",
        "x, y = sklearn.utils.shuffle(x, y)",
        "df = df.sample(frac=1)",
        "rows = list(range(100))\nrandom.shuffle(rows)",
        "for a, b in zip(grads, weights): pass",
        "x = (",
    ],
)
def test_together(source: str) -> None:
    assert line(source) is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def batch(n):\n    rng = np.random.RandomState(0)\n    return x[rng.choice(len(x), n)]", 2),
        ("for step in range(9):\n    np.random.seed(3)\n    train(x[np.random.permutation(9)])", 2),
        ("rng = np.random.default_rng(0)\nfor step in range(9):\n    train(x[rng.choice(9)])", None),
        ("def main():\n    np.random.seed(3)\n    for step in range(9):\n        train()", None),
        ("def batch(step):\n    rng = np.random.RandomState(step)\n    return x[rng.choice(len(x), 3)]", None),
    ],
)
def test_random_numbers_that_are_always_the_same(source: str, expected: int | None) -> None:
    rows = {"losses": np.empty(0, LOSS_ROW), "observations": np.empty(0, OBSERVATION_ROW)}
    found = seeded_again(Recording(run=RunFacts(path="train.py"), sites={}, source=source, **rows))
    assert (found.line if found is not None else None) == expected


SLICED = """
class Batches(keras.utils.PyDataset):
    def __getitem__(self, at):
        rows = self.order[at * 8:at * 8 + 8]
        return self.x[rows], self.labels[at * 8:at * 8 + 8]
    def on_epoch_end(self):
        {}
"""


def test_labels_that_do_not_follow_a_shuffled_order() -> None:
    """The inputs are taken by the numbers of rows, the labels as they stand."""
    assert line(SLICED.format("self.rng.shuffle(self.order)")) == 5
    assert line(SLICED.format("pass")) is None, "the order is never mixed"
    both = SLICED.replace("self.labels[at * 8:at * 8 + 8]", "self.labels[rows]")
    assert line(both.format("self.rng.shuffle(self.order)")) is None


@pytest.mark.parametrize(
    ("line", "lost"),
    [("rng.permutation(order)", True), ("order = rng.permutation(order)", False), ("data.shuffle(1000)", True),
     ("data = data.shuffle(1000)", False), ("rng.shuffle(order)", False), ("random.shuffle(len(x))", False),
     ("frame.sample(frac=1)", True), ("tf.random.shuffle(x)", True), ("np.random.shuffle(x)", False)],
)  # fmt: skip
def test_an_order_that_is_thrown_away(line: str, lost: bool) -> None:
    found = order_thrown_away(recorded(f"x = read()\n{line}\n"))
    assert (found.line if found is not None else None) == (2 if lost else None)
