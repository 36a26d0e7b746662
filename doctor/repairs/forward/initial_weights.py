"""Initial weights of the scale that keeps the signal, and biases that start at zero."""

from __future__ import annotations

from typing import Iterator, Sequence

from doctor.findings import Finding
from doctor.reading.drawn import drawn_at
from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.forward.starts import Starts
from doctor.rules.view import SQUASHING, SubjectView, reference_std, root_mean_square
from doctor.types import Site, TensorStats

#: Weights that much above or below the scale of He or Glorot are drawn anew beside the one that is named.
FAR = 1.6
#: A bias of this size holds a sigmoid or tanh in its flat part.
FLAT_BIAS = 2.0


class InitialWeights(Repair):
    """Draws weights as He or Glorot do, and sets biases to zero, wherever they start as the finding says."""

    id = "initial-weights"
    faults = ("init-constant", "init-too-large", "init-too-small", "dead-relu", "saturation")

    def suits(self, finding: Finding) -> bool:
        return super().suits(finding) and finding.rule != "cut-by-saturation" and not finding.onset_step

    def patches(self, case: Case) -> Iterator[Patch]:
        why: CannotWrite | None = None
        written = False
        for variables in _ways(case):
            starts = Starts(case, whole=case.finding.fault in ("dead-relu", "init-constant"))
            try:
                starts.draw(variables)
            except CannotWrite as reason:
                why = reason
                continue
            written = True
            yield self.patch(_title(variables), *starts.edits)
        if why is not None and not written:
            raise why


def _title(variables: Sequence[Site]) -> str:
    names = ", ".join(f"`{one.name}`" for one in variables[:3]) + (", ..." if len(variables) > 3 else "")
    if all(one.attributes.get("role") == "bias" for one in variables):
        return f"Start {names} at zero"
    return f"Draw the initial values of {names} from a range that keeps the signal"


def _ways(case: Case) -> Iterator[list[Site]]:
    """The variables that start wrongly; other choices after the first."""
    view, fault = case.view, case.finding.fault
    named = case.recording.sites.get(case.finding.site)
    if fault == "init-constant":
        yield _constant(case, named)
    elif fault in ("init-too-large", "init-too-small"):
        yield far_kernels(view, named, 1 if fault == "init-too-large" else -1)
    elif fault == "dead-relu":
        yield from _dead(case)
    else:
        yield from _saturated(view)


def _kernels(view: SubjectView) -> list[tuple[Site, TensorStats]]:
    """Kernels with what they start as."""
    return [(one, stats) for one in view.used_kernels if (stats := view.initial("weight", one)) is not None]


def _constant(case: Case, named: Site | None) -> list[Site]:
    if named is None:
        raise CannotWrite("it is not known which weights are constant")
    if case.finding.rule != "init-constant":
        tables = [one for one in _alike(case.view, named) if (stats := case.view.initial("weight", one)) is not None
                  and stats["std"] == 0]  # fmt: skip
        return [named, *tables]
    return [named, *(one for one, stats in _kernels(case.view) if stats["std"] == 0 and one != named)]


def far_kernels(view: SubjectView, named: Site | None, sign: int) -> list[Site]:
    """Kernels that are far too large (sign 1) or too small (-1), the one that the finding names in any case."""
    found = [named] if named is not None else []
    for kernel, stats in _kernels(view):
        reference, size = reference_std(kernel), root_mean_square(stats)
        if reference and size and (size / reference) ** sign >= FAR and kernel not in found:
            found.append(kernel)
    if named is not None:
        found += _alike(view, named)
    if not found:
        raise CannotWrite("it is not known which weights are meant")
    return found


def _alike(view: SubjectView, named: Site) -> list[Site]:
    """Other tables of embeddings as wide as one: products of the two are formed, and they start alike."""
    if named.attributes.get("role") != "embedding":
        return []
    width = list(named.attributes.get("shape") or ())[-1:]
    return [one for one in view.variables if one.attributes.get("role") == "embedding" and one != named
            and list(one.attributes.get("shape") or ())[-1:] == width]  # fmt: skip


def _dead(case: Case) -> Iterator[list[Site]]:
    """Biases below zero, and kernels whose weights are nearly all below zero, before a ReLU."""
    view, named = case.view, case.recording.sites.get(case.finding.site)
    biases: list[Site] = []
    kernels: list[Site] = []
    for layer in view.hidden:
        if layer.attributes.get("function") not in ("relu", "relu6"):
            continue
        kernel, bias = view.kernel_before(layer), view.variable_before(layer, "bias")
        weights = view.initial("weight", kernel) if kernel is not None else None
        offset = view.initial("weight", bias) if bias is not None else None
        if bias is not None and offset is not None and offset["mean"] < 0:
            biases.append(bias)
        if kernel is not None and weights is not None and weights["mean"] < -0.5 * weights["std"]:
            kernels.append(kernel)
    role = str(named.attributes.get("role")) if named is not None else ""
    if role == "bias" and named is not None and named not in biases:
        biases.append(named)  # one that is subtracted
    if role == "bias" or (biases and not kernels):
        yield biases
    if kernels:
        # Others that are drawn on the same line are drawn alike, whatever their sign does there.
        places = {drawn_at(case.recording, one) for one in kernels}
        yield kernels + [one for one in view.used_kernels if one not in kernels
                         and drawn_at(case.recording, one) in places]  # fmt: skip
    elif named is not None and role == "kernel" and not biases and _odd(view, named):
        yield [named]
    if biases and kernels:
        yield [*biases, *kernels]


def _odd(view: SubjectView, kernel: Site) -> bool:
    """Whether a kernel starts otherwise than Keras draws it: off zero, too wide or too narrow."""
    stats, reference = view.initial("weight", kernel), reference_std(kernel)
    if stats is None or not reference:
        return True
    ratio = root_mean_square(stats) / reference
    return abs(stats["mean"]) > 0.2 * stats["std"] or ratio > FAR or ratio < 1 / FAR


def _saturated(view: SubjectView) -> Iterator[list[Site]]:
    """Biases and kernels that hold a sigmoid or tanh in its flat part from the start."""
    found: list[Site] = []
    for layer in view.hidden:
        if layer.attributes.get("function") not in SQUASHING:
            continue
        kernel, bias = view.kernel_before(layer), view.variable_before(layer, "bias")
        offset = view.initial("weight", bias) if bias is not None else None
        weights = view.initial("weight", kernel) if kernel is not None else None
        reference = reference_std(kernel) if kernel is not None else None
        if bias is not None and offset is not None and root_mean_square(offset) >= FLAT_BIAS and bias not in found:
            found.append(bias)
        if kernel is not None and weights is not None and reference and kernel not in found:
            if root_mean_square(weights) >= FAR * reference:
                found.append(kernel)
    if found:
        yield found
