"""Rule learned-by-heart, and the scores that it goes by."""

from __future__ import annotations

from typing import Any, Sequence

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series

SOURCE = """\
model.fit(x_train, y_train, epochs=50)
guess = model.predict(x_test).argmax(axis=1)
print(accuracy_score(y_test, guess))
"""


def scored(
    value: float, *, rows: int = 200, majority: float | None = 0.25, steps: int = 300, source: str = SOURCE,
    line: int = 3, name: str = "accuracy_score", evaluated: float | None = None,
) -> Run:  # fmt: skip
    """A classifier of four classes that knows its 1,000 training rows, and a score that the script computed."""
    run = classifier(failing=False, source=source)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    for step in range(10):
        run.vector("output:out", "correct", step, [32.0, 32.0])
    run.site("fit", "fit", line=1, model="model")
    run.site("array", "x_train", line=1, role="x", shape=[1000, 20])
    if evaluated is not None:
        for epoch in range(3):
            run.scalar("epoch/val_accuracy", 100 * epoch, evaluated)
    run.site("score", name, line=line, phase="eval", value=value, rows=rows, majority=majority, steps=steps)
    return run


def test_learned_by_heart(findings: Any, primary: Any) -> None:
    (found,) = findings("learned-by-heart", scored(0.5))
    assert (found.fault, found.severity, found.confidence) == ("overfitting", Severity.WARNING, Confidence.MEDIUM)
    assert "is 0.500 on 200 rows that the model was not trained on (`accuracy_score`)" in found.message
    assert found.location.line == 1
    assert [round(one.observed, 3) for one in found.evidence] == [1.0, 0.333]
    assert found.evidence[1].limit == pytest.approx(0.65)
    assert primary(scored(0.5)).rule == "learned-by-heart"


@pytest.mark.parametrize(
    "run",
    [
        scored(0.8),
        scored(0.5, rows=20),
        scored(0.5, rows=1000),
        scored(0.5, steps=150),
        scored(0.5, source=SOURCE.replace("y_test", "y_train")),
        scored(0.5, source=SOURCE.replace("model.predict(x_test)", "forest.predict(x_test)")),
        scored(0.5, name="r2_score"),
        scored(0.5, majority=None),
        scored(0.5, line=2),
    ],
    ids=["keeps enough", "few rows", "all training rows", "on the way", "training labels", "another model",
         "another score", "several labels to a row", "no call there"],
)  # fmt: skip
def test_what_shows_no_overfitting(run: Run, findings: Any) -> None:
    assert not findings("learned-by-heart", run)


def test_not_checked_without_a_score(unchecked: Any, ruled_out: Any) -> None:
    assert unchecked("learned-by-heart", classifier(failing=False))
    assert ruled_out("learned-by-heart", scored(0.8))


def test_the_best_of_several_scores(findings: Any) -> None:
    """A sweep over thresholds ends with a poor one."""
    run = scored(0.5)
    run.site("score", "accuracy_score", line=3, phase="eval", value=0.9, rows=200, majority=0.25, steps=300)
    assert not findings("learned-by-heart", run)


@pytest.mark.parametrize(
    "scored_as",
    ["guess", "(guess > 0.5).astype(int)", "np.where(guess > 0.5, 1, 0)", "y_pred=guess", "model.predict(x_test) > 0"],
)
def test_how_predictions_are_handed_over(scored_as: str, findings: Any) -> None:
    source = SOURCE.replace("y_test, guess", f"y_test, {scored_as}" if "=guess" not in scored_as else
                            f"{scored_as}, y_true=y_test")  # fmt: skip
    assert findings("learned-by-heart", scored(0.5, source=source))


@pytest.mark.parametrize(("value", "variance", "fires"), [(0.5, 1.0, True), (0.5, 0.2, False), (-5000.0, 1.0, False)])
def test_variances(value: float, variance: float, fires: bool, findings: Any) -> None:
    """Of values whose training labels have a variance of 1."""
    run = scored(value, name="r2_score", majority=None, source=SOURCE.replace("accuracy_score", "r2_score"))
    run = change(run, "score:r2_score:eval", variance=variance)
    run._vectors = []
    for step in range(12):
        run.vector("output:out", "errors", step, [0.1, 32.0, 32.0])
    run = change(change(run, "label:y", encoding="continuous"), "loss:cross_entropy", function="squared_error")
    replace_series(run, "label", "label:y", range(10), std=1.0, size=32)
    assert bool(findings("learned-by-heart", run)) is fires


def by_hand(value: float, *, seen: Sequence[int] = range(1001, 1021), **attributes: Any) -> Run:
    """The same of predictions that the script compares with labels itself, for rows with these hashes.

    The 1,000 training rows have the hashes 1 to 1,000.
    """
    run = scored(0.0, rows=10)
    run.site("rows", "rows of x", of="arrays", used_for="train", inputs=["array:x_train"], width=20, rows=1000,
             share_bits=0)  # fmt: skip
    run.rows("rows:rows of x", list(range(1, 1001)))
    given = {"name": "accuracy", "rows": 200, "majority": 0.25, "steps": 300, "labels": "y2", "plain": value,
             **attributes}  # fmt: skip
    run.site("score", given.pop("name"), line=3, phase="eval", by_hand=True, value=value, broadcast=None,
             seen=list(seen), **given)  # fmt: skip
    return run


def test_scored_by_hand(findings: Any) -> None:
    (found,) = findings("learned-by-heart", by_hand(0.5))
    assert found.message.startswith("The accuracy is 0.500 on 200 rows that the model was not trained on (compared at ")
    assert [round(one.observed, 3) for one in found.evidence] == [1.0, 0.333]
    # As many rows as were trained on, which are others.
    assert findings("learned-by-heart", by_hand(0.5, rows=1000))


@pytest.mark.parametrize(
    "run",
    [by_hand(0.5, seen=range(500, 520)), by_hand(0.5, seen=(), rows=1000), by_hand(0.5, labels="y_train"),
     by_hand(0.2, plain=0.9), by_hand(0.5, steps=100), by_hand(0.9)],
    ids=["training rows", "as many rows", "training labels", "misread", "on the way", "keeps enough"],
)  # fmt: skip
def test_scores_by_hand_that_show_no_overfitting(run: Run, findings: Any) -> None:
    assert not findings("learned-by-heart", run)
