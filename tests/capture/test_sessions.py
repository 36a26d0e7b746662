"""Faults in graphs of tf.compat.v1 that a session runs: the right cause, on the right line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ScriptRunner
from tests.diagnosing import diagnose

SOURCE = (Path(__file__).parent / "styles" / "session_minimize.py").read_text(encoding="utf-8")
LONGER = SOURCE.replace("range(60)", "range(200)").replace("step % 30", "step % 100")


@pytest.mark.parametrize(
    ("was", "becomes", "fault", "code"),
    [
        ("labels=y_, logits=logits", "labels=y_, logits=tf.nn.softmax(logits)", "loss-logits", "cost = "),
        ("tf.truncated_normal([10, 32], stddev=0.3)", "tf.zeros([10, 32])", "init-constant", "w1 = "),
        ("AdamOptimizer(0.01)", "GradientDescentOptimizer(50.0)", "lr-too-high", "train_op = "),
    ],
)
def test_faults(was: str, becomes: str, fault: str, code: str, run_script: ScriptRunner) -> None:
    source = LONGER.replace("constant(0.1, shape=[32])", "zeros([32])") if fault == "init-constant" else LONGER
    assert was in source
    found = diagnose(run_script, run_script.write("train.py", source.replace(was, becomes)))
    (primary,) = [finding for finding in found.report["findings"] if finding["primary"]]
    assert (primary["fault"], primary["severity"]) == (fault, "error")
    assert primary["location"]["code"].startswith(code)
    assert found.status == 1
