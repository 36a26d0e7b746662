"""Arrays that a training was given, under the names by which the script holds them, and where new lines fit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Sequence

import libcst as cst

from doctor.repairs.base import CannotWrite, Case
from doctor.repairs.edits import expression
from doctor.repairs.data.places import writes
from doctor.repairs.source import DEPTH, Source, argument, dotted
from doctor.types import Location, Site


@dataclass(frozen=True)
class Held:
    """An array as the script holds it.

    Attributes:
        role: "x", "y", "x_val", "y_val", as recorded; "x" of "x['age']".
        site: of the array.
        source: the file.
        name: of the variable, also "self.x", "data['x']" and "pair[0]".
        text: what was handed over of it, as it is written: "x[:n]".
        use: where it is handed over, or given to the function that does.
    """

    role: str
    site: Site
    source: Source
    name: str
    text: str
    use: cst.CSTNode

    @property
    def scope(self) -> cst.CSTNode:
        """The function, or the file, whose variable it is."""
        scope = self.source.scope(self.use)
        made = writes(self.source, self.root) if self.root.startswith("self.") else []
        if made and all(self.source.scope(node) is not scope for node in made):
            return self.source.scope(made[-1])
        own = self.root.startswith("self.") or _parameter(scope, self.root) is not None
        own = own or any(self.source.scope(node) is scope for node in writes(self.source, self.root))
        return scope if own else self.source.module

    @property
    def root(self) -> str:
        """The variable without keys: "data" of "data['x']"."""
        return self.name.partition("[")[0]

    @property
    def rows(self) -> str:
        """Which rows are handed over: "[:n]" of `x[:n, None]`, "" where all are."""
        return selection(self.text, self.name)

    @property
    def training(self) -> bool:
        """Whether it is trained on."""
        return not self.role.endswith("_val")


def held(case: Case, *roles: str) -> list[Held]:
    """The arrays of these roles that variables hold, in the order of the recording, each variable and part once.

    A variable that is the parameter of a function is followed to what the function is called with.
    """
    found: dict[tuple[str, str, str, bool], Held] = {}
    for site in case.view.sites("array", None):
        role = str(site.attributes.get("role") or "").partition("[")[0]
        if role not in roles:
            continue
        one = _held(case, site, role)
        if one is not None:
            found.setdefault((one.source.path, one.name, one.text, one.training), one)
    return list(found.values())


def _held(case: Case, site: Site, role: str) -> Held | None:
    text = str(site.attributes.get("variable") or site.name)
    try:
        name = base_name(expression(text))
        if site.location is None or not name:
            return None
        source = case.at(site.location)
    except CannotWrite:
        return None
    root = name.partition("[")[0]
    place = site.location
    near = [node for node in source.nodes if isinstance(node, cst.BaseExpression) and _near(source, node, place)]
    same = [node for node in near if source.code(node).replace('"', "'") == text.replace('"', "'")]
    if same:
        text, name = source.code(same[0]), base_name(same[0])
    # Where the line tells nothing (data of a loop), the variable is looked for in the whole file, from there on first.
    others = [node for node in source.nodes if isinstance(node, cst.BaseExpression) and source.code(node) == root]
    others.sort(key=lambda node: source.line(node) < place.line)
    loads = [node for node in others if not isinstance(source.parent(node), cst.AssignTarget)]
    use = next((node for node in (*same, *(one for one in near if base_name(one) == name), *loads)), None)
    if use is None:
        return None
    return from_outside(case, Held(role, site, source, name, text, use), _called_from(site))


def _near(source: Source, node: cst.CSTNode, place: Location) -> bool:
    """Whether an expression stands on a line, or in the call that begins there."""
    return source.covers(node, place.line) or any(
        isinstance(one, cst.Call) and source.covers(one, place.line) for one in source.around(node)
    )


def _called_from(site: Site) -> Location | None:
    return Location.of(site.attributes.get("called_from"))


def from_outside(case: Case, one: Held, known: Location | None) -> Held:
    """The same array where the function that takes it as a parameter is called, if that is one place."""
    for _ in range(DEPTH):
        scope = one.source.scope(one.use)
        if not isinstance(scope, cst.FunctionDef) or one.text != one.name:
            break
        place = _parameter(scope, one.root)
        line = one.source.line(one.use)
        if place is None or any(one.source.scope(node) is scope and one.source.line(node) < line
                                for node in writes(one.source, one.root)):  # fmt: skip
            break
        call = call_of(case, scope, known)
        known = None
        given = argument(call[1], one.root, place) if call is not None else None
        name = base_name(given.value) if given is not None else ""
        if call is None or given is None or not name:
            break
        part = one.name[len(one.root) :]
        text = call[0].code(given.value)
        if part and text != name:
            break
        one = replace(one, source=call[0], name=name + part, text=text + part, use=given.value)
    return one


def call_of(case: Case, function: cst.FunctionDef, known: Location | None = None) -> tuple[Source, cst.Call] | None:
    """The call of a function of the script's: at a known line, else the only one there is."""
    name = function.name.value
    calls = [(source, call) for source in case.sources() for call in source.calls(name)]
    if len(calls) > 1 and known is not None:
        calls = [(source, call) for source, call in calls
                 if source.path == known.path and source.covers(call, known.line)][:1]  # fmt: skip
    return calls[0] if len(calls) == 1 else None


