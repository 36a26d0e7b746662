"""Rule files-out-of-step, and keys that a script throws away."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

CSV = "names = [row[0] for row in csv.reader(a)]\nkinds = [kind for _, kind in csv.reader(b)]\n"
TABLES = "x = pd.read_csv('x.csv')[['width', 'height']]\ny = pd.read_csv('y.csv')['kind']\n"


def apart(source: str, reader: str, *, failing: bool = True, order: str = "2", held: float | None = None) -> Run:
    run = classifier(failing=failing, source=source)
    for number, (name, sequence) in enumerate((("x.csv", "1"), ("y.csv", order)), 1):
        keys = [{"position": 0, "name": "paper", "rows": 400, "values": "v", "order": sequence}]
        run.site("file", name, line=number, reader=reader, keys=keys)
    if held is not None:
        run.site("output", "held", phase="eval").site("label", "held", phase="eval")
        run.vector("output:held:eval", "correct", 290, [100 * held, 100.0])
    return run


def test_files_that_are_put_together_by_place(findings: Any) -> None:
    rows = "kinds = [int(row[1]) if row[1] else 0 for row in csv.reader(b)]\n"
    cases = (
        (CSV, "csv.reader"),
        (CSV.splitlines()[0] + "\n" + rows, "csv.reader"),
        (TABLES, "pandas.read_csv"),
        (TABLES + "data = data.map(scale)\n", "pandas.read_csv"),
    )
    for source, reader in cases:
        (found,) = findings("files-out-of-step", apart(source, reader))
        assert (found.fault, found.severity, found.confidence) == ("label-mismatch", Severity.ERROR, Confidence.HIGH)
        assert found.location.line == 2 and "`y.csv` and `x.csv`" in found.title


@pytest.mark.parametrize("source, reader", [
    (CSV.replace("kind for _, kind", "(name, kind) for name, kind"), "csv.reader"),
    (CSV + "x = table.set_index(names)\n", "csv.reader"),
    (TABLES + "x = x.merge(y)\n", "pandas.read_csv"),
    (TABLES.replace("'width'", "'paper', 'width'"), "pandas.read_csv"),
    (TABLES + "x = x.sort_values('width')\n", "pandas.read_csv"),
    (TABLES + "kinds = dict(zip(y.paper, y.kind))\n", "pandas.read_csv"),
    (CSV.replace("kind for _, kind", "parse(row, row[1]) for row"), "csv.reader"),
])  # fmt: skip
def test_keys_that_may_be_used(source: str, reader: str, findings: Any, ruled_out: Any) -> None:
    assert not findings("files-out-of-step", apart(source, reader))
    assert ruled_out("files-out-of-step", apart(source, reader))


def test_what_does_no_harm(findings: Any) -> None:
    assert not findings("files-out-of-step", apart(CSV, "csv.reader", order="1"))
    assert not findings("files-out-of-step", apart(CSV, "csv.reader", failing=False))
    assert findings("files-out-of-step", apart(CSV, "csv.reader", failing=False, held=0.3)), "learned by heart"
    assert not findings("files-out-of-step", apart(CSV, "csv.reader", failing=False, held=0.9))
