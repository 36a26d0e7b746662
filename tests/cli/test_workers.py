"""Two processes that train one model together: a recording each, and what `check` says of both."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from typing import Any, Callable

import numpy as np
import pytest

from doctor.capture.worker import this_worker
from doctor.recording import Recording
from tests.conftest import ScriptRunner

WORKER = """
import sys
import numpy as np
import tensorflow as tf

strategy = tf.distribute.MultiWorkerMirroredStrategy()
BATCH = 48
rng = np.random.default_rng(0)
x = rng.normal(size=(960, 8)).astype(np.float32)
y = x[:, :1] - 2.0 * x[:, 1:2] + 0.1 * rng.normal(size=(960, 1)).astype(np.float32)
options = tf.data.Options()
options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
data = tf.data.Dataset.from_tensor_slices((x, y)).batch(BATCH).repeat().with_options(options)
data = strategy.experimental_distribute_dataset(data)
with strategy.scope():
    w = tf.Variable(tf.random.stateless_normal((8, 16), (1, 2), stddev=0.3))
    v = tf.Variable(tf.random.stateless_normal((16, 1), (3, 4), stddev=0.3))


def replica_step(rows, wanted):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(tf.nn.tanh(rows @ w) @ v - wanted)) / BATCH
    slopes = tape.gradient(loss, [w, v])
    slopes = tf.distribute.get_replica_context().all_reduce("sum", slopes)
    for variable, slope in zip([w, v], slopes):
        variable.assign_sub(float(sys.argv[1]) * slope)
    return loss


@tf.function
def step(rows, wanted):
    return strategy.reduce("SUM", strategy.run(replica_step, args=(rows, wanted)), axis=None)


batches = iter(data)
print([float(step(*next(batches))) for _ in range(40)])
"""


def train(run_script: ScriptRunner, doctor: bool) -> list[str]:
    """Both workers at once: what each prints."""
    with socket.socket() as one, socket.socket() as two:
        ports = []
        for each in (one, two):
            each.bind(("127.0.0.1", 0))
            ports.append(each.getsockname()[1])
    cluster = {"worker": [f"127.0.0.1:{port}" for port in ports]}
    running = []
    for index in (0, 1):
        config = json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}})
        watched = ["-m", "doctor", "diagnose", "--quiet", "--run-dir", f"runs/w{index}"] if doctor else []
        running.append(
            subprocess.Popen(
                [sys.executable, *watched, "train.py", "0.1"],
                cwd=run_script.folder,
                env=run_script.environment({"TF_CONFIG": config}),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    said = [process.communicate(timeout=300) for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    return [out.splitlines()[-1] for out, _ in said]


def test_two_workers(run_script: ScriptRunner, doctor: Callable[..., Any]) -> None:
    """The same losses to the last digit as without doctor; copies that agree; rows that are not shared."""
    run_script.write("train.py", WORKER)
    (run_script.folder / "runs").mkdir()
    plain, watched = train(run_script, doctor=False), train(run_script, doctor=True)
    assert watched == plain

    recordings = [Recording.open(run_script.folder / "runs" / name) for name in ("w0", "w1")]
    assert [one.run.worker for one in recordings] == [{"type": "worker", "index": n, "count": 2} for n in (0, 1)]
    (first,), (second,) = [one.subjects for one in recordings]
    halves = [one.losses(subject.key).values for one, subject in zip(recordings, (first, second))]
    np.testing.assert_allclose(np.mean(halves, axis=0), json.loads(plain[0]), rtol=1e-5)

    result = doctor("check", run_script.folder / "runs")
    assert result.status == 0
    assert "WHERE THE WORKERS DIFFER\n  nowhere that they should not" in result.out


@pytest.mark.parametrize(
    ("config", "worker"),
    [
        ("", None),
        ("{", None),
        ("[]", None),
        ('{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 0}}', None),
        (
            '{"cluster": {"chief": ["a:1"], "worker": ["b:1", "c:1"], "ps": ["d:1"]}, '
            '"task": {"type": "worker", "index": 1}}',
            {"type": "worker", "index": 1, "count": 3},
        ),
    ],
)
def test_this_worker(config: str, worker: dict[str, Any] | None) -> None:
    assert this_worker({"TF_CONFIG": config}) == worker
