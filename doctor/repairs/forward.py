"""Repairs of initial weights and of the forward pass, in the order in which they are tried."""

from __future__ import annotations

from doctor.repairs.added_noise import AddedNoise
from doctor.repairs.base import Repair
from doctor.repairs.dropout_rate import DropoutRate
from doctor.repairs.held_slope import HeldSlope
from doctor.repairs.hidden_activation import LeakyLayers, RectifiedLayers, SmallerUpdates
from doctor.repairs.initial_weights import InitialWeights
from doctor.repairs.nonlinearity import Nonlinearity
from doctor.repairs.output_activation import OutputActivation
from doctor.repairs.residual_blocks import ResidualBlocks

FORWARD: tuple[Repair, ...] = (
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
