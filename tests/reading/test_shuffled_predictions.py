"""Predictions over iterators that shuffle, beside labels in order."""

from __future__ import annotations

import pytest

from doctor.reading.shuffled_predictions import shuffled_predictions
from tests.reading.test_loops import recorded

FOLDERS = """\
held = datagen.flow_from_directory("held", class_mode="categorical"{told})
probabilities = model.predict(held)
guesses = probabilities.argmax(axis=1)
print(classification_report({truth}, guesses))
"""
ARRAYS = """\
held = datagen.flow(x, to_categorical(y, 5){told})
probabilities = model.predict(held)
print({compared})
"""


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (FOLDERS.format(told="", truth="held.classes"), (1, 2, 4)),
        (FOLDERS.format(told=", shuffle=True", truth="held.labels"), (1, 2, 4)),
        (FOLDERS.format(told=", shuffle=False", truth="held.classes"), None),
        (FOLDERS.format(told=", shuffle=mixed", truth="held.classes"), None),
        (FOLDERS.format(told="", truth="names"), None),
        (ARRAYS.format(told="", compared="accuracy_score(y, probabilities.argmax(1))"), (1, 2, 3)),
        (ARRAYS.format(told=", shuffle=False", compared="accuracy_score(y, probabilities.argmax(1))"), None),
        (ARRAYS.format(told="", compared="len(y), probabilities.mean()"), None),
    ],
)
def test_orders(source: str, lines: tuple[int, int, int] | None) -> None:
    found = shuffled_predictions(recorded(source))
    assert (found and (found.made.line, found.predicted.line, found.compared.line)) == lines


def test_labels_of_another_pass() -> None:
    source = (
        "held = image_dataset_from_directory('held', shuffle=True, **options)\n"
        "chances = model.predict(held)\n"
        "guesses = chances.argmax(1)\n"
        "truth = np.concatenate([y for _, y in held])\n"
        "print(confusion_matrix(truth, guesses))\n"
    )
    found = shuffled_predictions(recorded(source))
    assert found is not None and (found.made.line, found.compared.line) == (1, 5)
    assert shuffled_predictions(recorded(source.replace("shuffle=True", "shuffle=False"))) is None


@pytest.mark.parametrize(
    "source",
    [
        "it = gen.flow(x, np.asarray(y))\np = net.predict(it)\nprint(np.bincount(np.argmax(p, axis=1)))\n",
        "it = gen.flow(x, y)\np = net.predict(it)\nprint(p.shape, y.shape)\n",
        "it = gen.flow(x, y)\nit.shuffle = False\np = net.predict(it)\nprint(p.argmax(1) == y)\n",
        "it = gen.flow(x)\np = net.predict(it)\nprint(p.argmax(1) == it.classes[it.index_array])\n",
    ],
)
def test_orders_that_are_right_or_do_not_matter(source: str) -> None:
    assert shuffled_predictions(recorded(source)) is None


OWN = """\
class Photos(keras.utils.PyDataset):
    def __init__(self, x, y, size=32, shuffle={default}):
        self.classes, self.index_array = y, np.arange(len(y))

held = Photos(x, y{told})
guesses = model.predict(held).argmax(axis=1)
print(confusion_matrix(held.classes, guesses))
"""


@pytest.mark.parametrize(
    ("default", "told", "found"),
    [("True", "", True), ("False", "", False), ("False", ", shuffle=True", True), ("True", ", shuffle=False", False),
     ("True", ", 32, False", False), ("False", ", 32, True", True)],
)  # fmt: skip
def test_iterators_of_the_scripts_own(default: str, told: str, found: bool) -> None:
    source = OWN.format(default=default, told=told)
    shuffled = shuffled_predictions(recorded(source))
    assert (shuffled and (shuffled.made.line, shuffled.compared.line)) == ((5, 7) if found else None)
    assert shuffled_predictions(recorded(source.replace("keras.utils.PyDataset", "Table"))) is None
