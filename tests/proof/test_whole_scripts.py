"""Real scripts, proved and repaired: what is said, and that no file of the user's is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from doctor.proof import sealing
from tests.conftest import CHILD_PATH


#: Logistic regression whose loss explodes; it keeps a log of its runs.
SCRIPT = """import sys

import numpy as np
import tensorflow as tf

with open({log!r}, "a") as log:
    log.write("run\\n")
rng = np.random.default_rng(0)
x = rng.normal(size=(256, 8)).astype("float32")
y = (x @ rng.normal(size=(8, 1)) * 2).astype("float32")  # a linear target
w = tf.Variable(tf.zeros([8, 1]))
rate = 8.0  # steps per gradient
for step in range(120):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tf.matmul(x, w) - y) ** 2)
    w.assign_sub(rate * tape.gradient(loss, w))
    if step < 2:
        print(step, float(loss))
"""


def doctor(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    temporary = folder.parent / "tmp"
    temporary.mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": CHILD_PATH, "TF_CPP_MIN_LOG_LEVEL": "3", "TMPDIR": str(temporary)}
    return subprocess.run(
        [sys.executable, "-m", "doctor", *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=400,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


pytestmark = pytest.mark.skipif(not sealing.available(), reason="this kernel has no Landlock")


def test_cause_is_confirmed_and_its_repair_is_written(folder: Path) -> None:
    script = folder / "train.py"
    script.write_text(SCRIPT.format(log="log.txt"))
    output = folder / "found.json"
    proved = doctor(folder, "diagnose", "--prove", "--run-dir", "run", "--format", "json", "--output", str(output),
                    "train.py")  # fmt: skip
    assert proved.returncode == 1, proved.stderr
    found = json.loads(output.read_text())["findings"][0]
    assert (found["fault"], found["confidence"]) == ("lr-too-high", "certain")
    proof = found["proof"]
    assert (proof["verdict"], proof["runs"]["control"]["recording"]) == ("confirmed", "")
    assert proof["treated"] > 0.6  # where it was stopped because it was clear
    assert "-rate = 8.0  # steps per gradient" in proof["diff"]
    assert proof["steps"] <= 20 + 2 * 120
    assert script.read_text() == SCRIPT.format(log="log.txt")
    assert (folder / "log.txt").read_text() == "run\n"  # of diagnose itself: trials wrote to their copies
    assert list((folder.parent / "tmp").glob("doctor-proof-*")) == []

    repaired = doctor(folder, "fix", "--apply", "--quiet", "run")
    assert repaired.returncode == 0, repaired.stderr
    assert (folder / "train.py.orig").read_text() == SCRIPT.format(log="log.txt")
    assert "  # steps per gradient" in script.read_text()
    assert (folder / "log.txt").read_text() == "run\nrun\n"


@pytest.mark.slow
def test_trial_cannot_write_to_an_absolute_path(folder: Path) -> None:
    log = folder.parent / "log.txt"
    (folder / "train.py").write_text(SCRIPT.format(log=str(log)))
    assert doctor(folder, "diagnose", "--quiet", "--run-dir", "run", "train.py").returncode == 1
    barred = doctor(folder, "prove", "run")
    assert "a trial was stopped where it wrote outside of its copy" in barred.stderr
    assert "--allow-writes DIR allows it" in barred.stderr
    assert log.read_text() == "run\n"
    allowed = doctor(folder, "prove", "--allow-writes", str(log.parent), "run")
    assert "Confirmed by experiment" in allowed.stdout
    assert log.read_text().count("run\n") >= 3
