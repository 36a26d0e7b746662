"""Rule repeated-batch."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier


def fed(*starts: int, rows: int = 1000, source: str = "") -> Run:
    """Batches of 32 rows that begin at these rows, of an array of so many."""
    run = classifier(failing=False, source=source)
    run.site("array", "x", role="x")
    run.site("rows", "all", of="arrays", used_for="train", inputs=["array:x"], rows=rows, width=20, share_bits=0)
    run.rows("rows:all", range(1, rows + 1))
    run.site("rows", "batches", of="batches", width=20)
    for step, start in enumerate(starts):
        run.rows("rows:batches", range(start + 1, start + 33), step=step)
    return run


def test_the_same_rows_at_every_step(findings: Any, primary: Any) -> None:
    run = fed(*[0] * 10, source="\nfor step in range(100):\n    x, y = next(iter(dataset))\n")
    (found,) = findings("repeated-batch", run)
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.CERTAIN, 3)
    assert "the same 32 rows, while there are 1000: 97 % of the data is never seen." in found.message
    assert primary(run).rule == "repeated-batch"


def test_the_change_fits_how_batches_are_taken(findings: Any) -> None:
    iterator = fed(*[0] * 10, source="\nfor step in range(100):\n    x, y = next(iter(dataset))\n")
    assert findings("repeated-batch", iterator)[0].fixes[0].title == "Make the iterator once, before the loop"
    sliced = fed(*[0] * 10, source="\nfor step in range(100):\n    net.train_on_batch(x[:32], y[:32])\n")
    assert findings("repeated-batch", sliced)[0].fixes[0].title == "Take other rows at each step"


def test_thresholds(findings: Any) -> None:
    assert not findings("repeated-batch", fed(*[0] * 9))
    assert findings("repeated-batch", fed(*[0] * 10, rows=48))
    assert not findings("repeated-batch", fed(*[0] * 10, rows=47))


def test_inputs_that_are_all_alike(findings: Any) -> None:
    run = fed(*[0] * 10)
    run._hashes = [(key, step, place, 1 if key == "rows:batches" else one, pair)
                   for key, step, place, one, pair in run._hashes]  # fmt: skip
    assert not findings("repeated-batch", run)


def test_other_batches(findings: Any, ruled_out: Any) -> None:
    run = fed(*[0] * 9, 32)
    assert not findings("repeated-batch", run)
    assert ruled_out("repeated-batch", run)[0].why == "2 different batches were seen at 10 steps"


def test_full_batches_are_meant(findings: Any) -> None:
    assert not findings("repeated-batch", fed(*[0] * 20, rows=32))


def test_labels_of_a_part_beside_all_inputs(findings: Any) -> None:
    """Some nodes of a graph have labels."""
    run = fed(*[0] * 20)
    run.sites["input:x"].attributes["shape"] = [1000, 20]  # type: ignore[index]
    assert not findings("repeated-batch", run)
