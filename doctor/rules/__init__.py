"""The rules, most upstream first: data, initialisation, forward pass, loss, gradient, optimiser."""

from __future__ import annotations

from doctor.rules.base import Rule
from doctor.rules.dead_relu import DeadRelu
from doctor.rules.init_too_large import InitTooLarge
from doctor.rules.input_noise import InputNoise
from doctor.rules.loss_logits import LossLogits
from doctor.rules.vanishing_gradient import VanishingGradient

RULES: tuple[Rule, ...] = (
    InputNoise(),
    InitTooLarge(),
    DeadRelu(),
    LossLogits(),
    VanishingGradient(),
)
