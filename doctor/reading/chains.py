"""Follows data back through the assignments that made it, from where it is used to where it was read."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import Callable, Iterator

from doctor.reading.scopes import Place, handed_over, only_call, own_function, scope_at, statements
from doctor.reading.source import Module, called, module_of, nodes
from doctor.recording import Recording
from doctor.types import Location, Site

#: The place of a name among the targets of an assignment: `b` of `a, (b, c) = ...` has (1, 0).
Path = tuple[int, ...]

#: How many assignments are followed.
_DEPTH = 20
#: Names that hold no data: modules, types, and the object of a method.
_NO_DATA = frozenset({
    "self", "cls", "np", "numpy", "tf", "tensorflow", "pd", "pandas", "keras", "K", "ops", "sklearn", "float", "int",
})  # fmt: skip
#: Methods whose data is the object, whatever they are given: `table["kind"].map(numbers)`.
OF_THEIR_OBJECT = frozenset({
    "map", "apply", "astype", "replace", "fillna", "merge", "join", "drop", "sort_values", "reindex", "reshape", "clip",
    "assign", "groupby", "rename", "take", "repeat", "sample", "set_index", "isin", "where", "mask",
})  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One assignment on the way.

    Attributes:
        module: the file.
        line: of the statement.
        value: what was assigned; of several values the one that belongs to the name.
        call: the line outside of the user's functions that led there, where it stands in one.
        called_at: the line that called the function in which it stands.
        column: name of the only column that it assigns to, of a table that has others.
    """

    module: Module
    line: int
    value: ast.expr
    call: Location | None = None
    called_at: Location | None = None
    column: str | None = None

    @property
    def splits(self) -> bool:
        """Whether it only takes rows apart, or picks some."""
        value = self.value
        if isinstance(value, ast.Call):
            return "split" in called(value)
        rows = isinstance(value, ast.Subscript) and not isinstance(value.slice, ast.Tuple)
        return rows or isinstance(value, ast.Name)


def history_of(recording: Recording, array: Site | None, sources: bool = False) -> Iterator[Step]:
    """The assignments that made a recorded array, latest first; see `history`."""
    if array is not None:
        text, caller = str(array.attributes.get("variable") or array.name), array.attributes.get("called_from")
        yield from history(recording, text, array.location, Location(*caller) if caller else None, sources)


def history(
    recording: Recording,
    expression: str,
    location: Location | None,
    called_from: Location | None = None,
    sources: bool = False,
) -> Iterator[Step]:
    """The assignments that made the data `expression` (`x`, `x[:100]`, `pair[0]`, `table.values`), latest first.

    Calls of the user's own functions and methods are followed into what they return, and their parameters
    back to what they were given: by the call at `called_from`, or by the only one. Functions that make data of
    nothing, or read it, are where it enters, and followed only with `sources`.
    """
    module = module_of(recording, location)
    name, part = _leading_name(expression)
    if module is None or location is None or name is None:
        return
    place = Place(module, scope_at(module, location.line), location.line)
    callers: list[tuple[Place, ast.Call]] = []
    entered: set[int] = set()
    called_here = ast.parse(expression, mode="eval").body
    function = own_function(recording, place, called_here) if isinstance(called_here, ast.Call) else None
    back = _returned(function[1], ()) if function is not None else None
    if function is not None and back is not None:  # `fit(prepared(x), y)`
        assert isinstance(called_here, ast.Call)
        callers, entered = [(place, called_here)], {id(function[1])}
        place, name = Place(*function, back[0].lineno), _source(back[0], back[1])
        part = ()
        if not isinstance(back[0], ast.Name):
            yield Step(place.module, back[0].lineno, back[0], *_called(callers))
        if name is None:
            return
    for _ in range(_DEPTH):
        found = _latest(place, name, part)
        if found is None and isinstance(place.scope, ast.FunctionDef):
            caller = callers.pop() if callers else only_call(recording, place.scope, called_from)
            given = handed_over(place.scope, caller[1], name) if caller is not None else None
            following = _source(given) if given is not None else None
            if caller is not None and given is not None and following is not None:
                place, name, part = caller[0], following, _within(given, part)
                continue
            place = Place(place.module, place.module.tree, 1 << 30)
            found = _latest(place, name, part)
        if found is None:
            return
        node, value, path, part = found
        function = own_function(recording, place, value) if isinstance(value, ast.Call) else None
        entry = function is None or not (sources or _is_given_data(value) or _reads_itself(function[1]))
        known = function is None or id(function[1]) in entered or entry
        back = None if known or function is None else _returned(function[1], (*path, *part))
        if function is None or back is None:
            yield Step(place.module, node.lineno, value, *_called(callers), _column(node))
            pairs = bool(part) and isinstance(node, ast.Assign) and _targets(node) == 2
            following = _source(value, (*path, part[0]) if pairs else path)
            if following is None:
                return
            place = replace(place, line=node.lineno - (following == name))
            name, part = following, _within(value, part)
            continue
        assert isinstance(value, ast.Call)
        entered.add(id(function[1]))
        callers.append((replace(place, line=node.lineno - 1), value))
        answer, left = back
        place = Place(*function, answer.lineno)
        if not isinstance(answer, ast.Name):
            yield Step(place.module, answer.lineno, answer, *_called(callers))
        following = _source(answer, left)
        if following is None:
            return
        name, part = following, _within(answer, left)


