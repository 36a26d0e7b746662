"""Other first values of variables, written where the script chooses them."""

from __future__ import annotations

from typing import Sequence

import libcst as cst

from doctor.reading.drawn import drawn_at
from doctor.repairs.base import CannotWrite, Case
from doctor.repairs.draws import Draw, draws_on, draws_with, uncast
from doctor.repairs.edits import Edits
from doctor.repairs.initialisers import (
    argument_of, better, given_on, initialisers_on, of_keras, own_value, rescaled,
)  # fmt: skip
from doctor.repairs.layers import layer_calls, layer_name, quoted, units_of
from doctor.repairs.redraws import fans_of, known_before, redraw, rescale, scale_of, spread, zeroed
from doctor.repairs.source import Source, argument, last_name
from doctor.rules.view import RELU_LIKE
from doctor.types import Location, Site

#: What an embedding starts with: small against the numbers of unit size that its products are compared with.
SMALL = 0.1


class Starts:
    """Collects the edits by which variables start otherwise, over all files.

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

    def draw(self, variables: Sequence[Site]) -> None:
        """Draw variables anew: weights as He or Glorot do, embeddings small, biases as zeros.

        Raises:
            CannotWrite: their values come from where no edit reaches.
        """
        places: dict[tuple[Location, str], list[Site]] = {}
        for variable in variables:
            place = drawn_at(self.case.recording, variable) or variable.location
            if place is None:
                raise CannotWrite(f"the script has no line that makes {variable.name}")
            places.setdefault((place, str(variable.attributes.get("role"))), []).append(variable)
        for (place, role), sites in places.items():
            self._draw_at(place, role, sites)

    def _draw_at(self, place: Location, role: str, sites: Sequence[Site]) -> None:
        edits = self.at(place)
        if role == "bias" and self._own_name(sites):
            return
        if self._draws(edits, place.line, role, sites) or self._named(edits, place, role, sites):
            return
        if self._partial(edits, place.line, role, sites):
            return
        for site in sites:
            if Location.of(site.attributes.get("set_at")) == place:
                self._not_set(edits, place.line)
            elif site.attributes.get("layer") and site.location is not None:
                self._in_layer(site, role)
            else:
                self._variable(edits, place.line, role, sites)
                return

    # Draws.

    def _draws(self, edits: Edits, line: int, role: str, sites: Sequence[Site]) -> bool:
        """Rewrite the draws on a line, or the scale that is computed on it."""
        source = edits.source
        ranks = {len(site.attributes.get("shape") or ()) for site in sites}
        found = [draw for draw in draws_on(source, line) if draw.dims is None or len(draw.dims) in ranks]
        if len(found) > 1:
            sizes = {tuple(map(str, site.attributes.get("shape") or ())) for site in sites}
            found = [draw for draw in found if draw.dims in sizes] or found
        found = found or [draw for _, draw in draws_with(source, line)]
        for draw in found:
            if draw.call in self._done:
                continue
            self._done.add(draw.call)
            if role == "bias":
                zeroed(edits, draw)
            else:
                self._one(edits, draw, self._std(edits, draw, role, sites))
        return bool(found)

    def _std(self, edits: Edits, draw: Draw, role: str, sites: Sequence[Site]) -> str:
        return f"{SMALL:g}" if role != "kernel" else spread(edits, draw, sites, self._he(sites))

    def _one(self, edits: Edits, draw: Draw, std: str) -> None:
        scale = scale_of(edits, draw) if not self.whole else None
        if scale is not None and known_before(edits.source, scale, draw, std):
            rescale(edits, scale, draw, std)
        else:
            redraw(edits, draw, std)

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
        arg = argument(old, "stddev")
        adding = next((one for one in source.around(old) if isinstance(one, cst.Call)), None)
        if arg is None or not isinstance(arg.value, cst.Name) or adding is None:
            return False
        scope, name = source.scope(old), arg.value.value
        made = [one for one in source.assignments(name) if source.scope(one) is scope]
        uses = [one for one in source.inside(scope, cst.Name) if one.value == name]
        shape = argument(adding, "shape")
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

    # Values that come from elsewhere.

    def _not_set(self, edits: Edits, line: int) -> None:
        """Leave out the statement that loads or sets the values."""
        for call in edits.source.calls(line=line):
            statement = edits.source.statement(call)
            alone = isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[0], cst.Expr)
            if alone and last_name(call.func) in ("set_weights", "assign", "load_weights"):
                whole = _alone(edits.source, statement)
                if whole not in self._done:
                    self._done.add(whole)
                    edits.remove(whole)
                return
        raise CannotWrite("the values are loaded, and what is loaded is no part of the script")

    def _variable(self, edits: Edits, line: int, role: str, sites: Sequence[Site]) -> None:
        """Draw what a variable is given in place of it: an array of the same shape."""
        source = edits.source
        calls = [call for call in source.calls(line=line) if last_name(call.func).endswith("Variable")]
        first = argument(calls[0], "initial_value", 0) if calls else None
        if first is None or isinstance(first.value, cst.Name) or len(calls) > 1:
            raise CannotWrite("the values come from elsewhere")
        shape = [int(size) for size in sites[0].attributes.get("shape") or ()]
        inner = uncast(first.value)
        code = str(shape) if len(sites) == 1 else f"{source.code(inner)}.shape"
        name = edits.tensorflow()
        if role == "bias":
            edits.replace(first.value, f"{name}.zeros({code})")
            return
        dims = tuple(map(str, shape)) if len(sites) == 1 else None
        draw = Draw(calls[0], calls[0], calls[0], False, {}, dims, code)
        edits.replace(first.value, f"{name}.random.normal({code}, stddev={self._std(edits, draw, role, sites)})")


def _alone(source: Source, statement: cst.CSTNode) -> cst.CSTNode:
    """The loops and `with` blocks around a statement that hold nothing else."""
    while True:
        block = source.parent(statement)
        outer = source.parent(block) if isinstance(block, cst.IndentedBlock) else None
        if not isinstance(block, cst.IndentedBlock) or len(block.body) > 1 or not isinstance(outer, (cst.For, cst.With)):
            return statement
        statement = outer
