"""Where the value of an expression is written: the number behind a name, a parameter, an option, an entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator

import libcst as cst

from doctor.repairs.base import Case
from doctor.repairs.source import DEPTH, Source, argument, last_name, number, text


#: Calls that keep the value of a number.
_CASTS = ("float", "int", "constant", "Variable", "float32", "convert_to_tensor")


@dataclass(frozen=True)
class Origin:
    """An expression of the user's, and the file that it stands in."""

    source: Source
    node: cst.BaseExpression

    @property
    def number(self) -> float | None:
        """The number, where one is written out there."""
        return number(self.node)


def origin(case: Case, source: Source, node: cst.BaseExpression) -> Origin:
    """Where the value of an expression was chosen; the expression itself where that is not known."""
    return list(steps(case, source, node))[-1]


def steps(case: Case, source: Source, node: cst.BaseExpression) -> Iterator[Origin]:
    """The expression itself, what it got its value from, and so on.

    A name leads to its assignment, a parameter to the only call of its function or to its default, `args.rate` to the
    option's default, `CONFIG["rate"]` to the entry, `config.rate` to the field of the class.
    """
    here: Origin | None = Origin(source, node)
    seen: list[cst.CSTNode] = []
    while here is not None and len(seen) <= DEPTH and here.node not in seen:
        yield here
        seen.append(here.node)
        here = _behind(case, here)


def _behind(case: Case, here: Origin) -> Origin | None:
    node = here.node
    if isinstance(node, cst.Name):
        return _named(case, here.source, node)
    if isinstance(node, cst.Attribute):
        return _attribute(case, node.attr.value)
    if isinstance(node, cst.Subscript) and len(node.slice) == 1:
        index = node.slice[0].slice
        key = text(index.value) if isinstance(index, cst.Index) else None
        return _entry(case, key) if key is not None else None
    if isinstance(node, cst.Call):
        if last_name(node.func) == "get" and node.args:
            key = text(node.args[0].value)
            return _entry(case, key) if key is not None else None
        if last_name(node.func) in _CASTS and len(node.args) == 1:
            return Origin(here.source, node.args[0].value)
    return None


def _named(case: Case, source: Source, name: cst.Name) -> Origin | None:
    function = next((one for one in source.around(name) if isinstance(one, (cst.FunctionDef, cst.Lambda))), None)
    if isinstance(function, cst.FunctionDef) and name.value in _parameters(function):
        return _passed(case, source, function, name.value)
    line = source.line(name)
    value = source.assigned(name.value, line)
    if value is not None:
        return Origin(source, value)
    part = _part(source, name.value)
    if part is not None:
        return Origin(source, part)
    if name.value not in source.imported:
        return None
    stem = source.imported[name.value].rpartition(".")[0].rpartition(".")[2]
    for other in case.sources():
        if other.path.rpartition("/")[2].removesuffix(".py") == stem:
            value = other.assigned(name.value, 0)
            return Origin(other, value) if value is not None else None
    return None


def _part(source: Source, name: str) -> cst.BaseExpression | None:
    """What a name is given in `lr, momentum = 0.5, 0.9`, by the last such assignment."""
    found: cst.BaseExpression | None = None
    for node in source.assignments(name):
        if not isinstance(node, cst.Assign) or not isinstance(node.value, (cst.Tuple, cst.List)):
            continue
        for target in node.targets:
            if isinstance(target.target, (cst.Tuple, cst.List)):
                for one, given in zip(target.target.elements, node.value.elements):
                    if isinstance(one.value, cst.Name) and one.value.value == name:
                        found = given.value
    return found


def parameters(function: cst.FunctionDef) -> list[cst.Param]:
    """All parameters of a function that have a name of their own."""
    return [*function.params.posonly_params, *function.params.params, *function.params.kwonly_params]


def _parameters(function: cst.FunctionDef) -> list[str]:
    return [one.name.value for one in parameters(function)]


def _passed(case: Case, source: Source, function: cst.FunctionDef, name: str) -> Origin | None:
    """What a parameter is given in the only call of its function, else its default."""
    owner = next((one for one in source.around(function) if isinstance(one, (cst.ClassDef, cst.FunctionDef))), None)
    method = isinstance(owner, cst.ClassDef)
    wanted = function.name.value
    if isinstance(owner, cst.ClassDef) and wanted == "__init__":
        wanted = owner.name.value
    position = _parameters(function).index(name) - (1 if method else 0)
    found = []
    for other in case.sources():
        for call in other.calls(wanted):
            given = argument(call, name, position if position >= 0 else None)
            if given is not None:
                found.append(Origin(other, given.value))
    if len(found) == 1:
        return found[0]
    default = next((one.default for one in parameters(function) if one.name.value == name), None)
    return Origin(source, default) if not found and default is not None else None


def _attribute(case: Case, name: str) -> Origin | None:
    """What `self.rate`, a field of a class, or an option of argparse was set to."""
    for source in case.sources():
        for call in source.calls("add_argument"):
            default = argument(call, "default")
            options = [text(arg.value) or "" for arg in call.args if arg.keyword is None]
            kept = argument(call, "dest")
            options += [text(kept.value) or ""] if kept is not None else []
            if default is not None and any(one.lstrip("-").replace("-", "_") == name for one in options):
                return Origin(source, default.value)
        fields = _field(source, name) or _keyword(source, name)
        if fields is not None:
            return Origin(source, fields)
    return None


def _field(source: Source, name: str) -> cst.BaseExpression | None:
    """What `self.name = ...`, or `name: float = ...` in the body of a class, gives."""
    for node in source.all(cst.Assign):
        target = node.targets[0].target
        if isinstance(target, cst.Attribute) and target.attr.value == name:
            return node.value
        parts = target.elements if isinstance(target, cst.Tuple) and isinstance(node.value, cst.Tuple) else ()
        values = node.value.elements if isinstance(node.value, cst.Tuple) else ()
        for one, given in zip(parts, values):
            if isinstance(one.value, cst.Attribute) and one.value.attr.value == name:
                return given.value
        if isinstance(target, cst.Name) and target.value == name and _of_class(source, node):
            return node.value
    for field in source.all(cst.AnnAssign):
        if isinstance(field.target, cst.Name) and field.target.value == name and _of_class(source, field):
            return field.value
    return None


def _of_class(source: Source, node: cst.CSTNode) -> bool:
    owner = next((one for one in source.around(node) if isinstance(one, (cst.ClassDef, cst.FunctionDef))), None)
    return isinstance(owner, cst.ClassDef)


def _entry(case: Case, key: str) -> Origin | None:
    """What a key of a dict that is written out stands for."""
    for source in case.sources():
        for node in source.all(cst.DictElement):
            if text(node.key) == key:
                return Origin(source, node.value)
        value = _keyword(source, key)
        if value is not None:
            return Origin(source, value)
    return None


def _keyword(source: Source, name: str) -> cst.BaseExpression | None:
    """What `dict(name=...)`, `SimpleNamespace(name=...)` and their like give."""
    for call in source.calls("dict", "SimpleNamespace", "Namespace", "Munch", "AttrDict", "ConfigDict"):
        given = argument(call, name)
        if given is not None:
            return given.value
    return None
