"""`doctor check` on the recording of a script that still trains."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SCRIPT = """
import time
import numpy as np
import tensorflow as tf

x = np.random.default_rng(0).random((64, 8)).astype("float32")
y = (x.sum(axis=1, keepdims=True) > 4).astype("float32")
w, b = tf.Variable(tf.random.normal((8, 1), seed=1)), tf.Variable([0.0])
while True:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((x @ w + b - y) ** 2)
    for v, g in zip((w, b), tape.gradient(loss, (w, b))):
        v.assign_sub(100.0 * g)
    time.sleep(0.005)
"""


def test_the_verdict_so_far(run_script: Any, tmp_path: Path) -> None:
    """Right while the script trains, right again after it was killed, and nothing recorded is lost."""
    script = run_script.write("train.py", SCRIPT)
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "doctor", "diagnose", "--quiet", "--run-dir", str(folder), str(script)]
    parent = subprocess.Popen(
        command, env=run_script.environment(None), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        losses = folder / "losses.bin"
        until = time.monotonic() + 120
        while not (losses.exists() and losses.stat().st_size > 4000) and time.monotonic() < until:
            time.sleep(0.2)
        found = check(run_script, folder)
        assert found["run"]["status"] == "running" and found["run"]["seconds"] > 0
        assert (found["verdict"], found["findings"][0]["fault"]) == ("faulty", "lr-too-high")
        assert parent.poll() is None
    finally:
        parent.send_signal(signal.SIGINT)
        parent.wait(60)
    later = check(run_script, folder)
    assert later["run"]["status"] == "interrupted" and later["run"]["steps"] > found["run"]["steps"]
    assert later["findings"][0]["fault"] == "lr-too-high"


def check(run_script: Any, folder: Path) -> dict[str, Any]:
    """The diagnosis of a recording, by a process of its own."""
    result = run_script("-m", "doctor", "check", "--format", "json", folder)
    assert result.returncode == 1, result.stderr
    return json.loads(result.stdout)
