"""Rule ranked-backwards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from tests.builders import classifier

BODY = "def bpr({names}):\n    return tf.reduce_mean({value})\n\nloss = bpr({given})\n"
SCORES = "net.score(user, liked), net.score(user, other)"


@pytest.mark.parametrize(
    "names, value, given, wrong",
    [
        ("positive, negative", "tf.nn.softplus(positive - negative)", SCORES, True),
        ("pos, neg", "tf.nn.relu(1.0 + pos - neg)", "model.logits(a), model.logits(b)", True),
        ("pos_score, neg_score", "tf.nn.softplus(-neg_score + pos_score)", "a, b", True),
        ("positive, negative", "tf.nn.relu(positive - negative + 0.2)",
         "keras.losses.cosine_similarity(a, p), keras.losses.cosine_similarity(a, n)", False),
        ("positive, negative", "tf.nn.softplus(negative - positive)", SCORES, False),
        ("pos, neg", "tf.nn.relu(1.0 - pos + neg)", "model.logits(a), model.logits(b)", False),
        ("pos, neg", "tf.nn.relu(margin + pos - neg)", "distance(a, p), distance(a, n)", False),
        ("d_pos, d_neg", "tf.nn.relu(d_pos - d_neg + margin)", "a, b", False),
        ("positive, negative", "tf.nn.softplus(positive - negative)", "f(a), f(b)", False),
        ("d_pos, d_neg", "tf.maximum(d_neg - d_pos + margin, 0.0)", "a, b", True),
        ("pos, neg", "tf.maximum(neg - pos + 0.2, 0.0)", "tf.square(a - p), tf.square(a - n)", True),
        ("d_pos, d_neg", "tf.maximum(d_pos - d_neg + margin, 0.0)", "a, b", False),
        ("pos_score, neg_score", "tf.maximum(0.0, 1.0 - pos_score + neg_score)", "a, b", False),
        ("pos, neg", "tf.maximum(neg - pos + 1.0, 0.0)", "-tf.square(a - p), -tf.square(a - n)", False),
        ("pos, neg", "tf.maximum(neg - pos + 1.0, 0.0)", "tf.exp(-dist(a, p)), tf.exp(-dist(a, n))", False),
        ("pos, neg", "tf.maximum(neg, pos)", "tf.square(a - p), tf.square(a - n)", False),
    ],
)  # fmt: skip
def test_signs(names: str, value: str, given: str, wrong: bool, findings: Any) -> None:
    source = BODY.format(names=names, value=value, given=given)
    found = findings("ranked-backwards", classifier(np.linspace(0.7, 0.1, 200), failing=False, source=source))
    assert [one.location.line for one in found] == ([2] if wrong else [])
    assert all((one.severity, one.confidence) == (Severity.WARNING, Confidence.MEDIUM) for one in found)


STEP = """\
def likeness(a, b):
    return {measure}

def step(data):
    anchor, positive, negative = data
    a, p, n = net(anchor), net(positive), net(negative)
    p = net(positive)
    n = net(negative)
    gap = likeness(a, n) - likeness(a, p) + 0.2
    loss = ops.mean(ops.relu({gap}))
"""


@pytest.mark.parametrize(
    "measure, turned",
    [
        ("keras.losses.cosine_similarity(a, b, axis=-1)", True),
        ("-keras.losses.cosine_similarity(a, b, axis=-1)", False),
        ("1 - tf.reduce_sum(a * b, axis=-1)", True),
        ("tf.reduce_sum(a * b, axis=-1)", False),
        ("tf.reduce_sum((a - b) ** 2, axis=-1)", True),
        ("tf.sqrt(tf.reduce_sum(tf.square(a - b), -1))", True),
        ("tf.norm(a - b, axis=-1)", True),
        ("tf.exp(-tf.norm(a - b, axis=-1))", None),
        ("net([a, b])", None),
    ],
)
def test_what_a_function_of_two_vectors_returns(measure: str, turned: bool | None, findings: Any) -> None:
    """Negative minus positive is made small: right for scores, wrong for distances."""
    for gap, wrong in (("gap", turned), ("likeness(a, p) - likeness(a, n)", None if turned is None else not turned)):
        source = STEP.format(measure=measure, gap=gap)
        found = findings("ranked-backwards", classifier(np.linspace(0.7, 0.1, 200), failing=False, source=source))
        assert [one.location.line for one in found] == ([9 if gap == "gap" else 10] if wrong else [])


FACTORS = """\
class Factors(tf.Module):
    def __call__(self, u, i):
        return {measure}

def pairwise(played, skipped):
    return tf.reduce_mean(tf.nn.softplus({gap}))

model = Factors()

def step(u, i, j):
    s_i, s_j = model(u, i), model(u, j)
    return pairwise(s_i, s_j)
"""


@pytest.mark.parametrize(
    ("measure", "gap", "wrong"),
    [
        ("tf.reduce_sum(p * q, axis=-1) + tf.gather(self.popularity, i)", "played - skipped", True),
        ("tf.reduce_sum(p * q, axis=-1) + tf.gather(self.popularity, i)", "skipped - played", False),
        ("tf.reduce_sum((p - q) ** 2, axis=-1)", "played - skipped", False),
        ("tf.reduce_sum((p - q) ** 2, axis=-1)", "skipped - played", True),
        ("self.tower(u, i)", "played - skipped", False),
    ],
)
def test_what_an_object_answers_that_is_called(measure: str, gap: str, wrong: bool, findings: Any) -> None:
    """The names of what the loss is given say nothing; what made them does."""
    source = FACTORS.format(measure=measure, gap=gap)
    found = findings("ranked-backwards", classifier(np.linspace(0.7, 0.1, 200), failing=False, source=source))
    assert [one.location.line for one in found] == ([6] if wrong else [])
