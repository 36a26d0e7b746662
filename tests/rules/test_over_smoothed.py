"""Rule over-smoothed."""

from __future__ import annotations

from typing import Any

from doctor.findings import Severity
from tests.builders import Run, classifier


def smoothed(value: str, failing: bool = False) -> Run:
    return classifier(failing=failing, source=f"S = {value}\nloss = CategoricalCrossentropy(label_smoothing=S)\n")


def test_the_share_that_stays(findings: Any) -> None:
    """With four classes the true one is to get 1 - 0.9 + 0.9 / 4."""
    (found,) = findings("over-smoothed", smoothed("0.9"))
    assert (found.fault, found.severity, found.location.line) == ("loss-wrong", Severity.WARNING, 1)
    assert "the true one of 4 is to get 0.325 and each other 0.225" in found.message
    assert findings("over-smoothed", smoothed("0.9", failing=True))[0].severity is Severity.ERROR


def test_threshold(findings: Any, ruled_out: Any) -> None:
    assert findings("over-smoothed", smoothed("0.5")) and not findings("over-smoothed", smoothed("0.49"))
    assert ruled_out("over-smoothed", smoothed("0.1"))


def test_unknown_values_say_nothing(findings: Any) -> None:
    assert not findings("over-smoothed", smoothed("read()")) and not findings("over-smoothed", classifier())


def test_not_checked_without_losses(unchecked: Any) -> None:
    assert unchecked("over-smoothed", Run().subject())


def test_an_option_that_the_script_was_called_with(findings: Any) -> None:
    """Not its default counts."""
    source = (
        "ap.add_argument('--smooth', type=float, default=0.9)\nargs = ap.parse_args()\n"
        "loss = CategoricalCrossentropy(label_smoothing=args.smooth)\n"
    )
    for given, expected in (([], 1), (["--smooth", "0.1"], 0), (["--smooth=0.1"], 0), (["--smooth", "0.8"], 1)):
        run = classifier(failing=False, source=source)
        run.facts["argv"] = tuple(given)
        assert len(findings("over-smoothed", run)) == expected
