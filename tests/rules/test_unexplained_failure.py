"""Rule unexplained-failure."""

from __future__ import annotations


import numpy as np

from doctor.findings import Severity
from tests.builders import classifier
from tests.numpy_training import blobs, train_mlp, uniform

from doctor.engine import diagnose


def test_labels_apart_from_inputs() -> None:
    """Everything is sound, and nothing is learned."""
    x, y = blobs(examples=8192)
    run = train_mlp(x, np.random.default_rng(5).permutation(y), steps=400, rate=0.05)
    diagnosis = diagnose(run.build())
    assert diagnosis.primary is not None and diagnosis.primary.fault == "unknown"
    assert diagnosis.verdict == "faulty" and len(diagnosis.ruled_out) >= 4
    found = diagnosis.primary
    assert found.severity is Severity.ERROR and found.location is not None and found.fixes
    assert found.evidence[0].limit is not None


def test_not_blamed_where_the_run_was_ended_early() -> None:
    """`--steps 60` asks for a look at the start; a failing start alone is no finding."""
    for steps, verdict in ((60, "unclear"), (101, "faulty")):
        run = classifier([1.4] * steps)
        run.facts["status"] = "stopped"
        assert diagnose(run.build()).verdict == verdict
    completed = diagnose(classifier([1.4] * 60).build())
    assert completed.primary is not None and completed.primary.fault == "unknown"


def test_silent_where_something_was_found() -> None:
    diagnosis = diagnose(train_mlp(*blobs(), init=uniform(-0.1, 0.0)).build())
    assert "unknown" not in {one.fault for one in diagnosis.findings}


def test_silent_where_the_run_trains() -> None:
    assert not diagnose(classifier(failing=False).build()).findings
