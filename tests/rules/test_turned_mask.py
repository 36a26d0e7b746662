"""Rule turned-mask."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from doctor.reading.masks import turned_mask
from tests.builders import Run, classifier
from tests.reading.test_loops import recorded

LOSS = """
def masked(y, logits):
    mask = {mask}
    per_token = xent(y, logits)
    return tf.reduce_sum({product}) / tf.reduce_sum(mask)
"""


@pytest.mark.parametrize(
    "mask, product, turned",
    [
        ("tf.cast(tf.equal(y, PAD), tf.float32)", "per_token * mask", True),
        ("tf.cast(y == 0, tf.float32)", "mask * per_token", True),
        ("(y == -100).astype('float32')", "per_token * mask", True),
        ("tf.cast(tf.not_equal(y, PAD), tf.float32)", "per_token * mask", False),
        ("tf.cast(y != 0, tf.float32)", "per_token * mask", False),
        ("tf.cast(tf.equal(y, PAD), tf.float32)", "per_token * (1 - mask)", False),
        ("tf.cast(tf.equal(y, 3), tf.float32)", "per_token * mask", False),
        ("tf.cast(tf.equal(y, PAD), tf.float32)", "logits * mask", False),
    ],
)
def test_masks(mask: str, product: str, turned: bool) -> None:
    found = turned_mask(recorded(LOSS.format(mask=mask, product=product)))
    assert (found[0].line if found is not None else None) == (3 if turned else None)


@pytest.mark.parametrize(
    "body",
    [
        "mask = tf.cast(tf.equal(tokens, MASK_ID), tf.float32)\n    return per_token * mask",
        "source = tf.cast(tf.equal(domain, 0), tf.float32)\n    return class_loss * source",
        "neg = tf.cast(y == 0, tf.float32)\n    pos = 1 - neg\n    return 10 * loss * pos + loss * neg",
    ],
    ids=["masked words", "one of two domains", "weights of classes"],
)
def test_masks_that_are_meant(body: str) -> None:
    assert turned_mask(recorded(f"def masked(y, tokens, domain):\n    {body}\n")) is None


def shown(accuracy: float) -> Run:
    source = LOSS.format(mask="tf.cast(tf.equal(y, PAD), tf.float32)", product="per_token * mask")
    return classifier(failing=False, source=source).scalar("epoch/token_acc", 299, accuracy)


def test_how_bad_it_is(findings: Any) -> None:
    (found,) = findings("turned-mask", shown(0.0))
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.HIGH, 3)
    assert found.fixes[0].code == "mask = tf.cast(tf.not_equal(y, PAD), tf.float32)"
    bare = shown(0.0)
    bare.source = bare.source.replace("PAD", "0")
    assert findings("turned-mask", bare)[0].severity is Severity.WARNING, "0 may be a class"
    assert findings("turned-mask", shown(0.04))[0].severity is Severity.ERROR
    assert findings("turned-mask", shown(0.05))[0].severity is Severity.WARNING
