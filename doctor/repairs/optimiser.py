"""Repairs of gradients, updates, learning rates and the length of the training, in the order of their trial."""

from __future__ import annotations

from doctor.repairs.accumulation import MeanOfGradients
from doctor.repairs.base import Repair
from doctor.repairs.clipping import ClippedNorm, OrthogonalRecurrence, TamerActivation, UsedClipping
from doctor.repairs.compounded import CompoundedRate
from doctor.repairs.learning_rate import LearningRate
from doctor.repairs.rate_arguments import SwappedArguments
from doctor.repairs.regularisation import Weaker
from doctor.repairs.schedules import ScheduleLength, SlowerDecay
from doctor.repairs.training_length import TrainingLength

OPTIMISER: tuple[Repair, ...] = (
    SwappedArguments(),
    CompoundedRate(),
    ScheduleLength(),
    SlowerDecay(),
    MeanOfGradients(),
    LearningRate(),
    Weaker(),
    TrainingLength(),
    UsedClipping(),
    OrthogonalRecurrence(),
    TamerActivation(),
    ClippedNorm(),
)
