"""Killed at any moment, a run leaves a recording that can be read."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from doctor.recording import Recording

#: Trains for ever, with everything that is recorded: pictures, columns, evaluation, a graph.
SCRIPT = """
import keras
import numpy as np

rng = np.random.default_rng(0)
x, y = rng.random((512, 8, 8, 1)).astype("float32"), rng.integers(0, 4, 512)
model = keras.Sequential([
    keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.Flatten(), keras.layers.Dense(4, activation="softmax"),
])
model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, validation_split=0.2, batch_size=16, epochs=10_000, verbose=0)
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", range(20))
def test_killed_at_a_random_moment(number: int, run_script: Any, tmp_path: Path) -> None:
    """Both processes end at once by SIGKILL, as when a machine runs out of memory."""
    script = run_script.write("train.py", SCRIPT)
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "doctor", "diagnose", "--quiet", "--run-dir", str(folder), str(script)]
    moments = random.Random(number)
    process = subprocess.Popen(
        command, env=run_script.environment(None), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 120
    # A quarter of the moments lie before the first step, the others within ten seconds after it.
    first = folder / ("run.json" if number % 4 == 0 else "losses.bin")
    while not first.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(moments.uniform(0, 2 if number % 4 == 0 else 10))
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()

    recording = Recording.open(folder)
    assert recording.run.status == "running" and recording.run.path == str(script)
    assert recording.source == SCRIPT
    for subject in recording.subjects:
        steps = recording.losses(subject.key).steps
        assert steps.tolist() == list(range(len(steps)))
    checked = run_script("-m", "doctor", "check", folder)
    assert checked.returncode in ((0, 1) if recording.steps else (2,)), checked.stderr
    assert "Traceback" not in checked.stderr
