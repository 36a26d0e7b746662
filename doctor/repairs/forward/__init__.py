"""Repairs of initial weights and of the forward pass, in the order in which they are tried."""

from __future__ import annotations

from doctor.repairs.forward.added_noise import AddedNoise
from doctor.repairs.base import Repair
from doctor.repairs.forward.dropout_rate import DropoutRate
from doctor.repairs.forward.held_slope import HeldSlope
from doctor.repairs.forward.hidden_activation import LeakyLayers, RectifiedLayers, SmallerUpdates
from doctor.repairs.forward.initial_weights import InitialWeights
from doctor.repairs.forward.nonlinearity import Nonlinearity
from doctor.repairs.forward.output_activation import OutputActivation
from doctor.repairs.forward.repeated_draws import RepeatedDraws
from doctor.repairs.forward.residual_blocks import ResidualBlocks

FORWARD: tuple[Repair, ...] = (
    RepeatedDraws(),
    InitialWeights(),
    HeldSlope(),
    SmallerUpdates(),
    ResidualBlocks(),
    RectifiedLayers(),
    LeakyLayers(),
    Nonlinearity(),
    OutputActivation(),
    DropoutRate(),
    AddedNoise(),
)
