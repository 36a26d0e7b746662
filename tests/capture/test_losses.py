"""Losses of many kinds are recognised, in `fit` and in loops, with batches of four and of thirty-two: two scripts."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.recording import Recording
from tests.conftest import ScriptRunner
from tests.diagnosing import diagnose

#: Expression for the loss of labels t and outputs z; units; labels; and what is to be seen.
LOOPS = {
    "sparse": ("tf.nn.sparse_softmax_cross_entropy_with_logits(labels=t, logits=z)", 3, "kind",
               "softmax_cross_entropy"),
    "one_hot": ("tf.nn.softmax_cross_entropy_with_logits(tf.one_hot(t, 3), z)", 3, "kind", "softmax_cross_entropy"),
    "log_softmax": ("-tf.gather(tf.nn.log_softmax(z), t, batch_dims=1)", 3, "kind", "softmax_cross_entropy"),
    "picked": ("-tf.math.log(tf.gather_nd(tf.nn.softmax(z), tf.stack([tf.range(len(t)), tf.cast(t, tf.int32)], 1)))",
               3, "kind", "log_probability"),
    "summed": ("-tf.math.log(tf.reduce_sum(tf.one_hot(t, 3) * tf.nn.softmax(z), 1) + 1e-9)", 3, "kind",
               "log_probability"),
    "shifted": ("-tf.reduce_sum(tf.one_hot(t, 3) * (shifted(z) - tf.math.log(tf.reduce_sum(tf.exp(shifted(z)), 1, "
                "keepdims=True))), 1)", 3, "kind", "softmax_cross_entropy"),
    "log_sum_exp": ("-tf.gather(z - tf.reduce_logsumexp(z, 1, keepdims=True), t, batch_dims=1)", 3, "kind",
                    "softmax_cross_entropy"),
    "indexed": ("peak(z) + tf.math.log(tf.reduce_sum(tf.exp(z - peak(z)[:, None]), 1)) "
                "- tf.reduce_sum(z * tf.one_hot(t, 3), 1)", 3, "kind", "softmax_cross_entropy"),
    "apart": ("tf.reduce_logsumexp(z, 1) - tf.reduce_sum(tf.one_hot(t, 3) * z, 1)", 3, "kind",
              "softmax_cross_entropy"),
    "binary": ("tf.nn.sigmoid_cross_entropy_with_logits(labels=t, logits=z[:, 0])", 1, "answer",
               "sigmoid_cross_entropy"),
    "weighted": ("tf.nn.weighted_cross_entropy_with_logits(t, z[:, 0], 3.0)", 1, "answer", "sigmoid_cross_entropy"),
    "softplus": ("tf.nn.softplus(z[:, 0]) - t * z[:, 0]", 1, "answer", "sigmoid_cross_entropy"),
    "two_softplus": ("t * tf.nn.softplus(-z[:, 0]) + (1 - t) * tf.nn.softplus(z[:, 0])", 1, "answer",
                     "sigmoid_cross_entropy"),
    "signed_labels": ("tf.reduce_sum(-tf.one_hot(t, 3) * tf.math.log(tf.nn.softmax(z)), 1)", 3, "kind",
                      "log_probability"),
    "by_hand": ("-(t * tf.math.log(tf.sigmoid(z[:, 0]) + 1e-7)"
                " + (1 - t) * tf.math.log(1 - tf.sigmoid(z[:, 0]) + 1e-7))", 1, "answer", "log_probability"),
    "squared": ("(z[:, 0] - t) ** 2", 1, "value", "squared_error"),
    "absolute": ("tf.abs(t - z[:, 0])", 1, "value", "absolute_error"),
    "poisson": ("tf.exp(z[:, 0]) - t * z[:, 0]", 1, "count", "poisson"),
    "deviance": ("deviance(t, tf.exp(z[:, 0]) + 1e-3)", 1, "count", "other"),
    "deviance_by_hand": ("by_hand(t, tf.exp(z[:, 0]) + 1e-3)", 1, "count", "other"),
    "deviance_of_some": ("some(t, tf.exp(z[:, 0]) + 1e-3)", 1, "count", "other"),
    "hinge": ("tf.maximum(0.0, 1 - t * z[:, 0])", 1, "sign", "hinge"),
}  # fmt: skip

FITS = {
    "sparse_categorical_crossentropy": (3, "softmax", "kind", "softmax_cross_entropy"),
    "binary_crossentropy": (1, "sigmoid", "yes", "sigmoid_cross_entropy"),
    "mse": (1, None, "value", "squared_error"),
    "mae": (1, None, "value", "absolute_error"),
    "poisson": (1, "softplus", "count", "poisson"),
    "hinge": (1, None, "sign", "hinge"),
}

DATA = """\
import keras
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
x = rng.normal(size=(64, 5)).astype("float32")
value = rng.normal(size=64).astype("float32")
kind, yes, count = rng.integers(0, 3, 64), rng.integers(0, 2, 64), rng.poisson(3, 64).astype("float32")
answer, sign = yes.astype("float32"), 2.0 * yes.astype("float32") - 1
"""


def loop_script() -> str:
    """Every loss in a loop of its own: batches of four eagerly, of thirty-two in a graph."""
    parts = [DATA, "def net(p, a):\n    return tf.nn.tanh(a @ p[0] + p[1]) @ p[2] + p[3]\n",
             "def shifted(z):\n    return z - tf.reduce_max(z, 1, keepdims=True)\n",
             "def deviance(t, rate):\n    return tf.math.xlogy(t, t / rate) - t + rate\n",
             "def by_hand(t, rate):\n    return t * tf.math.log((t + 0.5) / rate) - t + rate\n",
             "def some(t, rate):\n    part = tf.where(t > 0, t * tf.math.log(tf.maximum(t, 1.0) / rate), 0.0)\n"
             "    return part - (t - rate)\n",
             "def peak(z):\n    return tf.reduce_max(z, 1)\n"]
    for name, (loss, units, labels, _) in LOOPS.items():
        for size in (4, 32):
            step = f"{name}_{size}"
            parts.append(f"""
