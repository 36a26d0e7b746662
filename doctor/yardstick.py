"""What a model reaches that ignores its inputs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Baseline:
    """What a model reaches that ignores its inputs.

    Attributes:
        name: for people ("predicting the class shares").
        value: its loss; NaN where only the accuracy is known.
        majority: its accuracy, or None where labels are no classes.
        divisor: what the recorded loss is divided by to be on the scale of `value`
            (the batch size where the script sums over the batch).
        comparable: whether the recorded loss is on that scale at all.
        floor: the loss of predictions that are all exact.
    """

    name: str
    value: float
    majority: float | None = None
    divisor: float = 1.0
    comparable: bool = True
    floor: float = 0.0

    def gain(self, loss: float) -> float | None:
        """Which part of the way from the constant prediction to exact ones a loss has gone; None where unknown."""
        if not self.comparable or not self.value > self.floor:
            return None
        return (self.value - loss) / (self.value - self.floor)
