"""Hand-built diagnoses: one of each verdict, shared by the tests of all reporters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from doctor.findings import (
    Confidence,
    Diagnosis,
    Evidence,
    Finding,
    Fix,
    NotChecked,
    RuledOut,
    Severity,
)
from doctor.recording import LOSS_ROW, OBSERVATION_ROW, Recording
from doctor.types import Location, RunFacts, Site

GOLD = Path(__file__).parent / "gold"

SCRIPT = '''"""A deep network."""

import tensorflow as tf

weights = []
for n_in, n_out in zip(SIZES[:-1], SIZES[1:]):
    w = tf.random.uniform([n_in, n_out], minval=-0.4, maxval=0.4)
    weights.append(tf.Variable(w))

for images, labels in data:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels, model(images))
        )
'''

SUBJECT = "subject:1"
INITIAL = Location("train.py", 7, "w = tf.random.uniform([n_in, n_out], minval=-0.4, maxval=0.4)")
LOSS = Location("train.py", 12, "loss = tf.reduce_mean(")


def build_recording(losses: list[float], run: RunFacts) -> Recording:
    """A recording of one subject with nothing but losses and the correct predictions."""
    rows = np.array([(0, step, loss, 0.01 * step) for step, loss in enumerate(losses)], dtype=LOSS_ROW)
    sites = {
        SUBJECT: Site(SUBJECT, "subject", "training loop", SUBJECT, attributes={"style": "tape", "mode": "eager"}),
        "output:1": Site("output:1", "output", "logits", SUBJECT),
        "output:2": Site("output:2", "output", "logits", SUBJECT, phase="eval"),
    }
    vectors = [
        {"step": 3, "site": "output:1", "name": "correct", "values": [13.0, 128.0]},
        {"step": 4, "site": "output:2", "name": "correct", "values": [980.0, 10000.0]},
    ]
    return Recording(
        run=run,
        sites=sites,
        losses=rows,
        observations=np.empty(0, OBSERVATION_ROW),
        vectors=vectors,
        source=SCRIPT,
    )


def run_facts(**changes: Any) -> RunFacts:
    facts: dict[str, Any] = {
        "path": "train.py",
        "argv": ("--depth", "8"),
        "sha256": "ab" * 32,
        "status": "completed",
        "exit_code": 0,
        "seconds": 14.25,
        "capture_seconds": 0.5,
        "versions": {"python": "3.11.9", "tensorflow": "2.21.0", "keras": "3.15.1", "doctor": "0.1.0"},
    }
    return RunFacts(**{**facts, **changes})


@pytest.fixture(autouse=True)
def rules_of_the_day(monkeypatch):
    """Gold files must not change with every new rule."""
    known = ["large-initial-weights", "exploding-gradient", "loss-not-finite", "small-shuffle-buffer", "overfitting"]
    monkeypatch.setattr("doctor.reporters.story.all_rules", lambda: [*known, *(f"rule-{n}" for n in range(30))])


@pytest.fixture
def faulty() -> tuple[Diagnosis, Recording]:
    """Initial weights that are too large, with symptoms, a second finding and sample data."""
    run = run_facts(
        data=({"name": "mnist", "kind": "sample", "sentence": "mnist: a sample of 2,000 and 500 images was used"},),
        not_captured=({"part": "the graph of the model", "reason": "the model was never traced"},),
    )
    cause = Finding(
        rule="large-initial-weights",
        fault="init-too-large",
        severity=Severity.ERROR,
        confidence=Confidence.CERTAIN,
        title="The initial weights are too large for eight ReLU layers",
        message=(
            "The weights are drawn from ±0.4 whatever the size of the layer. Each layer multiplies the spread of "
            "its input by 1.6, so the activations of the last one are 17 times as large as those of the first."
        ),
        subject=SUBJECT,
        site="variable:w:7",
        location=INITIAL,
        onset_step=0,
        evidence=(
            Evidence("weight/w/std", 0, 0.23094, 0.0505, "", "He initialisation gives sqrt(2 / 784)"),
            Evidence("activation/h8/std", 0, 24.02, 5.0),
            Evidence("loss", 0, 146.1, 2.302585, "nats", "ln 10 is what guessing gives"),
            Evidence("gradient/an_unusually_long_variable_name_of_a_nested_layer/kernel/norm", 1, 1.2e6, None),
            Evidence("share of updates applied", None, float("inf"), 0.995, "share"),
        ),
        fixes=(
            Fix(
                "Draw the weights with the limits of He initialisation",
                "limit = (6.0 / n_in) ** 0.5\nw = tf.random.uniform([n_in, n_out], minval=-limit, maxval=limit)",
                INITIAL,
                safe=True,
            ),
            Fix("Or let Keras choose", 'initializer = tf.keras.initializers.HeUniform()'),
        ),
        primary=True,
    )
    symptoms = (
        Finding(
            rule="exploding-gradient",
            fault="exploding-gradient",
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The gradients grow without bound",
            message="The gradient norm is 1.2e6 at step 1.",
            subject=SUBJECT,
            site="variable:w:7",
            location=LOSS,
            onset_step=1,
            evidence=(Evidence("gradient/w/norm", 1, 1.2e6, 1e3),),
            caused_by="large-initial-weights",
        ),
        Finding(
            rule="loss-not-finite",
            fault="unknown",
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="The loss is NaN from step 3 on",
            message="The loss was not a number.",
            subject=SUBJECT,
            onset_step=3,
            caused_by="exploding-gradient",
        ),
    )
    other = Finding(
        rule="small-shuffle-buffer",
        fault="pipeline-order",
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
        title="The shuffle buffer holds 100 of 60,000 items",
        message="Batches hold neighbours only.",
        subject=SUBJECT,
        location=LOSS,
        evidence=(Evidence("dataset/shuffle/buffer_size", None, 100.0, 60000.0),),
        fixes=(Fix("Shuffle over the whole data", "train_data.shuffle(60000)"),),
    )
    diagnosis = Diagnosis(
        run=run,
        steps=6,
        verdict="faulty",
        reason="The loss is NaN from step 3 on.",
        findings=(cause, *symptoms, other),
        ruled_out=(
            RuledOut("lr-too-high", "the activations are 17 times too large before the first update"),
            RuledOut("input-scale", "the inputs span 0 to 1"),
        ),
        not_checked=(
            NotChecked("overfitting", "no validation data was seen", SUBJECT),
            NotChecked("leakage", "no validation data was seen", SUBJECT),
            NotChecked("saturation", "no sigmoid or tanh in the network", SUBJECT),
        ),
    )
    nan = float("nan")
    return diagnosis, build_recording([146.1, 9.1e9, 4e4, nan, nan, nan], run)


@pytest.fixture
def healthy() -> tuple[Diagnosis, Recording]:
    """A run that trains."""
    run = run_facts(argv=(), seconds=200.0)
    diagnosis = Diagnosis(
        run=run,
        steps=400,
        verdict="healthy",
        reason="The loss fell from 2.31 to 0.1; 20 rules found nothing, 1 could not check.",
        not_checked=(NotChecked("overfitting", "no validation data was seen", SUBJECT),),
    )
    return diagnosis, build_recording([2.3 * 0.99**step + 0.05 * (step % 3) for step in range(400)], run)


@pytest.fixture
def unclear() -> tuple[Diagnosis, Recording]:
    """A run too short to judge."""
    run = run_facts(argv=(), status="interrupted", exit_code=130, seconds=3.0)
    diagnosis = Diagnosis(
        run=run,
        steps=3,
        verdict="unclear",
        reason="3 steps are too few to judge whether the loss falls.",
        not_checked=tuple(NotChecked(f"rule-{n}", "3 steps recorded, 20 needed", SUBJECT) for n in range(9)),
    )
    return diagnosis, build_recording([2.31, 2.30, 2.32], run)
