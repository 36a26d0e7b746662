"""Rule input-nan."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series


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


def test_names_and_the_file(findings: Any) -> None:
    """Columns by number and name, and the file with the line that reads it."""
    run = classifier()
    replace_series(run, "input", "input:x", range(10), nan_count=3, size=640)
    columns = [{"name": "age", "nonfinite": 1}, {"name": "rooms", "nonfinite": 0}, {"nonfinite": 2}]
    origin = {"file": "houses.csv", "reader": "pandas.read_csv", "location": ["train.py", 4, ""], "how": "derived"}
    run.site("array", "x_train", role="x", nonfinite=3, nonfinite_rows=[5], columns=columns, origin=origin)
    message = findings("input-nan", run)[0].message
    assert "in row 5, in columns 0 (`age`), 2, of `houses.csv` (read at train.py:4)." in message


def test_one_array_of_a_dict(findings: Any) -> None:
    run = classifier()
    replace_series(run, "input", "input:x", range(10), nan_count=3, size=640)
    run.site("array", "ages", role="x['age']", nonfinite=3, nonfinite_rows=[5, 6])
    assert "not finite, in `age`, in rows 5, 6." in findings("input-nan", run)[0].message
    run = classifier(failing=False).site("array", "ages", role="x_val['age']", nonfinite=3)
    assert findings("input-nan", run)[0].severity is Severity.WARNING


def test_columns_of_a_batch(findings: Any) -> None:
    """Where no array was handed over, the batch itself tells, with the names that the network's input has."""
    run = change(classifier(), "input:x", columns=["age", "rooms"])
    replace_series(run, "input", "input:x", range(10), nan_count=[0, 0, 3] + [1] * 7, size=640)
    for step in range(4):
        run.vector("input:x", "column_nonfinite", step, [0, 3 if step >= 2 else 0])
    assert "are not finite, in column 1 (`rooms`)." in findings("input-nan", run)[0].message


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


def test_targets_that_the_loss_masks(findings: Any, ruled_out: Any) -> None:
    """Every row was trained on twice over, and the loss of each step is finite."""
    for rows, expected in ((4800, 0), (4801, 1)):  # 300 steps of 32
        run = classifier(failing=False)
        run.site("array", "t", role="y", shape=[rows, 3], nonfinite=7, nonfinite_rows=[1])
        assert len(findings("input-nan", run)) == expected
    run.sites["array:t"].attributes["shape"][0] = 4800
    assert any("it is masked" in one.why for one in ruled_out("input-nan", run))


def test_nan_that_a_relu_swallows(findings: Any) -> None:
    """The loss is finite over all rows, but the weights before the ReLU are not."""
    run = classifier()
    run.site("array", "t", line=21, role="x", shape=[4800, 3], nonfinite=7, nonfinite_rows=[1])
    assert not findings("input-nan", run)
    (found,) = findings("input-nan", run.series("weight", "variable:w1", [200], nan_count=64.0))
    assert found.severity is Severity.ERROR and found.location.line == 21


def test_a_column_that_the_script_computes(findings: Any) -> None:
    """The file holds no such column, so that its reading is not the place."""
    source = 'table = pd.read_csv("meter.csv")\ntable["change"] = table.kwh.pct_change()\n'
    run = classifier(source=source)
    replace_series(run, "input", "input:x", range(10), nan_count=3, size=640)
    run.site("array", "x", role="x", nonfinite=2, shape=[100, 1], columns=[{"name": "change", "nonfinite": 2}],
             origin={"file": "meter.csv", "location": ["train.py", 1, ""]})  # fmt: skip
    (found,) = findings("input-nan", run)
    assert found.location.line == 2


TABLE = """\
df = pd.read_csv("meters.csv")
feats = pd.DataFrame({
    "flow": {flow},
    "hour": df["hour"] / 24,
})
x = feats.values[:200].astype("float32")
model.fit(x, y)
"""


def lost(flow: str, names: list[str] | None) -> Run:
    run = classifier([1.4, 1.4] + [float("nan")] * 50, source=TABLE.replace("{flow}", flow))
    replace_series(run, "input", "input:x", range(10), nan_count=[0, 0, 3] + [1] * 7, size=640)
    columns = [{"nonfinite": 3}, {"nonfinite": 0}]
    return run.site("array", "x", line=7, role="x", variable="x", nonfinite=3, shape=[200, 2], columns=columns,
                    names=names)  # fmt: skip


def test_the_column_of_a_table_that_is_written_out(findings: Any) -> None:
    assert findings("input-nan", lost('np.log1p(df["flow"])', ["flow", "hour"]))[0].location.line == 3
    assert findings("input-nan", lost('np.log1p(df["flow"])', None))[0].location.line == 2
    assert findings("input-nan", lost('df["flow"] - 3', ["flow", "hour"]))[0].location.line == 1, "as it was read"


def test_the_only_line_that_may_leave_gaps(findings: Any) -> None:
    run = lost('df["flow"] - 3', None)
    coerced = 'df["flow"] = pd.to_numeric(df["flow"], errors="coerce")\n'
    run.source = coerced + run.source.replace("x = feats", "z = feats")
    run = change(run, "array:x", variable=None)
    assert findings("input-nan", run)[0].location.line == 1
    run.source += 'df["hour"] = df["hour"].shift(1)\n'
    assert findings("input-nan", run)[0].location.line == 7, "one of two"


def test_labels_that_the_loss_takes_a_logarithm_of(findings: Any) -> None:
    """They are finite as they are fed: the loss makes them minus infinity."""
    run = change(classifier(failing=True), "label:y", made_by="Log")
    replace_series(run, "label", "label:y", range(10), min=-2.0, max=1.0, inf_count=3, nan_count=0, size=32)
    assert not findings("input-nan", run)
    run.site("array", "y", role="y", nonfinite=3, nonfinite_rows=[1], shape=[500, 1])
    assert findings("input-nan", run)[0].site in ("label:y", "array:y")


def test_nan_that_went_through_a_logarithm(findings: Any) -> None:
    """Where no array tells what was fed, an infinity is of the logarithm, and NaN may have been in the data."""
    run = change(classifier(failing=True), "label:y", made_by="Log")
    for counts, expected in (({"inf_count": 3, "nan_count": 0}, 0), ({"inf_count": 0, "nan_count": 3}, 1)):
        replace_series(run, "label", "label:y", range(10), min=-2.0, max=1.0, size=32, **counts)
        assert len(findings("input-nan", run)) == expected
    run.site("array", "y", role="y", nonfinite=0, shape=[500, 1])
    assert not findings("input-nan", run)


def test_labels_of_an_evaluation_that_are_masked(findings: Any) -> None:
    """The loss of each evaluation is a number; of inputs a ReLU may have hidden them."""
    run = classifier(failing=False).site("array", "y_val", role="y_val", nonfinite=40)
    assert findings("input-nan", run)
    assert not findings("input-nan", run.scalar("epoch/val_loss", 100, 0.4).scalar("epoch/val_loss", 200, 0.3))
    assert findings("input-nan", run.scalar("epoch/val_loss", 250, float("nan")))
    run = classifier(failing=False).site("array", "x_val", role="x_val", nonfinite=40)
    assert findings("input-nan", run.scalar("epoch/val_loss", 100, 0.4))
