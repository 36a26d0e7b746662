"""Rule never-better."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from tests.builders import classifier

LOOP = """
best = {start}
kept = model.get_weights()
for epoch in range(20):
    train()
    {value} = evaluate()
    if {test}:
        best = {value}
        kept = model.get_weights()
    else:
        patience += 1
{after}
"""


def written(start: str, test: str, value: str = "val_loss", after: str = "model.set_weights(kept)") -> str:
    return LOOP.format(start=start, test=test, value=value, after=after)


PAIRED = written("0.0", "val_loss < best").replace("best = val_loss\n        kept =", "best, kept = val_loss,")


@pytest.mark.parametrize(
    "source, line",
    [
        (written("0.0", "val_loss < best"), 2),
        (written("0", "best > val_loss"), 2),
        (written("np.inf", "accuracy > best", "accuracy"), 2),
        (written("float('inf')", "val_loss < best"), None),
        (written("0.0", "accuracy > best", "accuracy"), None),
        (written("0.0", "reward < best", "reward"), None),
        (written("10.0", "accuracy > best", "accuracy"), None),
        (written("1.0", "accuracy > best", "accuracy"), 2),
        (written("0.0", "val_loss - before < best"), None),
        (PAIRED, 2),
        (written("0.0", "val_loss < best").replace("    train()", "    best, kept = val_loss, start"), None),
        (written("0.0", "val_loss < best", after="print(best)"), None),
        (written("0.0", "val_loss < best", after="rate.assign(0.1)"), None),
        (written("0.0", "val_loss < best", after="for v, k in zip(model.variables, kept):\n    v.assign(k)"), 2),
        (written("0.0", "val_loss < best").replace("model.get_weights()", "val_loss.numpy()"), None),
        (written("0.0", "val_loss < best", after="best = 1.0\nmodel.set_weights(kept)"), None),
    ],
)
def test_where_the_best_value_starts(source: str, line: int | None, findings: Any) -> None:
    found = findings("never-better", classifier(np.linspace(0.7, 0.1, 200), failing=False, source=source))
    assert [one.location.line for one in found] == ([line] if line else [])


def test_the_finding(findings: Any, primary: Any) -> None:
    run = classifier(np.linspace(0.7, 0.1, 200), failing=False, source=written("0.0", "val_loss < best"))
    (found,) = findings("never-better", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.HIGH)
    assert "`val_loss < best` never comes true, as the best value starts at 0.0." in found.message
    assert "is thrown away by `model.set_weights(kept)`." in found.message
    assert found.fixes[0].code == 'best = float("inf")'
    assert primary(run).rule == "never-better"


def test_losses_that_may_be_negative(findings: Any) -> None:
    source = written("0.0", "val_loss < best")
    assert not findings("never-better", classifier(np.linspace(0.7, -0.1, 200), failing=False, source=source))
