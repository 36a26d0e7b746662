"""Rule frozen-layers, and what brings weights along."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from doctor.reading.given_weights import brings_weights
from tests.builders import Run, classifier
from tests.reading.test_loops import recorded

SOURCE = "table = layers.Embedding(80, 8, trainable=False)\n"


def frozen(*, failing: bool = True, kind: str = "Embedding", source: str = SOURCE, learning: int = 4) -> Run:
    """A model with a frozen layer, and two kernels and biases that have gradients."""
    run = classifier(failing=failing, source=source)
    layers = [
        {"name": "table", "class": kind, "weights": [0, 1], "location": ["train.py", 1, source.splitlines()[0]]},
        {"name": "dense", "class": "Dense", "weights": [learning, learning], "location": None},
    ]
    run.site("model", "reader", layers=layers)
    return run.site("fit", "fit", model="reader")


def test_a_layer_that_stays_as_it_was_drawn(findings: Any, primary: Any) -> None:
    (found,) = findings("frozen-layers", frozen())
    assert (found.fault, found.severity, found.confidence) == ("update-missing", Severity.ERROR, Confidence.MEDIUM)
    assert found.location.line == 1 and "`table` is not trainable" in found.message
    assert primary(frozen()).rule == "frozen-layers"


def test_where_it_is_meant(findings: Any, ruled_out: Any) -> None:
    assert not findings("frozen-layers", frozen(failing=False)), "random features are enough"
    assert not findings("frozen-layers", frozen(source=SOURCE + "model.load_weights(path)\n"))
    assert not findings("frozen-layers", frozen(learning=2)), "more than this model learned in the run: trained before"
    normalised = frozen(kind="BatchNormalization")
    assert not findings("frozen-layers", normalised) and ruled_out("frozen-layers", normalised)


def test_without_gradients(unchecked: Any) -> None:
    run = frozen()
    run._rows = [row for row in run._rows if row[1] != "gradient"]
    assert unchecked("frozen-layers", run)[0].reason == "no gradients were recorded"


@pytest.mark.parametrize(
    ("source", "brought"),
    [
        ("net.set_weights(old)", True),
        ("net = keras.applications.MobileNetV2()", True),
        ("from keras.applications import VGG16", True),
        ("import tensorflow_hub as hub\nlayer = hub.KerasLayer(url)", True),
        ("e = Embedding(9, 4, weights=[matrix], trainable=False)", True),
        ("e = Embedding(9, 4, embeddings_initializer=Constant(matrix))", True),
        ("d = Dense(9, bias_initializer=Constant(-4.6))", False),
        ("text = open(path).read()", False),
        ("settings = Settings.read(path)", False),
        ("tf.train.Checkpoint(model=m).read(path)", True),
        ("e = Embedding(9, 4, weights=None)", False),
    ],
)
def test_what_brings_weights_along(source: str, brought: bool) -> None:
    assert brings_weights(recorded(source)) is brought


def test_one_model_that_is_fitted_twice(findings: Any) -> None:
    """Its variables have sites of both trainings."""
    run = frozen()
    for name in ("w1", "b1"):
        key = f"variable:{name}@subject:2"
        run.site("variable", f"{name}@subject:2", shape=[20, 32], trainable=True)
        run.series("gradient", key, range(10), norm=1.0, size=640)
    assert findings("frozen-layers", run)
    run.site("variable", "other", shape=[20, 32], trainable=True)
    run.series("gradient", "variable:other", range(10), norm=1.0, size=640)
    assert not findings("frozen-layers", run), "another model was trained before"
