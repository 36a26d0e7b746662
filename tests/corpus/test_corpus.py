"""Whole scripts: the root cause is named first, at the right line, and healthy scripts stay silent.

A few scripts run with the fast tests, all of them with `make test-slow`.
"""

from __future__ import annotations

import pytest

from tests.conftest import ScriptRunner
from tests.corpus import cases
from tests.diagnosing import Diagnosed, diagnose

#: Run with the fast tests: some of each family, of those that take least.
FAST_BROKEN = ("init_large_fit", "logits_fit", "nan_csv", "lr_high_fit", "metric_never_reset", "freight_cost")
FAST_SILENT = ("freight_cost",)


def parameters(found: list[cases.Case], fast: tuple[str, ...]) -> list[object]:
    """Test parameters in which all but the fast scripts are marked slow."""
    return [
        pytest.param(case, id=case.name, marks=_marks(case, fast))
        for case in found
    ]


def _marks(case: cases.Case, fast: tuple[str, ...]) -> list[pytest.MarkDecorator]:
    return [] if case.path.parent.name in fast else [pytest.mark.slow]


def in_its_folder(case: cases.Case, run_script: ScriptRunner) -> Diagnosed:
    """The diagnosis of a script that may read files beside it."""
    folder = run_script.folder / "corpus"
    return diagnose(ScriptRunner(folder), cases.copied(case, folder))


@pytest.mark.parametrize("case", parameters(cases.broken(), FAST_BROKEN))
def test_broken(case: cases.Case, run_script: ScriptRunner) -> None:
    """A marked fault is primary, on a marked line; all are found; the exit status says so."""
    found = in_its_folder(case, run_script)

    first = case.first(found.primary)
    assert first is not None, found.report["findings"]
    assert first.placed(found.primary), found.primary["location"]
    assert case.missing(found.report["findings"]) == []
    assert found.status == (1 if found.primary["severity"] == "error" else 0)


@pytest.mark.parametrize("case", parameters(cases.silent(), FAST_SILENT))
def test_silent(case: cases.Case, run_script: ScriptRunner) -> None:
    """A script that trains well has no finding of severity error."""
    found = in_its_folder(case, run_script)

    assert found.errors == []
    assert found.status == 0
