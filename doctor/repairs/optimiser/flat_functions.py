"""Functions without a slope between the variables and the loss: rounding, sign, comparisons, casts to whole numbers."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, last_name
from doctor.repairs.optimiser.taped import recorded, reached

_FLAT = ("round", "rint", "sign", "floor", "ceil")
_COMPARING = ("greater", "greater_equal", "less", "less_equal")


class SlopedFunction(Repair):
    """Takes a flat function out of the loss, or gives it the slope of what it is given where a layer needs it.

    The latter is the straight-through estimator of Bengio et al. 2013: forward the rounded value, backward its input.
    """

    id = "sloped-function"
    faults = ("gradient-disconnected",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if any(one.series == "variables left out" for one in case.finding.evidence):
            return
        found = _flat_call(case)
        if found is None:
            return
        source, call, within_layer = found
        name = last_name(call.func)
        if name == "stop_gradient":
            edits = Edits(source)
            edits.replace(call, source.code(call.args[0].value))
            yield self.patch("Let the gradient pass", edits)
            return
        if name.startswith("arg"):
            yield self.patch("Use the probabilities instead of the largest one", self._softened(source, call))
            return
        value = _smooth(source, call)
        if name == "cast" and not isinstance(call.args[0].value, (cst.Comparison, cst.Call)):
            edits = Edits(source)
            kind = argument(call, "dtype", 1)
            assert kind is not None
            edits.replace(kind.value, f"{edits.tensorflow()}.float32")
            yield self.patch("Keep real numbers", edits)
            return
        ways = [self._without(source, call, value), self._straight_through(source, call, value)]
        for edits, title in reversed(ways) if within_layer else ways:
            yield self.patch(title, edits)

    @staticmethod
    def _without(source: Source, call: cst.Call, value: cst.BaseExpression) -> tuple[Edits, str]:
        edits = Edits(source)
        edits.replace(call, source.code(value))
        return edits, f"Leave `{last_name(call.func)}` out of what is differentiated"

    @staticmethod
    def _straight_through(source: Source, call: cst.Call, value: cst.BaseExpression) -> tuple[Edits, str]:
        edits = Edits(source)
        tf, code, flat = edits.tensorflow(), source.code(value), source.code(call)
        if not isinstance(value, (cst.Name, cst.Attribute)):
            edits.insert_before(call, f"smooth = {code}")
            flat, code = flat.replace(code, "smooth"), "smooth"
        edits.replace(call, f"{code} + {tf}.stop_gradient({flat} - {code})")
        return edits, "Let the gradient pass straight through"

    @staticmethod
    def _softened(source: Source, call: cst.Call) -> Edits:
        outer = source.parent(source.parent(call) or call)
        if not isinstance(outer, cst.Call) or last_name(outer.func) != "one_hot":
            raise CannotWrite("an index has no gradient, and what it is used for has to change")
        edits = Edits(source)
        edits.replace(outer, f"{edits.tensorflow()}.nn.softmax({source.code(call.args[0].value)})")
        return edits


def _flat_call(case: Case) -> tuple[Source, cst.Call, bool] | None:
    """The flat call that the finding points at, else the first that runs under the tape or in the loss.

    With it whether it stands in a layer or model rather than in a loss.
    """
    place = case.finding.location
    places: list[tuple[Source, cst.Call, bool]] = []
    for source, block in reached(case):
        layer = isinstance(block, cst.FunctionDef) and block.name.value in ("call", "__call__")
        for call in source.inside(block, cst.Call):
            if _is_flat(source, call) and not recorded(source, call) and not _counts_hits(source, call):
                places.append((source, call, layer))
    here = [one for one in places if place is not None and one[0].path == place.path
            and one[0].covers(one[1], place.line)]  # fmt: skip
    if place is not None and not here:
        source = case.source
        outside = [(source, call, True) for call in source.calls(line=place.line) if _is_flat(source, call)]
        here = outside[:1]
    return next(iter(here or places), None)


def _is_flat(source: Source, call: cst.Call) -> bool:
    name = last_name(call.func)
    if not call.args or source.code(call.func).partition(".")[0] in ("np", "numpy"):
        return False
    if name == "stop_gradient":
        # In `x + stop_gradient(f(x) - x)` it is what lets the gradient pass.
        given = call.args[0].value
        return not (isinstance(given, cst.BinaryOperation) and isinstance(given.operator, cst.Subtract)) and not any(
            last_name(one.func) == "reduce_max" for one in source.inside(given, cst.Call)
        )
    if name in ("argmax", "argmin"):
        outer = source.parent(source.parent(call) or call)
        return isinstance(outer, cst.Call) and last_name(outer.func) == "one_hot"
    if name == "cast":
        kind = argument(call, "dtype", 1)
        whole = kind is not None and "int" in source.code(kind.value)
        return _compares(call.args[0].value) or whole and isinstance(call.args[0].value, (cst.Name, cst.Call))
    if name == "where" and len(call.args) == 3:
        return _compares(call.args[0].value) and all(
            isinstance(arg.value, (cst.Float, cst.Integer)) for arg in call.args[1:]
        )
    return name in _FLAT


def _compares(value: cst.BaseExpression) -> bool:
    """Whether an expression is a comparison of values, but for one by equality."""
    if isinstance(value, cst.Comparison):
        return not isinstance(value.comparisons[0].operator, (cst.Equal, cst.NotEqual))
    return isinstance(value, cst.Call) and last_name(value.func) in _COMPARING


def _counts_hits(source: Source, call: cst.Call) -> bool:
    """Whether a call stands within a comparison by equality, as in an accuracy."""
    for one in source.around(call):
        if isinstance(one, cst.Comparison) and isinstance(one.comparisons[0].operator, cst.Equal):
            return True
        if isinstance(one, cst.Call) and last_name(one.func) == "equal":
            return True
    return False


def _smooth(source: Source, call: cst.Call) -> cst.BaseExpression:
    """What a flat function is made of: x of round(x), p of cast(p > 0.5), p of where(p > 0.5, 1.0, 0.0)."""
    value = call.args[0].value
    if isinstance(value, cst.Comparison):
        return value.left
    if isinstance(value, cst.Call) and last_name(value.func) in _COMPARING:
        return value.args[0].value
    return value
