"""Rule vanishing-gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier, replace_series
from tests.numpy_training import blobs, train_mlp, uniform


def stack(function: str = "sigmoid", **options: Any) -> Run:
    x, y = blobs()
    return train_mlp(x, y, hidden=[32] * 7, function=function, init=uniform(-0.1, 0.1), **options)


def test_sigmoid_stack(findings: Any, ruled_out: Any, primary: Any) -> None:
    run = stack()
    (found,) = findings("vanishing-gradient", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.HIGH)
    ratio = next(one for one in found.evidence if one.series == "gradient/first over last")
    assert ratio.observed < 1e-3 == ratio.limit
    assert found.fixes[0].code == "tf.nn.relu"
    assert found.location == run.sites["activation:h1"].location
    assert ruled_out("vanishing-gradient", run)[0].fault == "saturation"
    assert primary(run).rule == "vanishing-gradient"


def test_the_line_that_names_the_function(findings: Any) -> None:
    run = stack(source="import tensorflow as tf\nlayer = Layer(tf.nn.sigmoid)\n")
    assert findings("vanishing-gradient", run)[0].location.line == 2


def test_healthy_is_silent(findings: Any, ruled_out: Any) -> None:
    run = train_mlp(*blobs(), hidden=[32] * 7)
    assert not findings("vanishing-gradient", run) and ruled_out("vanishing-gradient", run)


def test_threshold(findings: Any) -> None:
    for first, expected in ((1.1e-4, 0), (0.9e-4, 1)):
        run = classifier(sizes=(20, 32, 32))
        for n, norm in ((1, first), (2, 0.003), (3, 0.1)):
            replace_series(run, "gradient", f"variable:w{n}", range(10), norm=norm * 10, size=100)
        assert len(findings("vanishing-gradient", run)) == expected


def test_silent_where_the_run_trains(findings: Any) -> None:
    run = classifier(sizes=(20, 32, 32), failing=False)
    for n, norm in ((1, 1e-6), (2, 0.003), (3, 0.1)):
        replace_series(run, "gradient", f"variable:w{n}", range(10), norm=norm, size=100)
    assert not findings("vanishing-gradient", run)


def test_gradients_that_recover_are_no_fault(findings: Any) -> None:
    run = classifier(sizes=(20, 32, 32))
    replace_series(run, "gradient", "variable:w1", range(20), norm=[1e-7] * 10 + [0.1] * 10, size=100)
    assert not findings("vanishing-gradient", run)


def test_zero_gradients_are_another_fault(findings: Any) -> None:
    run = classifier(sizes=(20, 32, 32))
    for n in (1, 2, 3):
        replace_series(run, "gradient", f"variable:w{n}", range(10), norm=0, size=100)
    assert not findings("vanishing-gradient", run)


def test_not_checked_without_gradients(unchecked: Any) -> None:
    run = classifier()
    run._rows = [row for row in run._rows if row[1] != "gradient"]
    assert unchecked("vanishing-gradient", run)[0].reason == "no gradients were recorded"


def test_the_last_layers_gradient_may_fade_too(findings: Any) -> None:
    """With full batches it goes once the output's bias fits; the first layer still gets nothing."""
    run = classifier(sizes=(20, 32, 32))
    for n, norms in ((1, [1e-6] * 10), (2, [1e-3] + [1e-6] * 9), (3, [0.1] + [1e-5] * 9)):
        replace_series(run, "gradient", f"variable:w{n}", range(10), norm=norms, size=100)
    assert findings("vanishing-gradient", run)


def test_one_layer_that_lets_nothing_through_is_no_chain(findings: Any) -> None:
    """The scores of an attention that sees the same everywhere: all other layers get their gradient."""
    for norms, expected in (((1e-9, 0.09, 0.08, 0.1), 0), ((1e-9, 1e-6, 1e-3, 0.1), 1)):
        run = classifier(sizes=(20, 32, 32, 32))
        for n, norm in enumerate(norms, 1):
            replace_series(run, "gradient", f"variable:w{n}", range(10), norm=norm, size=100)
        assert len(findings("vanishing-gradient", run)) == expected


def fading(first: float, spread: float) -> Run:
    """Four sigmoid layers whose gradients fall to `first` of the last, and whose outputs vary ever less."""
    run = classifier(sizes=(20, 32, 32, 32, 32), function="sigmoid")
    kernels = [key for key, site in run.sites.items() if site.attributes.get("role") == "kernel"]
    for key, ratio in zip(kernels, np.geomspace(first, 1, len(kernels))):
        size = float(np.prod(run.sites[key].attributes["shape"]))
        replace_series(run, "gradient", key, range(10), norm=ratio * size**0.5, size=size)
    for number, share in enumerate(np.geomspace(1, spread, 4), start=1):
        run.series("activation", f"activation:h{number}", range(10), unit_std=0.1 * share, mean=0.5)
    return run


def test_a_signal_that_fades_forward_too(findings: Any) -> None:
    """Then a hundredth of the gradient is as good as none."""
    assert findings("vanishing-gradient", fading(5e-3, 0.04))
    assert not findings("vanishing-gradient", fading(5e-3, 0.06)), "it varies over the examples"
    assert not findings("vanishing-gradient", fading(2e-2, 0.04))


def test_last_layers_that_learn_alone(findings: Any) -> None:
    """They gain a little without the inputs: a gradient that has all but gone is the fault all the same."""
    for gain, count in ((0.2, 1), (0.6, 0)):
        run = stack()
        run._vectors = [one for one in run._vectors if one["name"] != "correct"]
        run._losses = []
        run.losses([1.386 * (1 - gain * min(step / 100, 1)) for step in range(300)])
        assert len(findings("vanishing-gradient", run)) == count
