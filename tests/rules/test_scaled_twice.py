"""Rule scaled-twice."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = 'x = images.astype("float32") / 255.0\nbase = Sequential([Rescaling(1.0 / 255), Conv2D(8, 3)])\n'


def pixels(high: float = 1.0, *, source: str = SOURCE, failing: bool = True, dtype: str = "float32") -> Run:
    run = classifier(failing=failing, source=source)
    return run.site("array", "x", role="x", shape=[500, 28, 28, 1], dtype=dtype, min=0.0, max=high)


def test_pixels_that_are_scaled_twice(findings: Any) -> None:
    (found,) = findings("scaled-twice", pixels())
    assert (found.fault, found.severity, found.confidence) == ("input-scale", Severity.ERROR, Confidence.MEDIUM)
    assert found.location.line == 2 and "at most 0.00392" in found.message


def test_what_is_right(findings: Any) -> None:
    assert findings("scaled-twice", pixels(1.49)) and not findings("scaled-twice", pixels(1.51))
    assert not findings("scaled-twice", pixels(255.0)), "the layer scales them"
    assert not findings("scaled-twice", pixels(dtype="uint8")), "masks"
    assert not findings("scaled-twice", pixels(failing=False)), "it does no harm"
    for line in SOURCE.splitlines():
        assert not findings("scaled-twice", pixels(source=line)), "one of the two is not there"
