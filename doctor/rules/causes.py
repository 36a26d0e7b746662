"""Which fault explains which: the model by which the root cause is ranked first.

A finding is explained by another one of the same subject when the table below says that
the other's fault brings this one's about, and when it did not begin later. Some effects
need at least one update in between: a learning rate cannot kill a ReLU before the first
update, so dead units at step 0 are never blamed on it. Findings that nothing explains are
roots. Among them the primary is the worst, then the surest (what is certain by construction
goes before what was measured), then the earliest, then the most upstream (data, initialisation,
forward pass, loss, gradient, optimiser).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Mapping, Sequence

from doctor.findings import FAULTS, Confidence, Finding, Severity

#: Everything that numbers out of range set off downstream.
_BLOW_UP = ("exploding-gradient", "lr-too-high", "loss-numerics", "saturation", "dead-relu", "vanishing-gradient")
#: Everything that a missing gradient looks like.
_STARVED = ("vanishing-gradient", "lr-too-low", "too-few-steps", "update-missing")
_PROGRAM = ("script-crash", "unknown")
#: Faults that stand in how the program is put together. Where they are certain nothing measured explains them.
_STRUCTURAL = frozenset({
    "input-nan", "label-mismatch", "init-constant", "output-activation", "loss-logits", "loss-wrong", "loss-shape",
    "gradient-disconnected", "lr-too-low", "update-missing",
})  # fmt: skip
#: What a normalisation that never learned its mean and variance (train-mode, certain) lets through.
_UNNORMALISED = ("input-scale", "exploding-gradient", "dead-relu", "too-few-steps")

#: fault -> faults that it brings about, from the same step on.
EXPLAINS: Mapping[str, tuple[str, ...]] = {
    "input-nan": (*_BLOW_UP, *_STARVED, "input-scale", "label-mismatch", "init-too-large", *_PROGRAM),
    "input-scale": (*_BLOW_UP, "lr-too-low", "too-few-steps", *_PROGRAM),
    "input-noise": (*_BLOW_UP, "input-scale", "label-mismatch", "too-few-steps", "overfitting", *_PROGRAM),
    "degenerate-feature": (*_STARVED, "dead-relu", "label-mismatch", "class-imbalance", "no-nonlinearity", "leakage",
                           *_PROGRAM),
    "label-mismatch": (
        "lr-too-high", *_STARVED, "loss-numerics", "exploding-gradient", "class-imbalance", "overfitting", "loss-sign",
        *_PROGRAM,
    ),
    "target-scale": (*_BLOW_UP, "lr-too-low", "too-few-steps", *_PROGRAM),
    "pipeline-order": (
        "unshuffled", "lr-too-high", "class-imbalance", "overfitting", "train-mode", "input-noise", "metric-wrong",
        *_PROGRAM,
    ),
    "unshuffled": (
        "lr-too-high", "class-imbalance", "exploding-gradient", "overfitting", "train-mode", "input-noise",
        "metric-wrong", *_PROGRAM,
    ),
    "class-imbalance": ("too-few-steps", "unknown"),
    "init-constant": (*_STARVED, "dead-relu", "saturation", "init-too-small", "class-imbalance", *_PROGRAM),
    "init-too-large": (*_BLOW_UP, "too-few-steps", *_PROGRAM),
    "init-too-small": (*_STARVED, "class-imbalance", *_PROGRAM),
    "dead-relu": (*_STARVED, "init-too-small", "class-imbalance", *_PROGRAM),
    "saturation": (*_STARVED, "exploding-gradient", "lr-too-high", "class-imbalance", *_PROGRAM),
    "output-activation": (*_STARVED, "loss-wrong", "target-scale", "loss-numerics", "class-imbalance", *_PROGRAM),
    "no-nonlinearity": ("too-few-steps", "lr-too-high", "class-imbalance", *_PROGRAM),
    "dropout-too-high": (*_STARVED, "class-imbalance", "exploding-gradient", "lr-too-high", *_PROGRAM),
    "train-mode": (
        "overfitting", "input-noise", "metric-wrong", "input-scale", "exploding-gradient", "dead-relu", "too-few-steps",
        *_PROGRAM,
    ),
    "loss-logits": (*_STARVED, "loss-numerics", "exploding-gradient", "lr-too-high", "class-imbalance", *_PROGRAM),
    "loss-wrong": (*_STARVED, "init-too-small", "lr-too-high", "exploding-gradient", "class-imbalance", *_PROGRAM),
    "loss-shape": (
        *_STARVED, "lr-too-high", "target-scale", "class-imbalance", "dead-relu", "init-too-small",
        "regularisation-too-strong", *_PROGRAM,
    ),
    "loss-sign": (*_BLOW_UP, *_STARVED, "class-imbalance", *_PROGRAM),
    "loss-numerics": ("lr-too-high", *_PROGRAM),
    "vanishing-gradient": ("lr-too-low", "lr-too-high", "too-few-steps", "class-imbalance", *_PROGRAM),
    "exploding-gradient": ("lr-too-high", "loss-numerics", *_PROGRAM),
    "gradient-disconnected": (*_STARVED, "class-imbalance", "regularisation-too-strong", *_PROGRAM),
    "update-missing": ("lr-too-low", "too-few-steps", "class-imbalance", "overfitting", *_PROGRAM),
    "lr-too-low": ("too-few-steps", "class-imbalance", *_PROGRAM),
    "regularisation-too-strong": (
        *_STARVED, "init-too-small", "dead-relu", "class-imbalance", "lr-too-high", "exploding-gradient", *_PROGRAM,
    ),
    "batch-size": ("too-few-steps", "lr-too-low", "class-imbalance", "train-mode", *_PROGRAM),
    "too-few-steps": ("unknown",),
    "leakage": ("overfitting", "metric-wrong"),
}

#: fault -> faults that it brings about only after at least one update.
EXPLAINS_LATER: Mapping[str, tuple[str, ...]] = {
    "dropout-too-high": ("dead-relu", "saturation"),
    "init-too-small": ("dead-relu", "saturation"),
    "loss-logits": ("dead-relu", "saturation"),
    "loss-wrong": ("dead-relu", "saturation"),
    "lr-too-high": (
        "dead-relu", "saturation", "exploding-gradient", "loss-numerics", "vanishing-gradient", "class-imbalance",
        "lr-too-low", "too-few-steps", *_PROGRAM,
    ),
    "exploding-gradient": ("dead-relu", "saturation", "vanishing-gradient", "lr-too-low"),
    "loss-numerics": ("dead-relu", "saturation", "vanishing-gradient", "lr-too-low"),
}  # fmt: skip

#: fault -> what a reader would suspect next, most likely first.
SUSPECTS: Mapping[str, tuple[str, ...]] = {
    "input-nan": ("loss-numerics", "lr-too-high", "init-too-large", "exploding-gradient"),
    "input-scale": ("init-too-large", "lr-too-high", "input-nan", "input-noise", "loss-logits"),
    "input-noise": ("lr-too-high", "input-scale", "input-nan", "label-mismatch", "init-too-large", "lr-too-low"),
    "label-mismatch": ("lr-too-high", "input-nan", "input-scale", "output-activation"),
    "target-scale": ("lr-too-high", "input-scale", "output-activation", "lr-too-low"),
    "init-constant": ("vanishing-gradient", "lr-too-low", "dead-relu", "input-scale"),
    "init-too-large": ("lr-too-high", "input-scale", "input-nan", "loss-numerics", "exploding-gradient"),
    "init-too-small": ("vanishing-gradient", "lr-too-low", "dead-relu", "input-scale"),
    "dead-relu": ("lr-too-high", "lr-too-low", "input-scale", "input-nan", "vanishing-gradient", "init-too-small"),
    "saturation": ("init-too-large", "input-scale", "vanishing-gradient", "lr-too-high"),
    "output-activation": ("loss-logits", "lr-too-high", "input-scale", "label-mismatch"),
    "loss-logits": ("lr-too-low", "lr-too-high", "vanishing-gradient", "input-scale", "output-activation"),
    "loss-shape": ("lr-too-high", "lr-too-low", "input-scale", "target-scale"),
    "loss-numerics": ("input-nan", "lr-too-high", "init-too-large", "exploding-gradient", "input-scale"),
    "vanishing-gradient": ("saturation", "dead-relu", "lr-too-low", "init-too-small", "input-scale", "loss-logits"),
    "exploding-gradient": ("input-scale", "init-too-large", "lr-too-high", "input-nan"),
    "gradient-disconnected": ("vanishing-gradient", "dead-relu", "update-missing", "lr-too-low"),
    "update-missing": ("lr-too-low", "vanishing-gradient", "gradient-disconnected", "dead-relu"),
    "lr-too-high": ("init-too-large", "input-scale", "input-nan", "loss-numerics", "exploding-gradient"),
    "lr-too-low": ("vanishing-gradient", "dead-relu", "init-too-small", "update-missing", "input-scale"),
    "too-few-steps": ("lr-too-low", "vanishing-gradient", "dead-relu"),
    "leakage": ("overfitting", "label-mismatch"),
    "overfitting": ("leakage", "label-mismatch", "train-mode", "input-noise", "lr-too-high"),
    "metric-wrong": ("loss-wrong", "label-mismatch", "output-activation"),
    "class-imbalance": ("dead-relu", "vanishing-gradient", "lr-too-high", "lr-too-low", "label-mismatch"),
    "degenerate-feature": ("label-mismatch", "input-scale", "lr-too-low", "dead-relu"),
    "pipeline-order": ("label-mismatch", "lr-too-high", "lr-too-low"),
    "unshuffled": ("label-mismatch", "lr-too-high", "pipeline-order", "dead-relu"),
    "no-nonlinearity": ("vanishing-gradient", "lr-too-low", "label-mismatch", "dead-relu"),
    "dropout-too-high": ("lr-too-low", "vanishing-gradient", "label-mismatch", "dead-relu"),
    "train-mode": ("input-noise", "overfitting", "lr-too-high"),
    "loss-wrong": ("output-activation", "label-mismatch", "lr-too-high"),
    "loss-sign": ("lr-too-high", "label-mismatch", "loss-wrong"),
    "regularisation-too-strong": ("lr-too-high", "lr-too-low", "vanishing-gradient", "dead-relu"),
    "batch-size": ("lr-too-low", "vanishing-gradient", "too-few-steps"),
    "unknown": (
        "input-nan", "input-scale", "dead-relu", "vanishing-gradient", "lr-too-high", "lr-too-low", "init-too-large",
        "init-too-small", "saturation", "loss-logits",
    ),
}  # fmt: skip

_ORDER = {fault: number for number, fault in enumerate(name for family in FAULTS.values() for name in family)}


def explains(cause: Finding, symptom: Finding) -> bool:
    """Whether `cause` brings `symptom` about."""
    if cause is symptom or cause.fault == "unknown" or symptom.stands_alone:
        return False
    if cause.severity.rank > symptom.severity.rank:
        return False
    if _certain(symptom) and not _certain(cause):
        return False
    began, followed = cause.onset_step or 0, symptom.onset_step or 0
    if cause.confidence is Confidence.LOW and symptom.confidence is not Confidence.LOW:
        return False
    if cause.fault == "train-mode" and symptom.fault in _UNNORMALISED and cause.confidence is not Confidence.CERTAIN:
        return False
    if cause.fault == "exploding-gradient" and symptom.fault == "lr-too-high" and began > 0:
        return False  # it exploded only after updates: these are not its doing
    if symptom.fault in EXPLAINS.get(cause.fault, ()) and began <= followed:
        return True
    # Both seen first at one later step: the update before that step was not observed.
    return symptom.fault in EXPLAINS_LATER.get(cause.fault, ()) and began <= followed and followed > 0


def rank(findings: Sequence[Finding]) -> list[Finding]:
    """The findings of one subject with `primary` and `caused_by` set, primary first."""
    if not findings:
        return []
    worst = min(finding.severity.rank for finding in findings)
    roots = [one for one in findings if not any(explains(other, one) for other in findings)]
    candidates = [one for one in roots if one.severity.rank == worst] or [
        one for one in findings if one.severity.rank == worst
    ]
    primary = min(candidates, key=_place)
    # Advice alone (info) is not something wrong: nothing is primary then.
    wrong = primary.severity.value != "info"
    ranked = [
        replace(one, primary=wrong and one is primary, caused_by=_cause(one, primary, roots, findings))
        for one in findings
    ]
    return sorted(ranked, key=lambda one: (not one.primary, one.severity.rank, one.onset_step or 0))


def _certain(finding: Finding) -> bool:
    """Whether it is true by construction, and enough by itself to keep the model from learning."""
    certain = finding.confidence is Confidence.CERTAIN and finding.severity is Severity.ERROR
    return certain and finding.fault in _STRUCTURAL


def _place(finding: Finding) -> tuple[bool, bool, int, int, int]:
    """Doubtful last, certain first, then earliest, then most upstream, then surest."""
    return (
        finding.confidence is Confidence.LOW,
        not _certain(finding),
        finding.onset_step or 0,
        _ORDER.get(finding.fault, len(_ORDER)),
        finding.confidence.rank,
    )


def _cause(one: Finding, primary: Finding, roots: Sequence[Finding], findings: Sequence[Finding]) -> str | None:
    """The rule of the root that explains `one`, directly or through others; the primary where it does."""
    if one is primary:
        return None
    for root in (primary, *sorted(roots, key=_place)):
        if root is not one and one in _reached(root, findings):
            return root.rule
    return None


def _reached(root: Finding, findings: Sequence[Finding]) -> list[Finding]:
    reached = [root]
    for cause in reached:  # grows while it is walked
        reached += [
            one
            for one in findings
            if one not in reached and (explains(cause, one) or (cause.fault == one.fault and cause is root))
        ]
    return reached[1:]
