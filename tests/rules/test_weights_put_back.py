"""Rule weights-put-back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from doctor.reading.given_weights import given_in_loop
from doctor.rules.causes import rank
from tests.builders import Run, change, classifier, replace_series
from tests.reading.test_loops import recorded

LOADED = "for epoch in range(20):\n    model.load_weights(path)\n    for x, y in batches:\n        train(x, y)\n"


def weights(norms: list[float], **facts: Any) -> Run:
    run = classifier(**facts)
    means = [0.01 * one for one in norms]
    for key, site in list(run.sites.items()):
        if site.kind == "variable" and site.attributes["role"] == "kernel":
            replace_series(
                run, "weight", key, range(len(norms)), norm=norms, mean=means, std=0.2, min=-1, max=1, size=640
            )
    return run


def test_weights_that_come_back(findings: Any, ruled_out: Any) -> None:
    run = weights([1.0, 1.1, 1.2, 1.0, 1.1, 1.2, 1.0, 1.1], source=LOADED)
    (found,) = findings("weights-put-back", run)
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.CERTAIN, 2)
    assert "At steps 3, 6 all kernels are what they were at step 0" in found.message
    once = weights([1.0, 1.1, 1.2, 1.0, 1.1, 1.2, 1.3, 1.4], source=LOADED)
    assert not findings("weights-put-back", once) and ruled_out("weights-put-back", once)


def test_a_copy_the_wrong_way_round(findings: Any) -> None:
    """What looks like a large rate comes of it: what is certain is named first."""
    source = "for slow, fast in zip(self.slow, self.fast):\n    fast.assign(slow)\n    slow.assign_add(fast - slow)\n"
    run = weights([1.0, 1.5, 2.2, 1.0, 1.5, 2.2, 1.0, 1.5], source=source)
    (found,) = findings("weights-put-back", run)
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.CERTAIN, 2)
    rate = replace(found, rule="lr-too-high", fault="lr-too-high", confidence=Confidence.HIGH, onset_step=0)
    assert [one.rule for one in rank([rate, found]) if one.primary] == ["weights-put-back"]
    moved = source.replace("fast.assign(slow)", "fast.assign(0.5 * slow)")
    (found,) = findings("weights-put-back", weights([1.0, 1.1, 1.2, 1.0, 1.1, 1.2, 1.0, 1.1], source=moved))
    assert found.severity is Severity.WARNING, "where it is done is not known"


def initialised(steps: list[int], lines: list[int], source: str) -> Run:
    """A session that writes all its variables before these steps, at these lines."""
    run = classifier(source=source)
    restarts = [[step, "train.py", line, ""] for step, line in zip(steps, lines)]
    return change(run, run.current, restarts=restarts)


EPOCHS = "init = tf.global_variables_initializer()\nfor epoch in epochs:\n    sess.run(init)\n    train()\n"


def test_variables_that_a_session_initialises_again(findings: Any) -> None:
    (found,) = findings("weights-put-back", initialised([20, 40, 60], [3, 3, 3], EPOCHS))
    assert (found.severity, found.location.line) == (Severity.ERROR, 3)
    assert not findings("weights-put-back", initialised([60], [3], EPOCHS)), "once, as the best of a run is restored"
    assert not findings("weights-put-back", initialised([20, 40], [3, 4], EPOCHS)), "two different lines"
    sizes = EPOCHS.replace("epoch in epochs", "size in sizes")
    assert not findings("weights-put-back", initialised([20, 40, 60], [3, 3, 3], sizes)), "sizes are tried out"
    folds = EPOCHS.replace("epoch in epochs", "fold in folds")
    assert not findings("weights-put-back", initialised([20, 40, 60], [3, 3, 3], folds)), "rounds start anew on purpose"


PASSES = """\
def one_pass(sess):
    sess.run(init)
    for batch in batches: train(batch)

for epoch in range(12):
    one_pass(sess)
