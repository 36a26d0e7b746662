"""From the line that makes a variable to the line that chooses its values: the place of the repair."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Iterator

from doctor.recording import Recording
from doctor.types import Location, Site

#: How many names and helper functions are followed before giving up.
_DEPTH = 5


@lru_cache(maxsize=8)
def parse(source: str) -> ast.Module | None:
    """The syntax tree of a script, or None where it is not Python."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None


def initial_value(recording: Recording, location: Location | None) -> Location | None:
    """Where the initial values of the variable made at `location` are drawn.

    `w = tf.random.uniform(...)` followed by `tf.Variable(w)` leads to the first line,
    `tf.Variable(init([784, 100]))` into the body of `init`. Where the way cannot be
    followed the answer is `location`.
    """
    tree = _tree(recording, location)
    if tree is None or location is None:
        return location
    call = _variable_call(tree, location.line)
    if call is None or not call.args:
        return location
    found = _follow(tree, call.args[0], call.lineno, _DEPTH)
    return _place(recording, location, found.lineno) if found is not None else location


def drawn_at(recording: Recording, variable: Site) -> Location | None:
    """Where a variable got the values that it began to train with: a load, else where they were drawn."""
    given = Location.of(variable.attributes.get("set_at"))
    if given is None and variable.attributes.get("layer"):
        role = "bias_initializer" if variable.attributes.get("role") == "bias" else "kernel_initializer"
        return keyword(recording, variable.location, role)
    return given or initial_value(recording, variable.location)


def mention(recording: Recording, location: Location | None, word: str) -> Location | None:
    """The first line of the script whose code names `word`, unless that of `location` does already."""
    tree = _tree(recording, location)
    if tree is None or location is None or word in (location.code or recording.source_line(location.line)):
        return location
    lines = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.expr)
        and word in (getattr(node, "attr", None), getattr(node, "id", None), getattr(node, "value", None))
    ]
    return _place(recording, location, min(lines)) if lines else location


def keyword(recording: Recording, location: Location | None, name: str) -> Location | None:
    """The line of the argument `name=...` of a call that begins or stands on the line of `location`."""
    tree = _tree(recording, location)
    if tree is None or location is None:
        return location
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.lineno <= location.line <= (node.end_lineno or node.lineno):
            for argument in node.keywords:
                if argument.arg == name:
                    return _place(recording, location, argument.value.lineno)
    return location


def fragile(recording: Recording, name: str | None) -> Location | None:
    """The first division, logarithm, root or power in the function `name` of the script."""
    tree = parse(recording.source) if name else None
    for function in ast.walk(tree) if tree else ():
        if not isinstance(function, ast.FunctionDef) or function.name != name:
            continue
        lines = [
            node.lineno
            for node in ast.walk(function)
            if (
                isinstance(node, ast.BinOp)
                and isinstance(node.op, ast.Div)
                and not isinstance(node.right, ast.Constant)
            )
            or (
                isinstance(node, ast.Call)
                and _called(node) in ("log", "log1p", "sqrt", "divide", "pow", "norm", "rsqrt")
            )
        ]
        if lines:
            return Location(recording.run.path, min(lines), recording.source_line(min(lines)))
    return None


def cut(recording: Recording) -> Location | None:
    """The first `.numpy()` inside a function or a tape's block: it cuts the way of the gradient."""
    tree = parse(recording.source)
    blocks = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.With))] if tree else []
    lines = [
        call.lineno
        for block in blocks
        for call in ast.walk(block)
        if isinstance(call, ast.Call) and _called(call) == "numpy" and not _printed(block, call)
    ]
    if not lines:
        return None
    return Location(recording.run.path, min(lines), recording.source_line(min(lines)))


def split_at(recording: Recording, name: str, line: int) -> Location | None:
    """Where the rows of the variable `name`, as used on `line`, are taken apart from others.

    The assignments are followed back, over scaling and the like, to a call that splits, or a slice.
    """
    tree = parse(recording.source)
    if tree is None:
        return None
    for _ in range(_DEPTH + 3):
        found = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            and node.lineno <= line
            and any(
                isinstance(part, ast.Name) and part.id == name for target in node.targets for part in ast.walk(target)
            )
        ]
        if not found:
            return None
        node = max(found, key=lambda one: one.lineno)
        value, wanted = node.value, name
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
                for part, given in zip(target.elts, value.elts):
                    if isinstance(part, ast.Name) and part.id == name:
                        value = given
        if isinstance(value, ast.Subscript) or isinstance(value, ast.Call) and "split" in _called(value):
            return Location(recording.run.path, node.lineno, recording.source_line(node.lineno))
        arguments = value.args if isinstance(value, ast.Call) else [value]
        names = [part.id for one in arguments for part in ast.walk(one) if isinstance(part, ast.Name)]
        if not names or node.lineno == line and names[0] == wanted:
            return None
        name, line = names[0], node.lineno - (names[0] == wanted)
    return None