def made_at(
    recording: Recording, array: Site | None, wanted: Callable[[Step], bool], sources: bool = False
) -> Location | None:
    """The latest assignment on the way of an array for which `wanted` holds, or None; see `history` for `sources`."""
    if array is None:
        return None
    step = next((one for one in history_of(recording, array, sources) if wanted(one)), None)
    return step.module.at(step.line) if step is not None else None


def made_of_line(recording: Recording, location: Location | None, wanted: Callable[[Step], bool]) -> Location | None:
    """The same of whatever a line gives to the calls on it, where no array is known: `net(x, training=True)`."""
    module = module_of(recording, location)
    if module is None or location is None:
        return None
    calls = [node for node in nodes(module.tree) if isinstance(node, ast.Call) and node.lineno == location.line]
    names = [one.id for call in calls for one in call.args if isinstance(one, ast.Name)]
    for name in dict.fromkeys(names):
        step = next((one for one in history(recording, name, location, sources=True) if wanted(one)), None)
        if step is not None:
            return step.module.at(step.line)
    return None


def split_at(recording: Recording, name: str, location: Location) -> Location | None:
    """Where the rows of the variable `name`, as used at `location`, are taken apart from others."""
    for step in history(recording, name, location):
        cut = isinstance(step.value, ast.Subscript) and not _all_rows(step.value)
        if cut or isinstance(step.value, ast.Call) and "split" in called(step.value):
            return step.call or step.module.at(step.line)
    return None


def _all_rows(value: ast.Subscript) -> bool:
    """Whether an index leaves the rows alone: `x[..., None]`, `x[:, 2:]`."""
    first = value.slice.elts[0] if isinstance(value.slice, ast.Tuple) and value.slice.elts else value.slice
    if isinstance(first, ast.Slice):
        return first.lower is None and first.upper is None and first.step is None
    return isinstance(first, ast.Constant) and first.value is Ellipsis


def made_elsewhere(recording: Recording, array: Site | None) -> Location | None:
    """The latest step that computes an array, where that stands in another function than the use of it."""
    module = module_of(recording, array.location) if array is not None else None
    if array is None or module is None or array.location is None:
        return None
    used_in = scope_at(module, array.location.line)
    for step in history_of(recording, array):
        if scope_at(step.module, step.line) is not used_in:
            if not step.splits:
                return step.module.at(step.line)
        elif not step.splits:
            return None  # what was computed beside the use is seen from there
    return None


def reads(call: ast.Call) -> bool:
    """Whether a call reads a file."""
    return re.fullmatch(r"read_\w+|load|loadtxt|genfromtxt|fromfile|open|imread", called(call)) is not None


def _called(callers: list[tuple[Place, ast.Call]]) -> tuple[Location | None, Location | None]:
    """The lines of the outermost and of the innermost call."""
    outer, inner = (
        place.module.at(call.lineno) for place, call in (callers[0], callers[-1])
    ) if callers else (None, None)
    return outer, inner


def _leading_name(expression: str) -> tuple[str | None, Path]:
    """The name that an expression begins with, and which part of it the expression takes: (pair, (0,)) of `pair[0]`."""
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError:
        return None, ()
    name = next((node.id for node in ast.walk(tree) if isinstance(node, ast.Name)), None)
    return name, _within(tree, ())


def _within(value: ast.AST, part: Path) -> Path:
    """Of a part of a value: which part it is of what the value names; () where that cannot be told."""
    if isinstance(value, ast.Name):
        return part
    index = value.slice if isinstance(value, ast.Subscript) else None
    if isinstance(value, ast.Subscript) and isinstance(index, ast.Constant) and isinstance(index.value, int):
        return _within(value.value, (index.value, *part))
    return ()


