"""Rule answer-among-inputs."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier


def answers(copies: list[int], width: int) -> Run:
    run = classifier(failing=False)
    run.site("array", "x", line=20, role="x", columns=[{"name": f"c{number}"} for number in range(width)])
    relation = {"kind": "classes", "rows": 500, "classes": 4, "copies": copies, "score": 1.0, "chance": 0.25,
                "deviations": 90.0}  # fmt: skip
    run.site("rows", "train", of="arrays", width=width, used_for="train", inputs=["array:x"], rows=500, share_bits=0,
             relation=relation)  # fmt: skip
    return run.rows("rows:train", range(1, 501))


def test_the_answer_among_the_inputs(findings: Any) -> None:
    (found,) = findings("answer-among-inputs", answers([2], 5))
    assert (found.severity, found.location.line) == (Severity.ERROR, 20)
    assert "column 2 (`c2`) has one value for each label" in found.message
    assert found.fixes[0].code == "x = frame.drop(columns=['c2'])"
    assert findings("answer-among-inputs", answers([2], 4)) and not findings("answer-among-inputs", answers([2], 3))
    assert not findings("answer-among-inputs", answers([0, 1, 2], 5))


def decoder(right: float = 31.5, *, first: float = 5.5, inputs: int = 2) -> Run:
    """Sequences of three symbols: what the second input holds of each column beside what the labels do."""
    run = classifier(failing=False)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    for step in range(10):
        run.vector("output:out", "correct", step, [right, 32.0])
    labels = [{"mean": mean, "std": 2.3, "min": 2, "max": 9} for mean in (5.5, 5.4, 5.6)]
    known = {"shape": [600, 3], "columns": labels}
    run.site("array", "source", line=8, role="x[0]", shape=[600, 3], columns=labels[::-1])
    so_far = [{**labels[0], "mean": first}, *labels[1:]]
    run.site("array", "so_far", line=9, role="x[1]", shape=[600, 3], columns=so_far)
    run.site("array", "y", line=9, role="y", **known)
    keys = ["array:source", "array:so_far"] if inputs == 2 else ["array:so_far"]
    return run.site("rows", "train", of="arrays", width=6, used_for="train", inputs=keys, labels=["array:y"], rows=600,
                    share_bits=0, relation=None)  # fmt: skip


def test_a_decoder_that_is_given_what_it_puts_out(findings: Any, primary: Any) -> None:
    (found,) = findings("answer-among-inputs", decoder())
    assert (found.fault, found.severity, found.confidence) == ("leakage", Severity.ERROR, Confidence.HIGH)
    assert found.location.line == 9 and "`so_far` has the values of the labels" in found.message
    assert primary(decoder()).rule == "answer-among-inputs"


def test_what_is_no_copy(findings: Any, ruled_out: Any) -> None:
    """Shifted symbols have another first column; an autoencoder has one input; a model that copies is right."""
    assert not findings("answer-among-inputs", decoder(first=1.0))
    batches = decoder().site("rows", "batches", of="batches", labels=True, used_for="train", inputs=[])
    assert findings("answer-among-inputs", batches)
    assert ruled_out("answer-among-inputs", answers([], 5))[0].why == "no input has the values of the labels"
    assert not findings("answer-among-inputs", decoder(inputs=1))
    assert findings("answer-among-inputs", decoder(31.4)) and not findings("answer-among-inputs", decoder(31.3))


def test_a_loss_near_zero_where_answers_were_not_counted(findings: Any) -> None:
    """ln 2 for each wrong answer: below 0.0139 at most two in a hundred are wrong."""
    def run(late: float) -> Run:
        built = decoder()
        built._vectors = [one for one in built._vectors if one["name"] != "correct"]
        built._losses = [(0, step, late, 0.01 * step) for step in range(300)]
        return built

    (found,) = findings("answer-among-inputs", run(0.0138))
    assert "the loss ends at 0.0138" in found.message
    assert not findings("answer-among-inputs", run(0.0140))
