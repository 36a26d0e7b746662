"""Rule scaled-twice."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier, replace_series

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


def test_the_largest_value_is_one_255th(findings: Any) -> None:
    """Seen in the batches, as where a pipeline and a loop both scale."""
    source = "def prep(x):\n    return x / 255.0\nbatch = next(data) / 255.0\n"

    def seen(high: float, *, failing: bool = True) -> Run:
        run = classifier(failing=failing, source=source)
        return replace_series(run, "input", "input:x", range(10), min=0.0, max=high, mean=high / 8, std=high / 3)

    (found,) = findings("scaled-twice", seen(1 / 255))
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.HIGH, 3)
    assert "is 0.00392, which is 1/255" in found.message
    assert findings("scaled-twice", seen(1.00009 / 255)) and not findings("scaled-twice", seen(1.0002 / 255))
    assert not findings("scaled-twice", seen(1.0)) and not findings("scaled-twice", seen(1 / 255, failing=False))


def test_a_layer_behind_a_function_that_scales(findings: Any) -> None:
    """No line says 255 but that of the layer."""
    source = "ds = ds.map(preprocess_input)\nmodel = Sequential([\n    Rescaling(1.0 / 255),\n])\n"
    run = classifier(source=source)
    replace_series(run, "input", "input:x", range(10), min=-1 / 255, max=1 / 255, mean=0.0, std=0.002)
    assert findings("scaled-twice", run)[0].location.line == 3
