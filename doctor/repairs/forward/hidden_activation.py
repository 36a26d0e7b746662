"""Other functions in the hidden layers: ReLU in place of what saturates, leaky ReLU in place of what dies."""

from __future__ import annotations

import re
from typing import Iterator, Sequence

import libcst as cst

from doctor.findings import Finding
from doctor.reading.values import argument as chosen_at
from doctor.repairs.forward.activations import around_call, rewrite_line, written_on
from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.forward.initial_weights import far_kernels
from doctor.repairs.forward.layers import layer_calls, layer_name, quoted, units_of
from doctor.repairs.shared.rates import rate_at
from doctor.repairs.source import Source, argument, last_name
from doctor.repairs.forward.starts import Starts
from doctor.rules.updates import learning_rate, learning_rate_line
from doctor.rules.view import SQUASHING, SubjectView, reference_std, root_mean_square
from doctor.types import Location, Site

#: Layers whose sigmoids are gates, and belong to them.
_GATED = frozenset({"LSTM", "GRU", "LSTMCell", "GRUCell", "ConvLSTM2D", "Bidirectional", "MultiHeadAttention"})
#: Weights below this part of He's scale are drawn anew before a ReLU.
_WEAK = 0.75
#: Layers whose initialiser says how their weights start.
_WEIGHTED = re.compile(r"^(Dense|EinsumDense|(Separable|Depthwise)?Conv\dD(Transpose)?)$")


class RectifiedLayers(Repair):
    """Puts ReLU, with weights as He draws them, in place of the sigmoids and tanhs of the hidden layers."""

    id = "rectified-layers"
    faults = ("vanishing-gradient", "saturation")

    def suits(self, finding: Finding) -> bool:
        return super().suits(finding) and finding.rule != "cut-by-saturation"

    def patches(self, case: Case) -> Iterator[Patch]:
        sites = _squashed(case.view)
        recurrent = _recurrent(case, sites)
        if recurrent is not None:
            yield recurrent
            return
        if not sites:
            yield self._weak(case)
            return
        starts = Starts(case, he=True)
        _rewritten(starts, sites, {"sigmoid": "relu", "tanh": "relu"})
        weak = _weak_kernels(case.view, sites)
        if weak:
            try:
                starts.draw(weak)
            except CannotWrite:
                pass  # ReLU alone helps as well, only more slowly
        yield self.patch("Use ReLU in the hidden layers, with weights as He draws them", *starts.edits)
        if any(site.attributes.get("function") == "sigmoid" for site in sites):
            milder = Starts(case)
            _rewritten(milder, sites, {"sigmoid": "tanh"})
            yield self.patch("Use tanh in the hidden layers", *milder.edits)

    def _weak(self, case: Case) -> Patch:
        """No function squashes: the weights are too small."""
        starts = Starts(case)
        starts.draw(far_kernels(case.view, case.recording.sites.get(case.finding.site), -1))
        return self.patch("Draw the weights from a range that keeps the signal", *starts.edits)


class LeakyLayers(Repair):
    """Puts leaky ReLU in place of the ReLUs that die: their units come back."""

    id = "leaky-layers"
    faults = ("dead-relu",)

    def patches(self, case: Case) -> Iterator[Patch]:
        sites = [one for one in case.view.hidden if one.attributes.get("function") in ("relu", "relu6")]
        if not sites:
            return
        starts = Starts(case)
        _rewritten(starts, sites, {"relu": "leaky_relu", "relu6": "leaky_relu"}, he=False)
        yield self.patch("Use leaky ReLU in the hidden layers", *starts.edits)


class SmallerUpdates(Repair):
    """Lowers the learning rate where units die or saturate in the course of the training."""

    id = "smaller-updates"
    faults = ("dead-relu", "saturation")

    def suits(self, finding: Finding) -> bool:
        return super().suits(finding) and bool(finding.onset_step)

    def patches(self, case: Case) -> Iterator[Patch]:
        place = learning_rate_line(case.view)
        if place is None:
            raise CannotWrite("no line chooses a learning rate")
        measured = learning_rate(case.view)
        for factor in (0.1, 0.01):
            edits, value = rate_at(case, case.at(place), place.line, measured).scaled(factor, measured)
            words = f"Set the learning rate to {value:g}" if value is not None else (
                f"Multiply the learning rate by {factor:g}")  # fmt: skip
            yield self.patch(words, edits, value=value if value is not None else factor)


def _squashed(view: SubjectView) -> list[Site]:
    """Hidden sigmoids and tanhs that are no gates of a recurrent layer."""
    classes = _classes(view)
    return [one for one in view.hidden if one.attributes.get("function") in SQUASHING
            and classes.get(layer_name(one)) not in _GATED]  # fmt: skip


def _classes(view: SubjectView) -> dict[str, str]:
    return {
        str(layer.get("name")): str(layer.get("class"))
        for model in view.sites("model", None) for layer in model.attributes.get("layers") or ()
    }  # fmt: skip


