"""Arrays that are filled piece by piece."""

from __future__ import annotations

import pytest

from doctor.reading.buffers import cut_to_whole
from doctor.types import Location, Site
from tests.reading.test_loops import recorded

SOURCE = """\
x = np.zeros((n, 24, 24), dtype={kind})
for i in range(n):
    x[i] = {value}
x, y = shuffle(x, y)
model.fit(x, y)
"""


@pytest.mark.parametrize(
    ("kind", "value", "line"),
    [
        ('"uint8"', "image(i) / 255.0", 1),
        ("np.int64", "image(i) / 255.0", 1),
        ("int", "image(i) / image(i).max()", 1),
        ('"float32"', "image(i) / 255.0", None),
        ("np.uint8", "image(i)", None),
    ],
)
def test_fractions_in_whole_numbers(kind: str, value: str, line: int | None) -> None:
    recording = recorded(SOURCE.format(kind=kind, value=value))
    array = Site("array:x", "array", "x", "", "train", Location("train.py", 5, ""), {"variable": "x"})
    found = cut_to_whole(recording, array)
    assert (found and found.line) == line
