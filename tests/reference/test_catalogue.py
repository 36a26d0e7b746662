"""The reference trainings by name."""

from __future__ import annotations

import ast

import pytest

from doctor.datasets import NAMES
from doctor.errors import ConfigError
from doctor.reference import REFERENCES, Reference, reference

EACH = pytest.mark.parametrize("one", REFERENCES, ids=[one.name for one in REFERENCES])


def test_names() -> None:
    assert [one.name for one in REFERENCES] == [
        f"{data}-{kind}" for data in ("mnist", "fashion-mnist", "cifar10") for kind in ("mlp", "cnn")
    ]
    assert reference("cifar10-cnn").aim == 0.91
    with pytest.raises(ConfigError, match="'mnist' is no reference training: use one of mnist-mlp, mnist-cnn"):
        reference("mnist")


@EACH
def test_scripts_are_short_and_stand_alone(one: Reference) -> None:
    """A student reads the whole of it: nothing is hidden in other files but checkpoints and figures."""
    text = one.script.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert one.data in NAMES and f"keras.datasets.{one.data}.load_data()" in text
    assert len(text.splitlines()) <= 100 and ast.get_docstring(tree)
    imported = {
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert imported == {"keras", "tensorflow", "doctor.reference.sitting"}


@EACH
def test_the_test_images_are_used_once(one: Reference) -> None:
    """Their labels stand in the line that reads and prepares them, and in the last one."""
    lines = one.script.read_text(encoding="utf-8").splitlines()
    used = [number for number, line in enumerate(lines) if "test_labels" in line]
    assert used[-1] == len(lines) - 1 and "sitting.finish(" in lines[-1]
    assert all("validation" not in lines[number] for number in used)
