"""Idioms of the user's files that tell where a fault stands, once the run has shown it."""

from __future__ import annotations

import ast
import re

from doctor.reading.scopes import Place, handed_over, own_function, scope_at, statements
from doctor.reading.slopes import bounded, differentiated, holds_bound
from doctor.reading.source import Module, asks_gradient, assignment, called, module_of, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: Functions that are infinite, or have an infinite slope, at zero.
_MEETS_ZERO = ("log", "log1p", "sqrt", "divide", "pow", "norm", "rsqrt")

#: Parameters that tell the mode.
_MODE = re.compile(r"^(is_?)?train(ing)?(_mode)?$", re.IGNORECASE)


def fragile(recording: Recording, name: str | None, location: Location | None = None) -> Location | None:
    """The logarithm, root, power or division that may meet a zero, in the user's function `name`.

    Without a name, in the function of `location`. Those that nothing bounds come first, and divisions last.
    """
    functions = [
        (module, node)
        for module in (modules(recording) if name else filter(None, [module_of(recording, location)]))
        for node in nodes(module.tree)
        if isinstance(node, ast.FunctionDef)
        and (node.name == name if name else location and node.lineno <= location.line <= (node.end_lineno or 0))
    ]
    # Of functions within each other the innermost.
    for module, function in sorted(functions, key=lambda pair: -pair[1].lineno):
        line = _meets_zero(function)
        if line is not None:
            return module.at(line)
    return None


def fragile_in_step(recording: Recording, location: Location | None) -> Location | None:
    """The same in what is differentiated in the function that `location` stands in, and in what that calls."""
    module = module_of(recording, location)
    if module is None or location is None:
        return None
    scope = scope_at(module, location.line)
    asked = [node.args[0] for one in statements(module, scope) for node in ast.walk(one)
             if isinstance(node, ast.Call) and asks_gradient(node)]  # fmt: skip
    if not asked:
        return None
    value: ast.AST = asked[0]
    if isinstance(value, ast.Name):
        made = assignment(scope, value.id, location.line)
        value = made.value if made is not None else value
    waiting: list[tuple[Module, ast.AST, ast.AST]] = [(module, scope, value)]
    seen: set[int] = set()
    while waiting:
        module, scope, value = waiting.pop(0)
        line = _meets_zero(value)
        if line is not None:
            return module.at(line)
        for call in (node for node in ast.walk(value) if isinstance(node, ast.Call)):
            found = own_function(recording, Place(module, scope, call.lineno), call)
            if found is not None and id(found[1]) not in seen:
                seen.add(id(found[1]))
                waiting.append((found[0], found[1], found[1]))
    return None


def _meets_zero(code: ast.AST) -> int | None:
    """The line of what may meet a zero in it: calls that nothing bounds, then divisions, then other calls."""
    calls = [node for node in ast.walk(code) if isinstance(node, ast.Call) and called(node) in _MEETS_ZERO]
    calls = [node for node in calls if differentiated(node)]
    free = [node for node in calls if not bounded(node)]
    # A sum of exponentials may well be zero: it underflows.
    free = [node for node in free if called(node) in ("log", "log2", "log10") and _of_exponentials(node)] or free
    divisions = [node for node in ast.walk(code) if isinstance(node, ast.BinOp) and _divides(node)]
    return next((min(node.lineno for node in found) for found in (free, divisions, calls) if found), None)


def _of_exponentials(call: ast.Call) -> bool:
    """Whether a logarithm is taken of a sum or mean of exponentials, written out."""
    inside = [node for arg in call.args for node in ast.walk(arg) if isinstance(node, ast.Call)]
    sums = [node for node in inside if called(node) in ("sum", "reduce_sum", "mean", "reduce_mean")]
    return any(isinstance(one, ast.Call) and called(one) == "exp" for node in sums for one in ast.walk(node))


def _divides(node: ast.BinOp) -> bool:
    """Whether something is divided by what may be zero."""
    if not isinstance(node.op, ast.Div) or isinstance(node.right, ast.Constant) or holds_bound(node.right):
        return False
    return not (isinstance(node.right, ast.Call) and called(node.right) == "exp")


