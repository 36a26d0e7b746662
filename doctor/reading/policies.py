"""Losses of policy gradients, and their sign."""

from __future__ import annotations

import ast
import re
from typing import Iterator

from doctor.reading.scopes import scope_at
from doctor.reading.source import Module, assignment, averaged, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_LOSS = re.compile(r"loss|cost", re.IGNORECASE)
#: Names of what is the better the larger.
_GAIN = re.compile(r"adv|reward|return|(^|_)ret(_|s?$)|^G$|(^|_)gains?($|_)|discounted|(^|_)td(_|$)", re.IGNORECASE)
_LOGARITHM = re.compile(r"\blog\(|log_?prob|log_softmax|logp(i|robs?)?\b|log_pi", re.IGNORECASE)
_NEGATED = re.compile(r"neg|nll|cross_?entropy|surprise|\bexp\(|1(\.0*)? - ", re.IGNORECASE)
_ADVERSARIAL = re.compile(r"adv_?(loss|weight|lambda|coef)|adversar", re.IGNORECASE)
_GRADIENT = re.compile(r"g|dw|grad\w*|slopes?")
_CROSS_ENTROPY = re.compile(r"softmax_cross_?entropy(_with_logits)?$|categorical_cross_?entropy$", re.IGNORECASE)
#: How many names are followed.
_DEPTH = 4


def raised_policy(recording: Recording) -> Location | None:
    """Where a loss is a mean of advantages times log-probabilities, without a minus; None where there is none.

    Minimised, it makes those actions rare that were better than others. A cross-entropy is a log-probability with
    a minus already: with another one it is the same.
    """
    for module in modules(recording):
        if _turns_gradients(module):
            continue
        minimised = _minimised(module)
        for node in nodes(module.tree):
            target = ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) and len(node.targets) == 1 else ""
            if isinstance(node, ast.Assign) and target and (_LOSS.search(target) or target in minimised):
                value: ast.expr | None = node.value
            elif isinstance(node, ast.Return) and _is_loss_function(module, node):
                value = node.value
            else:
                continue
            if value is None or target and _turned_later(module, target):
                continue
            for sign, term in _terms(value):
                product = averaged(term)
                if isinstance(product, ast.BinOp) and isinstance(product.op, ast.Mult):
                    for gain, chance in ((product.left, product.right), (product.right, product.left)):
                        turned = _is_log_probability if sign > 0 else _is_cross_entropy
                        if _is_gain(gain) and turned(module, chance, node.lineno):
                            return module.at(product.lineno)
    return None


def _terms(value: ast.expr, sign: int = 1) -> Iterator[tuple[int, ast.expr]]:
    """What a loss is the sum of, each with its sign."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Sub)):
        yield from _terms(value.left, sign)
        yield from _terms(value.right, sign if isinstance(value.op, ast.Add) else -sign)
    elif isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        yield from _terms(value.operand, -sign)
    else:
        yield sign, value


def _turns_gradients(module: Module) -> bool:
    """Whether gradients may be added to the weights, or are turned before they are applied."""
    return any(
        isinstance(node, ast.Call) and called(node) == "assign_add"
        and not all(isinstance(one, ast.Constant) for one in node.args)  # a counter
        or isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
        and isinstance(node.operand, ast.Name) and _GRADIENT.fullmatch(node.operand.id) is not None
        for node in nodes(module.tree)
    )  # fmt: skip


def _minimised(module: Module) -> set[str]:
    """What gradients are taken of, as the script writes it."""
    return {
        ast.unparse(node.args[0]) for node in nodes(module.tree)
        if isinstance(node, ast.Call) and called(node) in ("gradient", "minimize", "compute_gradients") and node.args
    }  # fmt: skip


def _turned_later(module: Module, name: str) -> bool:
    """Whether a minus stands before a name elsewhere, or it goes into a minimum: `loss = -policy_loss + value_loss`."""
    for node in nodes(module.tree):
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and ast.unparse(node.operand) == name:
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and ast.unparse(node.right) == name:
            return True
        if isinstance(node, ast.Call) and called(node) in ("minimum", "min"):
            if any(ast.unparse(one) == name for one in node.args):
                return True
    return False


def _is_loss_function(module: Module, node: ast.Return) -> bool:
    scope = scope_at(module, node.lineno)
    return isinstance(scope, ast.FunctionDef) and _LOSS.search(scope.name) is not None


def _is_gain(value: ast.expr) -> bool:
    """Whether a value is called an advantage or the like, and has no minus."""
    names = [one.id for one in ast.walk(value) if isinstance(one, ast.Name)]
    names += [one.attr for one in ast.walk(value) if isinstance(one, ast.Attribute)]
    return any(_GAIN.search(name) and not _ADVERSARIAL.search(name) for name in names) and not _has_minus(value)


def _is_log_probability(module: Module, value: ast.expr, line: int) -> bool:
    """Whether a value is the logarithm of a probability, by what was made of what, and has no minus on the way."""
    said = False
    for _ in range(_DEPTH):
        text = ast.unparse(value)
        if _has_minus(value) or _NEGATED.search(text):
            return False
        said = said or _LOGARITHM.search(text) is not None
        name = next((one for one in ast.walk(value) if isinstance(one, ast.Name) and _made(module, one, line)), None)
        made = _made(module, name, line) if name is not None else None
        if made is None:
            break
        value, line = made.value, made.lineno
    return said


def _is_cross_entropy(module: Module, value: ast.expr, line: int) -> bool:
    """Whether a value is what a cross-entropy function gave, and nothing was done to it since."""
    for _ in range(_DEPTH):
        if isinstance(value, ast.Call):
            return _CROSS_ENTROPY.search(called(value)) is not None
        made = _made(module, value, line) if isinstance(value, ast.Name) else None
        if made is None:
            return False
        value, line = made.value, made.lineno
    return False


def _made(module: Module, name: ast.Name, line: int) -> ast.Assign | None:
    return assignment(scope_at(module, line), name.id, line)


def _has_minus(value: ast.expr) -> bool:
    """Whether a minus stands before anything but a number (-x), or a factor (-1 * x); axis=-1 and x - 1 are none."""
    return any(
        isinstance(one, ast.UnaryOp) and isinstance(one.op, ast.USub) and not isinstance(one.operand, ast.Constant)
        or isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult)
        and any(isinstance(side, ast.UnaryOp) and isinstance(side.operand, ast.Constant)
                for side in (one.left, one.right))
        for one in ast.walk(value)
    )  # fmt: skip
