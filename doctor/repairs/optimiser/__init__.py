"""Repairs of gradients, updates, learning rates and the length of the training, in the order of their trial."""

from __future__ import annotations

from doctor.repairs.optimiser.accumulation import MeanOfGradients
from doctor.repairs.optimiser.applying import AppliedGradients, EveryRound, MatchingPairs, ReadOnce
from doctor.repairs.optimiser.assigning import AssignedInPlace, CountedVariable, ReachableCondition
from doctor.repairs.base import Repair
from doctor.repairs.optimiser.carried_state import CarriedState
from doctor.repairs.optimiser.clipping import ClippedNorm, OrthogonalRecurrence, TamerActivation, UsedClipping
from doctor.repairs.optimiser.compounded import CompoundedRate
from doctor.repairs.optimiser.compounded_callback import CompoundedCallback
from doctor.repairs.optimiser.flat_functions import SlopedFunction
from doctor.repairs.optimiser.frozen import CompiledAgain, Thawed
from doctor.repairs.optimiser.held_back import LooseUpdates
from doctor.repairs.optimiser.learning_rate import LearningRate
from doctor.repairs.optimiser.left_out import WholeList
from doctor.repairs.optimiser.made_once import BroughtBackOnce, MadeOnce
from doctor.repairs.optimiser.numpy_path import TensorFlowPath
from doctor.repairs.optimiser.paths import ChosenByPath
from doctor.repairs.optimiser.rate_arguments import SwappedArguments
from doctor.repairs.optimiser.regularisation import Weaker
from doctor.repairs.optimiser.schedules import ScheduleLength, SlowerDecay
from doctor.repairs.optimiser.tape_block import WatchedTensors, WholeTape
from doctor.repairs.optimiser.tracked_weights import TrackedWeights
from doctor.repairs.optimiser.training_length import TrainingLength
from doctor.repairs.optimiser.unused_weights import UsedWeights

OPTIMISER: tuple[Repair, ...] = (
    SwappedArguments(),
    CompoundedRate(),
    CompoundedCallback(),
    ScheduleLength(),
    SlowerDecay(),
    MeanOfGradients(),
    LooseUpdates(),
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
