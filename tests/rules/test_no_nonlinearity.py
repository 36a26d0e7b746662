"""Rule no-nonlinearity."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier


def linear(*sizes: int, failing: bool = True) -> Run:
    run = classifier(failing=failing, sizes=sizes)
    for key, site in list(run.sites.items()):
        if site.kind == "activation":
            run = change(run, key, function="linear", straight=True)
        if site.attributes.get("role") == "kernel":
            run = change(run, key, activation="linear")
    return run


def test_a_failing_stack_of_linear_layers(findings: Any, primary: Any) -> None:
    run = linear(20, 32, 16)
    (found,) = findings("no-nonlinearity", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.HIGH)
    assert found.title == "No layer has a non-linear function: 3 layers are one linear map"
    assert "`h1`, `h2`" in found.message and found.location == run.sites["variable:w1"].location
    assert primary(run).rule == "no-nonlinearity"


def test_one_that_trains_is_warned_about(findings: Any) -> None:
    (found,) = findings("no-nonlinearity", linear(20, 32, failing=False))
    assert (found.severity, found.confidence) == (Severity.WARNING, Confidence.CERTAIN)


def test_one_that_is_narrow_between_wide_ends(findings: Any, ruled_out: Any) -> None:
    """Of four classes and twenty features: a layer of three finds their directions, where it trains."""
    assert not findings("no-nonlinearity", linear(20, 3, failing=False))
    assert "narrow between wide ends" in ruled_out("no-nonlinearity", linear(20, 3, failing=False))[0].why
    assert findings("no-nonlinearity", linear(20, 4, failing=False))
    assert findings("no-nonlinearity", linear(20, 3))


def test_a_single_layer_is_meant(findings: Any) -> None:
    assert findings("no-nonlinearity", linear(20, 32)) and not findings("no-nonlinearity", linear(20))


def test_any_function_will_do(findings: Any, ruled_out: Any) -> None:
    run = change(linear(20, 32, 16), "activation:h2", function="tanh")
    assert not findings("no-nonlinearity", run) and ruled_out("no-nonlinearity", run)[0].why == "`h2` is a tanh"


def test_what_was_not_recognised_between_layers(findings: Any) -> None:
    """A square, a maximum of two, a function that doctor does not know."""
    assert not findings("no-nonlinearity", change(linear(20, 32), "activation:h1", straight=False))
    assert not findings("no-nonlinearity", change(linear(20, 32), "activation:h1", next=["linear", "product"]))


def test_layers_that_are_not_linear(findings: Any) -> None:
    def model(kind: str) -> Run:
        return linear(20, 32).site("model", "m", layers=[{"name": "a", "class": "Dense"}, {"name": "b", "class": kind}])

    assert findings("no-nonlinearity", model("Flatten")) and not findings("no-nonlinearity", model("LSTM"))
    assert not findings("no-nonlinearity", model("MyAttention"))
    own = model("MyLayer")
    own.source = "class MyLayer(keras.layers.Layer):\n    pass\n"
    assert findings("no-nonlinearity", own), "its ops were seen"


def test_without_activations(unchecked: Any) -> None:
    run = linear(20, 32)
    assert not unchecked("no-nonlinearity", run)
    run.sites = {key: site for key, site in run.sites.items() if site.kind != "activation"}
    assert unchecked("no-nonlinearity", run)[0].reason == "what stands between the layers was not seen"


def test_batch_normalisation_between_two_layers(findings: Any) -> None:
    """The ops on the way tell whether it bends anything; before the first layer or after the last they are not seen."""
    run = linear(20, 32, 16)

    def normalised(order: float) -> Run:
        return run.site("variable", "gamma", trainable=True, role="scale", order=order)

    orders = [site.attributes["order"] for site in run.sites.values() if site.attributes.get("role") == "kernel"]
    assert findings("no-nonlinearity", normalised(orders[0] + 0.5))
    assert not findings("no-nonlinearity", normalised(orders[0] - 0.5))
    assert not findings("no-nonlinearity", normalised(orders[-1] + 0.5))


def test_two_heads_on_one_trunk(findings: Any) -> None:
    """Of each output the last layer feeds no other."""
    run = linear(20, 32, 16).dense(32, 1, None, last=True)
    assert not findings("no-nonlinearity", run)
    run.site("output", "second", units=1, shape=[32, 1])
    assert findings("no-nonlinearity", run)


def test_an_activation_whose_result_goes_nowhere(findings: Any) -> None:
    run = linear(20, 32, 16)
    run.source = "h = Dense(32)(x)\nLeakyReLU(negative_slope=0.1)(h)\ny = Dense(1)(h)\n"
    (found,) = findings("no-nonlinearity", run)
    assert found.location.line == 2 and "What line 2 computes goes nowhere" in found.message
    assert found.fixes[0].code == "x = LeakyReLU(negative_slope=0.1)(h)"


def test_an_activation_that_is_kept_and_never_called(findings: Any) -> None:
    source = (
        "class Affine(Layer):\n    def __init__(self, act):\n        self.act = keras.activations.get(act)\n"
        "    def call(self, x):\n        return x @ self.w\n"
    )
    run = linear(20, 32, 16)
    run.source = source
    assert findings("no-nonlinearity", run)[0].location.line == 5
    run.source = source.replace("x @ self.w", "self.act(x @ self.w)")
    assert findings("no-nonlinearity", run)[0].location.line != 5
