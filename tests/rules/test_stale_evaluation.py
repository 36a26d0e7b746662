"""Rule stale-evaluation."""

from __future__ import annotations

from typing import Any

from doctor.engine import diagnose
from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = """\
for average, weight in zip(averages, model.weights):
    average = 0.99 * average + 0.01 * weight
"""


def evaluated(reached: float = 0.25, neighbours: float = 0.9, last: int = 280, source: str = SOURCE) -> Run:
    """A run of 300 steps that trains; its accuracy in evaluation, and what nearest training rows reach there."""
    run = classifier(failing=False, source=source)
    run.site("output", "held", phase="eval", units=4, shape=[32, 4])
    for step in (10, last):
        run.vector("output:held:eval", "correct", step, [reached * 200, 200])
    facts = {"rows": 64, "agree": neighbours, "renamed": neighbours, "names": []}
    return run.site("rows", "batches", phase="eval", of="batches", renaming=facts)


def found(run: Run) -> list[Any]:
    return [one for one in diagnose(run.build()).findings if one.rule == "stale-evaluation"]


def test_averages_that_are_never_brought_up_to_date() -> None:
    (one,) = found(evaluated())
    assert (one.fault, one.severity, one.confidence) == ("update-missing", Severity.ERROR, Confidence.MEDIUM)
    assert one.location is not None and one.location.line == 2 and one.primary
    assert (one.evidence[0].observed, one.evidence[0].limit) == (0.25, 0.9)
    (other,) = (each for each in diagnose(evaluated().build()).findings if each.rule == "overfitting")
    assert other.caused_by == "stale-evaluation"


def test_thresholds() -> None:
    """Of the way from 0.25 to 1 neighbours at half of it; the evaluation within chance: 3 sqrt(0.25 * 0.75 / 200)."""
    assert found(evaluated(neighbours=0.63)) and not found(evaluated(neighbours=0.62))
    assert found(evaluated(0.34)) and not found(evaluated(0.345)), "better than guessing: the model overfits"


def test_evaluations_of_the_first_half_tell_nothing() -> None:
    assert found(evaluated(last=150)) and not found(evaluated(last=149))


def test_what_another_rule_found_explains_it() -> None:
    """Inputs that hold NaN, say."""
    run = evaluated()
    run.series("input", "input:x", [20], nan_count=3.0)
    assert not found(run)


def test_the_line_that_binds_a_name_anew() -> None:
    for source, line in (
        ("for v, g in pairs:\n    v -= rate * g\n", 2),
        ("for v, g in pairs:\n    v = v - rate * g\n    print(v)\n", None),
        ("for v, g in pairs:\n    v.assign_sub(rate * g)\n", None),
        ("for name in names:\n    name = clean(other)\n", None),
    ):
        (one,) = found(evaluated(source=source))
        assert (one.location.line if one.location.code and line else None) == line or line is None


def test_an_average_that_the_optimiser_leaves_in_the_model() -> None:
    """The line of its momentum, and how much of the start the average still is: 0.9999 to the power of 300."""
    source = "rate = 0.9999\nopt = Adam(\n    1e-3, use_ema=True,\n    ema_momentum=0.9999)\n"
    (one,) = found(evaluated(source=source))
    assert one.location is not None and one.location.line == 4
    assert "after 300 steps 97 % of it are the weights of the start" in one.message
    assert one.fixes[0].code == "ema_momentum=0.9"
    (other,) = found(evaluated(source=source.replace("True", "False")))
    assert other.location is None or other.location.line != 4
