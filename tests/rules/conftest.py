"""Helpers of the rule tests."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from doctor.engine import diagnose
from doctor.findings import Finding, NotChecked, RuledOut
from doctor.judgement import judge
from doctor.rules import RULES
from doctor.rules.view import SubjectView
from tests.builders import Run


@pytest.fixture
def check() -> Callable[[str, Run], list[Any]]:
    """What the rule with an id says about the first subject of a run."""

    def run(rule_id: str, run: Run) -> list[Any]:
        rule = next(rule for rule in RULES if rule.id == rule_id)
        recording = run.build()
        subject = recording.subjects[0]
        view = SubjectView(recording, subject, judge(recording, subject))
        reason = view.missing(rule.needs)
        return [rule.not_checked(view, reason)] if reason else list(rule.check(view))

    return run


@pytest.fixture
def findings(check: Any) -> Callable[[str, Run], list[Finding]]:
    """Only the findings."""
    return lambda rule_id, run: [one for one in check(rule_id, run) if isinstance(one, Finding)]


@pytest.fixture
def unchecked(check: Any) -> Callable[[str, Run], list[NotChecked]]:
    """Only what could not be checked."""
    return lambda rule_id, run: [one for one in check(rule_id, run) if isinstance(one, NotChecked)]


@pytest.fixture
def ruled_out(check: Any) -> Callable[[str, Run], list[RuledOut]]:
    """Only what was ruled out."""
    return lambda rule_id, run: [one for one in check(rule_id, run) if isinstance(one, RuledOut)]


@pytest.fixture
def primary() -> Callable[[Run], Finding | None]:
    """The root cause that the whole engine names."""
    return lambda run: diagnose(run.build()).primary
