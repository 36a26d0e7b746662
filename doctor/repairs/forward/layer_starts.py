"""Other initialisers of layers, written where the script chooses them."""

from __future__ import annotations

from typing import Callable, Sequence

import libcst as cst

from doctor.repairs.base import CannotWrite, Case
from doctor.repairs.forward.draws import Draw
from doctor.repairs.edits import Edits
from doctor.repairs.forward.initialisers import (
    argument_of, better, given_on, initialisers_on, of_keras, own_value, rescaled,
)  # fmt: skip
from doctor.repairs.forward.layers import layer_calls, layer_name, quoted, units_of
from doctor.repairs.forward.redraws import fans_of, known_before, rescale, spread
from doctor.repairs.source import Source, argument, last_name, number, text
from doctor.rules.view import RELU_LIKE
from doctor.types import Location, Site

#: What an embedding starts with: small against the numbers of unit size that its products are compared with.
SMALL = 0.1


class LayerStarts:
    """Collects the edits by which the variables of layers start otherwise, over all files.

    Args:
        case: the finding.
        whole: draw all anew, also what only a scale is wrong of: the fault is the sign.
        he: draw as He does whatever follows now, as a ReLU is written there beside.
    """

    def __init__(self, case: Case, *, whole: bool = False, he: bool = False) -> None:
        self.case = case
        self.whole = whole
        self.he = he
        self._edits: dict[str, Edits] = {}
        self._done: set[cst.CSTNode] = set()

    @property
    def edits(self) -> list[Edits]:
        """Of every file that changes."""
        return list(self._edits.values())

    def at(self, place: Location) -> Edits:
        """The edits of the file of a location."""
        source = self.case.at(place)
        return self._edits.setdefault(source.path, Edits(source))

    def _he(self, sites: Sequence[Site]) -> bool:
        return self.he or any(site.attributes.get("activation") in RELU_LIKE for site in sites)

    # Initialisers.

    def _named(self, edits: Edits, place: Location, role: str, sites: Sequence[Site]) -> bool:
        """Replace the initialisers on a line."""
        source, he = edits.source, self._he(sites)
        words = {argument_of(site) for site in sites}
        found = initialisers_on(source, place.line, [*words, "initializer"])
        rows = [node for node in found if not isinstance(node, cst.Call) or not self._scaled(edits, node, sites)]
        for old in rows:
            if old in self._done:
                continue
            self._done.add(old)
            if role == "bias" or (role == "kernel" and not he):
                if self._dropped(edits, old):
                    continue
            if role == "bias":
                edits.replace(old, quoted(source, "zeros"))
            elif role != "kernel":
                edits.replace(old, f"{edits.keras('initializers.RandomNormal')}(stddev={SMALL:g})")
            elif not rescaled(edits, old, he):
                edits.replace(old, better(edits, old, he))
        return bool(found)

    def _scaled(self, edits: Edits, old: cst.Call, sites: Sequence[Site]) -> bool:
        """Correct the scale that an add_weight's initialiser is given by name, and that the lines above compute."""
        source = edits.source
        normal = "normal" in last_name(old.func).lower()
        arg, mean = argument(old, "stddev", 1 if normal else None), argument(old, "mean", 0)
        adding = next((one for one in source.around(old) if isinstance(one, cst.Call)), None)
        if arg is None or not isinstance(arg.value, cst.Name) or adding is None:
            return False
        if mean is not None and mean is not arg and number(mean.value) != 0:
            return False
        scope, name = source.scope(old), arg.value.value
        made = [one for one in source.assignments(name) if source.scope(one) is scope]
        uses = [one for one in source.inside(scope, cst.Name) if one.value == name]
        shape = argument(adding, "shape", 1 if last_name(adding.func) == "get_variable" else None)
        if len(made) != 1 or len(uses) != 2 or shape is None or not isinstance(made[0], cst.Assign):
            return False
        if not isinstance(shape.value, (cst.Tuple, cst.List)) or not isinstance(scope, cst.FunctionDef):
            return False
        dims = tuple(source.code(element.value) for element in shape.value.elements)
        draw = Draw(old, old, old, False, {}, dims, source.code(shape.value))
        both = fans_of(edits, draw, sites)
        std = spread(edits, draw, sites, self._he(sites))
        if both is None or not known_before(source, made[0], draw, std):
            return False
        rescale(edits, made[0], draw, std)
        return True

    def _dropped(self, edits: Edits, old: cst.CSTNode) -> bool:
        """Take out the argument of a layer of Keras whose default is right; whether it is one."""
        source = edits.source
        arg = source.parent(old)
        call = source.parent(arg) if isinstance(arg, cst.Arg) else None
        if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call) or arg.keyword is None:
            return False
        word = arg.keyword.value
        if word not in ("kernel_initializer", "bias_initializer") or not of_keras(source, call):
            return False
        edits.drop_argument(call, word)
        return True

    def _own_name(self, sites: Sequence[Site]) -> bool:
        """Give biases another initialiser by a name that no other layer is given, where the one behind it is shared."""
        for site in sites:
            if site.location is None or not site.attributes.get("layer"):
                continue
            edits = self.at(site.location)
            for arg in given_on(edits.source, site.location.line, argument_of(site)):
                own, shared = own_value(edits.source, arg.value)
                if not shared or own is arg.value:
                    continue
                if own not in self._done:
                    self._done.add(own)
                    edits.replace(own, quoted(edits.source, "zeros"))
                return True
        return False

    def _partial(self, edits: Edits, line: int, role: str, sites: Sequence[Site]) -> bool:
        """Change the argument of a functools.partial that makes the layers."""
        source, word = edits.source, argument_of(sites[0])
        for call in source.calls("partial", line=line):
            given = argument(call, word)
            if given is None:
                continue
            if role == "bias" or (role == "kernel" and not self._he(sites)):
                edits.drop_argument(call, word)
            else:
                edits.replace(given.value, quoted(source, "he_normal" if role == "kernel" else "uniform"))
            return True
        return False

    def _in_layer(self, site: Site, role: str) -> None:
        """Give the layer an initialiser where it is made."""
        assert site.location is not None
        edits = self.at(site.location)
        source, word = edits.source, argument_of(site)
        calls = layer_calls(source, site.location.line, layer_name(site), units_of(site))
        if calls and self._in_own_class(calls[0], site, role):
            return
        if not calls:
            raise CannotWrite(f"no call on line {site.location.line} makes the layer of {site.name}")
        for call in calls:
            if call in self._done:
                continue
            self._done.add(call)
            given = argument(call, word)
            default = role == "bias" or (role == "kernel" and not self._he([site]))
            if default and given is not None and of_keras(source, call):
                edits.drop_argument(call, word)
            elif role == "embedding":
                edits.set_argument(call, word, f"{edits.keras('initializers.RandomNormal')}(stddev={SMALL:g})")
            else:
                wanted = "zeros" if role == "bias" else "he_normal" if self._he([site]) else "glorot_uniform"
                edits.set_argument(call, word, quoted(source, wanted))

    def _in_own_class(self, call: cst.Call, site: Site, role: str) -> bool:
        """Change the initialiser that a class of the script's own names where it adds the variable."""
        name, rank = last_name(call.func), len(site.attributes.get("shape") or ())
        for source in self.case.sources():
            for layer in source.all(cst.ClassDef, _named(name)):
                made = [one for one in source.inside(layer, cst.FunctionDef) if one.name.value == "__init__"]
                told = [one.name.value for function in made for one in function.params.params]
                for adding in source.inside(layer, cst.Call):
                    if last_name(adding.func) in ("add_weight", "add_variable") and _fits(source, adding, site, rank):
                        word, given = argument_of(site), argument(adding, "initializer")
                        heeded = given is None or word in source.code(given.value)
                        if word in told and heeded:
                            return False  # the class is told where it is made
                        edits = self._edits.setdefault(source.path, Edits(source))
                        kept = _kept(source, layer, word) if word in told else None
                        self._added(edits, adding, site, role, kept)
                        return True
                if argument_of(site) in told:
                    return False
        return False

    def _added(self, edits: Edits, adding: cst.Call, site: Site, role: str, kept: str | None) -> None:
        """Give the call that adds a variable an initialiser: the one that the class was told and keeps, else a name."""
        if adding in self._done:
            return
        self._done.add(adding)
        wanted = "zeros" if role == "bias" else "he_normal" if self._he([site]) else "glorot_uniform"
        edits.set_argument(adding, "initializer", kept or quoted(edits.source, wanted))


def _kept(source: Source, layer: cst.ClassDef, word: str) -> str | None:
    """The attribute in which a class keeps what it was told by a name: "self.kernel_initializer", or None."""
    for made in source.inside(layer, cst.Assign):
        target = made.targets[0].target
        if isinstance(target, cst.Attribute) and target.attr.value == word:
            return source.code(target)
    return None


def _named(name: str) -> Callable[[cst.ClassDef], bool]:
    return lambda node: node.name.value == name


def _fits(source: Source, adding: cst.Call, site: Site, rank: int) -> bool:
    """Whether a call adds a variable, by its name or by the number of its dimensions."""
    name = argument(adding, "name")
    own = site.name.rpartition("/")[2]
    if name is not None and text(name.value) is not None:
        return text(name.value) == own
    shape = argument(adding, "shape", 0)
    dims = shape.value if shape is not None else None
    return isinstance(dims, (cst.Tuple, cst.List)) and len(dims.elements) == rank
