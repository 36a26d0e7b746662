"""What holds for all rules: documentation, names, tests, robustness."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from doctor.engine import diagnose
from doctor.findings import FAULTS, Finding, location_to_dict
from doctor.jsonable import encode_number
from doctor.rules import RULES
from doctor.rules.base import HEADINGS, Rule
from doctor.rules.causes import EXPLAINS, EXPLAINS_LATER, SUSPECTS
from doctor.types import Site
from tests.builders import Run, classifier
from tests.numpy_training import blobs, train_mlp, uniform

FAULT_NAMES = {name for family in FAULTS.values() for name in family}
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def test_ids_are_unique() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))


@every_rule
def test_fault_is_in_the_vocabulary(rule: Rule) -> None:
    assert rule.fault in FAULT_NAMES


@every_rule
def test_docstring_has_the_headings_in_order(rule: Rule) -> None:
    text = type(rule).__doc__ or ""
    positions = [text.find(f"{heading}:\n") for heading in HEADINGS]
    assert -1 not in positions and positions == sorted(positions)


@every_rule
def test_module_and_test_carry_its_name(rule: Rule) -> None:
    name = rule.id.replace("-", "_")
    assert type(rule).__module__ == f"doctor.rules.{name}"
    assert (Path(__file__).parent / f"test_{name}.py").is_file()


@every_rule
def test_thresholds_are_documented(rule: Rule) -> None:
    """Every field is a number with a comment that starts with #: above it or beside it."""
    source = Path(__import__("inspect").getfile(type(rule))).read_text(encoding="utf-8").splitlines()
    for field in dataclasses.fields(rule):
        line = next(n for n, text in enumerate(source) if text.strip().startswith(f"{field.name}:"))
        above = source[line - 1].strip()
        assert "#:" in source[line] or above.startswith("#:") or ": float" in above or ": int" in above


@every_rule
def test_bare_recording_does_not_raise(rule: Rule) -> None:
    """Sites without attributes and runs without observations are never an error of the rule."""
    bare = Run().subject()
    for kind in ("variable", "activation", "input", "label", "output", "loss", "optimizer", "dataset", "fit", "array"):
        key = f"{kind}:x"
        bare.sites[key] = Site(key, kind, "x", "subject:loop")
    for losses in ([], [1.0], [float("nan")] * 3, [1.0] * 400):
        bare._losses = []
        diagnosis = diagnose(bare.losses(losses).build(), (rule,))
        assert not [one for one in diagnosis.not_checked if "failed" in one.reason]


def test_tables_use_the_vocabulary() -> None:
    for table in (EXPLAINS, EXPLAINS_LATER, SUSPECTS):
        assert set(table) | {name for names in table.values() for name in names} <= FAULT_NAMES


def test_findings_are_json() -> None:
    x, y = blobs()
    for run in (train_mlp(x, y, init=uniform(-0.1, 0)), train_mlp(x, y, rate=1e4), classifier([float("nan")] * 30)):
        for finding in diagnose(run.build()).findings:
            text = json.dumps(as_dict(finding), allow_nan=False)
            assert json.loads(text)["rule"] == finding.rule


def as_dict(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "fault": finding.fault,
        "severity": finding.severity.value,
        "message": finding.message,
        "location": location_to_dict(finding.location),
        "evidence": [
            [one.series, one.step, encode_number(one.observed), None if one.limit is None else encode_number(one.limit)]
            for one in finding.evidence
        ],
        "fixes": [[one.title, one.code, location_to_dict(one.location), one.safe] for one in finding.fixes],
    }
