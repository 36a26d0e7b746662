"""A rate that is multiplied by more and more, each time from where it is."""

from __future__ import annotations

import pytest

from doctor.reading.compounding import compounding_line
from tests.reading.test_loops import recorded

FUNCTION = """
def schedule(epoch, lr):
    return lr * DECAY ** epoch  # here
model.fit(x, y, callbacks=[tf.keras.callbacks.LearningRateScheduler(schedule)])
"""
NAMED = """
def schedule(epoch, lr):
    power = epoch // 5
    new = lr * math.exp(-0.1 * power)  # here
    return new
model.fit(x, y, callbacks=[LearningRateScheduler(schedule=schedule, verbose=1)])
"""
LAMBDA = "cb = LearningRateScheduler(lambda e, rate: rate / (1 + 0.1 * e))  # here\n"
KEPT = """
lower = lambda epoch, lr: lr * 0.9 ** epoch  # here
model.fit(x, y, callbacks=[LearningRateScheduler(lower)])
"""
CALLBACK = """
class Lower(Callback):
    def step_decay(self, epoch, lr):
        step = math.floor((1 + epoch) / self.epochs_drop)
        return lr * math.pow(self.drop, step)
    def on_epoch_begin(self, epoch, logs=None):
        lr = float(self.model.optimizer.learning_rate)
        new_lr = self.step_decay(epoch, lr)  # here
        self.model.optimizer.learning_rate = new_lr
"""
LOOP = """
for epoch in range(20):
    opt.learning_rate.assign(opt.learning_rate * 0.9 ** epoch)  # here
"""
BARE = """
for epoch in range(20):
    lr *= 0.95 ** epoch  # here
"""


@pytest.mark.parametrize("source", [FUNCTION, NAMED, LAMBDA, KEPT, CALLBACK, LOOP, BARE])
def test_it_compounds(source: str) -> None:
    found = compounding_line(recorded(source))
    assert found is not None
    text = source.splitlines()[found.line - 1]
    assert "# here" in text or "self.step_decay(epoch, lr)" in text


@pytest.mark.parametrize(
    "source",
    [
        FUNCTION.replace("lr * DECAY", "START * DECAY"),
        FUNCTION.replace("DECAY ** epoch", "DECAY"),
        FUNCTION.replace("(epoch, lr)", "(epoch)"),
        "def schedule(epoch, lr):\n    return lr * 0.5 if epoch % 10 == 9 else lr\n"
        "cb = LearningRateScheduler(schedule)\n",
        "def schedule(epoch, lr):\n    if epoch < 10:\n        return lr\n    return lr * tf.math.exp(-0.1)\n"
        "cb = LearningRateScheduler(schedule)\n",
        CALLBACK.replace("(epoch, lr)  #", "(epoch, self.initial_lr)  #"),
        LOOP.replace("opt.learning_rate * 0.9", "0.1 * 0.9"),
        BARE.replace("** epoch", ""),
        "for step in range(9):\n    w.assign_sub(lr * g * 0.9 ** step)\n",
    ],
)
def test_it_goes_out_from_the_first(source: str) -> None:
    assert compounding_line(recorded(source)) is None