p_{step} = [tf.Variable(tf.random.normal(s) * 0.3) for s in ((5, 8), (8,), (8, {units}), ({units},))]
{"@tf.function" if size == 32 else ""}
def {step}(a, t):
    with tf.GradientTape() as tape:
        z = net(p_{step}, a)
        loss = tf.reduce_mean({loss})
    for v, g in zip(p_{step}, tape.gradient(loss, p_{step})):
        v.assign_sub(0.01 * g)
for i in range(0, 64, {size}):
    {step}(x[i:i + {size}], {labels}[i:i + {size}])
""")
    return "".join(parts)


def fit_script() -> str:
    """Every loss with and without an input layer; no batch is smaller than the others, so that sizes are fixed."""
    parts = [DATA]
    for name, (units, activation, labels, _) in FITS.items():
        for size in (4, 32):
            first = "keras.Input((5,)), " if size == 32 else ""
            parts.append(f"""
model = keras.Sequential([{first}keras.layers.Dense(8, "tanh"), keras.layers.Dense({units}, {activation!r})])
model.compile("sgd", {name!r})
model.fit(x, {labels}, batch_size={size}, epochs=1, verbose=0)
""")
    return "".join(parts)


def functions(recording: Recording) -> list[Any]:
    """What loss was seen of each subject, with whether its predictions were counted."""
    found: list[Any] = []
    for subject in recording.subjects:
        losses = recording.sites_of("loss", subject.key)
        labels, outputs = recording.sites_of("label", subject.key), recording.sites_of("output", subject.key)
        known = any(list(recording.vectors(one.key, name)) for one in outputs for name in ("correct", "errors"))
        found.append((losses[0].attributes["function"] if losses and labels else None, known))
    return found


@pytest.mark.parametrize("kind", ["loops", "fits"])
def test_every_loss_is_recognised(kind: str, run_script: ScriptRunner) -> None:
    """The loss, its labels, and hits or errors of its predictions; a hinge has neither."""
    source, table = (loop_script(), LOOPS) if kind == "loops" else (fit_script(), FITS)
    seen = functions(diagnose(run_script, run_script.write(f"{kind}.py", source)).recording)
    expected = [(row[-1], row[-1] != "hinge") for row in table.values() for _ in (4, 32)]
    assert dict(zip([f"{name} {size}" for name in table for size in (4, 32)], seen)) == dict(
        zip([f"{name} {size}" for name in table for size in (4, 32)], expected)
    )


#: Expression for the loss of labels t and outputs z, with what is to be seen of it.
WEIGHTED = {
    "likelihood": ("0.5 * (z[:, 1] + (t - z[:, 0]) ** 2 * tf.exp(-z[:, 1]))", "squared_error", "network"),
    "quotient": ("((t - z[:, 0]) / tf.nn.softplus(z[:, 1])) ** 2 + tf.math.log(tf.nn.softplus(z[:, 1]))", "other",
                 "network"),
    "advantage": ("(z[:, 0] - t) ** 2 * a[:, 0]", "squared_error", "data"),
    "plain": ("0.5 * (z[:, 0] - t) ** 2", "squared_error", None),
}  # fmt: skip


def test_what_multiplies_the_losses_of_examples(run_script: ScriptRunner) -> None:
    """A variance that is predicted, something of the data, or nothing."""
    parts = [DATA, "def net(p, a):\n    return tf.nn.tanh(a @ p[0] + p[1]) @ p[2] + p[3]\n",
             "def shifted(z):\n    return z - tf.reduce_max(z, 1, keepdims=True)\n",
             "def some(t, rate):\n    part = tf.where(t > 0, t * tf.math.log(tf.maximum(t, 1.0) / rate), 0.0)\n"
             "    return part - (t - rate)\n",
             "def peak(z):\n    return tf.reduce_max(z, 1)\n"]
    for name, (loss, _, _) in WEIGHTED.items():
        parts.append(f"""
