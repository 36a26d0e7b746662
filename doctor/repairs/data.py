"""Repairs of the data and of the way it takes into the training, in the order in which they are tried."""

from __future__ import annotations

from doctor.repairs.base import Repair
from doctor.repairs.batch_size import BatchSize
from doctor.repairs.class_weights import ClassWeights
from doctor.repairs.emptied import EmptiedInputs, MatchedKeys, TimeOfDay
from doctor.repairs.finite_rows import FiniteRows
from doctor.repairs.guarded import GuardedArithmetic
from doctor.repairs.input_scale import ScaledArrays
from doctor.repairs.label_range import LabelRange
from doctor.repairs.mixed_rows import MixedRows
from doctor.repairs.pairing import OneOrder
from doctor.repairs.pipeline_order import OneIterator, PipelineOrder, SeededOnce
from doctor.repairs.row_order import NumberedOrder, PairedTables, RepeatedLabels
from doctor.repairs.scaled_pipeline import ScaledPipeline
from doctor.repairs.scaled_wrongly import DeviationSquared, ScaledTwice, ThrownAway
from doctor.repairs.shuffled import KeptOrder, ShuffledBeforeCut, ShuffleSwitched
from doctor.repairs.splits import BatchRows, OneAugmentation, OneSplit, TrainedEncoder
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
    LabelRange(),
    TrainedEncoder(),
    OneAugmentation(),
    BatchRows(),
    OneSplit(),
    OneOrder(),
    NumberedOrder(),
    PairedTables(),
    RepeatedLabels(),
    KeptOrder(),
    ShuffleSwitched(),
    PipelineOrder(),
    ShuffledBeforeCut(),
    MixedRows(),
    OneIterator(),
    SeededOnce(),
    ClassWeights(),
    BatchSize(),
    MatchedKeys(),
    TimeOfDay(),
    EmptiedInputs(),
)
