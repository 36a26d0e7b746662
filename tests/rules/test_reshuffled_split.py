"""Rule reshuffled-split."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

Stages = list[tuple[str, dict[str, Any]]]
SHUFFLE = ("shuffle", {"buffer_size": 500})
FIXED = ("shuffle", {"buffer_size": 500, "reshuffle_each_iteration": False})
TAKE, SKIP = ("take", {"count": 100}), ("skip", {"count": 100})


def split(before: Stages, trained: Stages, held: Stages, held_from: int = 0) -> Run:
    """Two pipelines over 500 elements; what they share stands on lines 20, 21, ..."""
    run = classifier(failing=False)
    for name, stages, offset in (("train", [*before, *trained], 0), ("eval", [*before, *held], held_from)):
        chain = [
            {"stage": stage, "arguments": facts, "location": ["train.py", 20 + offset + number, ""],
             **({"elements": 500} if number == 0 else {})}
            for number, (stage, facts) in enumerate((("from_tensor_slices", {}), *stages))
        ]  # fmt: skip
        run.site("dataset", name, used_for=name, chain=chain)
    return run


def test_take_and_skip_behind_a_shuffle(findings: Any) -> None:
    run = split([SHUFFLE], [SKIP, ("batch", {"batch_size": 32})], [TAKE])
    (found,) = findings("reshuffled-split", run)
    assert (found.fault, found.severity, found.confidence) == ("leakage", Severity.ERROR, Confidence.CERTAIN)
    assert found.location.line == 21 and "20 % of the data are held out" in found.message
    assert found.evidence[0].observed == 0.2
    assert found.fixes[0].code == "reshuffle_each_iteration=False"


@pytest.mark.parametrize(
    ("before", "trained", "held"),
    [
        ([FIXED], [SKIP], [TAKE]),
        ([], [SKIP, SHUFFLE], [TAKE]),
        ([SHUFFLE, ("cache", {})], [SKIP], [TAKE]),
        ([SHUFFLE], [("take", {"count": 400})], [TAKE]),
        ([SHUFFLE], [("map", {})], [("batch", {"batch_size": 8})]),
    ],
    ids=["one order", "shuffled behind the split", "cached", "a part of it once more", "the training data itself"],
)
def test_what_is_held_out_for_good(
    findings: Any, ruled_out: Any, before: Stages, trained: Stages, held: Stages
) -> None:
    run = split(before, trained, held)
    assert not findings("reshuffled-split", run) and ruled_out("reshuffled-split", run)


def test_two_data_sets(findings: Any) -> None:
    """The same stages written on other lines: two files, say."""
    assert not findings("reshuffled-split", split([SHUFFLE], [SKIP], [TAKE], held_from=10))
