"""Rule unused-clipping."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier, replace_series

SOURCE = """\
def step(x, y):
    grads = tape.gradient(loss, params)
    clipped, norm = tf.clip_by_global_norm(grads, 5.0)
    optimizer.apply_gradients(zip(grads, params))
    return norm
"""


def clipped(norm: float = 50.0, source: str = SOURCE, failing: bool = True) -> Run:
    run = classifier(failing=failing, source=source)
    for key, site in list(run.sites.items()):
        if site.kind == "variable":
            replace_series(run, "gradient", key, range(10), norm=0.0, size=640)
    return replace_series(run, "gradient", "variable:w1", range(10), norm=norm, size=640)


def test_clipped_and_applied_unclipped(findings: Any) -> None:
    (found,) = findings("unused-clipping", clipped())
    assert (found.fault, found.severity, found.confidence) == ("exploding-gradient", Severity.ERROR, Confidence.HIGH)
    assert found.location.line == 4 and found.evidence[0].limit == 5.0


def test_at_the_limit(findings: Any) -> None:
    assert findings("unused-clipping", clipped(5.1)) and not findings("unused-clipping", clipped(5.0))
    assert not findings("unused-clipping", clipped(failing=False)), "a run that trains needs none"


@pytest.mark.parametrize(
    ("was", "becomes", "count"),
    [("zip(grads, params)", "zip(clipped, params)", 0),
     ("clipped, norm = tf.clip_by_global_norm(grads, 5.0)", "[tf.clip_by_norm(g, 5.0) for g in grads]", 1),
     ("clipped, norm = tf.clip_by_global_norm(grads, 5.0)", "grads = [tf.clip_by_norm(g, 5.0) for g in grads]", 0),
     ("clipped, norm = tf.clip_by_global_norm(grads, 5.0)", "p = tf.clip_by_value(x, 0.0, 1.0)", 0),
     ("clipped, norm = tf.clip_by_global_norm(grads, 5.0)", "_, norm = tf.clip_by_global_norm(grads, 5.0)", 0),
     ("optimizer.apply", "Adam(global_clipnorm=5).apply", 0),
     ("clipped, norm = tf.clip_by_global_norm(grads, 5.0)",
      "out = []\n    for grad in grads: out.append(tf.clip_by_norm(grad, 5.0))", 0),
     ("clipped, norm = tf.clip_by_global_norm(grads, 5.0)",
      "optimizer.apply_gradients([(tf.clip_by_norm(g, 5.0), v) for g, v in zip(grads, params)])", 0)],
)  # fmt: skip
def test_what_becomes_of_the_result(was: str, becomes: str, count: int, findings: Any) -> None:
    assert len(findings("unused-clipping", clipped(source=SOURCE.replace(was, becomes)))) == count
