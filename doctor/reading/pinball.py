"""Quantile losses that are written by hand with their error turned round."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Iterator

from doctor.reading.source import Module, called, modules, nodes
from doctor.reading.values import value_chosen
from doctor.recording import Recording
from doctor.types import Location

_LABEL = re.compile(r"(^|_)(y|true|targets?|labels?|obs|observed|actuals?|truth|t)($|_)", re.IGNORECASE)
_OUTPUT = re.compile(r"pred|hat$|(^|_)(q|p|out|outputs?|est|estimate|forecast|quantiles?|mu)($|_)", re.IGNORECASE)


@dataclass(frozen=True)
class Turned:
    """A quantile loss of prediction minus label.

    Attributes:
        location: where the difference is taken.
        level: the quantile that is written, None where it is no single number.
        code: the difference the right way round, as a whole line where it has one of its own.
    """

    location: Location
    level: float | None
    code: str


def turned_pinball(recording: Recording) -> Turned | None:
    """The first `max(q * e, (q - 1) * e)` whose e is prediction minus label; the quantile 1 - q minimises that."""
    for module in modules(recording):
        for function in nodes(module.tree):
            if isinstance(function, ast.FunctionDef):
                for found in _turned(recording, module, function):
                    return found
    return None


def _turned(recording: Recording, module: Module, function: ast.FunctionDef) -> Iterator[Turned]:
    given = [one.arg for one in function.args.args if one.arg not in ("self", "cls")]
    made = {target.id: node.value for node in ast.walk(function) if isinstance(node, ast.Assign)
            for target in node.targets if isinstance(target, ast.Name)}  # fmt: skip
    for call in ast.walk(function):
        if not isinstance(call, ast.Call) or called(call) not in ("maximum", "max") or len(call.args) != 2:
            continue
        parts = [_product(one) for one in call.args]
        for whole, less in (parts, parts[::-1]):
            if whole is None or less is None or whole[1] != less[1]:
                continue
            # q beside q - 1, each times the same error.
            if ast.unparse(less[0]) not in (f"{ast.unparse(whole[0])} - 1", f"{ast.unparse(whole[0])} - 1.0"):
                continue
            error = made.get(whole[1], None) if whole[1].isidentifier() else ast.parse(whole[1], mode="eval").body
            if isinstance(error, ast.BinOp) and isinstance(error.op, ast.Sub) and _of_output(error, given):
                _, level = value_chosen(recording, module, whole[0])
                line = error.lineno if whole[1].isidentifier() else call.lineno
                code = f"{ast.unparse(error.right)} - {ast.unparse(error.left)}"
                code = f"{whole[1]} = {code}" if whole[1].isidentifier() else code
                yield Turned(module.at(line), level, code)


def _product(value: ast.expr) -> tuple[ast.expr, str] | None:
    """(level, text of the error) of a product: the factor that is a level comes first or last."""
    if not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Mult):
        return None
    left, right = value.left, value.right
    swapped = isinstance(right, ast.BinOp) and isinstance(right.right, ast.Constant) and isinstance(left, ast.Name)
    return (right, ast.unparse(left)) if swapped else (left, ast.unparse(right))


def _of_output(error: ast.BinOp, given: list[str]) -> bool:
    """Whether what the network says stands first, and the label is taken from it, as far as names tell."""
    first, second = _base(error.left), _base(error.right)
    if first not in given or second not in given or first == second:
        return False
    named = bool(_OUTPUT.search(first)) and bool(_LABEL.search(second))
    other = bool(_LABEL.search(first)) and bool(_OUTPUT.search(second)) or bool(_OUTPUT.search(second))
    return named and not other


def _base(value: ast.expr) -> str:
    """The name that an expression is made of, through calls, indices and attributes."""
    names = [one.id for one in ast.walk(value) if isinstance(one, ast.Name) and one.id not in ("tf", "np", "ops", "K")]
    return names[0] if len(set(names)) == 1 else ""
