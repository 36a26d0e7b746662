"""Whole scripts in every style: printed and trained as without doctor, and seen as they should be."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import numpy as np
import pytest

from doctor.recording import Recording
from tests.conftest import ScriptRunner
from tests.diagnosing import Diagnosed, diagnose

STYLES = Path(__file__).parent / "styles"

#: Script -> (mode, style, steps, activations' functions in forward order, loss function).
EXPECTED = {
    "bare_eager": ("eager", "tape", 40, ["relu"], "softmax_cross_entropy"),
    "keras_eager": ("eager", "tape", 50, ["tanh"], "squared_error"),
    "keras_function": ("graph", "tape", 24, ["relu"], "softmax_cross_entropy"),
    "noise_in_function": ("graph", "tape", 320, ["tanh"], "squared_error"),
    "bare_loop_in_graph": ("graph", "tape", 300, ["tanh"], "squared_error"),
    "compiled_forward": ("eager", "tape", 60, ["relu"], "softmax_cross_entropy"),
    "fit_sequential": ("graph", "fit", 48, ["relu"], "softmax_cross_entropy"),
    "fit_train_step": ("graph", "fit", 24, ["sigmoid"], "absolute_error"),
    "fit_compiled": ("graph", "fit", 24, ["relu"], "sigmoid_cross_entropy"),
    "fit_eagerly": ("eager", "fit", 8, None, "sigmoid_cross_entropy"),
    "fit_functional": ("graph", "fit", 24, ["relu"], "softmax_cross_entropy"),
}

#: Those that `make smoke` runs too; tf.compat.v1 is among the other styles.
SMOKE = ("bare_eager", "keras_function", "fit_sequential")


@functools.cache
def run(name: str) -> tuple[str, Diagnosed]:
    """(stdout without doctor, the diagnosed run) of a style, once for all tests."""
    runner = ScriptRunner(Path(tempfile.mkdtemp(prefix=f"doctor-{name}-")))
    script = STYLES / f"{name}.py"
    plain = runner(script)
    assert plain.returncode == 0, plain.stderr
    return plain.stdout, diagnose(runner, script)


def recording_of(name: str) -> Recording:
    """What was recorded of a style."""
    return run(name)[1].recording


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.smoke if name in SMOKE else ()) for name in EXPECTED]
)
def test_undisturbed(name: str) -> None:
    """The same output, which holds a hash of the final weights and random numbers drawn at the end."""
    plain, diagnosed = run(name)
    assert diagnosed.stdout == plain
    assert diagnosed.report["run"]["exit_code"] == 0
    assert diagnosed.recording.run.not_captured == ()


@pytest.mark.parametrize("name", EXPECTED)
def test_healthy_styles_are_silent(name: str) -> None:
    """None of these short trainings is failing."""
    assert run(name)[1].errors == []


@pytest.mark.parametrize("name", EXPECTED)
def test_every_step_and_every_variable_is_seen(name: str) -> None:
    """The loss of each step; weights, gradients and updates of each variable at the first steps."""
    recording = recording_of(name)
    mode, style, steps, _, _ = EXPECTED[name]
    (subject,) = recording.subjects
    assert (subject.attributes["mode"], subject.attributes["style"]) == (mode, style)
    losses = recording.losses(subject.key)
    assert losses.steps.tolist() == list(range(steps))
    assert np.isfinite(losses.values).all()
    assert subject.attributes["applied_steps"] == steps
    variables = [site for site in recording.sites_of("variable") if site.attributes["in_sources"]]
    assert len(variables) == subject.attributes["sources"]
    for site in variables:
        assert site.attributes["connected"] is True and site.attributes["assigned"] is True
        for role in ("weight", "gradient", "update"):
            if (role, "embedding" in site.name) == ("update", True):
                continue  # scattered rows
            assert recording.observed_steps(role, site.key)[:8].tolist() == list(range(8)), (role, site.name)


@pytest.mark.parametrize("name", EXPECTED)
def test_network_is_understood(name: str) -> None:
    """Inputs, labels, output, loss and activations are found, with the user's lines."""
    recording = recording_of(name)
    _, _, _, functions, loss = EXPECTED[name]
    heads = recording.sites_of("loss")
    assert loss in [site.attributes["function"] for site in heads]
    source = (STYLES / f"{name}.py").read_text(encoding="utf-8").splitlines()
    activations = sorted(recording.sites_of("activation"), key=lambda site: site.attributes["order"])
    if functions is not None:
        found = [site.attributes["function"] for site in activations]
        assert [function for function in found if function != "linear"] == functions
    for site in [*activations, *recording.sites_of("variable"), *heads]:
        assert site.location is not None, site
        assert site.location.code == source[site.location.line - 1].strip()
    for kind in ("input", "label", "output"):
        (first, *_) = recording.sites_of(kind)
        assert recording.observed_steps(kind, first.key)[:8].tolist() == list(range(8))


