"""The rules, most upstream first: data, initialisation, forward pass, loss, gradient, optimiser, generalisation."""

from __future__ import annotations

from doctor.rules.alike_units import AlikeUnits
from doctor.rules.answer_among_inputs import AnswerAmongInputs
from doctor.rules.apart_augmentation import ApartAugmentation
from doctor.rules.auc_of_logits import AucOfLogits
from doctor.rules.base import Rule
from doctor.rules.batch_size import BatchSize
from doctor.rules.batch_total import BatchTotal
from doctor.rules.class_imbalance import ClassImbalance
from doctor.rules.cloned_anew import ClonedAnew
from doctor.rules.collapsed_rows import CollapsedRows
from doctor.rules.cut_by_saturation import CutBySaturation
from doctor.rules.dead_relu import DeadRelu
from doctor.rules.degenerate_feature import DegenerateFeature
from doctor.rules.dropout_too_high import DropoutTooHigh
from doctor.rules.drowned_columns import DrownedColumns
from doctor.rules.drowned_signal import DrownedSignal
from doctor.rules.exact_accuracy import ExactAccuracy
from doctor.rules.exclusive_classes import ExclusiveClasses
from doctor.rules.exploding_gradient import ExplodingGradient
from doctor.rules.faint_columns import FaintColumns
from doctor.rules.files_out_of_step import FilesOutOfStep
from doctor.rules.frozen_layers import FrozenLayers
from doctor.rules.frozen_model import FrozenModel
from doctor.rules.gradient_disconnected import GradientDisconnected
from doctor.rules.gradient_numerics import GradientNumerics
from doctor.rules.half_cross_entropy import HalfCrossEntropy
from doctor.rules.hard_attention import HardAttention
from doctor.rules.init_constant import InitConstant
from doctor.rules.init_too_large import InitTooLarge
from doctor.rules.init_too_small import InitTooSmall
from doctor.rules.input_nan import InputNan
from doctor.rules.input_noise import InputNoise
from doctor.rules.input_scale import InputScale
from doctor.rules.label_mismatch import LabelMismatch
from doctor.rules.labels_in_place import LabelsInPlace
from doctor.rules.large_embeddings import LargeEmbeddings
from doctor.rules.leakage import Leakage
from doctor.rules.learned_by_heart import LearnedByHeart
from doctor.rules.looks_ahead import LooksAhead
from doctor.rules.loss_logits import LossLogits
from doctor.rules.loss_numerics import LossNumerics
from doctor.rules.loss_shape import LossShape
from doctor.rules.loss_sign import LossSign
from doctor.rules.loss_wrong import LossWrong
from doctor.rules.lr_too_high import LrTooHigh
from doctor.rules.lr_too_low import LrTooLow
from doctor.rules.masked_metric import MaskedMetric
from doctor.rules.masked_signal import MaskedSignal
from doctor.rules.median_of_zeros import MedianOfZeros
from doctor.rules.metric_overwritten import MetricOverwritten
from doctor.rules.metric_reset import MetricReset
from doctor.rules.metric_wrong import MetricWrong
from doctor.rules.minimised_likelihood import MinimisedLikelihood
from doctor.rules.missing_codes import MissingCodes
from doctor.rules.near_copies import NearCopies
from doctor.rules.negative_divergence import NegativeDivergence
from doctor.rules.never_better import NeverBetter
from doctor.rules.no_nonlinearity import NoNonlinearity
from doctor.rules.one_row import OneRow
from doctor.rules.output_activation import OutputActivation
from doctor.rules.over_smoothed import OverSmoothed
from doctor.rules.overfitting import Overfitting
from doctor.rules.overlapping_windows import OverlappingWindows
from doctor.rules.padding_attention import PaddingAttention
from doctor.rules.pipeline_order import PipelineOrder
from doctor.rules.players_agree import PlayersAgree
from doctor.rules.policy_sign import PolicySign
from doctor.rules.posterior_collapse import PosteriorCollapse
from doctor.rules.ranked_backwards import RankedBackwards
from doctor.rules.regularisation_too_strong import RegularisationTooStrong
from doctor.rules.renamed_labels import RenamedLabels
from doctor.rules.repeated_batch import RepeatedBatch
from doctor.rules.reshuffled_split import ReshuffledSplit
from doctor.rules.rewards_errors import RewardsErrors
from doctor.rules.saturation import Saturation
from doctor.rules.scaled_alone import ScaledAlone
from doctor.rules.scaled_twice import ScaledTwice
from doctor.rules.scored_apart import ScoredApart
from doctor.rules.scored_in_units import ScoredInUnits
from doctor.rules.scored_inputs import ScoredInputs
from doctor.rules.script_crash import ScriptCrash
from doctor.rules.served_otherwise import ServedOtherwise
from doctor.rules.shared_folds import SharedFolds
from doctor.rules.single_step import SingleStep
from doctor.rules.small_part import SmallPart
from doctor.rules.softmax_twice import SoftmaxTwice
from doctor.rules.sorted_holdout import SortedHoldout
from doctor.rules.stale_evaluation import StaleEvaluation
from doctor.rules.target_scale import TargetScale
from doctor.rules.thawed_layers import ThawedLayers
from doctor.rules.thrown_up import ThrownUp
from doctor.rules.too_few_steps import TooFewSteps
from doctor.rules.train_mode import TrainMode
from doctor.rules.turned_mask import TurnedMask
from doctor.rules.turned_metric import TurnedMetric
from doctor.rules.turned_quantile import TurnedQuantile
from doctor.rules.two_passes import TwoPasses
from doctor.rules.uncounted_improvements import UncountedImprovements
from doctor.rules.unexplained_failure import UnexplainedFailure
from doctor.rules.unknown_tokens import UnknownTokens
from doctor.rules.unshuffled import Unshuffled
from doctor.rules.unused_clipping import UnusedClipping
from doctor.rules.update_missing import UpdateMissing
from doctor.rules.vanishing_gradient import VanishingGradient
from doctor.rules.watched_backwards import WatchedBackwards
from doctor.rules.weightless_head import WeightlessHead
from doctor.rules.weights_put_back import WeightsPutBack
from doctor.rules.zero_factors import ZeroFactors
from doctor.rules.zero_input import ZeroInput
from doctor.rules.zero_loss import ZeroLoss
from doctor.rules.zero_percentages import ZeroPercentages

