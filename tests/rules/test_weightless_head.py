"""Rule weightless-head."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Severity
from tests.builders import Run, change, classifier

SOURCE = "weights = {'a': 1.0, 'b': 0.0}\nmodel.compile(loss=losses, loss_weights=weights)\n"


def two_heads(gradient: Any = 0.0, bias: Any = 0.0, steps: int = 10, failing: bool = True) -> Run:
    """A second output, with the norms of the gradients of its layer."""
    run = classifier(failing=failing, source=SOURCE)
    change(run, "output:out", head=0)
    run.site("loss", "second", head=1, function="sigmoid_cross_entropy").site("output", "b", head=1, units=1, layer="b")
    for name, norm in (("kernel", gradient), ("bias", bias)):
        run.site("variable", f"b/{name}", layer="b", role=name, trainable=True, shape=[32, 1], connected=True)
        run.series("gradient", f"variable:b/{name}", range(steps), norm=norm, size=32)
    place = ["train.py", 2, "model.compile(loss=losses, loss_weights=weights)"]
    return run.site("fit", "fit", line=3, compile={"location": place})


def test_an_output_that_counts_nothing(findings: Any) -> None:
    (found,) = findings("weightless-head", two_heads())
    assert (found.fault, found.severity, found.site) == ("loss-wrong", Severity.ERROR, "output:b")
    assert found.title == "The loss of output `b` counts nothing"
    assert findings("weightless-head", two_heads(failing=False))[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("gradient", "bias", "steps"),
    [(0.1, 0.1, 10), (0.0, 0.01, 10), ([0.0] * 9 + [0.1], 0.0, 10), (0.0, 0.0, 4)],
)
def test_what_counts(gradient: Any, bias: Any, steps: int, findings: Any) -> None:
    """Dead units leave a gradient of the bias, a warm-up ends, and few steps tell nothing."""
    assert not findings("weightless-head", two_heads(gradient, bias, steps))


def test_one_output_and_none_observed(findings: Any, unchecked: Any) -> None:
    assert not findings("weightless-head", classifier())
    assert unchecked("weightless-head", Run().subject().losses([1.0] * 20))
