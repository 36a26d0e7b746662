"""Repairs of losses, of what is scored, and of how a model is held out and evaluated."""

from __future__ import annotations

from doctor.repairs.base import Repair
from doctor.repairs.loss.copied_rows import CopiedRows
from doctor.repairs.loss.crash_names import CrashNames
from doctor.repairs.loss.crashes import Crash
from doctor.repairs.loss.held_out import AnswerDropped, FixedSplit, FreshNetwork, OtherRows, SplitInTime
from doctor.repairs.loss.kept_order import EvaluatedInOrder
from doctor.repairs.loss.loss_logits import LossLogits
from doctor.repairs.loss.loss_numerics import LossNumerics
from doctor.repairs.loss.loss_shape import LossShape
from doctor.repairs.loss.loss_sign import LossSign
from doctor.repairs.loss.loss_wrong import LossWrong
from doctor.repairs.loss.metric_wrong import MetricWrong
from doctor.repairs.loss.overfitting import AddedPenalties, BestEpoch, LargerPenalties
from doctor.repairs.loss.own_unit import OwnUnit
from doctor.repairs.loss.read_answers import ReadAnswers
from doctor.repairs.loss.reconstruction import Reconstruction
from doctor.repairs.loss.train_mode import TrainMode
from doctor.repairs.loss.turned_comparison import TurnedComparison

LOSS: tuple[Repair, ...] = (
    LossLogits(),
    LossWrong(),
    LossShape(),
    Reconstruction(),
    LossSign(),
    LossNumerics(),
    TrainMode(),
    MetricWrong(),
    TurnedComparison(),
    EvaluatedInOrder(),
    ReadAnswers(),
    OwnUnit(),
    FixedSplit(),
    SplitInTime(),
    OtherRows(),
    FreshNetwork(),
    AnswerDropped(),
    CopiedRows(),
    AddedPenalties(),
    BestEpoch(),
    LargerPenalties(),
    CrashNames(),
    Crash(),
)
