"""The rules, most upstream first: data, initialisation, forward pass, loss, gradient, optimiser."""

from __future__ import annotations

from doctor.rules.base import Rule
from doctor.rules.dead_relu import DeadRelu
from doctor.rules.exploding_gradient import ExplodingGradient
from doctor.rules.gradient_disconnected import GradientDisconnected
from doctor.rules.init_constant import InitConstant
from doctor.rules.init_too_large import InitTooLarge
from doctor.rules.init_too_small import InitTooSmall
from doctor.rules.input_nan import InputNan
from doctor.rules.input_noise import InputNoise
from doctor.rules.input_scale import InputScale
from doctor.rules.label_mismatch import LabelMismatch
from doctor.rules.loss_logits import LossLogits
from doctor.rules.loss_numerics import LossNumerics
from doctor.rules.loss_shape import LossShape
from doctor.rules.lr_too_high import LrTooHigh
from doctor.rules.lr_too_low import LrTooLow
from doctor.rules.output_activation import OutputActivation
from doctor.rules.saturation import Saturation
from doctor.rules.script_crash import ScriptCrash
from doctor.rules.target_scale import TargetScale
from doctor.rules.too_few_steps import TooFewSteps
from doctor.rules.unexplained_failure import UnexplainedFailure
from doctor.rules.unshuffled import Unshuffled
from doctor.rules.update_missing import UpdateMissing
from doctor.rules.vanishing_gradient import VanishingGradient

RULES: tuple[Rule, ...] = (
    InputNan(),
    InputScale(),
    InputNoise(),
    LabelMismatch(),
    TargetScale(),
    Unshuffled(),
    InitConstant(),
    InitTooLarge(),
    InitTooSmall(),
    DeadRelu(),
    Saturation(),
    OutputActivation(),
    LossLogits(),
    LossShape(),
    LossNumerics(),
    VanishingGradient(),
    ExplodingGradient(),
    GradientDisconnected(),
    LrTooHigh(),
    LrTooLow(),
    UpdateMissing(),
    TooFewSteps(),
    ScriptCrash(),
    UnexplainedFailure(),
)
