"""Rule apart-augmentation."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from doctor.rules.apart_augmentation import moved_apart
from tests.builders import Run, change, classifier

SOURCE = """\
def augment(image, mask):
    image = tf.image.random_flip_left_right(image)
    mask = tf.image.random_flip_left_right(mask)
    return image, mask
"""


def segmented(fitted: float = 0.8, held: float = 0.95, source: str = SOURCE, failing: bool = False) -> Run:
    run = change(classifier(failing=failing, source=source), "label:y", shape=[32, 16, 16])
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    run.site("output", "held", phase="eval", units=4, shape=[32, 16, 16, 4])
    for step in (1, 9):
        run.vector("output:out", "correct", step, [fitted * 1000, 1000])
        run.vector("output:held:eval", "correct", step, [held * 1000, 1000])
    return run


def test_two_draws(findings: Any) -> None:
    (found,) = findings("apart-augmentation", segmented())
    assert (found.fault, found.severity, found.confidence) == ("label-mismatch", Severity.ERROR, Confidence.HIGH)
    assert found.location.line == 3
    assert (found.evidence[0].observed, found.evidence[0].limit) == (0.8, 0.95)


def test_threshold(findings: Any) -> None:
    """Evaluation lacks half of what training lacks."""
    assert findings("apart-augmentation", segmented(0.8, 0.91))
    assert not findings("apart-augmentation", segmented(0.8, 0.89))
    assert findings("apart-augmentation", segmented(0.2, 0.2, failing=True)), "it fails"


def test_labels_of_whole_pictures_do_not_move(findings: Any) -> None:
    assert not findings("apart-augmentation", change(segmented(), "label:y", shape=[32]))


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("a = tf.image.stateless_random_crop(a, 9, seed=s[0])\n    b = tf.image.stateless_random_crop(b, 9, seed=s[1])",
         3),
        ("a = tf.image.stateless_random_crop(a, size, seed=s)\n    b = tf.image.stateless_random_crop(b, size, seed=s)",
         None),
        ("a = tf.image.stateless_random_flip_up_down(a, s[0])\n    b = tf.image.stateless_random_flip_up_down(b, s[0])",
         None),
        ("both = tf.concat([a, b], -1)\n    both = tf.image.random_flip_left_right(both)", None),
        ("a = tf.image.random_flip_left_right(a)\n    a = tf.image.random_flip_up_down(a)", None),
        ("a = tf.image.random_brightness(a, 0.1)\n    b = tf.image.random_brightness(b, 0.1)", None),
    ],
    ids=["seeds that differ", "one seed", "one seed, by place", "together", "one alone", "colours"],
)  # fmt: skip
def test_what_is_moved_apart(body: str, line: int | None) -> None:
    found = moved_apart(segmented(source=f"def augment(a, b, s, size):\n    {body}\n    return a, b\n").build())
    assert (found.line if found else None) == line


def test_nothing_known(unchecked: Any) -> None:
    assert unchecked("apart-augmentation", Run().subject().losses([1.0]))
