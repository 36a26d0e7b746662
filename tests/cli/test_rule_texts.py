"""`doctor rules`, `doctor explain` and docs/rules: one docstring feeds all three."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from doctor.cli.rule_text import Threshold, blocks, rule_text
from doctor.rules import RULES
from doctor.rules.base import HEADINGS, Rule

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class LeftShoe(Rule):
    """The model wears
    its left shoe on the right foot.

    What it is:
        One shoe.

        Two paragraphs.

    Why it matters: It hurts: see below.

    Example:
        foot.wear(LEFT)
    """

    fault: ClassVar[str] = "unknown"
    needs: ClassVar[frozenset[str]] = frozenset({"weight", "input"})

    #: Largest pain that is
    #: bearable.
    max_pain: float = 0.5
    window: int = 20  #: Steps.
    bare: int = 1

    def check(self, view):
        yield from ()


def test_a_docstring_is_split_at_its_headings():
    text = rule_text(LeftShoe())
    assert text.summary == "The model wears its left shoe on the right foot."
    assert text.sections == (
        ("What it is", "One shoe.\n\nTwo paragraphs."),
        ("Why it matters", "It hurts: see below."),
        ("Example", "foot.wear(LEFT)"),
    )
    assert text.needs == ("input", "weight") and text.id == "left-shoe"


def test_thresholds_carry_their_values_and_comments():
    assert rule_text(LeftShoe(window=3)).thresholds == (
        Threshold("max_pain", 0.5, "Largest pain that is bearable."),
        Threshold("window", 3, "Steps."),
        Threshold("bare", 1, ""),
    )


@pytest.mark.parametrize(
    ("heading", "text", "expected"),
    [
        ("What it is", "one\ntwo\n\nthree", [(False, "one two"), (False, "three")]),
        ("What it is", "one:\n\n    f(x)\n    g(x)", [(False, "one:"), (True, "f(x)\ng(x)")]),
        ("Example", "f(x)\n\ng(x)", [(True, "f(x)\n\ng(x)")]),
        ("Example", "Train for longer.", [(False, "Train for longer.")]),
        ("References", "A, 2015,\n  a link\nB", [(False, "A, 2015, a link"), (False, "B")]),
    ],
)
def test_blocks(heading, text, expected):
    assert blocks(heading, text) == expected


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_all_headings_and_says_what_its_thresholds_mean(rule):
    text = rule_text(rule)
    assert text.summary and [heading for heading, _ in text.sections] == list(HEADINGS)
    assert all(threshold.meaning for threshold in text.thresholds)


def test_rules_lists_every_rule(doctor):
    result = doctor("rules")
    assert result.status == 0
    table = result.out.split("\n\n")[0].splitlines()
    assert table[0].split() == ["rule", "fault", "severity", "needs"]
    rows = [line.split()[:3] for line in table[1:] if not line.startswith(" ")]
    assert rows == [[rule.id, rule.fault, rule.worst.value] for rule in RULES]
    assert max(map(len, result.out.splitlines())) <= 80


def test_rules_as_json(doctor):
    entries = json.loads(doctor("rules", "--format", "json").out)
    assert [entry["id"] for entry in entries] == [rule.id for rule in RULES]
    assert list(entries[0]) == ["id", "fault", "severity", "summary", "needs", "thresholds"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_can_be_explained(rule, doctor):
    result = doctor("explain", rule.id)
    assert result.status == 0
    assert all(f"\n{heading}\n" in result.out for heading in HEADINGS)
    assert all(threshold.name in result.out for threshold in rule_text(rule).thresholds)
    assert max(map(len, result.out.splitlines())) <= 80


def test_a_fault_explains_all_rules_that_find_it(doctor):
    for fault in {rule.fault for rule in RULES}:
        if fault not in {rule.id for rule in RULES}:
            out = doctor("explain", fault).out
            assert all(f"{rule.id}\n" in out for rule in RULES if rule.fault == fault)


def test_underscores_and_capitals_do_not_matter(doctor):
    name = RULES[0].id.replace("-", "_").upper()
    assert doctor("explain", name).out == doctor("explain", RULES[0].id).out


def test_an_unknown_name_gets_the_nearest_ones(doctor):
    result = doctor("explain", RULES[0].id + "x")
    assert result.status == 2 and result.err.count("\n") == 1
    assert "There is no rule or fault" in result.err and RULES[0].id in result.err
    assert "`doctor rules` lists them all" in doctor("explain", "qqqqqq").err


def test_the_pages_in_docs_are_fresh():
    """After a change of a rule's docstring: `make docs`."""
    command = [sys.executable, str(ROOT / "docs/generate.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
