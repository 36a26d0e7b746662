"""Lists of weights that are taken of models which have none yet."""

from __future__ import annotations

import json

from tests.conftest import ScriptRunner

SCRIPT = """\
import keras
import numpy as np
import tensorflow as tf

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(4, name="hidden")

    def call(self, x):
        return self.hidden(x)

x = np.ones((8, 3), "float32")
encoder, asked, unused = Net(), Net(), Net()
head = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
weights = encoder.trainable_weights + head.trainable_weights
print(len(asked.trainable_variables), len(unused.trainable_variables), len(head.trainable_variables))
optimizer = keras.optimizers.SGD(0.01)
for _ in range(3):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(head(encoder(x) + asked(x)) ** 2)
    every = weights + asked.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, every), every))
"""


def test_lists_that_were_empty(run_script: ScriptRunner) -> None:
    script = run_script.write("train.py", SCRIPT)
    done = run_script("-m", "doctor", "diagnose", "--run-dir", "run", "--format", "json", "--output", "d.json", script)
    assert "0 0 2" in done.stdout, done.stderr
    lines = (run_script.folder / "run" / "sites.jsonl").read_text(encoding="utf-8").splitlines()
    sites = {site["key"]: site for site in map(json.loads, lines)}
    early = [site for site in sites.values() if site["kind"] == "early_list"]
    assert [(site["location"][1], len(site["attributes"]["variables"])) for site in early] == [(16, 2), (17, 2)]
    found = json.loads((run_script.folder / "d.json").read_text(encoding="utf-8"))["findings"][0]
    assert (found["fault"], found["location"]["line"], found["primary"]) == ("gradient-disconnected", 16, True)
