"""Rule small-part."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SPLIT = "x_train, x_test, y_train, y_test = train_test_split(x, y, test_size={})\n"


def fitted(source: str, train: float = 1.0, held: float = 0.85) -> Run:
    run = classifier(failing=False, source=source)
    for epoch in range(6):
        run.scalar("epoch/accuracy", 50 * epoch + 49, train).scalar("epoch/val_accuracy", 50 * epoch + 49, held)
    return run


def test_shares_the_wrong_way_round(findings: Any) -> None:
    (found,) = findings("small-part", fitted("part = 0.97\n" + SPLIT.format("part")))
    assert (found.severity, found.confidence, found.location.line) == (Severity.WARNING, Confidence.MEDIUM, 1)
    assert found.title == "The model is trained on 3 % of the rows, and the rest is held out"
    assert found.fixes[0].code == "test_size=0.03"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x_test, x_train, y_test, y_train = train_test_split(\n    x, y, test_size=0.2)\n", 1),
        ("model.fit(x, y,\n    validation_split=0.8)\n", 2),
        ("test_set, train_set = train_test_split(frame, train_size=0.8)\n", 1),
    ],
)
def test_other_ways_to_write_it(source: str, line: int, findings: Any) -> None:
    (found,) = findings("small-part", fitted(source))
    assert found.location.line == line


@pytest.mark.parametrize(
    "source",
    [SPLIT.format(0.74), SPLIT.format(0.2), SPLIT.format(200), "a, b = train_test_split(x, train_size=0.1)\n", ""],
)
def test_ordinary_splits(source: str, findings: Any) -> None:
    assert not findings("small-part", fitted(source))


@pytest.mark.parametrize(
    ("train", "held", "expected"), [(1.0, 0.95, 1), (1.0, 0.96, 0), (0.96, 0.87, 1), (0.9, 0.75, 0)]
)
def test_thresholds(train: float, held: float, expected: int, findings: Any) -> None:
    """Few rows may be enough: 0.87 has three times the errors of 0.96, and 0.75 not those of 0.9."""
    assert len(findings("small-part", fitted(SPLIT.format(0.9), train, held))) == expected


def test_not_checked_without_figures(unchecked: Any, check: Any) -> None:
    run = classifier(failing=False, source=SPLIT.format(0.9))
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    assert unchecked("small-part", run)
    assert check("small-part", classifier()) == []
