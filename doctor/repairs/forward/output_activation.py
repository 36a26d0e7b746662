"""A last layer that suits the task: its activation, the number of its units, the axis of its softmax."""

from __future__ import annotations

import re
from typing import Iterator, Sequence

import libcst as cst

from doctor.repairs.forward.activations import rewrite_line, written_on
from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.shared.heads import add_activation, drop_activation
from doctor.repairs.forward.layers import layer_calls, layer_name, quoted, units_of, word_for
from doctor.repairs.forward.output_units import classes_beside, widened
from doctor.repairs.forward.recurrent_output import behind_recurrence
from doctor.repairs.source import argument, last_name, number, text
from doctor.types import Location, Site

#: Losses of exclusive classes, and what takes their place where a class is asked for by itself.
_BINARY = {
    "categorical_crossentropy": "binary_crossentropy", "sparse_categorical_crossentropy": "binary_crossentropy",
    "CategoricalCrossentropy": "BinaryCrossentropy", "SparseCategoricalCrossentropy": "BinaryCrossentropy",
    "softmax_cross_entropy_with_logits": "sigmoid_cross_entropy_with_logits",
}  # fmt: skip
#: What a helper calls the activation of the layer that it makes.
_PARAMETERS = ("activation", "act", "activation_fn", "nonlinearity", "act_fn")


class OutputActivation(Repair):
    """Gives the last layer the activation or the units that the rule asks for; a loss that must go with it follows."""

    id = "output-activation"
    faults = ("output-activation",)

    def patches(self, case: Case) -> Iterator[Patch]:
        fixes = [f"{fix.title}: {fix.code}" for fix in case.finding.fixes]
        fix = fixes[0] if fixes else ""
        units = re.search(r"Make (\d+) output units", fix)
        wanted = int(units[1]) if units else classes_beside(case) if fix.startswith("Make as many") else 0
        if wanted:
            yield self.patch(f"Make {wanted} output units", *widened(case, wanted))
        elif "axis=-1" in fix:
            yield self.patch("Sum over the classes", _over_classes(case))
        elif fix.startswith("Put a linear layer behind"):
            yield self.patch("Put a linear layer behind the recurrence", behind_recurrence(case))
        else:
            yield self._activated(case, fix)

    def _activated(self, case: Case, fix: str) -> Patch:
        output = case.view.output
        if output is None:
            raise CannotWrite("the output was not seen")
        shown = output.attributes.get("activated_by") or output.attributes.get("produced_by") or "linear"
        wanted = _wanted(fix)
        if wanted is None and not re.search(r"activation=None|^Leave the|linear layer", fix):
            raise CannotWrite("it is not known which activation suits")
        if shown == "linear" and wanted is not None:
            edits = Edits(case.source)
            add_activation(edits, case.location.line, wanted)
            return self.patch(f"End the model in a {wanted}", edits)
        single = wanted == "sigmoid" and shown == "softmax"
        files: dict[str, Edits] = {}
        try:
            files = _changed(case, str(shown), wanted)
        except CannotWrite:
            if not single or not _follow_with_loss(case, files):
                raise  # else the softmax is that of the loss alone
        else:
            if single:
                _follow_with_loss(case, files)
        title = f"Leave the {shown} of the last layer out" if wanted is None else f"End the model in a {wanted}"
        return self.patch(title, *files.values())


def _wanted(fix: str) -> str | None:
    """The activation that the rule asks for, None for none."""
    word = re.search(r'activation="(\w+)"', fix) or re.search(r"Use a (sigmoid|softmax)", fix)
    if word:
        return word[1]
    return "sigmoid" if "sigmoid_cross_entropy" in fix else None


def _places(case: Case) -> list[Location]:
    """Lines that may say in which function the model ends, the likeliest first."""
    view = case.view
    ends = [one for one in view.activations if "loss" in (one.attributes.get("next") or ())]
    found: list[Location | None] = [case.location]
    for site in [*ends[::-1], *([view.output] if view.output is not None else [])]:
        found += [Location.of(site.attributes.get("at")), site.location]
    return [place for place in dict.fromkeys(found) if place is not None]


