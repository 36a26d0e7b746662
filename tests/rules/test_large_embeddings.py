"""Rule large-embeddings."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run


def factors(spread: float = 5.4, *, late: float = 2.7, kernel: bool = False, function: str = "squared_error") -> Run:
    """Users and films under a squared error; `spread` is that of the outputs at step 0, labels have 1.1."""
    run = Run(source="P = tf.Variable(tf.random.normal([400, 32]))\nQ = tf.Variable(tf.random.normal([250, 32]))\n")
    run.subject()
    known = {"role": "embedding", "in_sources": True, "connected": True, "reaches_loss": True, "order": 0}
    for line, (name, rows) in enumerate((("P", 400), ("Q", 250)), 1):
        run.site("variable", name, line=line, shape=[rows, 32], **known)
        run.series("weight", f"variable:{name}", range(5), std=1.0 / line, mean=0.0, size=32 * rows)
    if kernel:
        run.dense(32, 1, None, last=True)
    run.site("output", "out", units=1, shape=[64, 1]).site("label", "y", shape=[64], encoding="continuous")
    run.site("loss", "mse", function=function, takes="values", labels="continuous")
    run.series("output", "output:out", range(5), std=spread, mean=0.0, size=64)
    run.series("label", "label:y", range(5), std=1.1, mean=3.0, min=1.0, max=5.0, size=64)
    return run.losses([spread**2 + 1.1**2 + 3.0**2] * 20 + [late] * 280)


def test_products_that_drown_the_labels(findings: Any) -> None:
    (found,) = findings("large-embeddings", factors())
    assert (found.fault, found.severity, found.confidence) == ("init-too-large", Severity.ERROR, Confidence.HIGH)
    assert found.location.line == 1 and found.site == "variable:P"
    assert found.fixes[0].code == "tf.random.normal([400, 32], stddev=0.1)"


def test_at_the_ratio(findings: Any, ruled_out: Any) -> None:
    assert findings("large-embeddings", factors(3.31)) and ruled_out("large-embeddings", factors(3.29))


def test_other_networks_and_runs_that_train(findings: Any) -> None:
    assert not findings("large-embeddings", factors(late=0.2)), "it found its way"
    assert not findings("large-embeddings", factors(kernel=True)), "a layer makes the outputs"
    assert not findings("large-embeddings", factors(function="sigmoid_cross_entropy"))
