"""Rule leakage."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from doctor.rules.row_sets import RowSet
from doctor.types import Site
from tests.builders import Run, change, classifier


def sets(
    shared: int, *, held: str = "x_test", width: int = 64, twins: int = 0, source: str = "", **fit: Any
) -> Run:
    """1,000 training rows, `twins` of them there twice, and 200 held-out rows, `shared` of them trained on."""
    run = classifier(failing=False, source=source)
    run.site("array", "x_train", line=20, role="x", variable="x_train")
    run.site("array", held, line=50, role="x_val", variable=held)
    common = {"of": "arrays", "width": width, "share_bits": 0, "relation": None}
    run.site("rows", "train", **common, used_for="train", inputs=["array:x_train"], rows=1000 + twins)
    run.site("rows", "held", line=50, phase="eval", **common, used_for="eval", inputs=[f"array:{held}"], rows=200)
    run.rows("rows:train", [*range(1, 1001), *range(1, twins + 1)])
    return run.rows("rows:held:eval", [*range(1, shared + 1), *range(5001, 5201 - shared)])


def test_rows_that_were_trained_on(findings: Any, primary: Any) -> None:
    run = sets(100)
    (found,) = findings("leakage", run)
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.CERTAIN, 50)
    assert found.title == "50 % of the held-out rows were trained on"
    assert "100 of the 200 rows of `x_test` (50 %)" in found.message and found.evidence[0].observed == 0.5
    assert primary(run).rule == "leakage"


def test_thresholds(findings: Any, ruled_out: Any) -> None:
    assert not findings("leakage", sets(0)) and ruled_out("leakage", sets(0))
    assert not findings("leakage", sets(4)), "four rows are fewer than min_rows"
    assert findings("leakage", sets(5))[0].severity is Severity.WARNING
    assert findings("leakage", sets(19))[0].severity is Severity.WARNING
    assert findings("leakage", sets(20))[0].severity is Severity.ERROR


@pytest.mark.parametrize("name, count", [
    ("x_test", 1), ("valid_x", 1), ("holdout", 1), ("X_dev", 1), ("x_train", 0), ("features", 0), ("training_part", 0),
    ("input_value", 0), ("household", 0), ("latest", 0), ("Xval", 1), ("value_test", 1),
])  # fmt: skip
def test_what_is_held_out_is_told_by_its_name(findings: Any, name: str, count: int) -> None:
    run = sets(200, held=name) if name != "x_train" else sets(200, held="x_train_again")
    assert len(findings("leakage", run)) == count


def test_what_fit_validates_on_is_held_out(findings: Any) -> None:
    source = "\n" * 49 + "model.fit(x, y,\n          validation_data=(a, b))\n"
    run = sets(100, held="a", source=source)
    run.site("fit", "fit", line=50, validation=True)
    (found,) = findings("leakage", run)
    assert found.location.line == 51


def test_other_folds_and_other_models(findings: Any) -> None:
    """Rows that one training held out are what the next is trained on."""
    run = sets(100)
    run.site("fit", "one", line=8).site("fit", "two", line=9)
    assert not findings("leakage", run)
    for mine, theirs, count in ((1, 2, 0), (2, 2, 1)):
        run = change(change(run, "rows:train", fit=mine), "rows:held:eval", fit=theirs)
        assert len(findings("leakage", run)) == count


def test_arrays_that_hold_the_batches_and_more(findings: Any) -> None:
    """A loop takes slices of all there is: only rows that were seen in batches were trained on."""
    run = change(sets(200), "rows:train", found=True)
    run.site("rows", "batches", of="batches", width=64)
    run.rows("rows:batches", range(1001, 1400))
    assert not findings("leakage", run)
    run.rows("rows:batches", range(1, 41))
    assert findings("leakage", run)[0].evidence[0].observed == 0.2


def test_narrow_tables_repeat_themselves(findings: Any) -> None:
    """A fifth of the training rows has a twin: up to two fifths of the held-out rows coincide by nature."""
    assert not findings("leakage", sets(66, width=4, twins=111))
    assert findings("leakage", sets(90, width=4, twins=111))
    assert findings("leakage", sets(66, width=33, twins=111)), "rows of many values are copies"


def test_the_split_is_where_it_goes_wrong(findings: Any) -> None:
    source = "a, b = train_test_split(frame)\nx_train = scale(a)\nx_test = scale(b)\n" + "\n" * 46 + "use(x_test)\n"
    assert findings("leakage", sets(100, source=source))[0].location.line == 1


def test_without_an_evaluation(unchecked: Any) -> None:
    assert unchecked("leakage", classifier())[0].reason == "no rows were seen in training"


def test_a_role_is_no_name_for_held_out_rows() -> None:
    """`evaluate(*train)` makes an "x_val" of the training rows; `x_test` is the script's own word."""
    site = Site("rows:r", "rows", "r")
    none = np.zeros(1, np.uint64)
    for name, variable, expected in (("x_val", None, None), ("x_test", "x_test", True), ("held_rows", None, True)):
        array = Site("array:x", "array", name, attributes={"role": "x_val", "variable": variable})
        assert RowSet(site, array, none, none, 0, 1).held_out is expected


def test_rows_of_symbols_may_be_equal_by_chance() -> None:
    site = Site("rows:r", "rows", "r", attributes={"width": 20})
    none = np.zeros(1, np.uint64)
    for distinct, expected in ((3, False), (50, False), (51, True), (None, True)):
        array = Site("array:x", "array", "x", attributes={"columns": [{"distinct": distinct}] * 20})
        assert RowSet(site, array, none, none, 0, 1000).continuous() is expected


def test_sentences_are_said_twice(findings: Any) -> None:
    """Rows of many tokens coincide by nature, where the training rows do so as well."""
    for dtype, role, expected in (("int64", "embedding", 0), ("float32", "embedding", 1), ("int64", "kernel", 1)):
        run = sets(66, width=33, twins=111)
        for key, site in list(run.sites.items()):
            if site.kind == "array":
                change(run, key, dtype=dtype)
        run.site("variable", "words", role=role, trainable=True, shape=[800, 16])
        assert len(findings("leakage", run)) == expected, (dtype, role)


def test_a_dataset_that_fit_validates_on(findings: Any) -> None:
    """The array has a name that says nothing; the dataset is what `validation_data` names."""
    source = "\n" * 48 + "b = Dataset.from_tensor_slices(rest)\nmodel.fit(a, validation_data=b)\n"
    run = sets(100, held="rest", source=source)
    chain = [{"stage": "from_tensor_slices", "arrays": ["array:rest"]}]
    run.site("dataset", "b", line=49, used_for="eval", chain=chain)
    assert not findings("leakage", run)
    run.site("fit", "fit", line=50, validation=True)
    assert len(findings("leakage", run)) == 1


def test_files_of_their_own(findings: Any) -> None:
    """What both are read from is where they are told apart; one file for both is not."""
    two = "a = read_csv('train.csv')\nb = read_csv('valid.csv')\nx_train = a.values\nx_test = b.values\n" + "\n" * 46
    assert findings("leakage", sets(100, source=two))[0].location.line == 2
    assert findings("leakage", sets(100, source=two.replace("b.values", "a.values")))[0].location.line == 50