def read_twice(recording: Recording) -> Location | None:
    """Where a zip that a name was given is read for the first of several times: for the others nothing is left."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call) or called(node.value) != "zip":
                continue
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            uses = sorted(
                one.lineno
                for one in nodes(module.tree)
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and one.id in names
            )
            if len(uses) >= 2:
                return module.at(uses[0])
    return None


def fresh_iterator(recording: Recording) -> Location | None:
    """Where the script says next(iter(...))."""
    for module, node in ((module, node) for module in modules(recording) for node in nodes(module.tree)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "next" and node.args:
            inner = node.args[0]
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "iter":
                return module.at(node.lineno)
    return None


def applied_rarely(recording: Recording) -> Location | None:
    """An update that is made in some rounds of a loop only, of gradients that are made in each and added up nowhere.

    `if step % 100 == 0: optimizer.apply_gradients(zip(grads, variables))`, where `grads` is assigned once.
    """
    for module in modules(recording):
        for loop in (node for node in nodes(module.tree) if isinstance(node, (ast.For, ast.While))):
            for branch in (node for node in ast.walk(loop) if isinstance(node, ast.If)):
                if not any(isinstance(one, ast.Mod) for one in ast.walk(branch.test)):
                    continue
                for call in (node for one in branch.body for node in ast.walk(one) if isinstance(node, ast.Call)):
                    if called(call) not in ("apply_gradients", "apply", "assign_sub"):
                        continue
                    names = {node.id for node in ast.walk(call) if isinstance(node, ast.Name)}
                    if _made_in(loop, branch, names):
                        return module.at(call.lineno)
    return None


def _made_in(loop: ast.stmt, branch: ast.If, names: set[str]) -> bool:
    """Whether one of some names is assigned in a loop, outside of a branch, and never to a sum of itself."""
    inside = set(ast.walk(branch))
    made: set[str] = set()
    for node in ast.walk(loop):
        if isinstance(node, ast.AugAssign):
            return False  # something is added up: it may be the gradients
        if isinstance(node, ast.Call) and called(node) in ("assign_add", "append", "add_n"):
            return False
        if isinstance(node, ast.Assign) and node not in inside:
            targets = {part.id for one in node.targets for part in ast.walk(one) if isinstance(part, ast.Name)}
            sources = {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
            if targets & sources & names:
                return False
            if isinstance(node.value, ast.Call):
                made |= targets
    return bool(made & names)


def seeded_again(recording: Recording) -> Location | None:
    """Where a function or a loop makes random numbers anew from the same seed, so that they are always the same."""
    for module in modules(recording):
        for block in nodes(module.tree):
            if not isinstance(block, (ast.FunctionDef, ast.For, ast.While)) or getattr(block, "name", "") == "__init__":
                continue
            for call in (node for one in block.body for node in ast.walk(one) if isinstance(node, ast.Call)):
                if called(call) in ("RandomState", "default_rng", "seed", "set_seed", "set_random_seed") and call.args:
                    if isinstance(call.args[0], ast.Constant) and not _loops_inside(block):
                        return module.at(call.lineno)
    return None


def _loops_inside(block: ast.AST) -> bool:
    """Whether a function holds the training loop itself, so that its seed is drawn once."""
    return isinstance(block, ast.FunctionDef) and any(isinstance(one, (ast.For, ast.While)) for one in ast.walk(block))


def returned_at(recording: Recording, name: str | None) -> Location | None:
    """The last `return` of the user's function `name`, of `call` of that class, or the body of that lambda."""
    for module, node in ((module, node) for module in modules(recording) if name for node in nodes(module.tree)):
        if isinstance(node, ast.ClassDef) and node.name == name:
            calls = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name in ("call", "__call__")]
            lines = [one.lineno for call in calls for one in ast.walk(call) if isinstance(one, ast.Return)]
            return module.at(max(lines)) if lines else None
        if isinstance(node, ast.FunctionDef) and node.name == name:
            lines = [one.lineno for one in ast.walk(node) if isinstance(one, ast.Return)]
            return module.at(max(lines)) if lines else None
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            if any(isinstance(target, ast.Name) and target.id == name for target in node.targets):
                return module.at(node.value.body.lineno)
    return None


def updated_at(recording: Recording, name: str) -> Location | None:
    """Where the metric `name`, or an attribute of that name, is updated first."""
    for module in modules(recording):
        lines = [
            node.lineno
            for node in nodes(module.tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("update_state", "update")
            and ast.unparse(node.func.value).rpartition(".")[2] == name
        ]
        if lines:
            return module.at(min(lines))
    return None


def trainable_set_at(recording: Recording, to: bool) -> Location | None:
    """The last line that says `... .trainable = False` (or True), or gives a layer `trainable=False`.

    Where none says so in words, the only call that gives it to a function which does, else the last line that
    computes it.
    """
    computed: Location | None = None
    for module in modules(recording):
        lines, others = [], []
        for node in nodes(module.tree):
            if isinstance(node, ast.Assign):
                if any(isinstance(one, ast.Attribute) and one.attr == "trainable" for one in node.targets):
                    if _is(node.value, to):
                        lines.append(node.lineno)
                    elif not isinstance(node.value, ast.Constant):
                        others.append(node.lineno)
                        lines += _given(module, node, to)
            elif isinstance(node, ast.keyword) and node.arg == "trainable" and _is(node.value, to):
                lines.append(node.value.lineno)
        if lines:
            return module.at(max(lines))
        if others and computed is None:
            computed = module.at(max(others))
    return computed


def _given(module: Module, node: ast.Assign, to: bool) -> list[int]:
    """The line of the only call that hands a function the value which it assigns, where that is `to`."""
    function = scope_at(module, node.lineno)
    if not isinstance(function, ast.FunctionDef) or not isinstance(node.value, ast.Name):
        return []
    calls = [one for one in nodes(module.tree) if isinstance(one, ast.Call) and called(one) == function.name]
    given = [(one.lineno, handed_over(function, one, node.value.id)) for one in calls]
    lines = [line for line, value in given if value is not None and _is(value, to)]
    return lines if len(lines) == 1 else []


def _is(node: ast.expr, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def column_set_at(recording: Recording, name: str) -> Location | None:
    """The last assignment to a column or an entry `table["name"]`."""
    found: Location | None = None
    for module in modules(recording):
        for node in nodes(module.tree):
            for target in node.targets if isinstance(node, ast.Assign) else ():
                key = target.slice if isinstance(target, ast.Subscript) else None
                if isinstance(key, ast.Constant) and key.value == name:
                    found = module.at(key.lineno)
    return found


def trains_by_default(recording: Recording) -> Location | None:
    """The function of the user's that is in training mode unless it is told otherwise, or None.

    Of several the one that is called from the outside, which comes last in the file.
    """
    found = []
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.FunctionDef):
                names = [one.arg for one in node.args.args][len(node.args.args) - len(node.args.defaults) :]
                given = dict(zip(names, node.args.defaults))
                named = zip(node.args.kwonlyargs, node.args.kw_defaults)
                given.update({one.arg: value for one, value in named if value is not None})
                if any(_MODE.search(name) and _is(value, True) for name, value in given.items()):
                    found.append(module.at(node.lineno))
    return max(found, key=lambda place: place.line) if found else None
