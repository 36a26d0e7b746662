"""Cosine similarities of Keras, which are negative for vectors that are alike, and what is made of them."""

from __future__ import annotations

import ast
import re

from doctor.reading.scopes import scope_at
from doctor.reading.source import Module, assignment, averaged, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_LOSS = re.compile(r"loss|cost|objective|error|criterion", re.IGNORECASE)


def turned_similarity(recording: Recording) -> Location | None:
    """Where a cosine similarity of Keras is subtracted from something, or a loss is minus one."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
                # Of two similarities one is subtracted from the other: for triplets that is right.
                negated = [node.right] if isinstance(node.left, ast.Constant) else []
            elif isinstance(node, ast.FunctionDef) and _LOSS.search(node.name):
                returns = [one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value is not None]
                for value in returns:
                    if any(_is_similarity(module, one, value.lineno) for one in _minus(value)):
                        return module.at(value.lineno)
                continue
            elif isinstance(node, ast.Assign) and _LOSS.search(ast.unparse(node.targets[0])):
                negated = _minus(node.value)
            else:
                continue
            if any(_is_similarity(module, value, node.lineno) for value in negated):
                return module.at(node.lineno)
    return None


def _minus(value: ast.expr) -> list[ast.expr]:
    """What a value is minus of, also below a mean."""
    value = averaged(value)
    return [value.operand] if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub) else []


def _is_similarity(module: Module, value: ast.expr | None, line: int) -> bool:
    """Whether a value is `keras.losses.cosine_similarity(...)`, its mean, or a name for one of these."""
    for _ in range(4):
        value = averaged(value) if value is not None else None
        if isinstance(value, ast.Name):
            made = assignment(scope_at(module, line), value.id, line)
            value = made.value if made is not None else None
    if not isinstance(value, ast.Call) or called(value) != "cosine_similarity":
        return False
    owner = value.func.value if isinstance(value.func, ast.Attribute) else None
    return "losses" in ast.unparse(value.func) or owner is None and "losses import" in module.text


_LIKED = re.compile(r"(^|_|\.)pos(itives?)?(_|$|\d)|(^|_)liked|(^|_)clicked|(^|_)chosen", re.IGNORECASE)
_DISLIKED = re.compile(r"(^|_|\.)neg(atives?)?(_|$|\d)|(^|_)other|(^|_)rejected|(^|_)unseen", re.IGNORECASE)
_SCORES = re.compile(r"score|logit|sim|dot|rating|rank|affinity|reward", re.IGNORECASE)
_DISTANCES = re.compile(r"dist|(^|_|\b)d_|_d\b|norm|euclid|energy|error|loss\(", re.IGNORECASE)
_FAR = re.compile(r"dist|\bd_|_d\b|euclid|square\(|squared|\*\* ?2", re.IGNORECASE)
#: Functions that a pairwise loss makes small: what stands in them is to be negative.
_PUSHED_DOWN = frozenset({"softplus", "relu", "maximum"})


def ranked_backwards(recording: Recording) -> tuple[Location, bool] | None:
    """Where a pairwise loss brings the scores of positive examples below those of negative ones; or None.

    `softplus(positive - negative)`, where both are scores: of distances that is right, and
    `maximum(negative - positive + margin, 0)` is wrong. The second value tells whether they are distances.
    """
    for module in modules(recording):
        for function in nodes(module.tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if not isinstance(node, ast.Call) or called(node) not in _PUSHED_DOWN:
                    continue
                given = [one for one in node.args if not (isinstance(one, ast.Constant) and one.value in (0, 0.0))]
                if len(given) != 1 or (called(node) == "maximum") != (len(node.args) == 2):
                    continue
                plus, minus = _signs(given[0])
                for up, down, far in ((plus, minus, False), (minus, plus, True)):
                    liked = [one for one in up if _LIKED.search(one) and not _DISLIKED.search(one)]
                    disliked = [one for one in down if _DISLIKED.search(one) and not _LIKED.search(one)]
                    if not liked or not disliked:
                        continue
                    told = _told(recording, function, [liked[0], disliked[0]])
                    if _are_distances(told) if far else _are_scores(told):
                        return module.at(node.lineno), far
    return None


def _signs(value: ast.expr, sign: int = 1) -> tuple[list[str], list[str]]:
    """Names that are added in a sum, and names that are subtracted."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Sub)):
        left = _signs(value.left, sign)
        right = _signs(value.right, sign if isinstance(value.op, ast.Add) else -sign)
        return left[0] + right[0], left[1] + right[1]
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        return _signs(value.operand, -sign)
    if isinstance(value, (ast.Name, ast.Attribute)):
        return ([ast.unparse(value)], []) if sign > 0 else ([], [ast.unparse(value)])
    return [], []


def _told(recording: Recording, function: ast.FunctionDef, names: list[str]) -> str:
    """The names, what they are given, and what the function is called with."""
    texts = [*names]
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(ast.unparse(target) in names for target in node.targets):
            texts.append(ast.unparse(node.value))
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.Call) and called(node) == function.name:
                texts += [ast.unparse(one) for one in node.args]
    return "\n".join(texts)


def _are_distances(told: str) -> bool:
    # What is the larger the nearer is a score: minus a distance, an exponential of that, one over it.
    negated = re.search(r"(?m)(^|[(,=]\s*)-\s*[A-Za-z_(]|exp\(|\b1(\.0*)? ?[-/]|neg(ative)?_\w*\(|minus", told)
    return _FAR.search(told) is not None and _SCORES.search(told) is None and negated is None


def _are_scores(told: str) -> bool:
    if "losses.cosine_similarity" in told:
        return False  # Keras's own is the smaller the more alike
    return _SCORES.search(told) is not None and _DISTANCES.search(told) is None
