"""Arguments as the script wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctor.capture.call_text import CallText

SOURCE = """\
history = model.fit(x_train, y=y_train / 2, validation_data=(x_test, y_test))
model.fit(
    {"age": ages, "rooms": table["rooms"]},
    labels,
)
ds = Dataset.from_tensor_slices((features, labels)).batch(32)
model.fit(a); model.fit(b)
model.fit(*both)
model.fit(np.array([1.0, 2.0]), 3)
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    script = tmp_path / "train.py"
    script.write_text(SOURCE)
    return str(script)


def test_by_place_and_by_name(path: str) -> None:
    call = CallText(path, 1, "fit")
    assert call.argument(0, "x") == "x_train" and call.argument(1, "y") == "y_train / 2"
    assert call.argument(7, "validation_data", 1) == "y_test"
    assert call.argument(5, "callbacks") is None


def test_a_call_over_several_lines(path: str) -> None:
    call = CallText(path, 3, "fit")
    assert call.argument(0, "x", "rooms") == "table['rooms']" and call.argument(1, "y") == "labels"


def test_a_part_of_what_is_given_whole(path: str) -> None:
    call = CallText(path, 6, "from_tensor_slices")
    assert call.argument(0, "tensors", 0) == "features"
    assert call.argument(0, "tensors", 0, "age") == "features['age']"


def test_no_guesses(path: str) -> None:
    """Two calls on a line, arguments in a starred list, plain numbers, no such call."""
    assert CallText(path, 7, "fit").argument(0, "x") is None
    assert CallText(path, 8, "fit").argument(0, "x") is None
    assert CallText(path, 9, "fit").argument(1, "y") is None
    assert CallText(path, 1, "evaluate").argument(0, "x") is None
    assert CallText("/no/such/file.py", 1, "fit").argument(0, "x") is None
