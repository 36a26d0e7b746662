"""Likelihoods, rewards and the like that a script makes its loss of, without a minus before them."""

from __future__ import annotations

import ast
import re

from doctor.reading.source import called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: Functions that are large where a model is good, by their names.
_WANTED = re.compile(
    r"likelihood|log_?lik|(^|_)ll(_|$)|elbo|lower_bound|log_?prob|expected_(reward|return)", re.IGNORECASE
)
#: Words in a name that say that the sign is turned already.
_TURNED = re.compile(r"neg|nll|minus|loss|cost|penalty|energy", re.IGNORECASE)
_LOSS = re.compile(r"loss|cost|objective|criterion", re.IGNORECASE)
_MEANS = ("reduce_mean", "mean", "reduce_sum", "sum", "cast")


def minimised_likelihood(recording: Recording) -> tuple[Location, str] | None:
    """(line, name of the function) where a loss is what such a function returns, as it is; else None.

    `loss = log_likelihood(y, p)`, `return tf.reduce_mean(d.log_prob(y))` in a function that is called a loss,
    `compile(loss=log_likelihood)`.
    """
    for module in modules(recording):
        own = {node.name: node for node in nodes(module.tree) if isinstance(node, ast.FunctionDef)}
        for node in nodes(module.tree):
            values: list[ast.expr] = []
            if isinstance(node, ast.Assign) and _LOSS.search(ast.unparse(node.targets[0])):
                values = [node.value]
            elif isinstance(node, ast.FunctionDef) and _LOSS.search(node.name):
                values = [one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value is not None]
            elif isinstance(node, ast.Call) and called(node) == "compile":
                given = [word.value for word in node.keywords if word.arg == "loss"]
                for value in given:
                    if isinstance(value, ast.Name) and _named(value.id) and not _turns(own.get(value.id)):
                        return module.at(value.lineno), value.id
            for value in values:
                name = _asked(value)
                if name is not None and _named(name) and not _turns(own.get(name)):
                    return module.at(value.lineno), name
    return None


def _named(name: str) -> bool:
    return bool(_WANTED.search(name)) and not _TURNED.search(name)


def _asked(value: ast.expr) -> str | None:
    """The name of the function whose value, or the mean of it, this is."""
    while isinstance(value, ast.Call) and called(value) in _MEANS and value.args:
        value = value.args[0]
    return called(value) if isinstance(value, ast.Call) else None


def _turns(function: ast.FunctionDef | None) -> bool:
    """Whether a function of the script's own returns minus something, whatever its name says."""
    if function is None:
        return False
    returned = [one.value for one in ast.walk(function) if isinstance(one, ast.Return) and one.value is not None]
    made = {target.id: one.value for one in ast.walk(function) if isinstance(one, ast.Assign)
            for target in one.targets if isinstance(target, ast.Name)}  # fmt: skip
    for value in returned:
        for _ in range(4):
            if isinstance(value, ast.Name) and value.id in made:
                value = made[value.id]
            elif isinstance(value, ast.Call) and called(value) in _MEANS and value.args:
                value = value.args[0]
        negated = [one for one in ast.walk(value) if isinstance(one, ast.UnaryOp) and isinstance(one.op, ast.USub)]
        numbers = [one for one in negated if isinstance(one.operand, ast.Constant)]
        if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub) or numbers:
            return True  # -0.5 * (x - mean)**2 is the likelihood itself, or minus it: that cannot be told
    return False
