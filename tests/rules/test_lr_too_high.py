"""Rule lr-too-high."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Severity
from tests.builders import Run, classifier, replace_series
from tests.numpy_training import blobs, train_mlp


def with_ratio(ratio: float, *, failing: bool = True) -> Run:
    run = classifier(failing=failing)
    size = 20 * 32
    weight = (2 / 20) ** 0.5 * size**0.5
    replace_series(run, "weight", "variable:w1", range(10), norm=weight, size=size)
    return replace_series(run, "update", "variable:w1", range(10), norm=ratio * weight, size=size)


def test_ten(findings: Any, primary: Any) -> None:
    run = train_mlp(*blobs(), rate=10)
    (found,) = findings("lr-too-high", run)
    assert found.severity is Severity.ERROR and found.onset_step == 0
    assert found.evidence[0].observed > 0.1 == found.evidence[0].limit
    assert found.title.endswith(": 10") and "learning rate is 10" in found.message
    assert found.fixes[0].code.startswith("learning_rate = ")
    assert found.location == run.sites["subject:loop"].location
    assert primary(run).rule == "lr-too-high"


def test_explosion_that_follows_is_a_symptom(primary: Any) -> None:
    run = train_mlp(*blobs(), hidden=[32] * 8, rate=10, steps=60)
    assert primary(run).rule == "lr-too-high"


def test_the_line_of_the_factor(findings: Any) -> None:
    source = "lr = 10.0\nfor p, g in zip(params, grads):\n    p.assign_sub(lr * g)\n"
    assert findings("lr-too-high", train_mlp(*blobs(), rate=10, source=source))[0].location.line == 1
    speed = "lr = 10.0\nmu = 0.9\nfor p, v, g in rows:\n    v.assign(mu * v - lr * g)\n    p.assign_add(v)\n"
    found = findings("lr-too-high", train_mlp(*blobs(), rate=10, source=speed))
    assert found[0].location.line == 1, "and not what is kept of the speed"


def test_the_optimisers_line(findings: Any) -> None:
    run = with_ratio(5).site("optimizer", "sgd", **{"class": "SGD", "learning_rate": 3.0})
    (found,) = findings("lr-too-high", run)
    assert found.location == run.sites["optimizer:sgd"].location and found.title.endswith(": 3")
    assert found.fixes[0].code == "learning_rate=1e-2"


def test_threshold(findings: Any, ruled_out: Any) -> None:
    assert findings("lr-too-high", with_ratio(0.1001))
    assert not findings("lr-too-high", with_ratio(0.0999)) and ruled_out("lr-too-high", with_ratio(0.0999))


def test_silent_where_the_run_trains(findings: Any) -> None:
    assert not findings("lr-too-high", with_ratio(0.5, failing=False))


def test_growing_from_nothing_is_healthy(findings: Any) -> None:
    """A last layer that starts at zero must be allowed to grow."""
    run = with_ratio(0.01)
    replace_series(run, "weight", "variable:w2", range(10), norm=0, size=128)
    replace_series(run, "update", "variable:w2", range(10), norm=0.01, size=128)
    assert not findings("lr-too-high", run)


def test_not_checked_without_updates(unchecked: Any) -> None:
    run = classifier()
    run._rows = [row for row in run._rows if row[1] != "update"]
    assert unchecked("lr-too-high", run)[0].reason == "no updates of the weights were recorded"


def test_norms_in_a_row_where_updates_were_not_observed(findings: Any, unchecked: Any) -> None:
    """A change of the norm by a tenth is an update of a tenth at least; a smaller one tells nothing."""
    for factor, expected in ((1.12, 1), (1.08, 0)):
        run = classifier(np.linspace(1.4, 3.0, 300))
        run._rows = [row for row in run._rows if row[1] != "update"]
        for key, site in list(run.sites.items()):
            if site.kind == "variable" and site.attributes["role"] == "kernel":
                norms = [5.0 * factor**step for step in range(5)]
                run = replace_series(run, "weight", key, range(5), norm=norms, size=640)
        assert len(findings("lr-too-high", run)) == expected
        assert bool(unchecked("lr-too-high", run)) is not bool(expected)


def test_a_little_better_than_guessing_is_no_excuse(findings: Any) -> None:
    """A loss that ends 5 % below guessing: an update that replaces the weights is why, a tenth of them is not."""
    for ratio, expected in ((2.0, 1), (0.5, 0)):
        run = classifier([1.386] * 5 + [1.32] * 295)
        run._vectors = [one for one in run._vectors if one["name"] != "correct"]
        for key, size, reference in (("variable:w1", 640, (2 / 20) ** 0.5), ("variable:w2", 128, (2 / 36) ** 0.5)):
            replace_series(run, "weight", key, range(10), norm=reference * size**0.5, size=size)
            replace_series(run, "update", key, range(10), norm=ratio * reference * size**0.5, size=size)
        assert len(findings("lr-too-high", run)) == expected


def test_biases_alone_throw_the_logits(findings: Any) -> None:
    """All kernels are zero, and so are their updates; the loss ends above guessing."""
    for moved, late, expected in ((0.8, 3.5, 1), (0.2, 3.5, 0), (0.8, 1.4, 0)):
        run = classifier([1.386] * 5 + [late] * 295)
        for key in ("variable:w1", "variable:w2", "variable:b1"):
            replace_series(run, "update", key, range(10), norm=0.0, size=100)
        replace_series(run, "update", "variable:b2", range(10), norm=moved * 2, size=4)
        found = findings("lr-too-high", run)
        assert len(found) == expected
        assert not found or "by up to 0.8; the loss ends at 3.5" in found[0].message


def test_a_recurrence_whose_gradient_bursts(findings: Any, ruled_out: Any) -> None:
    """Ten times all gradients before it: the update is large because of it, and not because of the rate."""
    weight = (2 / 20) ** 0.5 * (20 * 32) ** 0.5
    updates = [one * weight for one in (0.005, 0.005, 0.005, 0.4, 0.005)]
    run = replace_series(with_ratio(0.0), "update", "variable:w1", range(5), norm=updates, size=20 * 32)
    for key in [key for key, site in run.sites.items() if site.kind == "variable"]:
        norms = [1.0, 1.2, 0.8, 13.0, 1.0] if key == "variable:w1" else 0.0
        replace_series(run, "gradient", key, range(5), norm=norms, size=640)
    assert findings("lr-too-high", run)
    run.site("variable", "recurrent_kernel", shape=[8, 8], role="kernel", trainable=True)
    assert not findings("lr-too-high", run)
    assert ruled_out("lr-too-high", run)[0].why.endswith("before the gradient of the recurrence burst")


def test_a_loss_that_breaks_at_the_bottom(findings: Any, ruled_out: Any) -> None:
    """A run that learned until its loss became NaN was not thrown there by its rate."""
    def run(losses: list[float], ratio: float = 0.2) -> Run:
        made = with_ratio(ratio)
        made._losses = []
        return made.losses([*losses, *[float("nan")] * 100])

    fallen = [1.4 - 0.05 * step for step in range(25)]
    assert not findings("lr-too-high", run(fallen))
    assert "until it was no longer finite" in ruled_out("lr-too-high", run(fallen))[0].why
    assert findings("lr-too-high", run(fallen[:19])), "too few steps to have learned"
    assert findings("lr-too-high", run([*fallen, 1.3, 1.4, 1.5])), "it was thrown up before"
    assert findings("lr-too-high", run(fallen, ratio=1.1)), "updates that replace the weights"


def stalled(share_at_guessing: float, ratio: float = 0.2) -> Run:
    """Four classes; the loss sits at ln 4 for a share of the steps after the first updates, then comes half way."""
    guessing = float(np.log(4))
    steps = round(400 * share_at_guessing)
    losses = [2.0] * 10 + [guessing] * steps + np.linspace(guessing * 0.95, 0.8, 390 - steps).tolist()
    run = classifier(losses)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    size = 20 * 32
    replace_series(run, "weight", "variable:w1", range(10), norm=10.0, size=size)
    return replace_series(run, "update", "variable:w1", range(10), norm=10.0 * ratio, size=size)


def test_a_run_that_sits_at_guessing_after_large_updates(findings: Any) -> None:
    (found,) = findings("lr-too-high", stalled(0.5))
    assert found.severity is Severity.WARNING
    assert not findings("lr-too-high", stalled(0.2)), "not for long"
    assert not findings("lr-too-high", stalled(0.5, ratio=0.03)), "the updates are small"


def test_the_line_of_a_schedule_of_its_own(findings: Any) -> None:
    source = "class Noam(Schedule):\n    def __call__(self, step):\n        return 40 * step\n\nopt = Adam(Noam())\n"
    run = train_mlp(*blobs(), rate=10, source=source)
    run.site("optimizer", "Adam", line=5, **{"class": "Adam", "learning_rate": 10.0, "schedule": "Noam"})
    assert findings("lr-too-high", run)[0].location.line == 3


def test_a_rate_that_a_schedule_raises(findings: Any) -> None:
    source = (
        "def warm(epoch, rate):\n    if epoch < 5:\n        return rate * (epoch + 1)\n    return rate\n\n"
        "model.fit(x, y, callbacks=[LearningRateScheduler(warm)])\n"
    )
    run = with_ratio(0.02)
    run.source = source
    weight = (2 / 20) ** 0.5 * (20 * 32) ** 0.5
    replace_series(run, "update", "variable:w1", range(10), norm=[weight * (0.01 if n < 5 else 0.3) for n in range(10)],
                   size=640)  # fmt: skip
    for step in range(10):
        run.scalar("learning_rate", step, 0.001 if step < 5 else 0.12)
    (found,) = findings("lr-too-high", run)
    assert found.title == "The learning rate is too high: 0.12" and "is 0.12, raised from 0.001" in found.message
    assert (found.onset_step, found.location.line) == (5, 3) and not found.fixes[0].code


@pytest.mark.parametrize(
    ("ratio", "thrown", "end", "fires"),
    [(0.25, 2.0, 0.75, True), (0.15, 2.0, 0.75, False), (0.25, 1.0, 0.75, False), (0.25, 2.0, 0.4, False)],
)
def test_ten_updates_that_replace_the_weights(
    ratio: float, thrown: float, end: float, fires: bool, findings: Any
) -> None:
    """A run whose loss is thrown up at first, and stops improving at `end` of what guessing loses."""
    curve = np.log(4) * np.concatenate([[1, thrown], np.linspace(1, end, 20), np.full(278, end)])
    run = with_ratio(ratio)
    run._losses = []
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    assert bool(findings("lr-too-high", run.losses(curve))) is fires


def test_sums_of_gradients_that_grow(findings: Any) -> None:
    """The line that applies them, and not the rate."""
    run = with_ratio(0.5)
    run.source = (
        "def add(grads):\n    for t, g in zip(total, grads):\n        t.assign_add(g)\n\n"
        "def update():\n    for p, t in zip(params, total):\n        p.assign_sub(0.1 * t)\n"
    )
    (found,) = findings("lr-too-high", run)
    assert found.title == "The gradients that are added up are never set back to zero" and found.location.line == 7
