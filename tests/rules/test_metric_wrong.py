"""Rule metric-wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series


def compiled(run: Run, *metrics: str) -> Run:
    return run.site("fit", "fit", line=40, compile={"metrics": list(metrics), "location": ["train.py", 38, ""]})


def regression(mean: float) -> Run:
    """Labels between 0 and 9 with a mean that tells whether they are whole numbers."""
    run = classifier(failing=False, loss={"function": "squared_error"})
    run = change(run, "output:out", units=1)
    return replace_series(run, "label", "label:y", range(10), min=0.0, max=9.0, mean=mean, std=2.0, size=32)


def test_an_accuracy_of_values(findings: Any) -> None:
    (found,) = findings("metric-wrong", compiled(regression(4.03), "accuracy"))
    assert (found.severity, found.confidence, found.location.line) == (Severity.WARNING, Confidence.CERTAIN, 38)
    assert found.fixes[0].code == 'metrics=["mae"]'
    assert not findings("metric-wrong", compiled(regression(4.03), "mae"))
    assert not findings("metric-wrong", compiled(regression(4.5), "accuracy")), "whole numbers may be classes"


def one_hot(*metrics: str, units: int = 4, encoding: str = "one-hot", function: str = "softmax_cross_entropy") -> Run:
    run = change(classifier(failing=False), "output:out", units=units)
    run = change(run, "label:y", encoding=encoding)
    loss = next(key for key, site in run.sites.items() if site.kind == "loss")
    return compiled(change(run, loss, function=function), *metrics).scalar("epoch/binary_accuracy", 299, 0.96)


def test_a_binary_accuracy_of_one_choice(findings: Any) -> None:
    (found,) = findings("metric-wrong", one_hot("binary_accuracy"))
    assert (found.severity, found.confidence, found.location.line) == (Severity.WARNING, Confidence.CERTAIN, 38)
    assert found.evidence[0].observed == 0.96 and found.evidence[0].limit == 0.75
    assert "takes each of the 4 numbers" in found.message
    assert not findings("metric-wrong", one_hot("binary_accuracy", "categorical_accuracy"))
    assert not findings("metric-wrong", one_hot("accuracy")), "Keras chooses the right one"
    assert not findings("metric-wrong", one_hot("binary_accuracy", units=2)), "of two the same"
    assert not findings("metric-wrong", one_hot("binary_accuracy", function="sigmoid_cross_entropy"))
    assert not findings("metric-wrong", one_hot("binary_accuracy", encoding="index"))


def shown(apart: float, *, moving: bool = False) -> Run:
    """Three epochs of 100 steps; ten batches of 32 were counted in each, 24 right: 0.75."""
    run = classifier(failing=False)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    for epoch in range(3):
        for step in range(5, 100, 10):
            run.vector("output:out", "correct", 100 * epoch + step, [24.0, 32.0])
        run.scalar("epoch/accuracy", 100 * epoch + 99, 0.75 + apart - (0.2 * (2 - epoch) if moving else 0.0))
    return compiled(run, "accuracy")


def test_another_accuracy_than_that_of_the_predictions(findings: Any) -> None:
    (found,) = findings("metric-wrong", shown(0.2))
    assert (found.severity, found.confidence) == (Severity.WARNING, Confidence.HIGH)
    assert "It says 95 % in an epoch in which 75 % of the predictions seen were right." in found.message


def test_threshold_of_the_difference(findings: Any) -> None:
    assert findings("metric-wrong", shown(0.121)) and findings("metric-wrong", shown(-0.121))
    assert not findings("metric-wrong", shown(0.119))
    assert not findings("metric-wrong", shown(0.2, moving=True)), "an accuracy that still changes says nothing"


def few(counted: float, *, later: float | None = None, batches: int = 4) -> Run:
    """Eight epochs of 40 steps with one observed batch each in the last half; the metric says 10 %."""
    run = classifier(np.linspace(1.4, 0.1, 320), failing=False)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    for epoch in range(8):
        run.scalar("epoch/accuracy", 40 * epoch + 39, 0.1)
    for number in range(batches):
        share = counted if later is None or number < batches / 2 else later
        run.vector("output:out", "correct", 200 + 25 * number, [32 * share, 32.0])
    return run


def test_few_predictions_of_the_last_half_together(findings: Any) -> None:
    assert findings("metric-wrong", few(0.97)) and findings("metric-wrong", few(0.35))
    assert not findings("metric-wrong", few(0.33)), "less than twice the difference"
    assert not findings("metric-wrong", few(0.97, batches=3)), "96 predictions"
    assert not findings("metric-wrong", few(0.5, later=0.9)), "they still change"


def asked(*results: list[float], rows: int = 1000, source: str = "for epoch in range(9):\n") -> Run:
    run = classifier(failing=False, source=source)
    run.site("array", "x", role="x")
    run.site("rows", "r", of="arrays", used_for="train", inputs=["array:x"], rows=rows, width=20, share_bits=0)
    run.rows("rows:r", range(1, 50))
    return run.site("metric", "accuracy", line=17, results=[list(one) for one in results])


def test_a_metric_that_is_never_reset(findings: Any) -> None:
    """Epochs of 0.5, 0.7 and 0.9 in turn: it shows their mean."""
    (found,) = findings("metric-wrong", asked([100, 0.5, 1000], [200, 0.6, 2000], [300, 0.7, 3000]))
    assert (found.location.line, found.fixes[0].code) == (17, "accuracy.reset_state()")
    assert "shows 0.7; over the last epoch alone it is 0.9" in found.message
    assert found.evidence[0].observed == 0.7 and round(found.evidence[0].limit, 6) == 0.9


def test_it_is_called_as_the_script_does(findings: Any) -> None:
    run = asked([100, 0.5, 1000], [100, 0.6, 2000], [100, 0.6, 2000], [300, 0.7, 3000],
                source="for epoch in x:" + "\n" * 16 + "self.hits = Accuracy()\n")  # fmt: skip
    assert findings("metric-wrong", run)[0].fixes[0].code == "self.hits.reset_state()"


def test_metrics_that_are_reset_or_asked_for_rarely(findings: Any) -> None:
    assert not findings("metric-wrong", asked([100, 0.5, 1000], [200, 0.7, 1000], [300, 0.9, 1000]))
    assert not findings("metric-wrong", asked([100, 0.5, 1000], [200, 0.6, 2000]))
    assert not findings("metric-wrong", asked([100, 0.5, 500], [200, 0.6, 900], [300, 0.7, 3000])), "no epochs"
    assert not findings("metric-wrong", asked([100, 0.7, 1000], [200, 0.7, 2000], [300, 0.701, 3000])), "no drift"
    running = [[100.0 * n, 0.5 + 0.1 * n, 200.0 * n] for n in (1, 2, 3)]
    assert not findings("metric-wrong", asked(*running, source="for batch in data:\n"))


def test_logits_that_are_rounded(findings: Any) -> None:
    run = classifier(failing=False, loss={"function": "sigmoid_cross_entropy"})
    run.site("decision", "rounded", line=23, phase="eval", takes="logits")
    (found,) = findings("metric-wrong", run)
    assert (found.title, found.location.line) == ("The accuracy rounds logits", 23)
    assert not findings("metric-wrong", change(run, "decision:rounded:eval", takes="probabilities"))


def test_a_comparison_of_all_pairs(findings: Any) -> None:
    run = classifier(failing=False).site("comparison", "c", line=40, phase="eval", output=[None, 1], labels=[None])
    (found,) = findings("metric-wrong", run)
    assert (found.severity, found.confidence, found.location.line) == (Severity.WARNING, Confidence.CERTAIN, 40)
    assert found.title == "The accuracy compares predictions (N, 1) with labels (N,)"


@pytest.mark.parametrize(("name", "what"), [("accuracy", "accuracy"), ("r2", "error")])
def test_all_pairs_in_numpy(name: str, what: str, findings: Any) -> None:
    run = classifier(failing=False).site("score", name, line=40, phase="eval", by_hand=True, value=0.875, rows=50,
                                         majority=0.5, steps=300, broadcast=[[50, 1], [50]])  # fmt: skip
    (found,) = findings("metric-wrong", run)
    assert found.title == f"The {what} compares predictions (N, 1) with labels (N,)"
    assert "0.875" in found.message and found.location.line == 40
    for changed in ({"broadcast": None}, {"broadcast": [[50, 1], [50]], "rows": 29}, {"rows": 50, "steps": 150}):
        assert not findings("metric-wrong", change(run, f"score:{name}:eval", **changed))