FAST_STEPS = """
import tensorflow as tf

w = tf.Variable(tf.random.normal([20, 20], seed=1))

@tf.function
def step(x):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(tf.tanh(x @ w) - x))
    w.assign_sub(0.1 * tape.gradient(loss, w))

for _ in range(4000):
    step(tf.random.normal([16, 20], seed=2))
"""


def test_fast_steps_are_observed_to_the_end(run_script: ScriptRunner) -> None:
    """Steps of a millisecond, one a call: statistics of the last quarter of the run are there."""
    recording = diagnose(run_script, run_script.write("fast.py", FAST_STEPS)).recording
    (subject,) = recording.subjects
    assert recording.losses(subject.key).steps.tolist() == list(range(4000))
    (variable,) = recording.sites_of("variable")
    assert recording.observed_steps("weight", variable.key)[-1] >= 3000


def test_concrete_functions_are_observed_within_the_budget(run_script: ScriptRunner) -> None:
    """A function that is called by its concrete function is read and scheduled as any other."""
    source = FAST_STEPS.replace("for _ in", "step = step.get_concrete_function(tf.TensorSpec([16, 20]))\nfor _ in")
    recording = diagnose(run_script, run_script.write("concrete.py", source)).recording
    (subject,) = recording.subjects
    assert recording.losses(subject.key).steps.tolist() == list(range(4000))
    (variable,) = recording.sites_of("variable")
    steps = recording.observed_steps("weight", variable.key)
    assert steps[:8].tolist() == list(range(8)) and steps[-1] >= 3000 and len(steps) < 400


LATE_NAN = FAST_STEPS.replace(
    "for _ in range(4000):\n    step(tf.random.normal([16, 20], seed=2))",
    "for i in range(3000):\n    step(tf.fill([16, 20], float('nan') if i == 2517 else 0.5))",
)


def test_the_first_nan_batch_is_seen_in_a_graph(run_script: ScriptRunner) -> None:
    """Between two samples, a batch holds NaN: its statistics are kept all the same."""
    found = diagnose(run_script, run_script.write("late_nan.py", LATE_NAN))
    recording = found.recording
    (site,) = recording.sites_of("input")
    counts = recording.series("input", site.key, "nan_count")
    assert counts.values[counts.steps == 2517].tolist() == [320.0]
    assert counts.values[counts.steps < 2517].max() == 0
    assert found.primary["fault"] == "input-nan"


def test_update_is_minus_rate_times_gradient() -> None:
    """With plain SGD at 0.1 the numbers of update and gradient must agree."""
    recording = recording_of("bare_eager")
    for site in recording.sites_of("variable"):
        gradient = recording.series("gradient", site.key, "norm").values
        update = recording.series("update", site.key, "norm").values
        np.testing.assert_allclose(update, 0.1 * gradient, rtol=1e-5)


