"""Repairs of initial weights and of the forward pass, in the order in which they are tried."""

from __future__ import annotations

from doctor.repairs.base import Repair
from doctor.repairs.initial_weights import InitialWeights

FORWARD: tuple[Repair, ...] = (
    InitialWeights(),
)  # fmt: skip