def _changed(case: Case, shown: str, wanted: str | None) -> dict[str, Edits]:
    """Take the function that the model ends in out, or put another in its place."""
    why: CannotWrite | None = None
    for place in _places(case):
        edits = Edits(case.at(place))
        try:
            if _told(case, edits, place.line, wanted) or _in_layer(case, edits, place, shown, wanted):
                return {place.path: edits}
            if wanted is None:
                drop_activation(edits, place.line, shown)
                return {place.path: edits}
            if rewrite_line(edits, place.line, shown, wanted, set()):
                return {place.path: edits}
        except CannotWrite as reason:
            why = why or reason
    raise why or CannotWrite(f"no {shown} is written where the output is made")


def _told(case: Case, edits: Edits, line: int, wanted: str | None) -> bool:
    """Tell a helper of the script's own which activation its layer gets; whether the line calls one."""
    source = edits.source
    for call in source.calls(line=line):
        own = [one.function(last_name(call.func)) for one in case.sources()] if isinstance(call.func, cst.Name) else []
        function = next((one for one in own if one is not None), None)
        names = [one.name.value for one in function.params.params] if function is not None else []
        name = _of_last_layer(case, names) or next((one for one in _PARAMETERS if one in names), None)
        if name is not None:
            word = "None" if wanted is None else quoted(source, wanted)
            edits.set_argument(call, name, word, names.index(name))
            return True
    return False


def _of_last_layer(case: Case, names: Sequence[str]) -> str | None:
    """The parameter, of those of a helper, that the layer which makes the output takes its function from."""
    for place in _places(case)[1:]:
        for call in case.at(place).calls(line=place.line):
            given = argument(call, "activation")
            if given is not None and isinstance(given.value, cst.Name) and given.value.value in names:
                return str(given.value.value)
    return None


def _in_layer(case: Case, edits: Edits, place: Location, shown: str, wanted: str | None) -> bool:
    """Change the argument of a layer that is made on a line beside hidden ones, or that got its function elsewhere."""
    source, output = edits.source, case.view.output
    ends = [one for one in case.view.activations if "loss" in (one.attributes.get("next") or ())]
    site: Site | None = next((one for one in ends if one.location == place), output)
    if site is None or not layer_name(site) or site.location != place:
        return False
    for call in layer_calls(source, place.line, layer_name(site), units_of(site)):
        given = argument(call, "activation") or (
            argument(call, "activation", 1) if last_name(call.func) == "Dense" else None)  # fmt: skip
        if given is None:
            continue
        shared = any(one.location == place for one in case.view.used_kernels[:-1])
        direct = given.value in written_on(source, place.line, shown)
        if direct and not shared:
            return False
        kept = None if direct or text(given.value) is not None else source.code(given.value)
        word = word_for(case, edits, site, call, shown, wanted, kept)
        edits.replace(given.value, word)
        return True
    return False


def _follow_with_loss(case: Case, files: dict[str, Edits]) -> bool:
    """Take the loss of single classes where the output is that of one class by itself; whether there was another."""
    loss = case.view.loss
    places = [] if loss is None else [Location.of(loss.attributes.get("made")), loss.location]
    for place in (one for one in places if one is not None):
        source = case.at(place)
        edits = files.setdefault(place.path, Edits(source))
        for node in source.nodes:
            if source.covers(node, place.line) and isinstance(node, cst.SimpleString) and text(node) in _BINARY:
                quote = source.code(node)[0]
                edits.replace(node, f"{quote}{_BINARY[text(node) or '']}{quote}")
                return True
        for call in source.calls(*_BINARY, line=place.line):
            other = _BINARY[last_name(call.func)]
            func = call.func
            owner = f"{source.code(func.value)}." if isinstance(func, cst.Attribute) else ""
            edits.replace(func, f"{owner}{other}" if owner else edits.keras(f"losses.{other}"))
            return True
    return False


def _over_classes(case: Case) -> Edits:
    """Sum, or take the softmax, over the last axis."""
    edits, line = Edits(case.source), case.location.line
    for call in edits.source.calls(line=line):
        given = argument(call, "axis") or argument(call, "axis", 1)
        if given is not None and number(given.value) == 0:
            edits.replace(given.value, "-1")
            if last_name(call.func) in ("reduce_sum", "sum"):
                edits.set_argument(call, "keepdims", "True")
            return edits
        if given is None and last_name(call.func) in ("reduce_sum", "sum"):
            edits.set_argument(call, "axis", "-1")
            edits.set_argument(call, "keepdims", "True")
            return edits
    raise CannotWrite(f"no axis is written on line {line}")