def _parameter(scope: cst.CSTNode, name: str) -> int | None:
    """The place of a parameter in calls of a function, or None."""
    if not isinstance(scope, cst.FunctionDef):
        return None
    names = [param.name.value for param in (*scope.params.posonly_params, *scope.params.params)]
    if names[:1] in (["self"], ["cls"]):
        names = names[1:]
    return names.index(name) if name in names else None


def base_name(node: cst.CSTNode) -> str:
    """The variable that an expression takes data of: "x" of `x[:n]`, `x.values` and `np.asarray(x)`; "" where none.

    "self.x" of `self.x[rows]`, "data['x']" of `data['x'][rows]`, "pair[0]" of `pair[0]`, which is no row of an array.
    """
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        whole = dotted(node)
        if whole.startswith("self."):
            return ".".join(whole.split(".")[:2])
        return base_name(node.value)
    if isinstance(node, cst.Subscript):
        index = node.slice[0].slice
        key = index.value if isinstance(index, cst.Index) else None
        if isinstance(key, (cst.SimpleString, cst.Integer)) and dotted(node.value):
            return cst.Module([]).code_for_node(node)
        return base_name(node.value)
    if isinstance(node, cst.Call):
        of_method = isinstance(node.func, cst.Attribute) and not _is_library(node.func.value)
        if of_method and isinstance(node.func, cst.Attribute):
            return base_name(node.func.value)
        return base_name(node.args[0].value) if node.args else ""
    return ""


def _is_library(node: cst.CSTNode) -> bool:
    return dotted(node).partition(".")[0] in ("np", "numpy", "tf", "tensorflow", "pd", "pandas", "keras", "ops", "jnp")


def selection(text: str, name: str) -> str:
    """Which rows an expression takes of a variable: "[:n]" of `x[:n, None]`, "" where it takes all."""
    holder = _Selections(name)
    expression(text).visit(holder)
    return holder.found


class _Selections(cst.CSTVisitor):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.found = ""

    def visit_Subscript(self, node: cst.Subscript) -> None:
        empty = cst.Module([])
        if empty.code_for_node(node.value) != self._name or self.found:
            return
        first = node.slice[0].slice
        whole = isinstance(first, cst.Slice) and first.lower is None and first.upper is None and first.step is None
        plain = isinstance(first, cst.Index) and isinstance(first.value, (cst.Ellipsis, cst.SimpleString))
        if not whole and not plain and not (isinstance(first, cst.Index) and dotted(first.value) == "None"):
            self.found = f"[{empty.code_for_node(first)}]"


def one_scope(arrays: Sequence[Held]) -> bool:
    """Whether all are variables of one function, or of one file."""
    return len({(one.source.path, id(one.scope)) for one in arrays}) == 1


def last_value(one: Held) -> cst.BaseExpression | None:
    """The last value that a variable was given as it stands, also as one of a written tuple."""
    source = one.source
    before = [node for node in writes(source, one.name) if source.scope(node) is one.scope
              and (source.line(node) < source.line(one.use) or source.scope(one.use) is not one.scope)]  # fmt: skip
    last = before[-1] if before else None
    if not isinstance(last, cst.Assign) or len(last.targets) != 1:
        return None
    target, value = last.targets[0].target, last.value
    if isinstance(target, cst.Tuple) and isinstance(value, cst.Tuple) and len(target.elements) == len(value.elements):
        pairs = zip(target.elements, value.elements)
        return next((part.value for name, part in pairs if source.code(name.value) == one.name), None)
    return value if source.code(target) == one.name else None
