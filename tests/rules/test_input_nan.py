"""Rule input-nan."""

from __future__ import annotations

from typing import Any


from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier, replace_series


def test_inputs(findings: Any, primary: Any) -> None:
    run = classifier([float("nan")] * 50)
    replace_series(run, "input", "input:x", range(10), nan_count=[0, 0, 3] + [1] * 7, size=640)
    run.site(
        "array", "x", role="x", nonfinite=3, nonfinite_rows=[17, 310], columns=[{"nonfinite": 0}, {"nonfinite": 3}]
    )
    run.losses([])
    (found,) = findings("input-nan", classifier_with(run, [1.4, 1.4] + [float("nan")] * 50))
    assert (found.severity, found.confidence, found.onset_step) == (Severity.ERROR, Confidence.CERTAIN, 2)
    assert "rows 17, 310" in found.message and "column 1" in found.message
    assert found.evidence[0].observed == 3 and found.fixes
    assert found.location == run.sites["array:x"].location
    assert primary(run).rule == "input-nan"


def classifier_with(run: Run, losses: list[float]) -> Run:
    run._losses = []
    return run.losses(losses)


def test_labels(findings: Any) -> None:
    run = classifier()
    replace_series(run, "label", "label:y", range(10), nan_count=1, size=32)
    assert findings("input-nan", run)[0].title == "The labels hold NaN or infinity"


def test_an_array_alone(findings: Any) -> None:
    """No observed batch held it, but it is in the data."""
    run = classifier(failing=False).site("array", "x_train", role="x", nonfinite=1, nonfinite_rows=[5])
    assert findings("input-nan", run)[0].severity is Severity.ERROR


def test_a_validation_array_is_a_warning(findings: Any) -> None:
    run = classifier(failing=False).site("array", "x_val", role="x_val", nonfinite=1)
    assert findings("input-nan", run)[0].severity is Severity.WARNING


def test_weights_were_nan_before(findings: Any) -> None:
    """Inputs that another model computes turn NaN after the loss did."""
    run = classifier_with(classifier(), [1.4, float("nan")] + [float("nan")] * 50)
    replace_series(run, "input", "input:x", range(10), nan_count=[0, 0, 0] + [1] * 7, size=640)
    assert not findings("input-nan", run)


def test_healthy_is_ruled_out(findings: Any, ruled_out: Any) -> None:
    assert not findings("input-nan", classifier()) and ruled_out("input-nan", classifier())


def test_not_checked_without_data(unchecked: Any) -> None:
    assert unchecked("input-nan", Run().subject().losses([1.0]))
