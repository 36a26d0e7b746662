"""Rule label-mismatch."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series


def labelled(low: float, high: float, encoding: str = "index", function: str = "softmax_cross_entropy") -> Run:
    run = change(classifier(loss={"function": function}), "label:y", encoding=encoding)
    return replace_series(run, "label", "label:y", range(10), min=low, max=high, mean=(low + high) / 2)


def test_counting_from_one(findings: Any, primary: Any) -> None:
    run = labelled(1, 4)
    (found,) = findings("label-mismatch", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert found.fixes[0].code == "y = y - 1" and found.evidence[1].limit == 3
    assert found.location == run.sites["label:y"].location
    assert primary(run).rule == "label-mismatch"


def test_minus_one_and_one_for_a_binary_loss(findings: Any) -> None:
    assert findings("label-mismatch", labelled(-1, 1, "binary", "sigmoid_cross_entropy"))


def test_threshold(findings: Any) -> None:
    assert not findings("label-mismatch", labelled(0, 1.0005, "one-hot"))
    assert findings("label-mismatch", labelled(0, 1.01, "one-hot"))


def test_healthy_is_ruled_out(findings: Any, ruled_out: Any) -> None:
    assert not findings("label-mismatch", classifier()) and ruled_out("label-mismatch", classifier())


def test_not_checked_without_labels(unchecked: Any) -> None:
    assert unchecked("label-mismatch", Run().subject().losses([1.0]))


def related(deviations: float, held: float | None = None, *, rows: int = 500, failing: bool = True) -> Run:
    """Training arrays whose labels are so far above chance, and held-out ones."""
    run = classifier(failing=failing)
    run.site("array", "y", line=61, role="y")
    common = {"of": "arrays", "width": 20, "share_bits": 0, "rows": 500}
    facts = {"kind": "classes", "rows": rows, "classes": 4, "copies": [], "score": 0.27, "chance": 0.25}
    run.site("rows", "r", **common, used_for="train", inputs=["array:x"], labels=["array:y"],
             relation={**facts, "deviations": deviations})  # fmt: skip
    run.rows("rows:r", range(1, 50))
    if held is not None:
        relation = {**facts, "score": 0.9, "deviations": held}
        run.site("rows", "h", phase="eval", **common, used_for="eval", inputs=["array:v"], labels=[], relation=relation)
        run.rows("rows:h:eval", range(101, 150))
    return run


def test_labels_that_have_nothing_to_do_with_their_inputs(findings: Any) -> None:
    (found,) = findings("label-mismatch", related(0.8))
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.LOW, 61)
    assert found.title == "The labels have nothing to do with their inputs"
    assert (found.evidence[0].observed, found.evidence[0].limit) == (0.8, 3.5)
    assert findings("label-mismatch", related(1.99)) and not findings("label-mismatch", related(2.0))
    assert findings("label-mismatch", related(3.49, 7.1)) and not findings("label-mismatch", related(3.5, 7.1))
    assert findings("label-mismatch", related(0.8, rows=100)) and not findings("label-mismatch", related(0.8, rows=99))


def test_a_loss_that_blew_up_is_reason_enough(findings: Any) -> None:
    """Unless something else says that labels went apart."""
    for peak, held, count in ((27.0, None, 1), (29.0, None, 0), (float("nan"), None, 0), (29.0, 7.1, 1)):
        run = related(0.8, held)
        run._losses = []
        run.losses([1.386] * 100 + [peak] + [1.386] * 199)  # guessing among four classes: 1.386
        assert len(findings("label-mismatch", run)) == count


def test_one_of_several_trainings(findings: Any) -> None:
    """Of trainings at several lines only what the own `fit` is given tells, and not where it is called a control."""
    for line, name, count in ((1, "features", 1), (9, "features", 0), (1, "y_shuffled", 0)):
        run = classifier()
        own = run.sites["subject:loop"].location
        run.site("array", "x", line=line, role="x", variable=name)
        relation = {"kind": "classes", "rows": 500, "classes": 4, "copies": [], "score": 0.27, "chance": 0.25,
                    "deviations": 0.8}  # fmt: skip
        run.site("rows", "r", line=line, of="arrays", width=20, share_bits=0, rows=500, used_for="train",
                 inputs=["array:x"], labels=[], relation=relation)  # fmt: skip
        run.rows("rows:r", range(1, 50))
        assert own.line == 1
        run.subject("other", line=30)
        assert len(findings("label-mismatch", run)) == count


def test_held_out_labels_that_belong_make_it_sure(findings: Any) -> None:
    assert findings("label-mismatch", related(0.8, 7.1))[0].confidence is Confidence.HIGH
    assert findings("label-mismatch", related(0.8, 6.9))[0].confidence is Confidence.LOW


def test_a_run_that_trains_is_not_asked(findings: Any) -> None:
    """Unless it learned by heart, and is at chance on what it has not seen."""
    run = related(0.8, failing=False)
    assert not findings("label-mismatch", run)
    run.site("output", "out", phase="eval", units=4)
    run.vector("output:out:eval", "correct", 299, [90.0, 300.0])
    assert findings("label-mismatch", run)[0].confidence is Confidence.MEDIUM
    # 500 rows in batches of 32: three passes take 47 steps.
    curve = run._losses
    run._losses = curve[:46]
    assert not findings("label-mismatch", run), "nothing is known by heart in the first passes"
    run._losses = curve[:47]
    assert findings("label-mismatch", run)


def test_memory_that_held_out_labels_give_away(findings: Any) -> None:
    """Labels can be guessed where they are held out, and not where they are trained on: the loss falls slowly."""
    def slow(gain: float, held: float | None = 7.1) -> Run:
        run = related(0.8, held, failing=False)
        run._vectors = [one for one in run._vectors if one["name"] != "correct"]
        run._losses = []
        return run.losses([1.386 * (1 - gain * min(step / 100, 1)) for step in range(300)])

    (found,) = findings("label-mismatch", slow(0.4))
    assert found.confidence is Confidence.HIGH
    assert not findings("label-mismatch", slow(0.6)), "it learned something"
    assert not findings("label-mismatch", slow(0.4, None)), "nothing shows that labels could be guessed"
    run = batches(slow(0.4), 0.5)
    run.sites["rows:r"].attributes["relation"]["deviations"] = 7.1
    assert not findings("label-mismatch", run), "images that are changed on the way are no neighbours"


def batches(run: Run, deviations: float, *, phase: str = "train") -> Run:
    """Rows of the observed batches whose labels are so far above chance."""
    facts = {"kind": "classes", "rows": 500, "classes": 4, "copies": [], "score": 0.26, "chance": 0.25}
    run.site("rows", "b", line=70, phase=phase, of="batches", width=20, labels=True,
             relation={**facts, "deviations": deviations})  # fmt: skip
    return run.rows("rows:b" if phase == "train" else "rows:b:eval", range(1, 50))


def test_batches_tell_where_no_array_is_known(findings: Any) -> None:
    """A generator that shuffles inputs and labels apart; held-out batches say that it could be otherwise."""
    (found,) = findings("label-mismatch", batches(classifier(), 0.5))
    assert (found.confidence, found.location.line) == (Confidence.LOW, 70)
    both = batches(batches(classifier(), 0.5), 7.1, phase="eval")
    assert findings("label-mismatch", both)[0].confidence is Confidence.HIGH
    assert not findings("label-mismatch", batches(classifier(), 3.5))


def test_sound_arrays_whose_batches_are_not(findings: Any) -> None:
    """Arrays that belong together and were zipped after each was shuffled by itself."""
    source = "a = slices(x)\nb = slices(y).shuffle(500)\nfor x, y in zip(a, b): train(x, y)"
    run = related(7.1)
    run.source = source
    (found,) = findings("label-mismatch", batches(run, 0.5))
    assert found.confidence is Confidence.HIGH and found.location.code == "b = slices(y).shuffle(500)"
    assert not findings("label-mismatch", batches(related(7.1), 7.1))


def one_hot(counts: list[float], mean: float) -> Run:
    """One-hot labels of four classes; empty rows count as of the first."""
    run = change(classifier(), "label:y", encoding="one-hot", shape=[32, 4])
    replace_series(run, "label", "label:y", range(10), min=0, max=1, mean=mean, row_sum_min=0, row_sum_max=1, size=128)
    run._vectors = [one for one in run._vectors if one["name"] != "class_counts"]
    for step in range(10):
        run.vector("label:y", "class_counts", step, counts)
    return run


def test_one_hot_labels_counted_from_one(findings: Any) -> None:
    """A quarter of the rows is empty, and no other is of the first class."""
    (found,) = findings("label-mismatch", one_hot([8.0, 8, 8, 8], 0.1875))
    assert found.fixes[0].code == "y = y - 1" and "No one-hot label is of the first class" in found.message
    assert not findings("label-mismatch", one_hot([16.0, 8, 8, 0], 0.1875)), "the first class occurs"
    assert not findings("output-activation", one_hot([8.0, 8, 8, 8], 0.1875))


def test_a_hinge_takes_signs(findings: Any) -> None:
    run = change(classifier(loss={"function": "hinge"}), "label:y", encoding="sign")
    replace_series(run, "label", "label:y", range(10), min=0, max=1, mean=0.5, size=32)
    assert findings("label-mismatch", run)[0].fixes[0].code == "y = 2 * y - 1"
    assert not findings("label-mismatch", replace_series(run, "label", "label:y", range(10), min=-1, max=1, size=32))


def one_class(batches: int = 5, second: float = 0.0, style: str = "fit") -> Run:
    """Labels that are all 0 but for a few."""
    run = classifier(failing=False, style=style, loss={"keras_loss": "sparse_categorical_crossentropy"})
    return replace_series(run, "label", "label:y", range(batches), min=0.0, max=second, size=32)


def test_labels_of_one_class(findings: Any) -> None:
    """Divided by 255 like the pixels, and cast to whole numbers."""
    (found,) = findings("label-mismatch", one_class())
    assert (found.severity, found.confidence, found.title) == (
        Severity.ERROR, Confidence.HIGH, "All labels are of class 0",
    )  # fmt: skip
    assert not findings("label-mismatch", one_class(batches=4))
    assert not findings("label-mismatch", one_class(second=1.0))
    assert not findings("label-mismatch", one_class(style="tape")), "the positive pair may always be the first"


def test_class_numbers_that_were_scaled(findings: Any, primary: Any) -> None:
    """Labels of 0 to 9 over 255: the loss sees zeros."""
    def run(high: float, shape: list[int], seen: float = 0.0) -> Run:
        made = replace_series(classifier(), "label", "label:y", range(10), min=0, max=seen, size=32)
        return made.site("array", "y", role="y", dtype="float64", min=0.0, max=high, shape=shape)

    (found,) = findings("label-mismatch", run(9 / 255, [600, 1]))
    assert (found.confidence, found.severity) == (Confidence.CERTAIN, Severity.ERROR)
    assert "0 and 0.0353 and are no whole numbers" in found.message
    assert primary(run(9 / 255, [600])).rule == "label-mismatch"
    for other in (run(3.0, [600], 3.0), run(2.5, [600, 4], 2.0), run(2.5, [600], 1.0)):
        assert not [one for one in findings("label-mismatch", other) if "whole numbers" in one.message]


def test_batches_of_something_else_than_the_arrays(findings: Any) -> None:
    """Words that a frozen table turned into numbers say less than the words, and that is no sign."""
    run = batches(related(7.1), 0.5)
    assert findings("label-mismatch", run)
    assert not findings("label-mismatch", change(run, "rows:b", width=64))


def test_few_rows_tell_little(findings: Any) -> None:
    """Batches of arrays that are sound: to be unrelated they have to lie far below what so many rows would show."""
    def run(deviations: float) -> Run:
        made = batches(related(7.0), deviations)
        made.sites["rows:b"].attributes["relation"]["rows"] = 250  # half of the rows: 7 / sqrt(2) = 4.9 expected
        return made

    assert findings("label-mismatch", run(2.4)) and not findings("label-mismatch", run(2.6))


def test_a_rare_class_that_is_found(findings: Any) -> None:
    """Accuracy at chance is no ignorance where the rare class is found at the price of false alarms."""
    for found, expected in ((16.0, 0), (6.0, 1)):
        run = related(0.8, failing=False)
        run.site("label", "y", phase="eval", encoding="index").site("output", "out", phase="eval", units=4)
        run.vector("output:out:eval", "correct", 299, [120.0, 400.0])
        run.vector("output:out:eval", "hits", 299, [30.0 * 100 / 30, found, found, found])
        run.vector("label:y:eval", "class_counts", 299, [340.0, 20.0, 20.0, 20.0])
        assert len(findings("label-mismatch", run)) == expected


def test_folds_of_one_line(findings: Any) -> None:
    """Each fold is a model of its own, trained by the same line."""
    run = related(1.0)
    here = run.sites["subject:loop"].location
    run.subject("loop of the second fold", line=here.line).losses([1.4] * 300)
    assert findings("label-mismatch", run)
    run.subject("another loop", line=here.line + 40).losses([1.4] * 300)
    assert not findings("label-mismatch", run)


def test_folds_tell_together(findings: Any) -> None:
    """A little better than chance in one fold by luck; not in the mean of all."""
    run = related(2.5)
    assert not findings("label-mismatch", run)
    facts = run.sites["rows:r"].attributes
    for name, deviations in (("s", 1.0), ("t", 2.4)):
        relation = {**facts["relation"], "deviations": deviations}
        run.site("rows", name, **{**facts, "relation": relation}, line=run.sites["rows:r"].location.line)
        assert bool(findings("label-mismatch", run)) is True
    run.sites["rows:t"].attributes["relation"]["deviations"] = 2.6
    assert not findings("label-mismatch", run)


def test_datasets_that_are_zipped_after_they_were_shuffled(findings: Any) -> None:
    run = related(1.0)
    run.source = "pairs = tf.data.Dataset.zip((x.shuffle(500), y.shuffle(500)))\n"
    (found,) = findings("label-mismatch", run)
    assert found.location.line == 1 and found.fixes[0].code == "tf.data.Dataset.zip((x, y)).shuffle(n)"


def test_one_shuffled_dataset_that_is_zipped_with_itself(findings: Any) -> None:
    """Each branch of the zip draws an order of its own: there."""
    run = related(1.0)
    chain = [{"stage": "zip", "location": ["train.py", 7, ""], "branches": [["range", "shuffle", "map"]] * 2}]
    run.site("dataset", "pairs", used_for="train", chain=chain)
    assert findings("label-mismatch", run)[0].location.line == 7
    chain[0]["branches"] = [["range", "map"]] * 2
    assert findings("label-mismatch", run)[0].location.line == 61


def values_apart(
    explained: float = 0.4, held: float = 0.01, *, rows: int = 60, name: str = "r2", gained: float = 0.0
) -> Run:
    """A regression that explains so much of the variance of its 500 training rows, and of others' by its own score."""
    run = Run("\n".join(["pass"] * 60)).subject()
    run.site("label", "y", encoding="continuous", head=0)
    run.site("loss", "mse", function="squared_error", head=0)
    run.series("label", "label:y", range(10), min=-2.0, max=2.0, mean=0.0, std=1.0, size=32)
    run.losses([1.5 - (0.5 + (gained or explained)) * min(step / 250, 1) for step in range(300)])
    run.site("output", "out", units=1)
    for step in range(0, 300, 30):
        run.vector("output:out", "errors", step, [32 * (1 - explained), 32.0, 32.0])
    run.site("array", "y", line=61, role="y", shape=[500, 1])
    relation = {"kind": "values", "rows": 500, "classes": None, "copies": [], "score": 0.02, "chance": 0.0}
    run.site("rows", "r", of="arrays", width=20, share_bits=0, rows=500, used_for="train", inputs=["array:x"],
             labels=["array:y"], relation={**relation, "deviations": 0.4})  # fmt: skip
    run.rows("rows:r", range(1, 50))
    run.site("score", name, line=30, phase="eval", by_hand=True, value=held, rows=rows, majority=None, variance=1.0,
             steps=300, labels="y_new", seen=[])  # fmt: skip
    return run


