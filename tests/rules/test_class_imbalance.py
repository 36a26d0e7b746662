"""Rule class-imbalance."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier


def lopsided(share: float = 0.9, guessed: float = 0.0, *, failing: bool = True, source: str = "") -> Run:
    """Ten batches of 100 labels, a share of them of class 0; `guessed` predictions of class 1 in each."""
    run = classifier(failing=failing, classes=2, source=source)
    run._vectors = []
    for step in range(10):
        run.vector("label:y", "class_counts", step, [100 * share, 100 * (1 - share)])
        run.vector("output:out", "predicted_counts", step, [100 - guessed, guessed])
    return run


def test_only_the_frequent_class_is_predicted(findings: Any) -> None:
    run = lopsided()
    (found,) = findings("class-imbalance", run)
    assert found.severity is Severity.ERROR and found.location == run.sites["loss:cross_entropy"].location
    assert found.title == "The model only predicts class 0, which 90 % of the labels are"
    assert [round(one.observed, 3) for one in found.evidence] == [0.9, 0.0]


def test_fit_is_where_weights_are_given(findings: Any) -> None:
    run = lopsided()
    run.site("fit", "fit of `m`", line=40)
    assert findings("class-imbalance", run)[0].location.line == 40


def test_class_weights_upside_down(findings: Any) -> None:
    source = (
        "counts = np.bincount(y)\nshares = counts / counts.sum()\n"
        "weights = {c: float(w) for c, w in enumerate(shares)}\nmodel.fit(x, y, class_weight=weights)\n"
    )
    for weights, line in (({"0": 0.9, "1": 0.1}, 2), ({"0": 0.1, "1": 0.9}, 4)):
        run = lopsided(source=source).site("fit", "fit of `m`", line=4, class_weight=weights)
        (found,) = findings("class-imbalance", run)
        assert found.location.line == line and ("make it worse: 0.9 for class 0" in found.message) is (line == 2)
        assert len(found.evidence) == (3 if line == 2 else 2)


def test_threshold_of_the_majority(findings: Any, ruled_out: Any) -> None:
    assert findings("class-imbalance", lopsided(0.70))
    assert not findings("class-imbalance", lopsided(0.69))
    assert ruled_out("class-imbalance", lopsided(0.69))[0].why == "the most frequent class has 69 % of the labels"


def test_threshold_of_the_predictions(findings: Any) -> None:
    """A twentieth of the rare ones."""
    assert findings("class-imbalance", lopsided(guessed=0.49))
    assert not findings("class-imbalance", lopsided(guessed=0.51))


def test_too_few_rare_examples(unchecked: Any) -> None:
    (said,) = unchecked("class-imbalance", lopsided(0.99))
    assert said.reason == "7 examples of the rarer classes were seen late in the run"


def test_scores_that_learned_much_or_are_meant_to_rank_are_warned_about(findings: Any) -> None:
    assert findings("class-imbalance", lopsided(failing=False))[0].severity is Severity.WARNING
    run = lopsided(source="metrics = [keras.metrics.AUC()]")
    assert findings("class-imbalance", run)[0].severity is Severity.ERROR


def test_balanced_is_silent(findings: Any) -> None:
    assert not findings("class-imbalance", classifier())


def one_class(steps: int = 10, others: float = 2.0) -> Run:
    """Training labels of class 0 alone, `steps` batches of 32, and held-out batches with some of class 1."""
    run = classifier(classes=2, source="batches = Batches(x, y)\nnet.fit(batches)\n")
    run._vectors = [one for one in run._vectors if one["name"] != "class_counts"]
    for step in range(steps):
        run.vector("label:y", "class_counts", step, [32.0])
    run.site("label", "y", phase="eval", encoding="index")
    for step in range(4):
        run.vector("label:y:eval", "class_counts", step, [30.0, others])
    return run.site("fit", "fit", line=2)


def test_a_class_that_is_never_shown(findings: Any, primary: Any) -> None:
    (found,) = findings("class-imbalance", one_class())
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.HIGH, 1)
    assert found.title == "The training sees no other class than class 0"
    assert "All of 320 labels" in found.message and "8 held-out ones are of others" in found.message
    assert primary(one_class()).rule == "class-imbalance"
    assert not findings("class-imbalance", one_class(steps=6)), "192 labels"
    assert not findings("class-imbalance", one_class(others=1.75)), "seven held-out ones"


def test_a_network_of_nan_says_nothing_of_its_labels(findings: Any) -> None:
    run = lopsided()
    assert findings("class-imbalance", run)
    run._losses = [(name, step, float("nan"), at) for name, step, _, at in run._losses]
    assert not findings("class-imbalance", run)


def test_an_area_under_the_curve_that_is_shown(findings: Any, ruled_out: Any) -> None:
    """Of what is rare by nature the shares are learned, and no example is more likely than not."""
    for area, failing, expected in ((0.66, False, 0), (0.64, False, 1), (0.9, True, 1)):
        run = lopsided(failing=failing).scalar("epoch/auc", 9, 0.9).scalar("epoch/val_auc", 9, area)
        assert len(findings("class-imbalance", run)) == expected, (area, failing)
    assert ruled_out("class-imbalance", lopsided(failing=False).scalar("epoch/val_auc", 9, 0.7))
