"""Rule padding-attention."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = "mask = tf.equal(ids, 0)[:, None, :]\nh = attention(x, x, attention_mask=mask)\n"


def attending(part: float = 1.0, padding: float = 0.5, source: str = SOURCE, **options: Any) -> Run:
    """A softmax that puts this part of its weight on padding."""
    run = classifier(source=source, **options)
    run.site("activation", "softmax", function="softmax", order=9, next=["linear"])
    for step in range(5):
        run.vector("activation:softmax", "padding", step, [part, padding])
    return run.observe("activation", "activation:softmax", 0, [0.5, 0.5])


def test_a_mask_that_is_turned_round(findings: Any) -> None:
    (found,) = findings("padding-attention", attending())
    assert (found.fault, found.severity, found.confidence) == (
        "degenerate-feature", Severity.ERROR, Confidence.CERTAIN,
    )  # fmt: skip
    assert found.location.line == 1 and "50 % of the tokens" in found.message
    (found,) = findings("padding-attention", attending(failing=False))
    assert found.severity is Severity.WARNING


def test_thresholds(findings: Any, ruled_out: Any) -> None:
    assert findings("padding-attention", attending(0.98)) and not findings("padding-attention", attending(0.97))
    assert not findings("padding-attention", attending(padding=0.9)), "hardly anything else is there"
    assert not findings("padding-attention", attending(padding=0.02)), "hardly any"
    assert "50 % of its weight" in ruled_out("padding-attention", attending(0.5))[0].why, "no mask"


def test_the_line_of_the_mask(findings: Any) -> None:
    for source, line in (
        ("keep = ids != 0\nscore = score - 1e9 * keep\n", 2),
        ("if step % 10 == 0:\n    pass\npad = ids == 0\n", 3),
    ):
        assert findings("padding-attention", attending(source=source))[0].location.line == line


def test_other_softmaxes(check: Any) -> None:
    assert check("padding-attention", classifier().observe("activation", "activation:h1", 0, [1.0])) == []