def test_values_learned_by_heart(findings: Any) -> None:
    """What is explained of the training rows is nothing but memory where new rows are not explained at all."""
    (found,) = findings("label-mismatch", values_apart())
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.MEDIUM, 61)
    assert "learned them by heart" in found.message
    assert findings("label-mismatch", values_apart(explained=0.14, gained=0.2)), "of every step the loss tells"
    assert not findings("label-mismatch", values_apart(held=0.06))
    assert not findings("label-mismatch", values_apart(explained=0.14))
    assert not findings("label-mismatch", values_apart(rows=59))


def test_values_learned_by_heart_by_the_validation_loss(findings: Any) -> None:
    """It is of all held-out rows; the batches of the evaluation that are observed are some."""
    for shown, expected in ((1.02, 1), (0.96, 1), (0.94, 0)):
        run = values_apart(held=0.2)
        change(run, "loss:mse", keras_loss="mean_squared_error")
        run.site("array", "held", role="y_val", std=1.0)
        for epoch, loss in enumerate((0.9, shown)):
            run.scalar("epoch/val_loss", 100 * epoch, loss)
        assert len(findings("label-mismatch", run)) == expected


@pytest.mark.parametrize(
    ("branches", "apart"),
    [
        ([["from_tensor_slices", "shuffle"], ["from_tensor_slices"]], True),
        ([["from_tensor_slices", "shuffle"], ["from_tensor_slices", "shuffle"]], False),
        ([["from_tensor_slices"], ["from_tensor_slices"]], False),
    ],
)
def test_one_dataset_of_a_zip_is_shuffled(branches: list[list[str]], apart: bool, findings: Any) -> None:
    """That tells of batches also where another training of the script has sound ones, as that of a teacher."""
    run = batches(classifier(), 0.5)
    chain = [{"stage": "zip", "arguments": {}, "location": ["train.py", 8, ""], "branches": branches}]
    run.site("dataset", "zip", chain=chain, used_for="train")
    run.subject("another loop", line=90).losses([1.4] * 300)
    assert bool(findings("label-mismatch", run)) is apart


def test_scored_by_the_script_itself_at_chance(findings: Any) -> None:
    """No evaluation was observed, but what the script compares by itself is at chance."""
    def run(value: float, rows: int = 300) -> Run:
        found = related(0.8, failing=False)
        return found.site("score", "accuracy", line=30, phase="eval", by_hand=True, value=value, rows=rows,
                          majority=0.26, variance=None, steps=299, labels="y_test", seen=[])  # fmt: skip

    (found,) = findings("label-mismatch", run(0.27))
    assert "learned them by heart" in found.message
    assert not findings("label-mismatch", run(0.6)), "it learned something"
    assert not findings("label-mismatch", run(0.27, rows=50)), "too few rows to say so"
