"""Lines that scale, and those that only seem to."""

from __future__ import annotations

import pytest

from doctor.reading.scaling import unscaled_conversion
from tests.builders import classifier

BODY = """\
def preprocess(image, mask):
    {first}
    {second}
    return image, mask
"""


@pytest.mark.parametrize(
    ("first", "second", "place", "line"),
    [
        ("mask = tf.cast(mask, tf.float32)", "mask = tf.image.convert_image_dtype(mask, tf.float32)", 1, 2),
        ("mask = tf.cast(mask, tf.float32)", "mask = tf.image.convert_image_dtype(mask, tf.float32)", 0, None),
        ("image = tf.image.resize(image, (32, 32))", "image = tf.image.convert_image_dtype(image, tf.float32)", 0, 2),
        ("image = tf.image.convert_image_dtype(image, tf.float32)", "image = tf.image.resize(image, SIZE)", 0, None),
        ("image = tf.cast(image, tf.uint8)", "image = tf.image.convert_image_dtype(image, tf.float32)", 0, None),
    ],
)  # fmt: skip
def test_floats_are_not_scaled(first: str, second: str, place: int, line: int | None) -> None:
    recording = classifier(source=BODY.format(first=first, second=second)).build()
    found = unscaled_conversion(recording, place)
    assert (found.line if found is not None else None) == line