def _column(node: ast.stmt) -> str | None:
    """The column that `table["age"] = ...` assigns to."""
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    name = target.slice if isinstance(target, ast.Subscript) else None
    return name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else None


def _targets(node: ast.Assign) -> int:
    """How many values an assignment takes apart."""
    target = node.targets[0]
    return len(target.elts) if isinstance(target, (ast.Tuple, ast.List)) else 1


def _latest(place: Place, name: str, part: Path) -> tuple[ast.stmt, ast.expr, Path, Path] | None:
    """The last assignment to a name, or to a part of it, up to a line.

    The statement, the value, the place among the targets and the part that is asked for, as far as the value is not
    written out.
    """
    found: list[tuple[ast.stmt, ast.expr, Path, Path]] = []
    for node in statements(place.module, place.scope):
        if isinstance(node, ast.AugAssign) and node.lineno <= place.line and _base(node.target) == name:
            found.append((node, ast.BinOp(node.target, node.op, node.value), (), ()))
        if not isinstance(node, ast.Assign) or node.lineno > place.line:
            continue
        for target in node.targets:
            for path, one in _parts(target):
                if _base(one) == name:
                    value, left = _part(node.value, (*path, *part))
                    cut = max(0, len(left) - len(part))
                    found.append((node, value, left[:cut], left[cut:]))
    return max(found, key=lambda one: one[0].lineno) if found else None


def _parts(target: ast.expr, path: Path = ()) -> Iterator[tuple[Path, ast.expr]]:
    """The single targets of an assignment, each with its place in the tuples around it."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for index, part in enumerate(target.elts):
            yield from _parts(part, (*path, index))
    else:
        yield path, target


def _part(value: ast.expr, path: Path) -> tuple[ast.expr, Path]:
    """What stands at a place of a written tuple, and what is left of the place where a value is no such tuple."""
    while path:
        if isinstance(value, (ast.GeneratorExp, ast.ListComp)):
            value = value.generators[0].iter  # a, b = (scaled(one) for one in (a, b))
        if not isinstance(value, (ast.Tuple, ast.List)) or path[0] >= len(value.elts):
            break
        value, path = value.elts[path[0]], path[1:]
    return value, path


def _is_given_data(call: ast.expr) -> bool:
    """Whether a call is given something that a variable holds: what makes data of nothing is where data enters."""
    given = call.args if isinstance(call, ast.Call) else []
    names = [node.id for one in given for node in ast.walk(one) if isinstance(node, ast.Name)]
    return any(not name.isupper() or name in ("X", "Y") for name in names)  # BATCH and SEED are no data


def _reads_itself(function: ast.FunctionDef) -> bool:
    """Whether a function reads a file: its data enters in there."""
    return any(isinstance(node, ast.Call) and reads(node) for node in ast.walk(function))


def _returned(function: ast.FunctionDef, path: Path) -> tuple[ast.expr, Path] | None:
    """What a function returns last; of several values the one that belongs to a target."""
    returns = [node for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
    if not returns:
        return None
    last = max(returns, key=lambda node: node.lineno)
    assert last.value is not None
    value, left = _part(last.value, path)
    return None if left and isinstance(value, ast.Tuple) else (value, left)


def _base(target: ast.expr) -> str | None:
    """The name that `x`, `x[...]` or `x.part` belongs to."""
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None


def _source(value: ast.expr, path: Path = ()) -> str | None:
    """The name of the data that a value was made of."""
    if isinstance(value, ast.Call):
        if "split" in called(value) and value.args:
            # `train_test_split(x, y)` gives x, x, y, y; one that gives pairs gives (x, y), (x, y).
            index = path[-1] if len(path) > 1 else path[0] // 2 if path else 0
            return _source(value.args[min(index, len(value.args) - 1)])
        inner = [value.func.value] if isinstance(value.func, ast.Attribute) else []
        for one in (*inner, *value.args) if called(value) in OF_THEIR_OBJECT else (*value.args, *inner):
            name = _source(one)
            if name is not None and not _is_module(name):
                return name
        return None
    names = [node.id for node in ast.walk(value) if isinstance(node, ast.Name) and not _is_module(node.id)]
    return names[0] if names else None


def _is_module(name: str) -> bool:
    return name in _NO_DATA
