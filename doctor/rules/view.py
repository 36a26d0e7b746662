"""A recording as one subject's rules see it: sites in forward order and a few common series."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from doctor.findings import Finding, Severity
from doctor.judgement import SHORT_STEPS, Judgement
from doctor.recording import Recording
from doctor.rules.guesses import share_of_guesses
from doctor.types import ROLES, Series, Site, TensorStats

#: Functions that pass positive values on unchanged and halve the mean square of symmetric ones.
RELU_LIKE = frozenset({"relu", "relu6", "leaky_relu", "elu", "gelu", "swish"})
#: Functions with a flat part on both sides.
SQUASHING = frozenset({"sigmoid", "tanh"})
#: A run that gains less than this share of what guesses without training gain is held back, below the second value
#: as good as failing. Of 274 sound runs of the corpus those of more than a hundred steps gain four fifths and more.
BEHIND, FAR_BEHIND = 0.75, 0.5
#: Right answers in training, and part of the gap to a perfect prediction closed by the loss, of a run whose training
#: is not what fails.
KNOWN = 0.95

_MISSING = {
    "losses": "no loss was recorded",
    "weight": "no weights were recorded",
    "gradient": "no gradients were recorded",
    "update": "no updates of the weights were recorded",
    "activation": "no activations were recorded",
    "input": "the inputs were not recorded",
    "label": "the labels were not recorded",
    "output": "the output of the model was not recorded",
    "loss": "the loss function was not recognised",
    "optimizer": "no optimiser was recorded",
    "variable": "no trainable variables were recorded",
}


@dataclass(frozen=True)
class SubjectView:
    """One subject (a model or training loop) of a recording, for its rules.

    Attributes:
        recording: the run.
        subject: its site of kind "subject"; one with the key "" where the run has none.
        judgement: whether it fails at all.
        found: what earlier rules found about it (only for rules of scope "last").
    """

    recording: Recording
    subject: Site
    judgement: Judgement
    found: tuple[Finding, ...] = field(default=())

    # Sites.

    def sites(self, kind: str, phase: str | None = "train") -> list[Site]:
        """Sites of a kind that belong to this subject, or to nobody in particular."""
        return self.recording.sites_around(kind, self.subject.key, phase)

    def first_site(self, kind: str, phase: str = "train") -> Site | None:
        """The first site of a kind, or None."""
        found = self.sites(kind, phase)
        return found[0] if found else None

    @cached_property
    def variables(self) -> list[Site]:
        """Trainable variables."""
        return [site for site in self.sites("variable") if site.attributes.get("trainable") is not False]

    def nonfinite_at(self, step: int, *roles: str) -> bool:
        """Whether anything of these roles ("weight", "input", "label", "output") was not finite at a step."""
        for role in roles:
            for site in self.variables if role == "weight" else self.sites(role):
                if role == "label" and self.fed_finite(site):
                    continue
                stats = self.recording.stats(role, site.key, step)
                if stats is not None and stats["nan_count"] + stats["inf_count"] > 0:
                    return True
        return False

    def fed_finite(self, label: Site) -> bool:
        """Whether labels that are not finite are made so by an op of the loss: a logarithm of what was fed.

        Where no array tells what was fed, only infinities are of that op: NaN may have been in the data.
        """
        arrays = [one for one in self.sites("array", None) if str(one.attributes.get("role") or "").startswith("y")]
        if label.attributes.get("made_by") is None or any(one.attributes.get("nonfinite") for one in arrays):
            return False
        return bool(arrays) or not self.series("label", label, "nan_count", sound=False).values.any()

    @cached_property
    def in_half(self) -> bool:
        """Whether anything that was observed is in half precision."""
        return any(site.attributes.get("dtype") == "float16" for site in self.recording.sites.values())

    def seen_late(self, series: Series) -> bool:
        """Whether the last point lies in the last third of the run: where samples are dear they are all early ones."""
        return len(series) > 0 and int(series.steps[-1]) >= 2 * self.judgement.steps / 3

    @cached_property
    def kernels(self) -> list[Site]:
        """Weight matrices and filters in forward order; those that the forward pass does not use come last."""
        kernels = [site for site in self.variables if site.attributes.get("role") == "kernel"]
        return _in_order(kernels)

    @cached_property
    def used_kernels(self) -> list[Site]:
        """Kernels that the forward pass uses (all, where capture could not order them)."""
        used = [site for site in self.kernels if site.attributes.get("order") is not None]
        return used or self.kernels

    @cached_property
    def normalised(self) -> bool:
        """Whether batch or layer normalisation is present: it undoes the scale of weights and inputs."""
        return any(site.attributes.get("role") == "scale" for site in self.variables)

    @cached_property
    def activations(self) -> list[Site]:
        """Outputs of non-linearities and linear layers in forward order."""
        return _in_order(self.sites("activation"))

    @cached_property
    def hidden(self) -> list[Site]:
        """Outputs of non-linearities that do not feed the loss, in forward order."""
        return [
            site
            for site in self.activations
            if site.attributes.get("function") not in (None, "linear", "softmax")
            and "loss" not in (site.attributes.get("next") or ())
        ]

    @cached_property
    def output(self) -> Site | None:
        """What the loss takes."""
        return self.first_site("output")

    @cached_property
    def label(self) -> Site | None:
        """What the loss compares the output with."""
        return self.first_site("label")

    @cached_property
    def batch_size(self) -> float | None:
        """Examples in a batch: as given, else as the output or the traced shape of the input shows, else None."""
        given = self.subject.attributes.get("batch_size")
        if isinstance(given, (int, float)) and given > 0:
            return float(given)
        units = self.output.attributes.get("units") if self.output is not None else None
        if self.output is None or not units or len(self.output.attributes.get("shape") or ()) != 2:
            data = self.first_site("input")
            shape = (data.attributes.get("shape") if data is not None else None) or [None]
            return float(shape[0]) if shape[0] and len(shape) > 1 else None
        sizes = self.series("output", self.output, "size", sound=False).values
        return float(np.median(sizes)) / float(units) if len(sizes) else None

    @cached_property
    def fits(self) -> list[Site]:
        """Calls of `fit` that train this subject."""
        fits = self.sites("fit")
        if len(self.recording.subjects) <= 1:
            return fits
        return [fit for fit in fits if fit.location is not None and fit.location == self.subject.location]

    @cached_property
    def loss(self) -> Site | None:
        """The loss function."""
        return self.first_site("loss")

    @cached_property
    def optimizer(self) -> Site | None:
        """The optimiser, or None where the script assigns the updates itself."""
        return self.first_site("optimizer")

    @cached_property
    def keras(self) -> bool:
        """Whether the model is written with Keras layers rather than bare variables."""
        return (
            self.subject.attributes.get("model") is not None
            or self.subject.attributes.get("style") == "fit"
            or any(site.attributes.get("layer") for site in self.kernels)
        )

    def kernel_before(self, activation: Site) -> Site | None:
        """The kernel whose result goes through `activation`."""
        for key in activation.attributes.get("fed_by") or ():
            site = self.recording.sites.get(key)
            if site is not None and site.attributes.get("role") == "kernel":
                return site
        return None

    def variable_before(self, activation: Site, role: str) -> Site | None:
        """The variable with `role` just before `activation`."""
        for key in activation.attributes.get("fed_by") or ():
            site = self.recording.sites.get(key)
            if site is not None and site.attributes.get("role") == role:
                return site
        return None

    def function_after(self, kernel: Site) -> str:
        """The function that the result of `kernel` goes through next ("linear" where none)."""
        return kernel.attributes.get("activation") or "linear"

    # Series.

    @cached_property
    def losses(self) -> Series:
        """The loss of every step."""
        return self.recording.losses(self.subject.key)

    @cached_property
    def sound_until(self) -> float:
        """The first step whose loss is not finite; from there on nothing measured means much."""
        step = self.judgement.nonfinite_step
        return math.inf if step is None else float(step)

    def series(self, role: str, site: Site, statistic: str, *, sound: bool = True) -> Series:
        """A statistic over the observed steps, by default only while the loss was finite."""
        series = self.recording.series(role, site.key, statistic)
        # A tensor without values says nothing: an empty batch, or a slot that was never filled.
        keep = self.recording.series(role, site.key, "size").values > 0
        if sound:
            keep &= series.steps < self.sound_until
        return series if keep.all() else Series(series.name, series.steps[keep], series.values[keep])

    def initial(self, role: str, site: Site) -> TensorStats | None:
        """Statistics before the first update, or None where step 0 was not observed."""
        stats = self.recording.stats(role, site.key, 0)
        return stats if stats is not None and stats["size"] > 0 else None

    def has(self, need: str) -> bool:
        """Whether something was recorded of a role, of a kind of site, or "losses"."""
        if need == "losses":
            return len(self.losses) > 0
        if need in ROLES:
            kind = "variable" if need in ("weight", "gradient", "update") else need
            return any(len(self.recording.observed_steps(need, site.key)) for site in self.sites(kind))
        return bool(self.sites(need))

    def missing(self, needs: frozenset[str]) -> str | None:
        """Why a rule with these needs cannot be checked, or None."""
        for need in sorted(needs):
            if not self.has(need):
                reason = _MISSING.get(need, f"nothing was recorded of {need!r}")
                for entry in self.recording.run.not_captured:
                    if need in str(entry.get("part", "")):
                        reason += f" ({entry.get('reason', '')})"
                return reason
        return None

    # Judgement.

    @property
    def gap(self) -> float | None:
        """How far evaluation falls short of training, as a share of what training gains over a constant prediction.

        By accuracy, for values by the share of their variance that is explained. None where either
        was not measured, or training gains too little to lose any of it.
        """
        judgement = self.judgement
        if judgement.explained is not None and judgement.eval_explained is not None:
            gained = judgement.explained
            return (gained - max(judgement.eval_explained, 0.0)) / gained if gained > 0.2 else None
        if judgement.accuracy is None or judgement.eval_accuracy is None or judgement.majority is None:
            return None
        gain = judgement.accuracy - judgement.majority
        return (judgement.accuracy - judgement.eval_accuracy) / gain if gain > 0.1 else None

    @cached_property
    def guessed(self) -> float | None:
        """What the run gains as a share of what guesses without training gain, None where that is not known.

        Neither is it of the first steps, in which nothing can have learned much.
        """
        return share_of_guesses(self) if self.judgement.steps > SHORT_STEPS else None

    @property
    def behind(self) -> bool:
        """Whether guesses without training do clearly better than the run."""
        return self.guessed is not None and self.guessed < BEHIND

    @property
    def degree(self) -> Severity | None:
        """Severity of a finding of degree: an error only where the run fails, silence where it trains well.

        A run that is only a little better than a constant prediction counts as failing once
        a rule has something to show for it, as does one far behind guesses without training; alone it is no alarm.
        """
        guessed = self.guessed
        if self.judgement.failing or self.judgement.by == "gain" or (guessed is not None and guessed < FAR_BEHIND):
            return Severity.ERROR
        return None if self.judgement.training and not self.behind else Severity.WARNING

    @property
    def degree_of_learning(self) -> Severity | None:
        """The same for what keeps a run from learning: none where it had learned until its loss was not finite.

        Nor where it knows what it was trained on, and fails outside of that.
        """
        return None if self.judgement.broke_off or self.knows_its_training else self.degree

    @property
    def knows_its_training(self) -> bool:
        """Whether the run fails by its evaluation alone: in training nearly all answers are right, at a low loss."""
        judged = self.judgement
        return (
            judged.failing and judged.by == "accuracy" and (judged.accuracy or 0.0) >= KNOWN
            and bool(judged.baseline) and judged.late_loss <= (1 - KNOWN) * (judged.baseline or 0.0)
        )  # fmt: skip


def _in_order(sites: list[Site]) -> list[Site]:
    ranked = sorted(
        enumerate(sites),
        key=lambda pair: (pair[1].attributes.get("order") is None, pair[1].attributes.get("order") or 0, pair[0]),
    )
    return [site for _, site in ranked]


def root_mean_square(stats: TensorStats) -> float:
    """sqrt(mean^2 + std^2) of the finite values."""
    return math.hypot(stats["mean"], stats["std"])


def fans(kernel: Site) -> tuple[float, float] | None:
    """(fan_in, fan_out) of a kernel, from its attributes or its shape."""
    fan_in, fan_out = kernel.attributes.get("fan_in"), kernel.attributes.get("fan_out")
    shape = list(kernel.attributes.get("shape") or ())
    if (not fan_in or not fan_out) and len(shape) >= 2:
        field_size = float(np.prod(shape[:-2])) if len(shape) > 2 else 1.0
        fan_in, fan_out = field_size * shape[-2], field_size * shape[-1]
    if not fan_in or not fan_out:
        return None
    return float(fan_in), float(fan_out)


def reference_std(kernel: Site) -> float | None:
    """Standard deviation of weights that keeps the signal's scale through the layer.

    He (2015) for ReLU and its kin: sqrt(2 / fan_in), because a ReLU halves the mean square.
    Glorot (2010) elsewhere: sqrt(2 / (fan_in + fan_out)), the mean of what the forward and
    the backward pass ask for.
    """
    both = fans(kernel)
    if both is None:
        return None
    fan_in, fan_out = both
    if (kernel.attributes.get("activation") or "linear") in RELU_LIKE:
        return math.sqrt(2 / fan_in)
    return math.sqrt(2 / (fan_in + fan_out))
