"""Pipelines of tf.data: the names that hold them, the functions that they map, the calls of their stages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator

import libcst as cst

from doctor.repairs.data.arrays import Held, base_name, from_outside
from doctor.repairs.base import CannotWrite, Case
from doctor.repairs.source import Source, last_name
from doctor.types import Location, Site


@dataclass(frozen=True)
class Mapped:
    """A function that a pipeline maps.

    Attributes:
        source: the file.
        function: its definition.
    """

    source: Source
    function: cst.FunctionDef | cst.Lambda

    def answers(self) -> list[cst.BaseExpression]:
        """What it returns, without what functions within it return."""
        if isinstance(self.function, cst.Lambda):
            return [self.function.body]
        returns = self.source.inside(self.function, cst.Return)
        return [node.value for node in returns if node.value is not None and self.source.scope(node) is self.function]


def datasets(case: Case, training: bool | None = None) -> list[Site]:
    """Recorded pipelines: those that are trained on, the others, or all."""
    sites = case.view.sites("dataset", None)
    return [one for one in sites if training is None or (one.attributes.get("used_for") != "eval") == training]


def stages(site: Site, *names: str) -> list[dict[str, Any]]:
    """The stages of a pipeline by these names, first to last."""
    chain = site.attributes.get("chain") or ()
    return [dict(stage) for stage in chain if not names or stage.get("stage") in names]


def mapped(case: Case) -> list[Mapped]:
    """For every pipeline the last function of the script's own that it maps, each once."""
    found: dict[tuple[str, int], Mapped] = {}
    for site in datasets(case):
        for stage in reversed(stages(site, "map")):
            place = Location.of(stage.get("defined"))
            one = _defined(case, place) if place is not None else None
            if one is not None:
                found.setdefault((one.source.path, one.source.line(one.function)), one)
                break
    return list(found.values())


def _defined(case: Case, place: Location) -> Mapped | None:
    try:
        source = case.at(place)
    except CannotWrite:
        return None
    for node in source.nodes:
        if isinstance(node, (cst.FunctionDef, cst.Lambda)) and place.line in (source.line(node), _named(source, node)):
            return Mapped(source, node)
    return None


def _named(source: Source, node: cst.CSTNode) -> int:
    """The line of `def` itself, below decorators."""
    return source.line(node.name) if isinstance(node, cst.FunctionDef) else 0


def stage_calls(source: Source, location: Location, *names: str) -> list[cst.Call]:
    """Calls of stages of a pipeline on a line, or that reach over it, innermost first."""
    return [call for call in source.calls(*names, line=location.line) if isinstance(call.func, cst.Attribute)]


def holders(case: Case) -> list[Held]:
    """The variables that hold pipelines where they are run through: by loops, `fit`, `evaluate`, `predict`."""
    found: dict[tuple[str, str, bool], Held] = {}
    for site in datasets(case):
        role = "x" if site.attributes.get("used_for") != "eval" else "x_val"
        for place in site.attributes.get("passes") or ():
            for one in _run_through(case, site, role, Location.of(place)):
                found.setdefault((one.source.path, one.name, one.training), one)
    return list(found.values())


def _run_through(case: Case, site: Site, role: str, place: Location | None) -> Iterator[Held]:
    if place is None:
        return
    try:
        source = case.at(place)
    except CannotWrite:
        return
    for node in source.nodes:
        given: cst.BaseExpression | None = None
        if isinstance(node, (cst.For, cst.CompFor)) and source.line(node) == place.line:
            given = node.iter
        elif isinstance(node, cst.Call) and last_name(node.func) in ("fit", "evaluate", "predict"):
            if source.covers(node, place.line):
                wanted = "validation_data" if role == "x_val" and last_name(node.func) == "fit" else None
                given = next((arg.value for arg in node.args
                              if (arg.keyword.value if arg.keyword else None) == wanted), None)  # fmt: skip
        name = base_name(given) if given is not None else ""
        if given is not None and name:
            yield from_outside(case, Held(role, site, source, name, name, _named_in(source, given, name)), None)


def _named_in(source: Source, node: cst.CSTNode, name: str) -> cst.CSTNode:
    return next((one for one in source.nodes if isinstance(one, cst.BaseExpression) and source.code(one) == name
                 and (one is node or any(outer is node for outer in source.around(one)))), node)  # fmt: skip