p_{name} = [tf.Variable(tf.random.normal(s) * 0.3) for s in ((5, 8), (8,), (8, 2), (2,))]
for i in range(0, 64, 16):
    a, t = x[i:i + 16], value[i:i + 16]
    with tf.GradientTape() as tape:
        z = net(p_{name}, a)
        loss = tf.reduce_mean({loss})
    for v, g in zip(p_{name}, tape.gradient(loss, p_{name})):
        v.assign_sub(0.01 * g)
""")
    recording = diagnose(run_script, run_script.write("weighted.py", "".join(parts))).recording
    losses = [recording.sites_of("loss", subject.key)[0].attributes for subject in recording.subjects]
    assert dict(zip(WEIGHTED, ([one["function"], one["weighted_by"]] for one in losses))) == {
        name: seen for name, (_, *seen) in WEIGHTED.items()
    }


CTC = """
model = keras.Sequential([keras.Input((12, 5)), keras.layers.Dense(16, "relu"), keras.layers.Dense(4)])
optimizer = keras.optimizers.Adam(0.01)
frames = rng.normal(size=(64, 12, 5)).astype("float32")
words, lengths = rng.integers(1, 4, (64, 3)), np.full(64, 3)
@tf.function
def step(a, t, n):
    with tf.GradientTape() as tape:
        z = model(a, training=True)
        loss = tf.reduce_mean(tf.nn.ctc_loss(t, z, n, tf.fill([tf.shape(a)[0]], 12), logits_time_major=False,
                                             blank_index=0))
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return loss
for i in range(0, 64, 16):
    print(float(step(frames[i:i + 16], words[i:i + 16], lengths[i:i + 16])))
"""


def test_a_loss_of_alignments_is_no_cross_entropy(run_script: ScriptRunner) -> None:
    """CTC picks logarithms of a softmax by labels, and goes on in a loop: the loss is what comes out of it."""
    done = diagnose(run_script, run_script.write("ctc.py", DATA + CTC))
    (subject,) = done.recording.subjects
    assert done.recording.sites_of("loss", subject.key)[0].attributes["function"] == "other"
    printed = [float(line) for line in done.stdout.split()]
    assert done.recording.losses(subject.key).values.tolist() == pytest.approx(printed, rel=1e-5)
