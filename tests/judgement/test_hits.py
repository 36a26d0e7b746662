"""Right predictions, counted in the batches that were observed."""

from __future__ import annotations

import pytest

from doctor.hits import accuracy_gained, late_accuracy
from tests.builders import Run


def evaluated(right: float, shown: float | None, observed: int = 10, name: str = "accuracy") -> Run:
    """Batches of 32 of which so many predictions are right, and what `fit` shows of its last epochs."""
    run = Run().subject("net")
    run.site("output", "out", phase="eval", units=4)
    for step in range(observed):
        run.vector("output:out:eval", "correct", step, [right, 32.0])
    for epoch, value in enumerate((0.1, 0.5, shown)):
        if value is not None and shown is not None:
            run.scalar(f"epoch/val_{name}", 100 * epoch, value)
    return run


@pytest.mark.parametrize(
    ("right", "shown", "accuracy"),
    [
        (27, None, 27 / 32),
        # Of 128 predictions the standard error is 0.032.
        (27, 0.908, 0.908),
        (27, 0.96, 27 / 32),
        (27, 0.1, 27 / 32),
        (32, 0.99, 0.99),
        (32, 0.5, 1.0),
    ],
)
def test_what_fit_shows_of_all_of_it(right: float, shown: float | None, accuracy: float) -> None:
    found = late_accuracy(evaluated(right, shown).build(), "subject:net", "eval")
    assert found == (pytest.approx(accuracy), 128)


@pytest.mark.parametrize(
    ("name", "accuracy"),
    [("acc", 0.908), ("sparse_categorical_accuracy", 0.908), ("binary_accuracy", 27 / 32), ("auc", 27 / 32)],
)
def test_by_the_names_that_fit_gives_it(name: str, accuracy: float) -> None:
    found = late_accuracy(evaluated(27, 0.908, name=name).build(), "subject:net", "eval")
    assert found == (pytest.approx(accuracy), 128)


def test_between_chance_and_what_chance_does_not_reach() -> None:
    """Of 128 predictions at 0.7 the standard error is 0.0405."""
    recording = Run().subject("net").build()

    def gained(accuracy: float) -> float | None:
        return accuracy_gained(recording, "subject:net", (accuracy, 128.0), None, 0.7)[0]

    assert gained(0.7) == gained(0.76) == 0.0
    assert gained(0.762) is None and gained(0.82) is None
    assert gained(0.825) == pytest.approx(0.125 / 0.3)


def test_samples_that_lie_far_apart() -> None:
    """Of the last third where that is enough, else of the last half: 64 predictions are too few."""
    def seen(late: int) -> tuple[float, float] | None:
        run = Run().subject("net").site("output", "out", units=4)
        for step, right in ((0, 8), (600, 16), *((1000 + one, 32) for one in range(late))):
            run.vector("output:out", "correct", step, [right, 32.0])
        return late_accuracy(run.build(), "subject:net", "train")

    assert seen(4) == (1.0, 128) and seen(2) == (80 / 96, 96)
