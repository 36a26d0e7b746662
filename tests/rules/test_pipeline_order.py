"""Rule pipeline-order."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

MIXED = [[8.0, 8, 8, 8]] * 6
SORTED = [[32.0, 0, 0, 0]] * 3 + [[0, 32.0, 0, 0]] * 3 + [[0, 0, 32.0, 0]] * 3


def piped(*stages: tuple[str, dict[str, Any]], rows: list[list[float]] = MIXED, failing: bool = True) -> Run:
    """A training pipeline whose stages stand on lines 21, 22, ..."""
    run = classifier(failing=failing)
    run._vectors = [one for one in run._vectors if one["name"] != "class_counts"]
    for step, row in enumerate(rows):
        run.vector("label:y", "class_counts", step, row)
    chain = [
        {"stage": name, "arguments": facts, "location": ["train.py", 21 + number, ""],
         **({"elements": 2000} if name == "from_tensor_slices" else {})}
        for number, (name, facts) in enumerate((("from_tensor_slices", {}), *stages))
    ]  # fmt: skip
    return run.site("dataset", "d", used_for="train", chain=chain)


SHUFFLE, BATCH = ("shuffle", {"buffer_size": 2000}), ("batch", {"batch_size": 32})


def test_batch_before_shuffle(findings: Any, primary: Any) -> None:
    run = piped(BATCH, SHUFFLE, rows=SORTED)
    (found,) = findings("pipeline-order", run)
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.HIGH, 23)
    assert found.fixes[0].code == ".shuffle(buffer_size).batch(32)"
    assert found.evidence[1].observed == 0.0
    assert primary(run).fault == "pipeline-order"


def test_mixed_batches_of_a_good_run_are_only_warned_about(findings: Any) -> None:
    assert findings("pipeline-order", piped(BATCH, SHUFFLE, failing=False))[0].severity is Severity.WARNING
    assert findings("pipeline-order", piped(BATCH, SHUFFLE))[0].severity is Severity.ERROR


def test_the_right_order(findings: Any, ruled_out: Any) -> None:
    run = piped(SHUFFLE, BATCH)
    assert not findings("pipeline-order", run)
    assert ruled_out("pipeline-order", run)[0].why == "examples are shuffled before they are batched"
    assert not findings("pipeline-order", piped(BATCH, ("unbatch", {}), SHUFFLE, BATCH))


def test_a_small_buffer_counts_only_where_classes_come_in_turn(findings: Any) -> None:
    def small(buffer: int, rows: list[list[float]]) -> Run:
        return piped(("shuffle", {"buffer_size": buffer}), BATCH, rows=rows)

    (found,) = findings("pipeline-order", small(50, SORTED))
    assert found.title == "The buffer of shuffle is too small: 50 of 2000 elements"
    assert (found.location.line, found.fixes[0].code) == (22, ".shuffle(2000)")
    assert (found.evidence[0].observed, found.evidence[0].limit) == (50.0, 500.0)
    assert findings("pipeline-order", small(499, SORTED)) and not findings("pipeline-order", small(500, SORTED))
    assert not findings("pipeline-order", small(50, MIXED))


def test_pipelines_of_evaluation_are_left_alone(findings: Any) -> None:
    run = piped(BATCH, SHUFFLE)
    site = run.sites["dataset:d"]
    site.attributes["used_for"] = "eval"  # type: ignore[index]
    assert not findings("pipeline-order", run)


def test_sequences_are_cut_before_they_are_shuffled(findings: Any) -> None:
    """The first batch makes one example of a stretch of text."""
    assert not findings("pipeline-order", piped(("batch", {"batch_size": 101}), ("map", {}), SHUFFLE, BATCH))
    assert findings("pipeline-order", piped(("batch", {"batch_size": 101}), ("map", {}), BATCH, SHUFFLE))


FILES = ("flat_map", {})


def test_shuffled_files(findings: Any) -> None:
    """What is in a file stays together."""
    (found,) = findings("pipeline-order", piped(SHUFFLE, FILES, BATCH, rows=SORTED))
    assert (found.title, found.location.line) == ("The pipeline shuffles files, not examples", 22)
    assert not findings("pipeline-order", piped(SHUFFLE, FILES, SHUFFLE, BATCH, rows=SORTED))
    assert not findings("pipeline-order", piped(SHUFFLE, FILES, BATCH)), "the files hold a mixture each"
