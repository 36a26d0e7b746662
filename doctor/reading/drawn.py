"""From the line that makes a variable to the line that chooses its values: the place of the repair."""

from __future__ import annotations

import ast
import re
from typing import Iterator

from doctor.reading.scopes import scope_at
from doctor.reading.source import assignment, called, module_of, modules, nodes
from doctor.reading.values import argument, given
from doctor.recording import Recording
from doctor.types import Location, Site

#: How many names and helper functions are followed before giving up.
DEPTH = 5
#: Functions that draw numbers, and their arguments that say how far these spread.
_DRAW = re.compile(r"uniform|normal|randn|rand$|random$", re.IGNORECASE)
_SCALES = ("maxval", "minval", "stddev", "scale", "high", "low", "limit")


def initial_value(recording: Recording, location: Location | None) -> Location | None:
    """Where the initial values of the variable made at `location` are drawn.

    `w = tf.random.uniform(...)` followed by `tf.Variable(w)` leads to the first line,
    `tf.Variable(init([784, 100]))` into the body of `init`. Where the way cannot be
    followed the answer is `location`.
    """
    module = module_of(recording, location)
    if module is None or location is None:
        return location
    call = _variable_call(module.tree, location.line)
    if call is None or not call.args:
        return location
    found = _follow(module.tree, call.args[0], call.lineno, DEPTH)
    if found is None:
        return location
    scale = _computed_scale(scope_at(module, found.lineno), found)
    return module.at(found.lineno if scale is None else scale)


def _computed_scale(function: ast.AST, draw: ast.expr) -> int | None:
    """The line of the function around a draw that computes how far its numbers spread, where there is one."""
    if not isinstance(function, ast.FunctionDef) or not isinstance(draw, ast.Call) or not _DRAW.search(called(draw)):
        return None
    for scale in (*(word.value for word in draw.keywords if word.arg in _SCALES), *draw.args):
        made = assignment(function, scale.id, draw.lineno) if isinstance(scale, ast.Name) else None
        computed = made is not None and (
            isinstance(made.value, ast.BinOp) or isinstance(made.value, ast.Call) and called(made.value) == "sqrt"
        )
        if made is not None and computed:
            return made.lineno
    return None


def drawn_at(recording: Recording, variable: Site) -> Location | None:
    """Where a variable got the values that it began to train with: a load, else where they were drawn."""
    set_at = Location.of(variable.attributes.get("set_at"))
    if set_at is None and variable.attributes.get("layer"):
        role = "bias_initializer" if variable.attributes.get("role") == "bias" else "kernel_initializer"
        added = _added(recording, variable)
        if added is not None:
            return added
        if role == "bias_initializer" and _shared(recording, variable.location, role):
            found = given(recording, variable.location, (role,))
            return found[0].at(found[1].lineno) if found is not None else variable.location
        return _own_initializer(recording, variable.location, (role, "initializer")) or argument(
            recording, variable.location, (role,)
        )
    return set_at or initial_value(recording, variable.location)


def _shared(recording: Recording, location: Location | None, role: str) -> bool:
    """Whether an initialiser has a name by which other layers are given it too, for which it may be right."""
    found = given(recording, location, (role,))
    if found is None or not isinstance(found[1], ast.Name):
        return False
    module, value = found
    name = ast.unparse(value)
    return any(
        word.arg == role and word.value is not value and ast.unparse(word.value) == name
        for node in nodes(module.tree) if isinstance(node, ast.Call) for word in node.keywords
    )  # fmt: skip


def _added(recording: Recording, variable: Site) -> Location | None:
    """The initialiser of the `add_weight` by which a layer of the script's own made a variable.

    None where the layer is another, or is told its initialiser where it is made.
    """
    module = module_of(recording, variable.location)
    if module is None or variable.location is None:
        return None
    line = variable.location.line
    calls = {called(node): node for node in nodes(module.tree)
             if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or node.lineno)}  # fmt: skip
    own = variable.name.rpartition("/")[2]
    for part in modules(recording):
        for layer in nodes(part.tree):
            if not isinstance(layer, ast.ClassDef) or layer.name not in calls:
                continue
            for node in ast.walk(layer):
                if not isinstance(node, ast.Call) or called(node) != "add_weight":
                    continue
                words = {word.arg: word.value for word in node.keywords}
                name = words.get("name")
                if not isinstance(name, ast.Constant) or name.value != own or "initializer" not in words:
                    continue
                told = {word.arg for word in calls[layer.name].keywords}
                parameter = ast.unparse(words["initializer"]).rpartition(".")[2].strip("_")
                return None if parameter in told else part.at(words["initializer"].lineno)
    return None


