"""The calls that make Keras layers, and their arguments, as repairs change them."""

from __future__ import annotations

import re
import libcst as cst

from doctor.repairs.base import CannotWrite, Case
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, last_name, number, text
from doctor.types import Site

#: Calls by names with a capital that make no layer with weights or an activation.
_CONTAINERS = frozenset({"Sequential", "Model", "Input", "InputLayer", "TimeDistributed", "Bidirectional", "Variable"})


def layer_calls(source: Source, line: int, layer: str = "", units: int | None = None) -> list[cst.Call]:
    """The calls on a line that may have made a layer.

    Args:
        source: the file.
        line: where the layer was made.
        layer: its name; Keras's own say the class.
        units: how many it has, where it is known.
    """
    calls = [call for call in source.calls(line=line)
             if last_name(call.func) not in _CONTAINERS and not isinstance(call.func, cst.Call)]  # fmt: skip
    begun = [call for call in calls if source.line(call) == line] or calls
    of_class = [call for call in begun if _snake(last_name(call.func)) == re.sub(r"_\d+$", "", layer)]
    named = [call for call in begun if (arg := argument(call, "name")) is not None and text(arg.value) == layer]
    found = named or of_class or [call for call in begun if last_name(call.func)[:1].isupper()]
    if not found and layer:  # a helper of the script's own: conv_block(12), or dense = functools.partial(...)
        found = begun[:1]
    if len(found) > 1 and units is not None:
        fitting = [call for call in found if (width := _units(call)) is not None and width == units]
        unknown = [call for call in found if _units(call) is None]
        found = fitting or unknown or found
    return found


def _units(call: cst.Call) -> float | None:
    given = argument(call, "units") or argument(call, "filters") or argument(call, "units", 0)
    return number(given.value) if given is not None else None


def _snake(name: str) -> str:
    """"conv2d" of Conv2D, as Keras names its layers."""
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def units_of(site: Site) -> int | None:
    """How many units the layer of a variable or activation has."""
    units = site.attributes.get("units") or (list(site.attributes.get("shape") or ()) or [None])[-1]
    return int(units) if units else None


def layer_name(site: Site) -> str:
    """The name of the layer of a variable or activation."""
    return str(site.attributes.get("layer") or "")


def quoted(source: Source, word: str) -> str:
    """A string in the quotes that the file prefers."""
    single = sum(node.value.startswith("'") for node in source.all(cst.SimpleString))
    double = sum(node.value.startswith('"') and not node.value.startswith('"""')
                 for node in source.all(cst.SimpleString))  # fmt: skip
    return f"'{word}'" if single > double else f'"{word}"'


def set_word(edits: Edits, call: cst.Call, name: str, word: str | None) -> None:
    """Give an argument of a layer a word ("relu"); None takes the argument out."""
    if word is None:
        if argument(call, name) is not None:
            edits.drop_argument(call, name)
        return
    edits.set_argument(call, name, quoted(edits.source, word))


def word_for(
    case: Case, edits: Edits, site: Site, call: cst.Call, hidden: str | None, last: str | None, kept: str | None = None
) -> str:
    """The code of the activation of a layer's call, which tells the last layer apart where it makes that one too.

    Args:
        case: the finding.
        edits: of the file.
        site: an activation of the layer.
        call: makes the layer.
        hidden: the activation of the hidden layers.
        last: that of the last one.
        kept: code that says what the hidden layers have, where it is no single function.

    Raises:
        CannotWrite: nothing in the call tells the layers apart.
    """
    source, place = edits.source, site.location
    words = [quoted(source, word) if word is not None else "None" for word in (hidden, last)]
    words[0] = kept or words[0]
    ending = [one for one in case.view.used_kernels[-1:] if one.location == place]
    others = [one for one in case.view.used_kernels[:-1] if one.location == place]
    if not ending or not others:
        return words[1 if ending else 0]
    units = argument(call, "units") or argument(call, "filters") or argument(call, "units", 0)
    width = units_of(ending[0])
    written = number(units.value) if units is not None else None
    alike = any(units_of(one) == width for one in others)
    if written is not None and not alike:
        return words[1 if written == width else 0]  # one call of several on the line
    if units is None or alike:
        raise CannotWrite(f"line {source.line(call)} makes all layers, and nothing there tells the last one apart")
    return f"{words[0]} if {source.code(units.value)} != {width} else {words[1]}"
