"""Rule unexplained-failure."""

from __future__ import annotations

import numpy as np

from doctor.engine import diagnose
from doctor.findings import Severity
from tests.builders import classifier
from tests.numpy_training import blobs, train_mlp, uniform


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


def test_short_runs_are_not_blamed() -> None:
    """Plain SGD may need more steps than that to leave the start, however the run ended."""
    for status in ("completed", "stopped"):
        for steps, verdict in ((60, "unclear"), (100, "unclear"), (101, "faulty")):
            run = classifier([1.4] * steps)
            run.facts["status"] = status
            assert diagnose(run.build()).verdict == verdict


def test_short_runs_that_end_far_above_their_start_are_blamed() -> None:
    for end, fault in ((2.9, "unknown"), (2.7, None)):
        primary = diagnose(classifier([1.4] * 30 + [end] * 30).build()).primary
        assert (primary and primary.fault) == fault


def test_silent_where_something_was_found() -> None:
    diagnosis = diagnose(train_mlp(*blobs(), init=uniform(-0.1, 0.0)).build())
    assert "unknown" not in {one.fault for one in diagnosis.findings}


def test_silent_where_the_run_trains() -> None:
    assert not diagnose(classifier(failing=False).build()).findings
