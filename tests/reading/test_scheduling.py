"""Which line lowers the learning rate."""

from __future__ import annotations

import pytest

from doctor.reading.scheduling import raising_line, schedule_line
from tests.reading.test_loops import recorded

CALLBACK = """
def decay(epoch, lr):
    if epoch == 0:
        return lr
    return lr * 0.5 ** epoch  # here
model.fit(x, y, callbacks=[keras.callbacks.LearningRateScheduler(decay)])
"""
LAMBDA = """
halve = lambda epoch: 0.1 / 2 ** epoch  # here
model.fit(x, y, callbacks=[LearningRateScheduler(schedule=halve)])
"""
OWN = """
class Warm(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, rate):
        self.rate = rate
    def __call__(self, step):
        return self.rate * 0.9 ** step  # here
"""
TOLD = """
from schedules import Warm
class Warm(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return self.rate * 0.9 ** step
rate = Warm(
    0.1,
    warmup_steps=10,
    total_steps=cfg.epochs,  # here
)
"""
NAMED = """
STEPS = 10  # here
rate = tf.keras.optimizers.schedules.CosineDecay(0.1, decay_steps=STEPS)
"""
EPOCHS = """
EPOCHS = 10
rate = tf.keras.optimizers.schedules.CosineDecay(
    0.1,
    decay_steps=EPOCHS,  # here
)
"""
POSITION = """
rate = ExponentialDecay(0.1, 10, 0.1)  # here
"""
SESSION = """
rate = tf.train.exponential_decay(hp.rate, global_step,
                                  hp.decay_steps, 0.9)  # here
"""
PIECES = """
rate = tf.train.piecewise_constant(global_step,
                                   [10, 20], [0.1, 0.01, 0.001])  # here
"""
LOOP = """
for epoch in range(5):
    opt.learning_rate = 0.1 * 0.1 ** epoch  # here
"""
ASSIGN = """
for epoch in range(5):
    opt.learning_rate.assign(0.1 * 0.1 ** epoch)  # here
"""
BARE = """
lr = 0.1
for step in range(500):
    w.assign_sub(lr * g)
    lr *= 0.5  # here
"""


@pytest.mark.parametrize(
    "source", [CALLBACK, LAMBDA, OWN, TOLD, NAMED, EPOCHS, POSITION, SESSION, PIECES, LOOP, ASSIGN, BARE]
)
def test_what_lowers_the_rate(source: str) -> None:
    found = schedule_line(recorded(source))
    assert found is not None and "# here" in found.code


@pytest.mark.parametrize("source", ["opt = keras.optimizers.SGD(0.1)\n", "lr = 0.1\nself.lr = lr\n"])
def test_a_constant_rate(source: str) -> None:
    assert schedule_line(recorded(source)) is None


@pytest.mark.parametrize(
    "source",
    [
        "rate = CosineDecay(1e-4, decay_steps=TOTAL, warmup_target=1.0)  # here\nTOTAL = 5000\n",
        "def warm(epoch, rate):\n    if epoch < 5:\n        return rate * 2  # here\n    return rate\n\n"
        "def weighted(y, p):\n    return w * tf.square(y - p)\n\nLearningRateScheduler(warm)\n",
    ],
)
def test_what_raises_the_rate(source: str) -> None:
    found = raising_line(recorded(source))
    assert found is not None and "# here" in found.code


def test_nothing_that_raises_it() -> None:
    source = "def main():\n    opt.learning_rate = 0.1\n    def weighted(y, p):\n        return w * (y - p)\n"
    assert raising_line(recorded(source)) is None


def test_a_name_for_the_number_of_epochs() -> None:
    """What is wrong is that steps are taken for epochs, and not how many epochs there are."""
    found = schedule_line(recorded("EPOCHS = 40\nsteps = EPOCHS\nrate = CosineDecay(3e-3, decay_steps=steps)\n"))
    assert found is not None and found.line == 2
