"""Rule overlapping-windows."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = """\
x = windows(series)
x_train, x_val = train_test_split(x)
model.fit(x_train, y_train, validation_data=(x_val, y_val))
"""


def windowed(shared: float, name: str = "x_val", line: int = 3) -> Run:
    run = classifier(failing=False, source=SOURCE)
    for role, variable, use in (("x", "x_train", "train"), ("x_val", name, "eval")):
        run.site("array", role, line=line, role=role, variable=variable)
        overlaps = {"rows:x": shared} if use == "eval" else {}
        run.site("rows", role, line=line, of="arrays", used_for=use, inputs=[f"array:{role}"], labels=[], rows=100,
                 overlaps=overlaps)  # fmt: skip
        run.rows(f"rows:{role}", range(1, 5) if use == "train" else range(5, 9))
    return run


def test_split_after_they_were_cut(findings: Any) -> None:
    (found,) = findings("overlapping-windows", windowed(0.99))
    assert (found.fault, found.severity, found.confidence) == ("leakage", Severity.WARNING, Confidence.HIGH)
    assert found.location.line == 2 and "99 % of the moments in `x_val`" in found.message
    assert (found.evidence[0].observed, found.evidence[0].limit) == (0.99, 0.65)


def test_threshold(findings: Any, ruled_out: Any) -> None:
    assert findings("overlapping-windows", windowed(0.65))
    assert not findings("overlapping-windows", windowed(0.64)) and ruled_out("overlapping-windows", windowed(0.64))


def test_what_is_not_held_out(findings: Any) -> None:
    """The training windows themselves, evaluated once more."""
    assert not findings("overlapping-windows", windowed(0.99, name="x_train"))


def test_nothing_known(check: Any) -> None:
    assert check("overlapping-windows", classifier()) == []


def test_the_line_that_mixes_them(findings: Any) -> None:
    run = windowed(0.99, line=8)
    run.source = (
        "def split(x):\n    n = len(x) // 5\n    order = rng.permutation(len(x))\n"
        "    return x[order[n:]], x[order[:n]]\n\n"
        "x = windows(series)\nx_train, x_val = split(x)\nmodel.fit(x_train, y, validation_data=(x_val, y_val))\n"
    )
    (found,) = findings("overlapping-windows", run)
    assert found.location.line == 3
