"""Comparisons as text for people and for programs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from doctor.cli import compare as command
from doctor.comparison import Comparison, Run, compare
from doctor.reporters.comparison import FORMATS, reporter


@pytest.fixture
def comparison(faulty: Any, healthy: Any) -> Comparison:
    return compare([Run("broken", faulty[1], faulty[0]), Run("mended", healthy[1], healthy[0])])


def test_formats_of_the_command() -> None:
    assert command.FORMATS == FORMATS


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_ends_in_one_newline(name: str, comparison: Comparison) -> None:
    text = reporter(name)(comparison)
    assert text.endswith("\n") and not text.endswith("\n\n")


def test_the_terminal(comparison: Comparison) -> None:
    """Verdicts, what is gone, figures with their difference, and what differs."""
    text = reporter("terminal")(comparison)
    lines = text.splitlines()
    assert lines[0].startswith("FAULTY: broken: The initial weights are too large")
    assert any(line.startswith("HEALTHY: mended: ") for line in lines)
    assert "  gone         large-initial-weights: The initial weights are too large" in text
    steps = next(line.split() for line in lines if line.startswith("  steps   "))
    assert steps[:3] == ["steps", *(f"{run.recording.steps:,}" for run in comparison.runs)]
    assert all(len(line) <= 80 for line in lines)


def test_three_runs_are_held_against_the_first(faulty: Any, healthy: Any) -> None:
    runs = [Run("a", faulty[1], faulty[0]), Run("b", faulty[1], faulty[0]), Run("c", healthy[1], healthy[0])]
    text = reporter("terminal")(compare(runs))
    assert "from a to b" in text and "from a to c" in text
    assert "still there  large-initial-weights" in text and "gone         large-initial-weights" in text
    assert "difference" not in text


def test_json(comparison: Comparison) -> None:
    """Curves whole, nothing that JSON lacks."""
    found = json.loads(reporter("json")(comparison), parse_constant=lambda name: pytest.fail(name))
    assert found["format"] == 1 and [run["name"] for run in found["runs"]] == ["broken", "mended"]
    assert {one["status"] for one in found["findings"]} == {"gone"}
    (task,) = found["tasks"]
    losses = [curve for curve in task["curves"] if (curve["name"], curve["phase"]) == ("loss", "train")]
    assert [curve["run"] for curve in losses] == [0, 1]
    assert all(len(one["steps"]) == len(one["values"]) == len(one["seconds"]) for one in task["curves"])


def test_markdown_of_names_with_bars(faulty: Any) -> None:
    """A bar in a cell would end it."""
    text = reporter("markdown")(compare([Run("a|b", faulty[1], faulty[0]), Run("c", faulty[1], faulty[0])]))
    rows = [line for line in text.splitlines() if line.startswith("| `a")]
    assert rows and all("a\\|b" in row for row in rows)
