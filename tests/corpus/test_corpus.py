"""Whole scripts: the root cause is named first, at the right line, and healthy scripts stay silent.

A few scripts run with the fast tests, all of them with `make test-slow`.
"""

from __future__ import annotations

import pytest

from tests.conftest import ScriptRunner
from tests.corpus import cases
from tests.diagnosing import diagnose

#: Run with the fast tests: the faults of the five scripts in other styles, other sizes, some of each family.
FAST_BROKEN = ("init_large_fit", "init_large_tf_function", "dead_relu_fit", "dead_relu_tf_function", "logits_fit",
               "logits_tf_function", "noise_fit", "noise_tf_function", "vanishing_fit", "vanishing_tf_function",
               "nan_csv", "scale_dollars", "lr_high_fit", "csv_holdout", "json_text", "metric_never_reset",
               "pipeline_tiny_buffer", "fashion_plain")  # fmt: skip
#: What is not found yet, and why.
NOT_YET = {
    "digits_bare": "no update of the weights is large where they are all zero",
    "online_norm": "gradients of which one in a hundred is applied",
}
FAST_SILENT = ("init_large_fit", "noise_fit", "csv_holdout", "pipeline_tiny_buffer")


def parameters(found: list[cases.Case], fast: tuple[str, ...]) -> list[object]:
    """Test parameters in which all but the fast scripts are marked slow."""
    return [
        pytest.param(case, id=case.name, marks=_marks(case, fast))
        for case in found
    ]


def _marks(case: cases.Case, fast: tuple[str, ...]) -> list[pytest.MarkDecorator]:
    name = case.path.parent.name
    marks = [] if name in fast else [pytest.mark.slow]
    if case.expected and name in NOT_YET:
        marks.append(pytest.mark.xfail(reason=NOT_YET[name], strict=False))
    return marks


@pytest.mark.parametrize("case", parameters(cases.broken(), FAST_BROKEN))
def test_broken(case: cases.Case, run_script: ScriptRunner) -> None:
    """A marked fault is primary, on a marked line; all are found; the exit status says so."""
    found = diagnose(run_script, case.path)

    first = case.first(found.primary)
    assert first is not None, found.report["findings"]
    assert first.placed(found.primary), found.primary["location"]
    assert case.missing(found.report["findings"]) == []
    assert found.status == (1 if found.primary["severity"] == "error" else 0)


@pytest.mark.parametrize("case", parameters(cases.silent(), FAST_SILENT))
def test_silent(case: cases.Case, run_script: ScriptRunner) -> None:
    """A script that trains well has no finding of severity error."""
    found = diagnose(run_script, case.path)

    assert found.errors == []
    assert found.status == 0
