"""Parts of capture that fail in the midst of a training: it goes on to the same result, and one sentence is said."""

from __future__ import annotations

import pytest

from doctor.recording import Recording
from tests.conftest import CHILD_PATH, ScriptRunner

#: An eager loop, a compiled one, and fit; each prints its weights. Betainc and Igamma are in no list of doctor's.
SCRIPT = """
import keras, tensorflow as tf

keras.utils.set_random_seed(1)
x = tf.random.normal((64, 4)); y = tf.reduce_sum(x, 1, keepdims=True)
w, v = tf.Variable(tf.random.normal((4, 8))), tf.Variable(tf.random.normal((8, 1)))

def step():
    with tf.GradientTape() as tape:
        odd = tf.math.betainc(1.5, 2.5, tf.nn.sigmoid(x @ w)) + tf.math.igamma(2.0, tf.nn.softplus(x @ w))
        loss = tf.reduce_mean((odd @ v - y) ** 2)
    for variable, slope in zip((w, v), tape.gradient(loss, (w, v))):
        variable.assign_sub(0.05 * slope)
    return loss

print([float(step()) for _ in range(30)])
compiled = tf.function(step)
print([float(compiled()) for _ in range(30)])
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(1)])
model.compile("adam", "mse")
print(model.fit(x, y, epochs=3, verbose=0).history, [float(tf.reduce_sum(one.value)) for one in model.weights])
"""

#: Makes a method raise, as soon as its module is imported.
BREAKER = """
import importlib.abc, importlib.machinery, os, sys

module, _, method = os.environ.get("BROKEN", "").partition(":")

class Breaker(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name != module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        execute = spec.loader.exec_module
        def broken(loaded):
            execute(loaded)
            owner, _, attribute = method.partition(".")
            def fail(*args, **kwargs):
                raise RuntimeError("made to fail")
            setattr(getattr(loaded, owner), attribute, fail)
        spec.loader.exec_module = broken
        return spec

if module:
    sys.meta_path.insert(0, Breaker())
"""


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the script prints without doctor."""
    runner = ScriptRunner(tmp_path_factory.mktemp("plain"))
    done = runner(runner.write("train.py", SCRIPT))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "broken",
    [
        "doctor.capture.tensorflow.samples:Samples.take",
        "doctor.capture.tensorflow.graphs:Graphs.took_gradient",
        "doctor.capture.tensorflow.graph_reader:GraphReader.drain",
        "doctor.capture.charts:Charts.tensor",
        "",
    ],
)
def test_a_part_that_fails(broken: str, plain: str, run_script: ScriptRunner) -> None:
    """Each part of capture that needs it says so once, and is switched off."""
    run_script.write("train.py", SCRIPT)
    run_script.write("site/sitecustomize.py", BREAKER)
    paths = {"PYTHONPATH": f"{run_script.folder / 'site'}:{CHILD_PATH}", "BROKEN": broken}
    done = run_script("-m", "doctor", "diagnose", "--quiet", "--run-dir", "run", "train.py", env=paths)
    assert done.stdout == plain
    said = [line for line in done.stderr.splitlines() if line.startswith("doctor: ")]
    failed = [line.removeprefix("doctor: watching ").split(" failed and is switched off (")[0] for line in said]
    assert len(set(failed)) == len(said) and bool(said) is bool(broken)
    assert all("(RuntimeError: made to fail" in line for line in said)
    kept = Recording.open(run_script.folder / "run")
    assert kept.run.status == "completed"
    assert {one["part"] for one in kept.run.not_captured} >= set(failed)
    if not broken:
        assert [len(kept.losses(one.key)) for one in kept.subjects] == [30, 30, 6]
