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
        ("        idx = ", "        if step % 4 == 0:\n            sess.run(init)\n        idx = ", "update-missing",
         "sess.run(init)"),
    ],
)
def test_faults(was: str, becomes: str, fault: str, code: str, run_script: ScriptRunner) -> None:
    source = LONGER.replace("constant(0.1, shape=[32])", "zeros([32])") if fault == "init-constant" else LONGER
    started = "sess.run(tf.global_variables_initializer())"
    source = source.replace(started, "init = tf.global_variables_initializer()\n    sess.run(init)")
    assert was in source
    found = diagnose(run_script, run_script.write("train.py", source.replace(was, becomes)))
    (primary,) = [finding for finding in found.report["findings"] if finding["primary"]]
    assert (primary["fault"], primary["severity"]) == (fault, "error")
    assert primary["location"]["code"].startswith(code)
    assert found.status == 1


def test_evaluation(run_script: ScriptRunner) -> None:
    """A run without a training op shows its inputs, its output and the accuracy on its labels."""
    source = LONGER.replace("{x: X, y_: Y}", "{x: 5 * X, y_: Y}")
    relu = "h = tf.nn.relu(tf.matmul(x, w1) + b1)\n"
    switch = "on = tf.placeholder_with_default(True, [], name='is_training')\n"
    source = source.replace(relu, switch + relu + "h = tf.where(on, h, 1.0 * h)\n")
    found = diagnose(run_script, run_script.write("train.py", source))
    recording = found.recording
    assert recording.run.not_captured == ()
    spreads = {}
    for phase in ("train", "eval"):
        (site,) = recording.sites_of("input", phase=phase)
        spreads[phase] = recording.series("input", site.key, "std").values[-1]
    assert 0.9 < spreads["train"] < 1.1 and 4.9 < spreads["eval"] < 5.1
    (array,) = [site for site in recording.sites_of("array", phase=None) if site.attributes["role"] == "x"]
    assert array.name == "X" and array.location.code.startswith("_, c = sess.run([train_op, cost]")
    (flag,) = recording.sites_of("flag", phase=None)
    facts = flag.attributes
    assert (flag.name, facts["default"], facts["train"], facts["eval"]) == ("is_training", True, [True], [True])
    assert flag.location.code == switch.strip() and "sess.run" in facts["eval_line"][2]
    assert "train-mode" in {one["fault"] for one in found.report["findings"]}
    assert any("evaluation accuracy" in one["message"].lower() for one in found.report["findings"])
