"""Schedules that multiply the present learning rate by what the number of the epoch says, so that it compounds."""

from __future__ import annotations

import ast

from doctor.reading.scheduling import scheduled_by
from doctor.reading.scopes import Place, handed_over, own_function, statements
from doctor.reading.source import Module, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_RATES = ("lr", "learning_rate")
#: How often a name is followed through assignments.
_ROUNDS = 3


def compounding_line(recording: Recording) -> Location | None:
    """Where the present rate, and not the first one, is multiplied by a power of the epoch: `lr * 0.9 ** epoch`.

    In the function of a LearningRateScheduler, in a callback's method, in a loop over epochs. None where none is seen.
    """
    for module in modules(recording):
        for node in nodes(module.tree):
            found = None
            if isinstance(node, ast.Call) and called(node) == "LearningRateScheduler":
                found = _scheduler(recording, module, node)
            elif isinstance(node, ast.FunctionDef) and node.name.startswith("on_epoch_"):
                names = [one.arg for one in node.args.args if one.arg != "self"]
                found = _within(recording, module, node, statements(module, node), names[:1])
            elif isinstance(node, ast.For):
                inner = [one for one in ast.walk(node) if isinstance(one, ast.stmt) and one is not node]
                names = [one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)]
                found = _within(recording, module, module.tree, inner, names)
            if found is not None:
                return found
    return None


def _scheduler(recording: Recording, module: Module, call: ast.Call) -> Location | None:
    given = scheduled_by(call)
    if isinstance(given, ast.Lambda):
        return _of_lambda(module, given)
    for other in modules(recording) if given is not None else ():
        for node in nodes(other.tree):
            if isinstance(node, ast.FunctionDef) and node.name == given:
                names = [one.arg for one in node.args.args if one.arg != "self"]
                return _returned(other, node, {names[1]}, {names[0]}) if len(names) > 1 else None
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                if any(isinstance(target, ast.Name) and target.id == given for target in node.targets):
                    return _of_lambda(other, node.value)
    return None


def _of_lambda(module: Module, function: ast.Lambda) -> Location | None:
    names = [one.arg for one in function.args.args]
    both = len(names) > 1 and _multiplies(function.body, {names[1]}, {names[0]})
    return module.at(function.body.lineno) if both else None


def _returned(module: Module, function: ast.FunctionDef, rates: set[str], epochs: set[str]) -> Location | None:
    """Where a function returns a product of both, of names that are given so."""
    body = statements(module, function)
    rates, epochs = _followed(body, rates, epochs)
    for one in body:
        value = one.value if isinstance(one, (ast.Return, ast.Assign, ast.AugAssign)) else None
        if value is not None and _multiplies(value, rates, epochs):
            return module.at(one.lineno)
    return None


def _within(
    recording: Recording, module: Module, scope: ast.AST, body: tuple[ast.stmt, ...] | list[ast.stmt], names: list[str]
) -> Location | None:
    """Where a rate is set, in statements that know the epoch by one of some names."""
    rates, epochs = _followed(body, set(), set(names))
    for one in body:
        for target, value in _sets(one):
            present = rates | ({target} if target in _RATES else set())
            if _multiplies(value, present, epochs) or isinstance(one, ast.AugAssign) and _grows(value, epochs):
                return module.at(value.lineno)
            if isinstance(value, ast.Name):
                value = next((made.value for made in body if isinstance(made, ast.Assign)
                              and any(isinstance(t, ast.Name) and t.id == value.id for t in made.targets)), value)
                if _multiplies(value, present, epochs):
                    return module.at(value.lineno)
            if isinstance(value, ast.Call):
                own = own_function(recording, Place(module, scope, value.lineno), value)
                if own is not None and _handed(own, value, present, epochs):
                    return module.at(value.lineno)
    return None


def _handed(own: tuple[Module, ast.FunctionDef], call: ast.Call, rates: set[str], epochs: set[str]) -> bool:
    """Whether a function is given the present rate and the epoch, and multiplies them."""
    inner: tuple[set[str], set[str]] = (set(), set())
    for one in own[1].args.args:
        given = handed_over(own[1], call, one.arg)
        if given is not None:
            for known, names in zip((rates, epochs), inner):
                if _names(given) & known or known is rates and _reads_rate(given):
                    names.add(one.arg)
    return _returned(*own, *inner) is not None


def _sets(one: ast.stmt) -> list[tuple[str, ast.expr]]:
    """(name or attribute, value) where a statement sets a learning rate."""
    if isinstance(one, (ast.Assign, ast.AugAssign)):
        targets = one.targets if isinstance(one, ast.Assign) else [one.target]
        found = [target.attr if isinstance(target, ast.Attribute) else target.id for target in targets
                 if isinstance(target, (ast.Name, ast.Attribute))]  # fmt: skip
        return [(name, one.value) for name in found if name in _RATES]
    call = one.value if isinstance(one, ast.Expr) else None
    if isinstance(call, ast.Call) and called(call) in ("assign", "set_value") and _reads_rate(call):
        return [("", call.args[-1])] if call.args else []
    return []


def _followed(
    body: tuple[ast.stmt, ...] | list[ast.stmt], rates: set[str], epochs: set[str]
) -> tuple[set[str], set[str]]:
    """The names that are made of the present rate, and of the epoch, too."""
    rates, epochs = set(rates), set(epochs)
    for _ in range(_ROUNDS):
        for one in body:
            if isinstance(one, ast.Assign):
                made = {target.id for target in one.targets if isinstance(target, ast.Name)}
                rate = bool(_names(one.value) & rates) or _reads_rate(one.value)
                epoch = bool(_names(one.value) & epochs)
                if rate and not epoch:
                    rates |= made
                elif epoch and not rate:
                    epochs |= made
    return rates, epochs


def _reads_rate(value: ast.AST) -> bool:
    """Whether an optimiser's rate is read; `self.lr` may well be the first one."""
    return any(
        isinstance(part, ast.Attribute) and part.attr in _RATES and "opt" in ast.unparse(part.value).lower()
        for part in ast.walk(value)
    )


def _names(value: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(value) if isinstance(part, ast.Name)}


def _multiplies(value: ast.expr, rates: set[str], epochs: set[str]) -> bool:
    """Whether a value is a product, or a quotient, of the present rate and of a power, or so, of the epoch."""
    for part in ast.walk(value):
        if isinstance(part, ast.BinOp) and isinstance(part.op, (ast.Mult, ast.Div)):
            for one, other in ((part.left, part.right), (part.right, part.left)):
                if (_names(one) & rates or _reads_rate(one)) and _grows(other, epochs):
                    return True
    return False


def _grows(value: ast.expr, epochs: set[str]) -> bool:
    """Whether a value is a power of what is made of the epoch, or 1 + k * epoch; not where that is only asked for."""
    for part in ast.walk(value):
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Pow) and _names(part.right) & epochs:
            return True
        if isinstance(part, ast.Call) and called(part) in ("pow", "exp", "power") and _names(part) & epochs:
            return True
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Add) and isinstance(part.left, ast.Constant):
            added = part.right
            if isinstance(added, ast.BinOp) and isinstance(added.op, ast.Mult) and _names(added) & epochs:
                return True
    return False
