"""Repairs of the data and of the way it takes into the training, in the order in which they are tried."""

from __future__ import annotations

from doctor.repairs.base import Repair
from doctor.repairs.data.batch_size import BatchSize
from doctor.repairs.data.class_weights import ClassWeights
from doctor.repairs.data.emptied import EmptiedInputs, MatchedKeys, TimeOfDay
from doctor.repairs.data.finite_rows import FiniteRows
from doctor.repairs.data.guarded import GuardedArithmetic
from doctor.repairs.data.input_scale import ScaledArrays
from doctor.repairs.data.label_range import LabelRange
from doctor.repairs.data.mixed_rows import MixedRows
from doctor.repairs.data.pairing import OneOrder
from doctor.repairs.data.pipeline_order import OneIterator, PipelineOrder, SeededOnce
from doctor.repairs.data.row_order import NumberedOrder, PairedTables, RepeatedLabels
from doctor.repairs.data.scaled_pipeline import ScaledPipeline
from doctor.repairs.data.scaled_wrongly import DeviationSquared, ScaledTwice, ThrownAway
from doctor.repairs.data.shuffled import KeptOrder, ShuffledBeforeCut, ShuffleSwitched
from doctor.repairs.data.splits import BatchRows, OneAugmentation, OneSplit, TrainedEncoder
from doctor.repairs.data.target_scale import TargetScale
from doctor.repairs.data.vocabularies import TurnedVocabulary

DATA: tuple[Repair, ...] = (
    TurnedVocabulary(),
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
