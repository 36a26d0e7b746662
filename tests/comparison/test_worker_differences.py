"""What workers of one training should agree in, and where two recordings show that they do not."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.comparison import Run, workers
from doctor.engine import diagnose
from tests.builders import Run as Built
from tests.builders import classifier, replace_series


def worker(index: int, source: str = "train()\n", **facts: Any) -> Built:
    built = classifier(failing=False, source=source)
    built.facts.update(worker={"type": "worker", "index": index, "count": 2}, **facts)
    return built


def runs(*built: Built) -> list[Run]:
    recordings = [one.build() for one in built]
    return [Run(f"w{number}", one, diagnose(one)) for number, one in enumerate(recordings)]


def test_copies_agree() -> None:
    pair = runs(worker(0), worker(1))
    assert workers.together(pair)
    assert list(workers.differences(pair)) == []


def test_who_belongs_together() -> None:
    assert not workers.together(runs(worker(0), worker(0)))  # the same one, twice
    assert not workers.together(runs(worker(0), classifier(failing=False)))
    assert not workers.together(runs(worker(0)))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (
            worker(1, status="crashed", exit_code=1),
            "worker 0 came to its end, worker 1 ended as crashed",
        ),
        (worker(1, source="train(2)\n"), "train.py is not the same file on worker 0 and worker 1"),
        (worker(1, versions={"keras": "3.1.0"}), "keras: unknown on worker 0, 3.1.0 on worker 1"),
        (worker(1, argv=("--rate", "0.5")), "arguments: none on worker 0, --rate 0.5 on worker 1"),
    ],
)
def test_what_differs_is_told(other: Built, said: str) -> None:
    assert said in list(workers.differences(runs(worker(0), other)))


@pytest.mark.parametrize(
    ("norm", "said"),
    [
        (1.0009, []),  # sums in another order end far below a thousandth
        (
            1.0011,
            [
                "the weights are no copies of each other: at step 6 the norm of w1 on worker 1 is 0.1 % off that on "
                "worker 0"
            ],
        ),
    ],
)
def test_weights_that_are_no_copies(norm: float, said: list[str]) -> None:
    """They are held against each other at the steps that both observed."""
    first = replace_series(worker(0), "weight", "variable:w1", [0, 3, 6, 9], norm=1.0)
    second = replace_series(worker(1), "weight", "variable:w1", [0, 5, 6], norm=[1.0, 7.0, norm])
    assert list(workers.differences(runs(first, second))) == said


def test_rows_that_both_were_fed() -> None:
    def fed(index: int, rows: range) -> Built:
        return worker(index).site("rows", "batch", of="batches").rows("rows:batch", rows)

    def said(rows: range) -> list[str]:
        return list(workers.differences(runs(fed(0, range(64)), fed(1, rows))))

    assert said(range(32, 96)) == ["50 % of the training rows that worker 1 was fed were fed to worker 0 too"]
    assert said(range(33, 97)) == []
    assert said(range(31)) == []  # too few to tell
