"""Rule loss-sign."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series


def test_a_negative_cross_entropy(findings: Any, primary: Any) -> None:
    run = classifier(-np.linspace(1.4, 80, 200))
    (found,) = findings("loss-sign", run)
    assert (found.severity, found.confidence, found.onset_step) == (Severity.ERROR, Confidence.CERTAIN, 0)
    assert "goes from -1.4 to -80" in found.message
    assert [one.limit for one in found.evidence] == [0.0, 0.0]
    assert primary(run).rule == "loss-sign"


def test_threshold_of_the_share(findings: Any) -> None:
    """A fifth of the steps may be below zero."""
    assert not findings("loss-sign", classifier([0.1] * 80 + [-1.0] * 20))
    assert findings("loss-sign", classifier([0.1] * 79 + [-1.0] * 21))
    assert not findings("loss-sign", classifier([-1e-4] * 100))


def test_losses_that_may_be_negative(findings: Any) -> None:
    values = -np.linspace(1.4, 80, 200)
    assert not findings("loss-sign", classifier(values, loss={"function": "other"}))
    assert findings("loss-sign", classifier(values, loss={"function": "squared_error"}))


def test_minus_an_error_that_is_maximised(findings: Any) -> None:
    """A likelihood that rises to zero from below."""
    assert not findings("loss-sign", classifier(-np.linspace(700, 14, 200), loss={"function": "squared_error"}))


def test_labels_out_of_range_are_another_fault(findings: Any) -> None:
    run = classifier(-np.linspace(1.4, 80, 200), loss={"function": "sigmoid_cross_entropy"})
    run.sites["label:y"].attributes["encoding"] = "binary"  # type: ignore[index]
    assert not findings("loss-sign", run), "the labels reach 3"
    assert findings("loss-sign", replace_series(run, "label", "label:y", range(10), min=0, max=1, size=32))


def climbing(same: int, *, failing: bool = True) -> Run:
    """Of ten observations of each of two kernels, so many whose update has the sign of the gradient."""
    run = classifier(failing=failing)
    for key in ("variable:w1", "variable:w2"):
        replace_series(run, "gradient", key, range(10), mean=1.0, norm=1.0, size=100)
        replace_series(run, "update", key, range(10), mean=[0.1] * same + [-0.1] * (10 - same), norm=1.0, size=100)
    return run


def test_an_objective_that_is_raised_on_purpose(findings: Any) -> None:
    """It begins below zero, as no error does, and may end above: a log-evidence."""
    for first, fires in ((-126.0, False), (1.0, True)):
        run = climbing(9)
        run._losses = []
        run.losses(np.linspace(first, first + 145, 200))
        run.sites["loss:cross_entropy"].attributes["function"] = "other"  # type: ignore[index]
        assert bool(findings("loss-sign", run)) is fires


def test_uphill(findings: Any, ruled_out: Any) -> None:
    (found,) = findings("loss-sign", climbing(9))
    assert (found.severity, found.title[:27]) == (Severity.ERROR, "The update goes uphill: the")
    assert (found.evidence[0].observed, found.evidence[0].limit) == (0.9, 0.9)
    assert found.fixes[0].code == "variable.assign_sub(learning_rate * gradient)"
    assert not findings("loss-sign", climbing(8)) and not findings("loss-sign", climbing(9, failing=False))
    assert ruled_out("loss-sign", climbing(0))[0].why == "updates go against the gradient at 100 % of the observations"


def test_a_similarity_of_keras_with_a_minus(findings: Any) -> None:
    source = "def f(a, b):\n    return 1.0 - keras.losses.cosine_similarity(a, b)\n"
    (found,) = findings("loss-sign", classifier(source=source, loss={"function": "other"}))
    assert (found.location.line, found.fixes[0].code[:6]) == (2, "1.0 + ")
    for right in ("1.0 + keras.losses.cosine_similarity(a, b)", "1 - cosine_similarity(a, b)"):
        assert not findings("loss-sign", classifier(source=f"loss = {right}\n", loss={"function": "other"}))


@pytest.mark.parametrize(
    "lines, wrong",
    [
        (["c = keras.losses.cosine_similarity(a, b)", "return tf.reduce_mean(1.0 - c)"], True),
        (["return -keras.losses.cosine_similarity(a, b)"], True),
        (["loss = tf.reduce_mean(-keras.losses.cosine_similarity(a, b))", "return loss"], True),
        (["c = -keras.losses.cosine_similarity(a, b)", "return tf.reduce_mean(1.0 - c)"], False),
        (["c = cosine(a, b)", "return 1.0 - c"], False),
        (["p = keras.losses.cosine_similarity(a, b)", "n = keras.losses.cosine_similarity(a, c)",
          "return tf.nn.relu(p - n + 0.2)"], False),
    ],
)
def test_a_similarity_of_keras_under_a_name(lines: list[str], wrong: bool, findings: Any) -> None:
    source = "\n    ".join(["def similarity_loss(a, b):", *lines]) + "\n"
    assert bool(findings("loss-sign", classifier(source=source, loss={"function": "other"}))) is wrong


def test_losses_weighted_by_an_advantage(findings: Any) -> None:
    """A cross-entropy times what was earned may be negative."""
    run = classifier([-0.1] * 300)
    assert findings("loss-sign", run) and not findings("loss-sign", change(run, "loss:cross_entropy", weighted=True))


def test_a_sum_of_several_outputs_may_be_negative(findings: Any) -> None:
    """With weights that are learned, and their logarithms as penalties."""
    run = classifier([-0.4] * 300)
    run.site("label", "price", head=1, shape=[32], encoding="continuous")
    run.site("loss", "mse", head=1, function="squared_error", takes="values")
    assert not findings("loss-sign", run)


def test_penalties_may_be_negative(findings: Any) -> None:
    run = classifier([-0.4] * 300)
    for step in range(0, 300, 10):
        run.scalar("data_loss", step, 0.1)
    assert not findings("loss-sign", run)


def regression(ratios: list[float], *, losses: list[float] | None = None, high: float = 3.0) -> Run:
    """A regression whose squared error at each of so many steps is a multiple of the variance of the labels."""
    run = classifier(losses or list(np.linspace(1.0, 0.1, 100)), loss={"function": "squared_error", "takes": "values"})
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    for step, ratio in enumerate(ratios):
        run.vector("output:out", "errors", step, [ratio * 40.0, 40.0, 32.0])
    run = change(run, "label:y", encoding="continuous")
    return replace_series(run, "label", "label:y", range(10), min=-high, max=high, std=1.1, size=32)


def test_a_loss_that_falls_where_the_error_grows(findings: Any) -> None:
    (found,) = findings("loss-sign", regression([1.0] * 5 + [3.0] * 5 + [50.0] * 5))
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.HIGH)
    assert found.title == "The loss falls where the error grows: its sign is wrong"
    assert found.evidence[0].observed == 50.0 and found.evidence[0].limit == 4.0
    assert not findings("loss-sign", regression([1.0] * 10 + [3.9] * 5))
    assert findings("loss-sign", regression([1.0] * 10 + [4.1] * 5))
    rising = list(np.linspace(0.1, 1.0, 100))
    assert not findings("loss-sign", regression([1.0] * 10 + [50.0] * 5, losses=rising)), "it diverges, and says so"


def test_a_loss_of_unknown_form(findings: Any) -> None:
    """An error without its square has no bottom; in a likelihood of angles the size of the outputs is free."""
    grown = [1.0] * 5 + [3.0] * 5 + [2500.0] * 5  # errors of 50 standard deviations of the labels, 1.12 each

    def of(late: float) -> Run:
        run = regression(grown, losses=list(np.linspace(1.0, late, 100)))
        return change(run, "loss:cross_entropy", function="other")

    assert findings("loss-sign", of(-40.0)) and not findings("loss-sign", of(-3.0))


DICE = "def dice_loss(y, p):\n    inter = total(y * p)\n    return RETURN\n"


def overlap(returned: str, late: float = 0.02) -> Run:
    source = DICE.replace("RETURN", returned)
    return classifier([0.4] * 20 + [late] * 300, source=source, loss={"function": "other", "keras_loss": "dice_loss"})


def test_a_coefficient_that_is_made_small(findings: Any) -> None:
    (found,) = findings("loss-sign", overlap("2 * inter / (total(y) + total(p))"))
    assert (found.severity, found.location.line) == (Severity.ERROR, 3)
    assert not findings("loss-sign", overlap("1 - 2 * inter / (total(y) + total(p))"))
    assert not findings("loss-sign", overlap("-2 * inter / (total(y) + total(p))"))
    assert not findings("loss-sign", overlap("2 * inter / (total(y) + total(p))", late=0.6)), "it grows"


FRACTION = """\
def seg_loss(y_true, y_pred):
    inter = tf.reduce_sum(tf.abs(y_true * y_pred), axis=[1, 2, 3])
    size = tf.reduce_sum(tf.square(y_true) + tf.square(y_pred), axis=[1, 2, 3])
    error = tf.reduce_sum(tf.square(y_true - y_pred)) / tf.reduce_sum(y_true + 1.0)
    return tf.reduce_mean(RETURN)
