"""What graphs leave for the host: every loss, the last samples, and what is lost when nobody looks."""

from __future__ import annotations

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow")

from doctor.capture.tensorflow.buffers import LOSSES, Ring, StepLog  # noqa: E402


def test_losses_are_read_once_and_in_order() -> None:
    """Each look hands over what is new since the last one, with the number of its first step."""
    log = StepLog(nonfinite_samples=3)

    @tf.function
    def step(loss: tf.Tensor) -> tf.Tensor:
        number, left, counts = log.begin()
        log.write(number, loss, tf.logical_not(tf.math.is_finite(loss)) & (left > 0), counts)
        return left

    for loss in (2.5, 1.5):
        step(tf.constant(loss))
    first, losses = log.read()
    assert (first, losses.tolist()) == (0, [2.5, 1.5])
    assert [int(step(tf.constant(loss))) for loss in (np.nan, 1.0, np.inf, np.nan, np.nan)] == [3, 2, 2, 1, 0]
    first, losses = log.read()
    assert first == 2
    np.testing.assert_array_equal(losses, np.float32([np.nan, 1.0, np.inf, np.nan, np.nan]))
    assert (log.read()[0], log.read()[1].tolist()) == (7, [])


def test_a_loop_that_nobody_looks_at_leaves_its_last_losses() -> None:
    """A loop inside a graph can take more steps than are kept."""
    log = StepLog(nonfinite_samples=0)

    @tf.function
    def loop(steps: tf.Tensor) -> None:
        for number in tf.range(steps):
            step, _, counts = log.begin()
            log.write(step, tf.cast(number, tf.float32), tf.constant(False), counts)

    loop(tf.constant(LOSSES + 10))
    first, losses = log.read()
    assert first == 10
    assert losses.tolist() == list(range(10, LOSSES + 10))


def test_updates_may_count_the_steps() -> None:
    """Three gradients for each update: a step for each update, with the last of its losses."""
    log = StepLog(nonfinite_samples=0)

    @tf.function
    def gradient(loss: tf.Tensor) -> None:
        step, _, counts = log.begin()
        log.write(step, loss, tf.constant(False), counts)

    log.count_updates()
    for number in range(7):
        gradient(tf.constant(float(number)))
        if number % 3 == 2:
            log.advance()
    first, losses = log.read()
    assert (first, losses.tolist()) == (0, [2.0, 5.0])


def test_gradients_before_the_first_update_are_one_step() -> None:
    """That updates make the steps turns out at the first of them."""
    log = StepLog(nonfinite_samples=0)

    @tf.function
    def gradient(loss: tf.Tensor) -> None:
        step, _, counts = log.begin()
        log.write(step, loss, tf.constant(False), counts)

    for number in range(4):
        gradient(tf.constant(float(number)))
    assert log.waiting() == 4
    log.count_updates()
    log.advance()
    assert log.read()[1].tolist() == [3.0]


def test_samples_keep_their_steps_and_the_oldest_go_first() -> None:
    """Three rows fit; of four samples the first is lost."""
    ring = Ring(rows=3, width=2)

    @tf.function
    def sample(step: tf.Tensor) -> None:
        ring.write(step, tf.cast(tf.stack([step, -step]), tf.float32))

    assert ring.read() == []
    sample(tf.constant(5, tf.int64))
    assert [(step, row.tolist()) for step, row in ring.read()] == [(5, [5.0, -5.0])]
    for step in (7, 2**40, 11, 13):
        sample(tf.constant(step, tf.int64))
    assert [(step, row[0]) for step, row in ring.read()] == [(2**40, 2.0**40), (11, 11.0), (13, 13.0)]
