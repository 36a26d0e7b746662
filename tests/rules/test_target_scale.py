"""Rule target-scale."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.findings import Severity
from tests.builders import Run, change, classifier, replace_series


def prices(rms: float, *, failing: bool = True) -> Run:
    run = classifier(loss={"function": "squared_error", "takes": "values"})
    run._vectors.clear()
    change(run, "label:y", encoding="continuous", shape=[32])
    replace_series(run, "label", "label:y", range(10), min=0, max=2 * rms, mean=rms, std=rms / 100)
    run._losses = []
    return run.losses([rms**2] * 300 if failing else np.geomspace(rms**2, 1e-6, 300))


def test_prices(findings: Any) -> None:
    run = prices(2e5)
    (found,) = findings("target-scale", run)
    assert found.severity is Severity.ERROR and found.evidence[0].limit == 30
    assert found.location == run.sites["label:y"].location and "y.std()" in found.fixes[0].code


def test_threshold(findings: Any, ruled_out: Any) -> None:
    assert findings("target-scale", prices(31))
    assert not findings("target-scale", prices(29)) and ruled_out("target-scale", prices(29))


def test_silent_where_the_run_trains(findings: Any) -> None:
    assert not findings("target-scale", prices(2e5, failing=False))


def test_not_checked_without_labels(unchecked: Any) -> None:
    assert unchecked("target-scale", Run().subject().losses([1.0]))


def test_a_robust_loss(findings: Any) -> None:
    """Huber and the like are straight far out: such targets are as far for them. Of others only the outputs tell."""
    for name, fires in (("Huber", True), ("log_cosh", True), ("own_loss", False)):
        run = change(prices(2e5), "loss:cross_entropy", function="other", keras_loss=name)
        for step in range(10):
            run.vector("output:out", "errors", step, [32 * 4e10, 32 * 4e6, 32.0])
        replace_series(run, "output", "output:out", range(10), mean=[0.5] + [2e5] * 9, std=1.0, size=32)
        assert bool(findings("target-scale", run)) is fires


def test_targets_that_a_function_reads(findings: Any) -> None:
    source = (
        "def load(path):\n    rows = list(open(path))\n    return np.array([float(r) for r in rows])\n\n"
        "y = load('a')\nfit(x, y)\n"
    )
    run = prices(2e5)
    run.source = source
    run.site("array", "y", line=6, role="y", variable="y")
    assert findings("target-scale", run)[0].location.line == 3


def test_outputs_that_never_arrive(findings: Any) -> None:
    """Under a loss of unknown form: they are on their way when the run ends, more than a deviation from the mean."""
    def run(reached: float, function: str = "other", encoding: str = "continuous", apart: int = 59) -> Run:
        found = Run().subject().dense(4, 1, None, last=True)
        found.site("output", "out", units=1, shape=[32, 1]).site("label", "y", shape=[32, 1], encoding=encoding)
        found.site("loss", "pinball", function=function, takes="values", labels="continuous")
        means = [0.5, reached / 2, reached, reached, reached, reached]
        found.series("output", "output:out", range(0, 6 * apart, apart), mean=means, std=1.0, size=32)
        labels = {"mean": 60000.0, "std": 20000.0, "min": 20000.0, "max": 2e5, "size": 32}
        found.series("label", "label:y", range(0, 6 * apart, apart), **labels)
        return found.losses([3e4 * 0.99**step for step in range(300)])

    (found,) = findings("target-scale", run(30000.0))
    assert (found.severity, found.fault) == (Severity.ERROR, "target-scale")
    assert not findings("target-scale", run(45000.0)), "within a deviation"
    assert not findings("target-scale", run(30000.0, encoding="index")), "numbers of classes"
    assert not findings("target-scale", run(30000.0, apart=2)), "how it ends was not seen"


def test_the_column_that_the_targets_are(findings: Any) -> None:
    """Where a table is taken apart; what is computed as a price is seen where it is used."""
    for value, line in (("table['price'].to_numpy()", 2), ("rows[:, -1:]", 2), ("table.pop('price').astype('f4')", 2),
                        ("50000 + 300 * x[:, 0]", 3), ("simulate(300)", 3)):  # fmt: skip
        run = prices(2e5)
        run.source = f"\ny = {value}\nmodel.fit(x, y)\n"
        run.site("array", "y", line=3, role="y", variable="y")
        run = change(run, "label:y")
        site = run.sites["label:y"]
        place = run.sites["array:y"].location
        run.sites["label:y"] = type(site)(
            site.key, site.kind, site.name, site.subject, site.phase, place, site.attributes
        )
        assert findings("target-scale", run)[0].location.line == line, value
