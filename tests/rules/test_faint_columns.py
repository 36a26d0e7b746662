"""Rule faint-columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = "scaler = Normalization()\nscaler.adapt(table)\n"


def table(
    means: list[float], spreads: list[float], *, end: float = 1.386, low: list[float] | None = None, **options: Any
) -> Run:
    """Columns with these figures, in a run that ends at this loss; guessing gives ln 4."""
    low = low or [mean - spread - number / 1000 for number, (mean, spread) in enumerate(zip(means, spreads))]
    run = classifier(np.linspace(1.386, end, 300), source=SOURCE, **options)
    if end < 1.3:
        run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    for step in range(3):
        run.vector("input:x", "column_mean", step, means)
        run.vector("input:x", "column_std", step, spreads)
        run.vector("input:x", "column_min", step, low)
        run.vector("input:x", "column_max", step, [2 * mean - one for mean, one in zip(means, low)])
    return run


def test_columns_scaled_by_other_figures(findings: Any) -> None:
    (found,) = findings("faint-columns", table([-1.5, -1.8, 0.0], [2e-5, 1e-3, 1.0]))
    assert (found.fault, found.severity, found.confidence) == ("input-scale", Severity.ERROR, Confidence.MEDIUM)
    assert found.title == "2 columns of the inputs vary by next to nothing" and found.location.line == 2
    assert (found.evidence[0].observed, found.evidence[0].limit) == (2e-5, 0.01)


def test_thresholds(findings: Any) -> None:
    assert findings("faint-columns", table([1.0, 1.0], [0.0099, 0.0099]))
    assert not findings("faint-columns", table([1.0, 1.0], [0.01, 0.0099])), "one may be a flag"
    assert not findings("faint-columns", table([0.1, 0.1], [0.001, 0.001])), "about zero: rare marks"
    assert not findings("faint-columns", table([1.0, 1.0], [0.0, 0.0])), "constants are another fault"


def test_the_margin_of_pictures(findings: Any) -> None:
    """Three pixels that hardly ever leave the background at -0.5."""
    assert not findings("faint-columns", table([-0.49, -0.49, -0.49], [9e-3, 8e-3, 7e-3], low=[-0.5, -0.5, -0.5]))


def test_runs_that_train(findings: Any) -> None:
    """A warning where much is missing, nothing where little is."""
    (found,) = findings("faint-columns", table([1.0, 1.0], [1e-3, 1e-3], end=1.0))
    assert found.severity is Severity.WARNING
    assert not findings("faint-columns", table([1.0, 1.0], [1e-3, 1e-3], end=0.3))


def test_nothing_known_of_columns(check: Any, unchecked: Any) -> None:
    assert check("faint-columns", classifier()) == []
    assert unchecked("faint-columns", Run().subject().losses([1.0]))


def test_rounding_and_rare_marks_are_no_faint_columns(findings: Any) -> None:
    """The same in every observed batch, but for single precision; or far away now and then."""
    assert not findings("faint-columns", table([-0.124, -0.35], [7.5e-9, 2e-8]))
    rare = table([-0.124, -0.35], [1e-3, 1e-3])
    assert findings("faint-columns", rare)
    rare.vector("input:x", "column_max", 3, [20.0, 14.0])
    assert not findings("faint-columns", rare)


ROWS = """\
def standardise(m):
    return (m - m.mean(axis=1, keepdims=True)) / m.std(axis=1, keepdims=True)

xs = standardise(data).astype("float32")
model.fit(xs, y)
"""


def by_row(means: list[float], spreads: list[float], source: str = ROWS, end: float = 1.386) -> Run:
    run = table(means, spreads, end=end)
    run.source = source
    return run.site("array", "xs", line=5, role="x", variable="xs", shape=[100, 5])


def test_rows_of_several_units_that_are_scaled_by_themselves(findings: Any) -> None:
    """The line of the scaling, within a function."""
    towering, rest = [-0.4, -0.45, -0.5, -0.48, 3.0], [0.03, 0.02, 0.02, 0.03, 0.05]
    (found,) = findings("faint-columns", by_row(towering, rest))
    assert (found.title.split(",")[0], found.location.line) == ("Every row is scaled by itself", 2)
    assert found.message.startswith("5 of 5 columns vary by 0.03 around a mean")
    assert not findings("faint-columns", by_row(towering, rest, end=0.3)), "it trains"
    assert not findings("faint-columns", by_row(towering, rest, ROWS.replace("axis=1", "axis=0")))
    assert not findings("faint-columns", by_row([-0.6, -0.4, 0.1, 0.4, 0.6], rest)), "a spectrum is of one unit"
    assert not findings("faint-columns", by_row(towering, [0.3, 0.2, 0.2, 0.3, 0.05])), "columns still tell"
