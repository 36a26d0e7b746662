"""Repairs of gradients, updates, learning rates and the length of the training, in the order of their trial."""

from __future__ import annotations

from doctor.repairs.accumulation import MeanOfGradients
from doctor.repairs.applying import AppliedGradients, EveryRound, MatchingPairs, ReadOnce
from doctor.repairs.assigning import AssignedInPlace, CountedVariable, ReachableCondition
from doctor.repairs.base import Repair
from doctor.repairs.carried_state import CarriedState
from doctor.repairs.clipping import ClippedNorm, OrthogonalRecurrence, TamerActivation, UsedClipping
from doctor.repairs.compounded import CompoundedRate
from doctor.repairs.flat_functions import SlopedFunction
from doctor.repairs.frozen import CompiledAgain, Thawed
from doctor.repairs.learning_rate import LearningRate
from doctor.repairs.left_out import WholeList
from doctor.repairs.made_once import BroughtBackOnce, MadeOnce
from doctor.repairs.numpy_path import TensorFlowPath
from doctor.repairs.paths import ChosenByPath
from doctor.repairs.rate_arguments import SwappedArguments
from doctor.repairs.regularisation import Weaker
from doctor.repairs.schedules import ScheduleLength, SlowerDecay
from doctor.repairs.tape_block import WatchedTensors, WholeTape
from doctor.repairs.tracked_weights import TrackedWeights
from doctor.repairs.training_length import TrainingLength
from doctor.repairs.unused_weights import UsedWeights

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
    TrackedWeights(),
    WholeList(),
    CarriedState(),
    UsedWeights(),
    TensorFlowPath(),
    SlopedFunction(),
    WholeTape(),
    WatchedTensors(),
    ReadOnce(),
    AssignedInPlace(),
    CountedVariable(),
    ReachableCondition(),
    ChosenByPath(),
    AppliedGradients(),
    MatchingPairs(),
    EveryRound(),
    MadeOnce(),
    BroughtBackOnce(),
    Thawed(),
    CompiledAgain(),
)
