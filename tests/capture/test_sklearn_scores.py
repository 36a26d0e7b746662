"""Scores that a script computes with scikit-learn."""

from __future__ import annotations

import json

import pytest

from tests.conftest import ScriptRunner

SCRIPT = """\
import pickle

import keras
import numpy as np
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import cross_val_score
from sklearn.dummy import DummyClassifier

rng = np.random.default_rng(0)
x = rng.normal(size=(60, 6)).astype("float32")
y = (x[:, :1] > 0).astype("int64")
cross_val_score(DummyClassifier(), x, y.ravel(), cv=3)
model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")
model.fit(x[:40], y[:40], epochs=2, batch_size=8, verbose=0)
guess = model.predict(x[40:], verbose=0) > 0.5
print(accuracy_score(y[40:], guess))
print(r2_score(y_true=x[:40, 0], y_pred=x[:40, 0]))
assert pickle.loads(pickle.dumps(accuracy_score)) is accuracy_score and accuracy_score.__name__ == "accuracy_score"
"""


def test_what_the_script_scores_itself(run_script: ScriptRunner) -> None:
    script = run_script.write("train.py", SCRIPT)
    done = run_script("-m", "doctor", "diagnose", "--quiet", "--run-dir", "run", script)
    assert done.returncode in (0, 1), done.stderr
    lines = (run_script.folder / "run" / "sites.jsonl").read_text(encoding="utf-8").splitlines()
    sites = {site["key"]: site for site in map(json.loads, lines)}
    scores = [site for site in sites.values() if site["kind"] == "score"]
    # What scikit-learn is given is also seen by following the predictions.
    by_hand = [site for site in scores if site["attributes"].get("by_hand")]
    assert [(site["name"], site["location"][1]) for site in by_hand] == [("accuracy", 17)]
    scores = [site for site in scores if site not in by_hand]
    assert [(site["name"], site["location"][1]) for site in scores] == [("accuracy_score", 17), ("r2_score", 18)]
    first, second = (site["attributes"] for site in scores)
    assert f"{first['value']}" == done.stdout.splitlines()[0] and first["rows"] == 20
    assert 0.5 <= first["majority"] <= 1 and first["steps"] == 10
    assert second["value"] == pytest.approx(1.0) and second["majority"] is None


BY_HAND = """\
import keras
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
x = rng.normal(size=(80, 6)).astype("float32")
y = (x[:, 0] > 0).astype("int64")
x_train, y_train, x_test, y_test = x[:60], y[:60], x[50:], y[50:]
net = keras.Sequential([keras.Input((6,)), keras.layers.Dense(2)])
optimizer = keras.optimizers.SGD(0.1)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, net(x, training=True)))
    optimizer.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))


def accuracy(inputs, truth):
    guess = net(inputs).numpy().argmax(axis=1)
    return (guess == truth).mean()


for epoch in range(3):
    for start in range(0, 60, 20):
        step(x_train[start : start + 20], y_train[start : start + 20])
    print(accuracy(x_test, y_test))
wrong = net.predict(x_test, verbose=0).argmax(-1) != y_test
print(1 - wrong.mean())


@tf.function
def answer(inputs):
    return net(inputs)


exported = answer.get_concrete_function(tf.TensorSpec([None, 6]))
print(np.mean(np.argmax(answer(x_test), 1) == y_test))
print(np.mean(exported(tf.constant(x_test[10:])).numpy().argmax(1) == y_test[10:]))
"""


def test_what_the_script_compares_in_numpy(run_script: ScriptRunner) -> None:
    script = run_script.write("loop.py", BY_HAND)
    done = run_script("-m", "doctor", "diagnose", "--quiet", "--run-dir", "run", script)
    lines = (run_script.folder / "run" / "sites.jsonl").read_text(encoding="utf-8").splitlines()
    # The last description of a place holds.
    sites = {site["key"]: site for site in map(json.loads, lines)}
    scores = [site for site in sites.values() if site["kind"] == "score"]
    assert [(site["location"][1], site["attributes"]["labels"]) for site in scores] == [
        (22, "y_test"), (29, "y_test"), (39, "y_test"), (40, "y_test[10:]")
    ]  # fmt: skip
    shown = [float(line) for line in done.stdout.splitlines()[-4:]]
    assert [site["attributes"]["value"] for site in scores] == pytest.approx(shown)
    assert {site["attributes"]["steps"] for site in scores} == {9}
    # Ten rows of the test are trained on, which a look at what is predicted tells.
    assert done.returncode == 1 and "leakage" in done.stderr