def test_names_and_lines_of_bare_variables() -> None:
    """Variables and activations bear the names that the script assigns them to."""
    recording = recording_of("bare_eager")
    named = {site.name: site for site in recording.sites_of("variable")}
    assert list(named) == ["w1", "b1", "w2"]
    assert named["w1"].location is not None and named["w1"].location.code.startswith("w1 = tf.Variable(")
    assert [named[name].attributes["role"] for name in named] == ["kernel", "bias", "kernel"]
    assert named["w1"].attributes["activation"] == "relu"
    (hidden,) = recording.sites_of("activation")
    assert hidden.name == "hidden"
    assert [site.name for site in recording_of("bare_loop_in_graph").sites_of("variable")] == [
        "params['w1']",
        "params['w2']",
    ]


@pytest.mark.parametrize("name", ["bare_eager", "keras_eager", "keras_function", "fit_sequential"])
def test_evaluation_is_seen_apart(name: str) -> None:
    """Forward passes outside any tape have sites and observations of their own."""
    recording = recording_of(name)
    (inputs, *_) = recording.sites_of("input", phase="eval")
    (outputs, *_) = recording.sites_of("output", phase="eval")
    assert len(recording.observed_steps("input", inputs.key)) >= 1
    assert len(recording.observed_steps("output", outputs.key)) >= 1
    if name == "bare_eager":  # the test images are the training images halved
        train = recording.stats("input", recording.sites_of("input")[0].key)
        test = recording.stats("input", inputs.key)
        assert train is not None and test is not None
        assert test["std"] == pytest.approx(0.5 * train["std"], rel=0.1)


def test_hits_and_classes_are_counted() -> None:
    """Labels by class, predictions by class and hits, in a graph and eagerly."""
    for name, batch in (("bare_eager", 64), ("fit_sequential", 32)):
        recording = recording_of(name)
        (label,), (output,) = recording.sites_of("label"), recording.sites_of("output")
        step, counts = next(iter(recording.vectors(label.key, "class_counts")))
        assert step == 0 and counts.sum() == batch and len(counts) == 2
        assert next(iter(recording.vectors(output.key, "predicted_counts")))[1].sum() == batch
        assert next(iter(recording.vectors(output.key, "correct")))[1][1] == batch


def test_keras_facts() -> None:
    """Epoch logs, learning rate, optimiser, compile and fit arguments."""
    recording = recording_of("fit_sequential")
    (subject,) = recording.subjects
    assert len(recording.scalars(subject.key, "epoch/val_loss")) == 3
    assert recording.scalars(subject.key, "learning_rate").values[0] == pytest.approx(0.1)
    (optimizer,) = recording.sites_of("optimizer")
    assert optimizer.attributes["class"] == "SGD" and optimizer.location is not None
    (fit,) = recording.sites_of("fit")
    assert fit.attributes["epochs"] == 3 and fit.attributes["batch_size"] == 32
    assert fit.attributes["compile"]["loss"] == "sparse_categorical_crossentropy"
    roles = {site.attributes["role"] for site in recording.sites_of("array")}
    assert {"x", "y", "x_val", "y_val"} <= roles


def test_dataset_stages() -> None:
    """The order of the stages of a tf.data pipeline, with buffer and batch sizes."""
    (dataset, *_) = recording_of("bare_eager").sites_of("dataset")
    stages = [(stage["stage"], stage["arguments"]) for stage in dataset.attributes["chain"]]
    assert stages == [
        ("from_tensor_slices", {}),
        ("shuffle", {"buffer_size": 640, "seed": 1}),
        ("batch", {"batch_size": 64}),
    ]


def test_tensorboard_files() -> None:
    """Graph, scalars, histograms of weights, gradients and activations."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder = run("bare_eager")[1].run_dir / "tensorboard" / "train"
    events = EventAccumulator(str(folder), size_guidance={"tensors": 0})
    events.Reload()
    tags = events.Tags()
    assert tags["graph"]
    names = set(tags["tensors"])
    assert {"weights/00_w1", "gradients/00_w1", "activations/00_hidden"} <= names
    assert {"1_training/loss", "1_training/accuracy", "3_gradient_norm/00_w1", "4_update_over_weight/00_w1"} <= names
    assert {"5_dead_units/00_hidden", "8_weight_std/00_w1"} <= names
    assert not any("nonfinite" in name for name in names), "all of it is finite"