def _places(case: Case, site: Site) -> Iterator[Location]:
    """Lines that may say which function a layer ends in, the likeliest first."""
    at = Location.of(site.attributes.get("at"))
    place = site.location
    if at is not None:
        yield at
    if place is not None:
        for found in (chosen_at(case.recording, place, ("activation", "act", "activation_fn", "nonlinearity")),
                      chosen_at(case.recording, place, (), 1, "Dense")):  # fmt: skip
            if found is not None and found != place:
                yield found
        yield place
    if case.finding.location is not None:
        yield case.finding.location


def _rewritten(starts: Starts, sites: Sequence[Site], other: dict[str, str], he: bool = True) -> None:
    """Write other functions in place of those of some layers.

    Raises:
        CannotWrite: the script does not say of one which function it is.
    """
    done: set[cst.CSTNode] = set()
    given: set[cst.CSTNode] = set()
    for site in sites:
        function = str(site.attributes.get("function"))
        if function not in other:
            continue
        for place in _places(starts.case, site):
            edits = starts.at(place)
            found = rewrite_line(edits, place.line, function, other[function], done)
            if found:
                calls = around_call(edits.source, found)
                if place == starts.case.finding.location and place != site.location:
                    # The layers get their function where they are made, each on a line of its own.
                    for line in _alike(starts.case.view, edits.source, calls, function):
                        rewrite_line(edits, line, function, other[function], done)
                break
        else:
            calls = _set(starts, site, other[function], given)
        for call in calls if he and other[function] == "relu" else ():
            if call not in given and _takes_initialiser(call):
                given.add(call)
                edits = next(one for one in starts.edits if call in one.source.nodes)
                edits.set_argument(call, "kernel_initializer", quoted(edits.source, "he_normal"))


def _alike(view: SubjectView, source: Source, calls: Sequence[cst.Call], function: str) -> list[int]:
    """Lines on which calls of the same functions are given it too, without that of an output that ends in it."""
    names = {last_name(call.func) for call in calls}
    lines = []
    for call in source.calls(*names) if names else ():
        given = [arg.value for arg in call.args]
        if any(written in given for written in written_on(source, source.line(call), function)):
            lines.append(source.line(call))
    ends = [one for one in view.activations if "loss" in (one.attributes.get("next") or ())]
    return lines[:-1] if any(one.attributes.get("function") == function for one in ends) else lines


def _takes_initialiser(call: cst.Call) -> bool:
    return bool(_WEIGHTED.match(last_name(call.func))) and argument(call, "kernel_initializer") is None


def _set(starts: Starts, site: Site, function: str, given: set[cst.CSTNode]) -> list[cst.Call]:
    """Give a layer its function where the layer is made: what it had came from elsewhere, from a file say."""
    place = site.location
    if place is None or not layer_name(site):
        raise CannotWrite(f"the script does not say which function {site.name} is")
    edits = starts.at(place)
    calls = [call for call in layer_calls(edits.source, place.line, layer_name(site), units_of(site))
             if argument(call, "activation") is not None or _WEIGHTED.match(last_name(call.func))]  # fmt: skip
    if not calls:
        raise CannotWrite(f"no call on line {place.line} makes the layer {layer_name(site)}")
    for call in calls:
        if call not in given:
            position = 1 if last_name(call.func) == "Dense" else None
            edits.set_argument(call, "activation", quoted(edits.source, function), position)
    return calls


def _weak_kernels(view: SubjectView, sites: Sequence[Site]) -> list[Site]:
    """Kernels of layers that the script writes itself, too small for a ReLU behind them."""
    found: list[Site] = []
    for site in sites:
        kernel = view.kernel_before(site)
        stats = view.initial("weight", kernel) if kernel is not None else None
        if kernel is None or stats is None or kernel.attributes.get("layer") or kernel in found:
            continue
        fan_in = kernel.attributes.get("fan_in")
        wanted = (2 / float(fan_in)) ** 0.5 if fan_in else reference_std(kernel)
        if wanted and root_mean_square(stats) < _WEAK * wanted:
            found.append(kernel)
    return found


def _recurrent(case: Case, sites: Sequence[Site]) -> Patch | None:
    """GRU in place of the SimpleRNN whose tanh it is."""
    classes = _classes(case.view)
    for site in sites:
        if classes.get(layer_name(site)) != "SimpleRNN" or site.location is None:
            continue
        starts = Starts(case)
        edits = starts.at(site.location)
        for call in edits.source.calls("SimpleRNN"):
            _renamed(edits.source, starts, call)
        return RectifiedLayers().patch("Use GRU layers in place of plain recurrent ones", *starts.edits)
    return None


def _renamed(source: Source, starts: Starts, call: cst.Call) -> None:
    edits = next(one for one in starts.edits if one.source is source)
    func = call.func
    new = f"{source.code(func.value)}.GRU" if isinstance(func, cst.Attribute) else edits.keras("layers.GRU")
    edits.replace(func, new)
