"""The two losses of a generative adversarial network: which way each pulls the scores of what is generated."""

from __future__ import annotations

import ast
import re
from typing import Iterator

from doctor.reading.scopes import scope_at
from doctor.reading.source import Module, assignment, averaged, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_GENERATOR = re.compile(r"^(g|gen|generator)_|_(g|gen|generator)$", re.IGNORECASE)
_CRITIC = re.compile(r"^(d|disc|discriminator|critic|c)_|_(d|disc|discriminator|critic)$", re.IGNORECASE)
_LOSS = re.compile(r"loss|cost|hinge|objective|adv", re.IGNORECASE)
_FAKE = re.compile(r"fake|(^|_)gen(erated)?(_|$)|synth", re.IGNORECASE)
_SCORING = re.compile(r"^(d|dis|disc\w*|critic\w*)$", re.IGNORECASE)
_AGAINST_LABELS = re.compile(r"bce|cross_?entropy|^(loss_?fn|criterion|adversarial_loss)$", re.IGNORECASE)
#: Functions that grow with what they are given.
_RISING = frozenset({"relu", "maximum", "softplus", "log", "sigmoid", "elu", "squeeze", "reshape", "cast"})
_DEPTH = 4


def players_agree(recording: Recording) -> tuple[Location, int] | None:
    """Where the generator's loss pulls the scores of what it makes the way in which the critic's does; or None.

    The second value is 1 where both make them smaller, and -1 where both make them larger.
    """
    makers = [(module, value, pull) for module, value, name, pull in _losses(recording) if _GENERATOR.search(name)]
    critics = {pull for _, _, name, pull in _losses(recording) if _CRITIC.search(name) and not _GENERATOR.search(name)}
    if len(critics) != 1 or len({pull for _, _, pull in makers}) != 1:
        return None
    module, value, pull = makers[0]
    return (module.at(value.lineno), pull) if pull in critics else None


def _losses(recording: Recording) -> Iterator[tuple[Module, ast.expr, str, int]]:
    """(file, expression, name, pull) of what is named as a loss of a player, and pulls at what is generated."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.FunctionDef) and _LOSS.search(node.name):
                given = [one.arg for one in node.args.args if one.arg != "self"]
                fake = given if len(given) == 1 and _GENERATOR.search(node.name) else list(filter(_FAKE.search, given))
                for one in ast.walk(node):
                    if isinstance(one, ast.Return) and one.value is not None:
                        pull = _pull(module, one.value, set(fake), _DEPTH)
                        if pull:
                            yield module, one.value, node.name, pull
            elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                pull = _pull(module, node.value, set(), _DEPTH) if _LOSS.search(name) else 0
                if pull:
                    yield module, node.value, name, pull


def _pull(module: Module, value: ast.expr, fake: set[str], depth: int) -> int:
    """1 where a value grows with the scores of what is generated, -1 where it falls, 0 where that is not told."""
    value = averaged(value)
    if isinstance(value, ast.Name):
        if value.id in fake or _FAKE.search(value.id) and not _is_label(module, value):
            return 1
        made = assignment(scope_at(module, value.lineno), value.id, value.lineno) if depth else None
        return _pull(module, made.value, fake, depth - 1) if made is not None else 0
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        return -_pull(module, value.operand, fake, depth)
    if isinstance(value, ast.BinOp):
        return _of_two(module, value, fake, depth)
    if isinstance(value, ast.Call):
        return _of_call(module, value, fake, depth)
    return 0


def _of_two(module: Module, value: ast.BinOp, fake: set[str], depth: int) -> int:
    left, right = (_pull(module, one, fake, depth) for one in (value.left, value.right))
    if isinstance(value.op, ast.Sub):
        right = -right
    if isinstance(value.op, (ast.Add, ast.Sub)):
        return left if not right or left == right else right if not left else 0
    if isinstance(value.op, (ast.Mult, ast.Div)):
        return left or right if not (left and right) else 0
    return _squared(module, value.left, fake, depth) if isinstance(value.op, ast.Pow) else 0


def _of_call(module: Module, call: ast.Call, fake: set[str], depth: int) -> int:
    name = called(call)
    if _AGAINST_LABELS.search(name):
        given = [*call.args, *(word.value for word in call.keywords if word.arg in ("labels", "logits", "y_pred"))]
        text = " ".join(ast.unparse(one) for one in given)
        scores = [one for one in given if _pull(module, one, fake, depth) and not _is_label(module, one)]
        ones, zeros = "ones" in text, "zeros" in text
        return 0 if not scores or ones == zeros else -1 if ones else 1
    if name in ("square", "pow") and call.args:
        return _squared(module, call.args[0], fake, depth)
    if name in _RISING:
        pulls = {_pull(module, one, fake, depth) for one in call.args} - {0}
        return pulls.pop() if len(pulls) == 1 else 0
    if _SCORING.search(name):
        text = " ".join(ast.unparse(one) for one in call.args)
        return 1 if _FAKE.search(text) or re.search(r"\b(g|gen\w*)\(", text, re.IGNORECASE) else 0
    return 0


def _squared(module: Module, value: ast.expr, fake: set[str], depth: int) -> int:
    """Of least squares: a score that is held against 1 is pulled up, one that is held against 0 down."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub):
        for one, other in ((value.left, value.right), (value.right, value.left)):
            if _pull(module, one, fake, depth) and isinstance(other, ast.Constant) and other.value == 1:
                return -1
        return 0
    return 1 if _pull(module, value, fake, depth) == 1 else 0


def _is_label(module: Module, value: ast.expr) -> bool:
    """Whether a value is made of ones or zeros, or is named as a label."""
    text = ast.unparse(value)
    if "label" in text or "ones" in text or "zeros" in text:
        return True
    made = assignment(scope_at(module, value.lineno), value.id, value.lineno) if isinstance(value, ast.Name) else None
    return made is not None and bool(re.search(r"\b(ones|zeros)", ast.unparse(made.value)))
