"""Other first values of variables, written where the script chooses them."""

from __future__ import annotations

from typing import Sequence

import libcst as cst

from doctor.reading.drawn import drawn_at
from doctor.repairs.base import CannotWrite
from doctor.repairs.forward.draws import Draw, draws_on, draws_with, uncast
from doctor.repairs.edits import Edits
from doctor.repairs.forward.layer_starts import SMALL, LayerStarts
from doctor.repairs.forward.redraws import known_before, redraw, rescale, scale_of, spread, zeroed
from doctor.repairs.source import Source, argument, last_name
from doctor.types import Location, Site


class Starts(LayerStarts):
    """Collects the edits by which variables of all kinds start otherwise, over all files; see LayerStarts."""

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
        got = [call for call in source.calls("get_variable", line=line) if isinstance(call.func, cst.Attribute)]
        if len(got) == 1 and isinstance(got[0].func, cst.Attribute) and argument(got[0], "initializer") is not None:
            owner = source.code(got[0].func.value)
            how = "scale=2.0" if self._he(sites) else 'mode="fan_avg"'
            made = "zeros_initializer()" if role == "bias" else f"variance_scaling_initializer({how})"
            edits.set_argument(got[0], "initializer", f"{owner}.{made}")
            return
        calls = [call for call in source.calls(line=line) if last_name(call.func).endswith("Variable")]
        first = argument(calls[0], "initial_value", 0) if calls else None
        if first is None or isinstance(first.value, cst.Name) or len(calls) > 1:
            raise CannotWrite("the values come from elsewhere")
        shape = [int(size) for size in sites[0].attributes.get("shape") or ()]
        inner = uncast(first.value)
        asked = argument(inner, "shape", 0) if isinstance(inner, cst.Call) else None
        named = asked is not None and isinstance(asked.value, (cst.List, cst.Tuple))
        code = str(shape) if len(sites) == 1 else f"{source.code(inner)}.shape"
        code = source.code(asked.value) if asked is not None and named else code  # init([n_in, n_out])
        name = edits.tensorflow()
        if role == "bias":
            edits.replace(first.value, f"{name}.zeros({code})")
            return
        dims = tuple(map(str, shape)) if len(sites) == 1 else None
        if asked is not None and isinstance(asked.value, (cst.List, cst.Tuple)):
            dims = tuple(source.code(element.value) for element in asked.value.elements)
        draw = Draw(calls[0], calls[0], calls[0], False, {}, dims, code)
        edits.replace(first.value, f"{name}.random.normal({code}, stddev={self._std(edits, draw, role, sites)})")


def _alone(source: Source, statement: cst.CSTNode) -> cst.CSTNode:
    """The loops and `with` blocks around a statement that hold nothing else."""
    while True:
        block = source.parent(statement)
        outer = source.parent(block) if isinstance(block, cst.IndentedBlock) else None
        if not isinstance(block, cst.IndentedBlock) or len(block.body) > 1:
            return statement
        if not isinstance(outer, (cst.For, cst.With)):
            return statement
        statement = outer
