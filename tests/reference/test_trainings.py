"""Each reference is trained for a few steps on the images that ship with doctor, interrupted, and taken up again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from doctor.reference import REFERENCES, Reference, reference
from tests.conftest import ScriptRunner


def steps_into_the_second_epoch(one: Reference) -> int:
    """Of the 1,833 (MNIST) or 1,800 images that are trained on."""
    batch = re.search(r"^BATCH = (\d+)$", one.script.read_text(encoding="utf-8"), re.MULTILINE)
    assert batch is not None
    return -(-1833 // int(batch[1])) + 3


def train(run: ScriptRunner, one: Reference, folder: Path, *options: str) -> tuple[int, str]:
    done = run("-m", "doctor", "reference", "train", one.name, "--run-dir", folder, "--epochs", "3", *options)
    return done.returncode, done.stdout + done.stderr


#: One of them in the fast tests: the others take as long as ten whole scripts.
EACH = [one.name if one.name == "mnist-mlp" else pytest.param(one.name, marks=pytest.mark.slow) for one in REFERENCES]


@pytest.mark.parametrize("name", EACH)
def test_in_two_sittings(name: str, run_script: ScriptRunner) -> None:
    one, folder = reference(name), run_script.folder / "training"
    assert train(run_script, one, folder, "--steps", str(steps_into_the_second_epoch(one)))[0] == 0
    first = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    assert len(first) == 1 and not (folder / "figures.json").exists()
    status, text = train(run_script, one, folder)
    assert status == 0, text
    epochs = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    assert len(epochs) == figures["epochs"] == 3 and epochs[0] == first[0]
    assert epochs[-1]["loss"] < first[0]["loss"]
    assert figures["seconds"] == pytest.approx(sum(epoch["seconds"] for epoch in epochs))
    assert "epoch 2/3" in text and " left" in text
    for sitting in ("sitting-1", "sitting-2"):
        told = json.loads((folder / sitting / "diagnosis.json").read_text(encoding="utf-8"))
        assert not [finding["rule"] for finding in told["findings"] if finding["severity"] == "error"]
    status, text = train(run_script, one, folder)
    assert status == 2 and "has come to its end" in text
