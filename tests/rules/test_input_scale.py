"""Rule input-scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Severity
from tests.builders import Run, change, classifier, replace_series
from tests.numpy_training import blobs, train_mlp


def scaled(rms: float, *, failing: bool = True) -> Run:
    run = classifier(failing=failing)
    return replace_series(run, "input", "input:x", range(10), mean=0, std=rms, min=0, max=3 * rms)


def test_raw_pixels(findings: Any, primary: Any) -> None:
    x, y = blobs()
    run = train_mlp(255 * x, y, hidden=[32, 32], rate=0.1)
    (found,) = findings("input-scale", run)
    assert found.severity is Severity.ERROR and found.evidence[0].observed > 10 == found.evidence[0].limit
    assert found.fixes[0].code == "x = x / 255.0"
    assert found.location == run.sites["input:x"].location
    assert primary(run).rule == "input-scale"


def test_threshold(findings: Any) -> None:
    assert findings("input-scale", scaled(10.0)) and not findings("input-scale", scaled(9.9))
    assert findings("input-scale", scaled(0.01)) and not findings("input-scale", scaled(0.011))


def test_silent_where_the_run_trains(findings: Any) -> None:
    assert not findings("input-scale", scaled(80, failing=False))


def test_mixed_units(findings: Any) -> None:
    """One column of a table in other units is named."""
    run = scaled(1.0)
    run.vector("input:x", "column_std", 0, [1.0, 1.2, 0.9, 4e5])
    (found,) = findings("input-scale", run)
    assert found.title == "Column 3 of the inputs dwarfs the others"


def test_a_column_with_a_name(findings: Any) -> None:
    run = change(scaled(1.0), "input:x", columns=["age", None, "rooms", "income"])
    run.vector("input:x", "column_std", 0, [1.0, 1.2, 0.9, 4e5])
    (found,) = findings("input-scale", run)
    assert found.title == "Column 3 (`income`) of the inputs dwarfs the others"
    assert "Column 3 (`income`) spreads by" in found.message
    change(run, "input:x", columns=["age", "income", "rooms", None])
    assert findings("input-scale", run)[0].title == "Column 3 of the inputs dwarfs the others"


def test_the_file_that_all_inputs_came_from(findings: Any) -> None:
    origin = {"file": "a.npz", "reader": "numpy.load", "location": ["train.py", 4, ""], "how": "view", "member": "x"}
    run = scaled(80).site("array", "x", role="x", origin=origin).site("array", "y", role="y")
    assert "They come from `a.npz[x]` (read at train.py:4)." in findings("input-scale", run)[0].message
    run.site("array", "more", role="x[1]", origin=None)
    assert "They come from" not in findings("input-scale", run)[0].message


def test_token_numbers_are_no_quantities(findings: Any) -> None:
    run = change(scaled(5000), "input:x", dtype="int32")
    assert findings("input-scale", run), "whole numbers that a kernel is multiplied by are quantities"
    assert not findings("input-scale", run.site("variable", "table", role="embedding", trainable=True, shape=[5000, 8]))


def test_normalisation_first(findings: Any) -> None:
    run = change(scaled(80), "variable:w1", order=1)
    change(run, "variable:w2", order=2).site("variable", "gamma", role="scale", order=0, trainable=True)
    assert not findings("input-scale", run)


def test_healthy_is_ruled_out(ruled_out: Any) -> None:
    assert "between 0 and 1" in ruled_out("input-scale", classifier())[0].why


def test_not_checked_without_inputs(unchecked: Any) -> None:
    run = classifier()
    run._rows = [row for row in run._rows if row[1] != "input"]
    assert unchecked("input-scale", run)[0].reason == "the inputs were not recorded"


def test_a_column_with_nan_has_no_odd_spread(findings: Any) -> None:
    """Its spread is NaN in the batches that hold one: that is another rule's finding."""
    run = scaled(1.0)
    for step in range(4):
        run.vector("input:x", "column_std", step, [1.0, 1.2, float("nan") if step else 0.9, 1.1])
    assert not findings("input-scale", run)


@pytest.mark.parametrize(
    "given, wrong",
    [("std", True), ("frame.std(axis=0)", True), ("scaler.scale_", True), ("std ** 2", False), ("scaler.var_", False),
     ("np.square(std)", False), ("standard", False), ("sigma2", False), ("std_sq", False)],
)  # fmt: skip
def test_a_deviation_for_a_variance(given: str, wrong: bool, findings: Any) -> None:
    source = f"norm = keras.layers.Normalization(mean=mean, variance={given})\n"
    found = findings("input-scale", classifier(source=source))
    assert [one.location.line for one in found] == ([1] if wrong else [])
    assert not findings("input-scale", classifier(np.linspace(1.386, 0.1, 300), failing=False, source=source))


def test_the_line_of_a_mapped_function_that_scales(findings: Any) -> None:
    run = scaled(80)
    run.source = (
        "def prepare(image, label):\n    image = tf.cast(image, tf.float32)\n    image = (image - MEAN) / STD\n"
        "    return image, label\n\ndata = data.map(prepare).batch(32)\n"
    )
    stage = {"stage": "map", "location": ["train.py", 6, ""], "defined": ["train.py", 1, ""]}
    run.site("dataset", "data", line=6, chain=[stage], used_for="train")
    assert findings("input-scale", run)[0].location.line == 3
    run.source = run.source.replace("(image - MEAN) / STD", "tf.image.resize(image, SIZE); label = label / 10")
    assert findings("input-scale", run)[0].location.line == 6


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("from keras.layers import Normalization\nscale = Normalization(axis=-1)\nh = scale(inp)\n", 2),
        ("scale = Normalization(axis=-1)\nscale.adapt(x)\n", None),
        ("scale = Normalization(mean=m, variance=v)\n", None),
        ("class Normalization(Layer):\n    pass\nscale = Normalization()\n", None),
    ],
)
def test_a_normalisation_that_was_never_adapted(source: str, line: int | None, findings: Any) -> None:
    """It leaves the inputs as they are."""
    sizes = {"mean": 800.0, "std": 900.0, "min": 0, "max": 4000}
    run = replace_series(classifier(source=source), "input", "input:x", range(10), **sizes)
    (found,) = findings("input-scale", run)
    assert ("never adapted" in found.message) == (line is not None)
    if line is not None:
        assert found.location.line == line and found.fixes[0].code == "norm.adapt(x_train)"