"""


def passes(ends: list[float], *, rows: int = 640, source: str = PASSES) -> Run:
    """Passes of 20 batches of 32, in which the loss falls from 1.4 to each of `ends`."""
    losses = [1.4 - (1.4 - end) * step / 19 for end in ends for step in range(20)]
    run = classifier(losses, failing=False, source=source, steps=len(losses))
    run.site("array", "x", line=3, role="x", shape=[rows, 20])
    run.site("rows", "r", of="arrays", used_for="train", inputs=["array:x"], labels=["array:y"], width=20, rows=rows,
             share_bits=0)  # fmt: skip
    run.rows("rows:r", range(1, 50))
    steps = [20 * number for number in range(1, len(ends))]
    return change(run, run.current, restarts=[[step, "train.py", 2, "sess.run(init)"] for step in steps], batch_size=32)


def test_passes_that_begin_anew(findings: Any) -> None:
    """Each trains, and none as far as the whole run could."""
    (found,) = findings("weights-put-back", passes([0.6] * 6))
    assert (found.severity, found.location.line) == (Severity.ERROR, 2)
    assert not findings("weights-put-back", passes([0.6] * 3)), "few"
    assert not findings("weights-put-back", passes([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])), "each gets further"
    rounds = PASSES.replace("epoch in range(12)", "step in range(12)")
    assert findings("weights-put-back", passes([0.6] * 6, source=rounds))
    several = passes([0.6] * 6, rows=200, source=rounds)
    assert not findings("weights-put-back", several), "several passes are a training of its own"
    assert findings("weights-put-back", passes([0.6] * 6, rows=200)), "unless they are called an epoch"
    folds = PASSES.replace("epoch in range(12)", "fold in folds")
    assert not findings("weights-put-back", passes([0.6] * 6, source=folds))


def test_folds_start_anew_on_purpose(findings: Any) -> None:
    assert not findings("weights-put-back", weights([1.0, 1.1, 1.0, 1.1, 1.0, 1.1], failing=False))


@pytest.mark.parametrize(
    "loop", ["for rate in (0.1, 10.0):", "for train, test in folds.split(x):", "for seed in range(5):"]
)
def test_rounds_that_start_anew_on_purpose(loop: str, findings: Any) -> None:
    source = f"{loop}\n    model.set_weights(first)\n    train()\n"
    assert not findings("weights-put-back", weights([1.0, 1.1, 1.0, 1.1, 1.0, 1.1], source=source))


def test_weights_that_never_moved_are_another_fault(findings: Any) -> None:
    assert not findings("weights-put-back", weights([1.0] * 8))


@pytest.mark.parametrize("length, source, count", [(13, LOADED, 1), (13, "", 0)])
def test_a_loss_like_a_saw(length: int, source: str, count: int, findings: Any) -> None:
    saw = list(np.geomspace(9.0, 2.5, length)) * 12
    assert len(findings("weights-put-back", classifier(saw, source=source))) == count


def test_a_noisy_loss_is_no_saw(findings: Any) -> None:
    noise = np.random.default_rng(0).uniform(1.0, 9.0, 200)
    assert not findings("weights-put-back", classifier(noise, source=LOADED))


@pytest.mark.parametrize(
    "source, line",
    [
        (LOADED, 2),
        ("model.load_weights(path)\nfor epoch in range(3):\n    train()\n", None),
        ("for task in tasks:\n    old = model.get_weights()\n    train()\n    model.set_weights(mix(old))\n", None),
        ("for epoch in range(3):\n    model.set_weights(start)\n", 2),
    ],
)
def test_what_is_given_in_a_loop(source: str, line: int | None) -> None:
    """What the loop itself made, as the average of meta-learning, is brought on."""
    found = given_in_loop(recorded(source))
    assert (found.line if found is not None else None) == line


BACK = """\
class RollBack(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.set_weights(self.good)

guard = RollBack("val_loss", mode="max")
"""


def set_back(norms: list[float], source: str = BACK) -> Run:
    """`set_weights` after each of some epochs gives the first kernel these norms; it began with 1."""
    run = weights([1.0, 1.1, 1.2, 1.3], failing=False, source=source)
    events = [[40 * (number + 1), "variable:w1", norm, 0.01 * norm, "train.py", 3, ""]
              for number, norm in enumerate(norms)]  # fmt: skip
    return change(run, run.current, put_back=events)


def test_a_callback_that_puts_the_first_weights_back(findings: Any) -> None:
    (found,) = findings("weights-put-back", set_back([1.0, 1.0 + 1e-7, 1.0]))
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert found.location.line == 5, "where the direction is turned"
    assert "After steps 40, 80, 120" in found.message
    plain = findings("weights-put-back", set_back([1.0, 1.0], BACK.replace('mode="max"', 'mode="min"')))
    assert plain[0].location.line == 3
    assert not findings("weights-put-back", set_back([1.0, 1.2])), "once"
    assert not findings("weights-put-back", set_back([1.2, 1.3])), "the best so far"
    called = BACK.replace("on_epoch_end", "start_trial")
    assert not findings("weights-put-back", set_back([1.0, 1.0], called)), "a search may well start anew"


def test_trainings_from_the_same_start(findings: Any) -> None:
    """A bootstrap, or a curve of learning: each round begins anew on purpose, and trains."""
    for loop in ("for i in range(10):", "for n in range(100, 1000, 100):"):
        source = f"start = net.get_weights()\n{loop}\n    net.set_weights(start)\n    net.fit(x[i], y[i])\n"
        assert not findings("weights-put-back", set_back([1.0, 1.0, 1.0], source))


def test_weights_that_hardly_moved(findings: Any) -> None:
    """Averages of a fine-tuning: what is set is near to the start, and so was what was there before."""
    run = weights([1.0, 1.0 + 1e-6, 1.0 + 2e-6], failing=False, source=BACK)
    events = [[40 * number, "variable:w1", 1.0, 0.01, "train.py", 3, ""] for number in (1, 2, 3)]
    assert not findings("weights-put-back", change(run, run.current, put_back=events))
