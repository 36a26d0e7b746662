"""Likelihoods, rewards and the like that a script makes its loss of, without a minus before them."""

from __future__ import annotations

import ast
import re

from doctor.reading.log_shares import log_share_returned
from doctor.reading.source import asks_gradient, averaged, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: Functions that are large where a model is good, by their names.
_WANTED = re.compile(
    r"likelihood|log_?lik|(^|_)ll(_|$)|elbo|lower_bound|log_?prob|expected_(reward|return)", re.IGNORECASE
)
#: Words in a name that say that the sign is turned already.
_TURNED = re.compile(r"neg|nll|minus|loss|cost|penalty|energy", re.IGNORECASE)
_LOSS = re.compile(r"(^|_)(loss|cost|objective|criterion)$", re.IGNORECASE)


def minimised_likelihood(recording: Recording) -> tuple[Location, str] | None:
    """(line, name of the function) where a loss is what such a function returns, as it is; else None.

    `loss = log_likelihood(y, p)` with `tape.gradient(loss, ...)`, `return tf.reduce_mean(d.log_prob(y))` in a function
    that is called a loss, `compile(loss=log_likelihood)`. Whatever it is called, it is one that takes the logarithm of
    a sum of exponentials from one of its terms: what it returns is then the line.
    """
    own: dict[str, list[ast.FunctionDef]] = {}
    of_form: dict[str, Location] = {}
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.FunctionDef):
                own.setdefault(node.name, []).append(node)
                line = log_share_returned(node)
                if line is not None:
                    of_form[node.name] = module.at(line)
    for module in modules(recording):
        differentiated = _differentiated(module.tree)
        for node in nodes(module.tree):
            values: list[ast.expr] = []
            if isinstance(node, ast.Assign) and {ast.unparse(one) for one in node.targets} & differentiated:
                values = [node.value]
            elif isinstance(node, ast.FunctionDef) and _LOSS.search(node.name):
                values = [one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value is not None]
            elif isinstance(node, ast.Call) and called(node) == "compile":
                given = [word.value for word in node.keywords if word.arg == "loss"]
                for value in given:
                    if isinstance(value, ast.Name) and _is_wanted(value.id, own):
                        return module.at(value.lineno), value.id
                    if isinstance(value, ast.Name) and value.id in of_form and len(own[value.id]) == 1:
                        return of_form[value.id], value.id
            for value in values:
                name = _asked(value)
                if name is not None and _is_wanted(name, own):
                    return module.at(value.lineno), name
                if name in of_form and len(own[name]) == 1:
                    return of_form[name], name
    return None


def _differentiated(tree: ast.AST) -> set[str]:
    """The names whose gradients a tape or an optimiser is asked for: alone, not as terms of a sum."""
    asked = [node.args[0] for node in nodes(tree) if isinstance(node, ast.Call) and asks_gradient(node)]
    return {one.id for one in asked if isinstance(one, ast.Name)}


def _is_wanted(name: str, own: dict[str, list[ast.FunctionDef]]) -> bool:
    """Whether a function is a likelihood by its name, and not minus one by what it returns."""
    written = own.get(name, [])
    return bool(_WANTED.search(name)) and not _TURNED.search(name) and len(written) < 2 and not any(
        _may_turn(one) for one in written
    )


def _asked(value: ast.expr) -> str | None:
    """The name of the function whose value, or the mean of it, this is."""
    value = averaged(value)
    return called(value) if isinstance(value, ast.Call) else None


def _may_turn(function: ast.FunctionDef) -> bool:
    """Whether what a function of the script's own returns may be minus a likelihood, whatever its name says.

    So with a minus in front, with squares and exponentials that are added, and with a difference of a divergence
    and something else.
    """
    returned = [one.value for one in ast.walk(function) if isinstance(one, ast.Return) and one.value is not None]
    made = {target.id: one.value for one in ast.walk(function) if isinstance(one, ast.Assign)
            for target in one.targets if isinstance(target, ast.Name)}  # fmt: skip
    return not returned or any(_is_doubtful(value, made, 4) for value in returned)


def _is_doubtful(value: ast.expr, made: dict[str, ast.expr], depth: int) -> bool:
    value = averaged(value)
    if isinstance(value, ast.Name) and value.id in made and depth:
        return _is_doubtful(made[value.id], made, depth - 1)
    if isinstance(value, ast.UnaryOp):
        return True
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub):
        return _is_penalty(value.left)  # kl - log_px is to be made small
    if isinstance(value, ast.BinOp):
        return any(_is_doubtful(one, made, depth) for one in (value.left, value.right)) or _is_penalty(value)
    return isinstance(value, ast.Call) and called(value) in ("negative", "square", "exp", "squared_difference")


def _is_penalty(value: ast.expr) -> bool:
    """Whether an expression is a divergence, or adds squares."""
    return any(
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
        or isinstance(node, ast.Call) and called(node) in ("square", "squared_difference")
        or isinstance(node, (ast.Name, ast.Attribute)) and re.search(r"(^|_|\.)kl", ast.unparse(node), re.IGNORECASE)
        for node in ast.walk(value)
    )  # fmt: skip