def _own_initializer(recording: Recording, location: Location | None, roles: tuple[str, ...]) -> Location | None:
    """Where an initializer that the script wrote chooses the scale of what it draws; None where it wrote none."""
    module = module_of(recording, location)
    if module is None or location is None:
        return None
    for call in nodes(module.tree):
        if not isinstance(call, ast.Call) or not call.lineno <= location.line <= (call.end_lineno or call.lineno):
            continue
        for word in call.keywords:
            name = _name_of(module.tree, word.value, call.lineno) if word.arg in roles else None
            for own in modules(recording) if name else ():
                for node in nodes(own.tree):
                    if isinstance(node, ast.ClassDef) and node.name == name:
                        node = next((one for one in node.body if getattr(one, "name", "") == "__call__"), node)
                    elif getattr(node, "name", None) != name:
                        continue
                    if isinstance(node, ast.FunctionDef):
                        line = _scale_line(node)
                        return own.at(line) if line is not None else None
    return None


def _name_of(tree: ast.AST, value: ast.expr, line: int) -> str | None:
    """The class or function that an initializer is, or is made by."""
    for _ in range(DEPTH):
        if isinstance(value, ast.Call):
            return called(value)
        made = assignment(tree, value.id, line) if isinstance(value, ast.Name) else None
        if made is None:
            return value.id if isinstance(value, ast.Name) else None
        value = made.value
    return None


def _scale_line(function: ast.FunctionDef) -> int | None:
    """The line that computes the bound or spread of the last draw of a function, else that of the draw itself."""
    draws = [node for node in ast.walk(function) if isinstance(node, ast.Call) and _DRAW.search(called(node))]
    if not draws:
        returns = list(_returns(function))
        return returns[-1].lineno if returns else None
    draw = max(draws, key=lambda node: node.lineno)
    scales = [word.value for word in draw.keywords if word.arg in _SCALES]
    product = [node for node in ast.walk(function)
               if isinstance(node, ast.BinOp) and any(part is draw for part in ast.walk(node))]  # fmt: skip
    for scale in (*scales, *draw.args, *product):
        for part in ast.walk(scale):
            made = assignment(function, part.id, draw.lineno) if isinstance(part, ast.Name) else None
            if made is not None and isinstance(made.value, (ast.BinOp, ast.Call, ast.Constant)):
                if not isinstance(made.value, ast.Call) or called(made.value) == "sqrt":
                    return made.lineno
    return draw.lineno


def _variable_call(tree: ast.Module, line: int) -> ast.Call | None:
    """The call of something named Variable on `line`."""
    calls = [
        node
        for node in nodes(tree)
        if isinstance(node, ast.Call)
        and node.lineno <= line <= (node.end_lineno or node.lineno)
        and called(node).endswith("Variable")
    ]
    return min(calls, key=lambda call: (call.end_lineno or call.lineno) - call.lineno) if calls else None


def _follow(tree: ast.AST, value: ast.expr, line: int, depth: int) -> ast.expr | None:
    """The expression that draws `value`, used on `line`."""
    if depth == 0:
        return None
    if isinstance(value, ast.Name):
        assigned = assignment(tree, value.id, line)
        return _follow(tree, assigned.value, assigned.lineno, depth - 1) if assigned is not None else None
    if isinstance(value, ast.BinOp):  # tf.random.normal(...) * 0.1
        sides = [side for side in (value.left, value.right) if isinstance(side, (ast.Call, ast.Name, ast.BinOp))]
        sides.sort(key=lambda side: not any(isinstance(one, ast.Call) for one in ast.walk(side)))
        return _follow(tree, sides[0], line, depth - 1) or value if sides else value
    if not isinstance(value, ast.Call):
        return value
    if isinstance(value.func, ast.Name):
        name = value.func.id
        returned = _returned(tree, name)
        if returned is not None:
            return _follow(tree, returned, returned.lineno, depth - 1) or returned
        made = assignment(tree, name, line)  # initializer = GlorotUniform(); initializer([784, 100])
        if made is not None and isinstance(made.value, ast.Call):
            return made.value
    if called(value) in ("cast", "constant", "convert_to_tensor", "astype", "float32", "abs", "reshape"):
        inner = value.args[0] if value.args else None
        if called(value) in ("astype", "reshape") and isinstance(value.func, ast.Attribute):
            owner = value.func.value  # w.astype("float32"), but np.reshape(w, ...)
            inner = inner if isinstance(owner, ast.Name) and owner.id in ("np", "numpy", "tf") else owner
        if isinstance(inner, (ast.Name, ast.Call, ast.BinOp)):
            return _follow(tree, inner, line, depth - 1) or value
    return value


def _returned(tree: ast.AST, name: str) -> ast.expr | None:
    """The value that the function `name` returns, where it has exactly one return."""
    for node in nodes(tree):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            returns = list(_returns(node))
            return returns[0].value if len(returns) == 1 else None
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            if any(isinstance(target, ast.Name) and target.id == name for target in node.targets):
                return node.value.body
    return None


def _returns(function: ast.FunctionDef) -> Iterator[ast.Return]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            yield node
