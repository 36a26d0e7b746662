"""Repairs of the data and of the way it takes into the training, in the order in which they are tried."""

from __future__ import annotations

from doctor.repairs.base import Repair
from doctor.repairs.finite_rows import FiniteRows
from doctor.repairs.guarded import GuardedArithmetic
from doctor.repairs.input_scale import ScaledArrays
from doctor.repairs.scaled_pipeline import ScaledPipeline
from doctor.repairs.scaled_wrongly import DeviationSquared, ScaledTwice, ThrownAway
from doctor.repairs.target_scale import TargetScale

DATA: tuple[Repair, ...] = (
    DeviationSquared(),
    ScaledTwice(),
    ThrownAway(),
    ScaledArrays(),
    ScaledPipeline(),
    GuardedArithmetic(),
    FiniteRows(),
    TargetScale(),
)