def read_twice(recording: Recording) -> Location | None:
    """Where a zip that a name was given is read for the first of several times: for the others nothing is left."""
    tree = parse(recording.source)
    if tree is None:
        return None
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call) or _called(node.value) != "zip":
            continue
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        uses = sorted(
            one.lineno
            for one in ast.walk(tree)
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and one.id in names
        )
        if len(uses) >= 2:
            return Location(recording.run.path, uses[0], recording.source_line(uses[0]))
    return None


def turned_similarity(recording: Recording) -> Location | None:
    """Where a cosine similarity of Keras, which is negative for like vectors, is subtracted."""
    tree = parse(recording.source)
    for node in ast.walk(tree) if tree is not None else ():
        side: ast.expr | None = None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
            side = node.right
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            side = node.operand
        while isinstance(side, ast.Call) and _called(side) in ("reduce_mean", "mean") and side.args:
            side = side.args[0]
        if isinstance(side, ast.Call) and _called(side) == "cosine_similarity":
            owner = side.func.value if isinstance(side.func, ast.Attribute) else None
            if "losses" in ast.unparse(side.func) or owner is None and "losses import" in recording.source:
                return Location(recording.run.path, side.lineno, recording.source_line(side.lineno))
    return None


def _printed(block: ast.AST, call: ast.Call) -> bool:
    """Whether a call is only an argument of print."""
    prints = [node for node in ast.walk(block) if isinstance(node, ast.Call) and _called(node) == "print"]
    return any(call in ast.walk(node) for node in prints)


def _tree(recording: Recording, location: Location | None) -> ast.Module | None:
    # Only the script itself is kept in the recording, not the modules that it imports.
    if location is None or not recording.source or location.path != recording.run.path:
        return None
    if location.code and recording.source_line(location.line) != location.code:
        return None
    return parse(recording.source)


def _place(recording: Recording, location: Location, line: int) -> Location:
    return Location(location.path, line, recording.source_line(line))


def _variable_call(tree: ast.Module, line: int) -> ast.Call | None:
    """The call of something named Variable on `line`."""
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and node.lineno <= line <= (node.end_lineno or node.lineno)
        and _called(node).endswith("Variable")
    ]
    return min(calls, key=lambda call: (call.end_lineno or call.lineno) - call.lineno) if calls else None


def _called(call: ast.Call) -> str:
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _follow(tree: ast.AST, value: ast.expr, line: int, depth: int) -> ast.expr | None:
    """The expression that draws `value`, used on `line`."""
    if depth == 0:
        return None
    if isinstance(value, ast.Name):
        assigned = _assignment(tree, value.id, line)
        return _follow(tree, assigned.value, assigned.lineno, depth - 1) if assigned is not None else None
    if isinstance(value, ast.BinOp):  # tf.random.normal(...) * 0.1
        sides = [side for side in (value.left, value.right) if isinstance(side, (ast.Call, ast.Name, ast.BinOp))]
        return _follow(tree, sides[0], line, depth - 1) or value if sides else value
    if not isinstance(value, ast.Call):
        return value
    if isinstance(value.func, ast.Name):
        name = value.func.id
        returned = _returned(tree, name)
        if returned is not None:
            return _follow(tree, returned, returned.lineno, depth - 1) or returned
        made = _assignment(tree, name, line)  # initializer = GlorotUniform(); initializer([784, 100])
        if made is not None and isinstance(made.value, ast.Call):
            return made.value
    if _called(value) in ("cast", "constant", "convert_to_tensor", "astype", "float32", "abs", "reshape"):
        inner = value.args[0] if value.args and _called(value) != "astype" else None
        if isinstance(inner, (ast.Name, ast.Call)):
            return _follow(tree, inner, line, depth - 1) or value
    return value


def _assignment(tree: ast.AST, name: str, line: int) -> ast.Assign | None:
    """The last plain assignment to `name` before `line`; None where it is a parameter there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or node.lineno):
            if name in {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}:
                return None
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and node.lineno < line
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    return max(found, key=lambda node: node.lineno) if found else None


def _returned(tree: ast.AST, name: str) -> ast.expr | None:
    """The value that the function `name` returns, where it has exactly one return."""
    for node in ast.walk(tree):
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