"""


@pytest.mark.parametrize("returned, count", [
    ("2 * inter / (size + 1e-8)", 1), ("1 - 2 * inter / size", 0), ("error", 0), ("inter / tf.reduce_sum(y_true)", 0),
])  # fmt: skip
def test_a_coefficient_that_is_known_by_what_is_divided(returned: str, count: int, findings: Any) -> None:
    """Products of truth and prediction, by the sum of both; whatever the function is called."""
    run = classifier([0.4] * 20 + [0.02] * 300, source=FRACTION.replace("RETURN", returned),
                     loss={"function": "other", "keras_loss": "seg_loss"})  # fmt: skip
    assert [one.location.line for one in findings("loss-sign", run)] == [5] * count


def test_margins_of_one_hot_labels_may_grow(findings: Any) -> None:
    """Scores of a cross-entropy of one's own are no estimates of its zeros and ones."""
    for share, expected in ((0.25, 0), (0.26, 1)):
        run = regression([1.0] * 10 + [50.0] * 5)
        replace_series(run, "label", "label:y", range(10), min=0, max=1, mean=share, size=128)
        run.site("array", "y", role="y", shape=[500, 4], dtype="float32", min=0.0, max=1.0)
        assert len(findings("loss-sign", run)) == expected


def test_momentum_that_climbs(findings: Any) -> None:
    """The first update of every variable has the sign of its gradient; later ones lag behind."""
    source = "for w, g, s in zip(ws, gs, speeds):\n    s.assign(0.9 * s + 0.1 * g)\n    w.assign_add(s + 0.1 * g)\n"

    def run(same: int, first: int = 4) -> Run:
        made = classifier(source=source)
        for number, key in enumerate(("variable:w1", "variable:b1", "variable:w2", "variable:b2")):
            signs = [0.1 if number < first else -0.1] + [0.1] * (same - 1) + [-0.1] * (10 - same)
            replace_series(made, "gradient", key, range(10), mean=1.0, norm=1.0, size=100)
            replace_series(made, "update", key, range(10), mean=signs, norm=1.0, size=100)
        return made

    (found,) = findings("loss-sign", run(7))
    assert found.severity is Severity.ERROR and found.location.line == 3
    assert (found.evidence[0].observed, found.evidence[0].limit) == (0.7, 0.6)
    assert findings("loss-sign", run(10))[0].evidence[0].limit == 0.9
    assert not findings("loss-sign", run(5)), "half of them may be anything"
    assert not findings("loss-sign", run(7, first=3)), "one of four went downhill at once"
