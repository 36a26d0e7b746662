"""The loop that runs the training steps, and the line that says how often."""

from __future__ import annotations

import ast
import re

from doctor.reading.source import Module, called, module_of, modules, nodes
from doctor.reading.values import number_chosen
from doctor.recording import Recording
from doctor.types import Location

_LOOPS = (ast.For, ast.While)
#: Calls that are followed outwards: a name that everything is called by leads nowhere.
_PLACES = 30
#: Functions within functions through which the gradients are applied.
_NESTED = 4
#: How people call gradients.
_GRADIENT = re.compile(r"^(d[a-z]\w?|g|gs|gr|grads?|gradients?|\w+_grads?|grad_\w+|g_?[wb]\d?)$", re.IGNORECASE)
#: How people call learning rates.
_RATE = re.compile(r"(^|_)(lr|rate|eta|alpha|step_size|learning_rate)(_|$)", re.IGNORECASE)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def driving_loop(recording: Recording, location: Location | None) -> Location | None:
    """The outermost loop that comes by `location`, directly or by calls of the functions around it, or None."""
    found = _outermost(recording, location)
    return found[0].at(found[1].lineno) if found is not None else None


def length_of_training(recording: Recording, location: Location | None) -> Location | None:
    """The line with the number of rounds of that loop: its header, or where the name in it gets a number."""
    found = _outermost(recording, location)
    if found is None:
        return None
    module, loop = found
    header = loop.iter if isinstance(loop, ast.For) else loop.test
    numbers = [node.value for node in ast.walk(header) if isinstance(node, ast.Constant)]
    if not any(isinstance(number, int) and number > 1 for number in numbers):
        for node in ast.walk(header):
            if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
                made = number_chosen(recording, module, node)
                if made is not None:
                    return made
    return module.at(loop.lineno)


def _outermost(recording: Recording, location: Location | None) -> tuple[Module, ast.For | ast.While] | None:
    module = module_of(recording, location)
    if module is None or location is None:
        return None
    seen: set[str] = set()
    places = [(module, location.line)]
    best: tuple[Module, ast.For | ast.While] | None = None
    for _ in range(_PLACES):
        if not places:
            break
        module, line = places.pop(0)
        around = [node for node in nodes(module.tree) if _holds(node, line)]
        loops = [node for node in around if isinstance(node, _LOOPS)]
        functions = [node for node in around if isinstance(node, _FUNCTIONS)]
        own = functions[-1] if functions else None  # ast.walk goes from the outside in
        loops = [loop for loop in loops if own is None or _holds(own, loop.lineno)]
        if loops:
            best = (module, loops[0])
        if own is None or own.name in seen:
            continue
        seen.add(own.name)
        names = {own.name, *_instances_of(module, own)}
        for other in modules(recording):
            for call in nodes(other.tree):
                if isinstance(call, ast.Call) and called(call) in names and not _holds(own, call.lineno):
                    places.append((other, call.lineno))
    return best


