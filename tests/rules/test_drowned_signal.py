"""Rule drowned-signal."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import SCRIPT, Run
from tests.rules.test_label_mismatch import batches, related

SOURCE = """\
def noisy(image, label):
    image = image + tf.random.normal(tf.shape(image), stddev=12.0)
    return tf.clip_by_value(image, 0.0, 1.0), label
"""


def mapped(run: Run, source: str = SOURCE) -> Run:
    """The batches come from a pipeline that maps the function."""
    run.source = source
    stage = {"stage": "map", "function": "noisy", "defined": [SCRIPT, 1, source.splitlines()[0]]}
    return run.site("dataset", "d", chain=[stage], used_for="train")


def test_labels_are_told_from_the_arrays_only(findings: Any, primary: Any) -> None:
    run = mapped(batches(related(20.0), 0.5))
    (found,) = findings("drowned-signal", run)
    assert (found.fault, found.severity, found.confidence) == ("input-noise", Severity.ERROR, Confidence.HIGH)
    assert found.location.line == 2
    assert [(one.observed, one.limit) for one in found.evidence] == [(0.5, 3.5), (20.0, 7.0)]
    assert not findings("label-mismatch", run) and primary(run).rule == "drowned-signal"


def test_a_run_that_is_a_little_better_than_guessing_is_drowned_too(findings: Any) -> None:
    run = mapped(batches(related(20.0), 0.5))
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    for step in range(10):
        run.vector("output:out", "correct", step, [32 * (0.25 + 0.75 * 0.06), 32.0])
    assert [one.severity for one in findings("drowned-signal", run)] == [Severity.ERROR]


@pytest.mark.parametrize(
    "run",
    [
        mapped(batches(related(20.0), 3.6)),
        mapped(batches(related(6.9), 0.5)),
        mapped(batches(related(20.0), 0.5), SOURCE.replace(" + tf.random.normal(tf.shape(image), stddev=12.0)", "")),
        mapped(batches(related(20.0, failing=False), 0.5)),
    ],
    ids=["still told", "told from neither", "no noise", "trains"],
)
def test_what_is_not_drowned(run: Run, findings: Any) -> None:
    assert not findings("drowned-signal", run)