RULES: tuple[Rule, ...] = (
    InputNan(),
    InputScale(),
    ScaledTwice(),
    MissingCodes(),
    FaintColumns(),
    DrownedColumns(),
    InputNoise(),
    DrownedSignal(),
    ScaledAlone(),
    ServedOtherwise(),
    LabelMismatch(),
    LabelsInPlace(),
    FilesOutOfStep(),
    RenamedLabels(),
    ApartAugmentation(),
    TargetScale(),
    Unshuffled(),
    SortedHoldout(),
    PipelineOrder(),
    RepeatedBatch(),
    ClassImbalance(),
    OneRow(),
    CollapsedRows(),
    DegenerateFeature(),
    ZeroInput(),
    MaskedSignal(),
    SingleStep(),
    UnknownTokens(),
    PaddingAttention(),
    InitConstant(),
    AlikeUnits(),
    ZeroFactors(),
    InitTooLarge(),
    LargeEmbeddings(),
    InitTooSmall(),
    DeadRelu(),
    Saturation(),
    CutBySaturation(),
    HardAttention(),
    HalfCrossEntropy(),
    NoNonlinearity(),
    OutputActivation(),
    ExclusiveClasses(),
    DropoutTooHigh(),
    TrainMode(),
    LossLogits(),
    SoftmaxTwice(),
    LossWrong(),
    ZeroPercentages(),
    MedianOfZeros(),
    RewardsErrors(),
    TurnedMask(),
    LossShape(),
    BatchTotal(),
    PosteriorCollapse(),
    LossSign(),
    ZeroLoss(),
    MinimisedLikelihood(),
    RankedBackwards(),
    PolicySign(),
    NegativeDivergence(),
    LossNumerics(),
    GradientNumerics(),
    VanishingGradient(),
    ExplodingGradient(),
    UnusedClipping(),
    GradientDisconnected(),
    LrTooHigh(),
    LrTooLow(),
    UpdateMissing(),
    NeverBetter(),
    WeightsPutBack(),
    ClonedAnew(),
    WatchedBackwards(),
    UncountedImprovements(),
    PlayersAgree(),
    ScoredInputs(),
    FrozenModel(),
    FrozenLayers(),
    ThawedLayers(),
    RegularisationTooStrong(),
    BatchSize(),
    TooFewSteps(),
    Overfitting(),
    LearnedByHeart(),
    SmallPart(),
    Leakage(),
    NearCopies(),
    LooksAhead(),
    AnswerAmongInputs(),
    ReshuffledSplit(),
    SharedFolds(),
    OverlappingWindows(),
    MetricWrong(),
    AucOfLogits(),
    MetricReset(),
    MetricOverwritten(),
    MaskedMetric(),
    ExactAccuracy(),
    TurnedMetric(),
    TurnedQuantile(),
    WeightlessHead(),
    OverSmoothed(),
    TwoPasses(),
    ScoredApart(),
    ScoredInUnits(),
    ScriptCrash(),
    StaleEvaluation(),
    ThrownUp(),
    UnexplainedFailure(),
)