def _instances_of(module: Module, function: ast.AST) -> set[str]:
    """Names by which `__call__` or `call` of the class around a function are called: those of its instances."""
    if getattr(function, "name", "") not in ("__call__", "call"):
        return set()
    classes = {node.name for node in nodes(module.tree) if isinstance(node, ast.ClassDef) and function in node.body}
    return {
        target.id
        for node in nodes(module.tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and called(node.value) in classes
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _holds(node: ast.AST, line: int) -> bool:
    """Whether a statement goes over a line, of its body as far as it has one."""
    first, last = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
    return isinstance(node, ast.stmt) and first is not None and last is not None and first <= line <= last


def rebound(recording: Recording) -> Location | None:
    """Where the body of a loop binds the loop's own name to a sum of itself, and does nothing with it then."""
    for module in modules(recording):
        for loop in nodes(module.tree):
            if not isinstance(loop, ast.For):
                continue
            names = {one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name)}
            for place, line in enumerate(loop.body):
                if not isinstance(line, (ast.Assign, ast.AugAssign)):
                    continue
                targets = line.targets if isinstance(line, ast.Assign) else [line.target]
                bound = {one.id for one in targets if isinstance(one, ast.Name)} & names
                used = {one.id for one in ast.walk(line.value) if isinstance(one, ast.Name)}
                after = {one.id for later in loop.body[place + 1 :] for one in ast.walk(later)
                         if isinstance(one, ast.Name)}  # fmt: skip
                own = isinstance(line, ast.AugAssign) or bool(bound & used)
                if bound and own and not bound & after:
                    return module.at(line.lineno)
    return None


def applied_at(recording: Recording) -> Location | None:
    """The first call that applies gradients by an optimiser."""
    for module in modules(recording):
        lines = [
            node.lineno
            for node in nodes(module.tree)
            if isinstance(node, ast.Call) and called(node) in ("apply_gradients", "apply")
        ]
        if lines:
            return module.at(min(lines))
    return None


def never_due(recording: Recording) -> Location | None:
    """The condition, in a loop or of `tf.cond`, on which the gradients are applied, by themselves or in a function.

    For a script whose gradients were never applied although it has a call for it.
    """
    names, seen = {"apply_gradients", "apply"}, set[str]()
    for _ in range(_NESTED):
        found: set[str] = set()
        for module in modules(recording):
            for function in nodes(module.tree):
                if isinstance(function, _FUNCTIONS) and function.name not in seen and _calls_one_of(function, names):
                    found.add(function.name)
            for loop in nodes(module.tree):
                if not isinstance(loop, _LOOPS):
                    continue
                branches = [
                    node
                    for node in ast.walk(loop)
                    if isinstance(node, ast.If) and any(_calls_one_of(part, names) for part in node.body)
                ]
                if branches:
                    return module.at(max(branch.lineno for branch in branches))
            for call in nodes(module.tree):
                if isinstance(call, ast.Call) and called(call) == "cond" and len(call.args) > 1:
                    if _hands_on(call.args[1], names) or _calls_one_of(call.args[1], names):
                        return module.at(call.lineno)
        names, seen = found, seen | found
    return None


def _hands_on(value: ast.expr, names: set[str]) -> bool:
    """Whether a value is one of these functions or methods itself: `flush`, `self.flush`."""
    return isinstance(value, ast.Name) and value.id in names or isinstance(value, ast.Attribute) and value.attr in names


def counted_in_python(recording: Recording) -> Location | None:
    """Where a tf.function counts its calls in a Python number on which it applies the gradients: `self.micro += 1`."""
    for module in modules(recording):
        for function in nodes(module.tree):
            compiled = isinstance(function, ast.FunctionDef) and any(
                "function" in ast.unparse(one) for one in function.decorator_list
            )
            if not compiled:
                continue
            counted = {ast.unparse(node.target): node.lineno for node in ast.walk(function)
                       if isinstance(node, ast.AugAssign) and isinstance(node.value, ast.Constant)}  # fmt: skip
            for node in ast.walk(function):
                applying = {"apply_gradients", "apply"}
                if isinstance(node, ast.If) and any(_calls_one_of(one, applying) for one in node.body):
                    tested = {ast.unparse(one) for one in ast.walk(node.test) if isinstance(one, ast.expr)}
                    for name in sorted(tested & set(counted)):
                        return module.at(counted[name])
    return None


def _calls_one_of(tree: ast.AST, names: set[str]) -> bool:
    return any(isinstance(node, ast.Call) and called(node) in names for node in ast.walk(tree))


def follows_another(recording: Recording) -> bool:
    """Whether the script brings the weights of a network after those of another: moving averages, target networks."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.Call) and called(node) == "set_weights" and _mentions(node, "get_weights"):
                return True
            pairs = isinstance(node, ast.For) and isinstance(node.target, ast.Tuple) and _mentions(node.iter, "zip")
            if not pairs:
                continue
            assert isinstance(node, ast.For) and isinstance(node.target, ast.Tuple)
            names = [one.id for one in node.target.elts if isinstance(one, ast.Name)]
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and called(call) == "assign" and isinstance(call.func, ast.Attribute):
                    own = ast.unparse(call.func.value)
                    others = {one.id for one in ast.walk(call) if isinstance(one, ast.Name)} - {own}
                    if own in names and others & set(names):
                        return True
    return False


def _mentions(tree: ast.AST, name: str) -> bool:
    return any(name in (getattr(node, "id", None), getattr(node, "attr", None)) for node in ast.walk(tree))


def added_at(recording: Recording) -> Location | None:
    """The last line that adds a gradient to a variable, without a minus in what is added; else the last that adds
    what a rate is multiplied with, as a velocity."""
    found, paced = [], []
    for module in modules(recording):
        for call in nodes(module.tree):
            if isinstance(call, ast.Call) and called(call) == "assign_add" and call.args:
                names = [getattr(node, "id", None) or getattr(node, "attr", "") for node in ast.walk(call.args[0])]
                minus = any(isinstance(node, (ast.USub, ast.Sub)) for node in ast.walk(call.args[0]))
                if not minus and any(_GRADIENT.search(str(name)) for name in names):
                    found.append(module.at(call.lineno))
                elif not minus and isinstance(call.args[0], ast.BinOp) and any(map(_RATE.search, map(str, names))):
                    paced.append(module.at(call.lineno))
    return (found or paced)[-1] if found or paced else None


def decayed_at(recording: Recording, whole: bool = False) -> Location | None:
    """Where a weight is made smaller by a part of itself: `w.assign_sub(rate * g + decay * w)`, `w -= decay * w`.

    Args:
        recording: the run.
        whole: only where a statement takes off a decay and nothing else, and no rate stands in it.
    """
    for module in modules(recording):
        for node in nodes(module.tree):
            weight, taken = _taken_off(node)
            if whole and not (len(taken) == 1 and _decay_alone(taken[0])):
                continue
            for part in (inner for one in taken for inner in ast.walk(one)):
                if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mult):
                    if weight in (ast.unparse(part.left), ast.unparse(part.right)):
                        return module.at(part.lineno)
    return None


def _decay_alone(taken: ast.expr) -> bool:
    """Whether what is taken off is a product, of which no factor is named as a rate is."""
    names = [getattr(node, "id", None) or getattr(node, "attr", "") for node in ast.walk(taken)]
    product = isinstance(taken, ast.BinOp) and isinstance(taken.op, ast.Mult)
    return product and not any(_RATE.search(str(name)) for name in names)


def _taken_off(node: ast.AST) -> tuple[str, list[ast.expr]]:
    """(a variable, what a statement subtracts from it)."""
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub):
        return ast.unparse(node.target), [node.value]
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
        return "", []
    if node.func.attr == "assign_sub":
        return ast.unparse(node.func.value), [node.args[0]]
    sums = [one for one in ast.walk(node.args[0]) if isinstance(one, ast.BinOp)]
    differences = [one.right for one in sums if isinstance(one.op, ast.Sub)]
    return ast.unparse(node.func.value), differences if node.func.attr == "assign" else []
