"""Lists and arrays that are filled piece by piece."""

from __future__ import annotations

import ast
import re

from doctor.reading.chains import history_of
from doctor.reading.scopes import scope_at, statements
from doctor.reading.source import Module, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location, Site

#: Functions that make one array of a list of them.
_JOINING = frozenset({"stack", "array", "asarray", "concatenate", "vstack", "convert_to_tensor"})
#: A type of whole numbers, as it is written: `"uint8"`, `np.int64`, `int`.
_WHOLE = re.compile(r"(dtype=|, )['\"]?(np\.|numpy\.|tf\.)?u?int\d*\b")
_EMPTY = frozenset({"zeros", "empty", "ones", "full", "zeros_like", "empty_like"})


def appended_itself(recording: Recording, array: Site | None) -> tuple[Location, str] | None:
    """(line, call that adds a copy) where a loop adds a buffer itself to the list of which an array was made, or None.

    `rows.append(buffer)` with a `buffer` that nothing in the loop binds anew.
    """
    for step in history_of(recording, array, sources=True):
        lists = {
            node.args[0].id for node in ast.walk(step.value)
            if isinstance(node, ast.Call) and called(node) in _JOINING and node.args
            and isinstance(node.args[0], ast.Name)
        }  # fmt: skip
        if not lists:
            continue
        for loop in statements(step.module, scope_at(step.module, step.line)):
            if not isinstance(loop, (ast.For, ast.While)):
                continue
            bound = {node.id for node in ast.walk(loop) if isinstance(node, ast.Name)
                     and isinstance(node.ctx, ast.Store)}  # fmt: skip
            for node in ast.walk(loop):
                if not isinstance(node, ast.Call) or called(node) != "append" or len(node.args) != 1:
                    continue
                target = node.func.value if isinstance(node.func, ast.Attribute) else None
                value = node.args[0]
                whole = isinstance(value, (ast.Name, ast.Attribute))
                if isinstance(target, ast.Name) and target.id in lists and whole and not _names(value) & bound:
                    return step.module.at(node.lineno), f"{ast.unparse(node.func)}({ast.unparse(value)}.copy())"
    return None


def _of_whole_numbers(call: ast.Call) -> bool:
    """Whether the array may well be of whole numbers: it says so, or takes the type of another one."""
    text = ast.unparse(call)
    return _WHOLE.search(text) is not None or (str(called(call)).endswith("_like") and "dtype" not in text)


def _names(value: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}


def cut_to_whole(recording: Recording, array: Site | None) -> Location | None:
    """Where an array of whole numbers is made that fractions are written into, piece by piece, or None.

    `x = np.zeros(shape, dtype="uint8")` with a later `x[i] = image / 255`, which leaves nothing of the image; or
    `x = np.zeros_like(images)`, which has the type of the images.
    """
    for step in history_of(recording, array, sources=True):
        found = _filled(step.module, scope_at(step.module, step.line), step.line)
        if found is not None:
            return found
        # What a function makes may be cut or reshaped at once: `stretched(images)[..., None]`.
        names = {called(node) for node in ast.walk(step.value) if isinstance(node, ast.Call)}
        for module in modules(recording):
            for function in nodes(module.tree):
                if isinstance(function, ast.FunctionDef) and function.name in names:
                    found = _filled(module, function)
                    if found is not None:
                        return found
    return None


def _filled(module: Module, scope: ast.AST, line: int | None = None) -> Location | None:
    """Where a scope makes an array of whole numbers that it writes fractions into, at a line or anywhere."""
    inside = statements(module, scope)
    divided = {
        target.value.id for one in inside if isinstance(one, ast.Assign) and line in (one.lineno, None)
        and any(isinstance(node, ast.Div) for node in ast.walk(one.value))
        for target in one.targets if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name)
    }  # fmt: skip
    for one in inside:
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call):
            named = {target.id for target in one.targets if isinstance(target, ast.Name)}
            if named & divided and called(one.value) in _EMPTY and _of_whole_numbers(one.value):
                return module.at(one.lineno)
    return None
