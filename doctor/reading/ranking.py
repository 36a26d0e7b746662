"""Pairwise losses: scores and distances of positive and negative examples, and their signs."""

from __future__ import annotations

import ast
import re

from doctor.reading.scopes import Place, handed_over, own_function, scope_at, statements
from doctor.reading.source import Module, assignment, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_LIKED = re.compile(
    r"(^|_|\.)pos(itives?)?(_|$|\d)|(^|_)(liked|clicked|chosen|preferred|played|heard|bought|purchased|watched|viewed|"
    r"visited|observed|relevant|matching|winner|better)(_|$)",
    re.IGNORECASE,
)
_DISLIKED = re.compile(
    r"(^|_|\.)neg(atives?)?(_|$|\d)|(^|_)others?(_|$)|(^|_)(rejected|unseen|disliked|skipped|unheard|unwatched|"
    r"unvisited|unobserved|irrelevant|random|sampled|loser|worse)(_|$)",
    re.IGNORECASE,
)
_SCORES = re.compile(r"score|logit|sim|dot|rating|rank|affinity|reward", re.IGNORECASE)
_DISTANCES = re.compile(r"dist|(^|_|\b)d_|_d\b|norm|euclid|energy|error|loss\(", re.IGNORECASE)
_FAR = re.compile(r"dist|\bd_|_d\b|euclid|square\(|squared|\*\* ?2", re.IGNORECASE)
#: Functions that a pairwise loss makes small: what stands in them is to be negative.
_PUSHED_DOWN = frozenset({"softplus", "relu", "maximum"})
#: Functions of two vectors that are the larger the farther apart, and the more alike, these are.
_APART = frozenset({"norm", "squared_difference", "euclidean", "euclidean_distance"})
_ALIKE = frozenset({"matmul", "tensordot", "einsum", "dot", "vdot"})


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
                value = _written(function, given[0])
                plus, minus = _signs(value)
                for up, down, far in ((plus, minus, False), (minus, plus, True)):
                    liked = [one for one in up if _speaks(function, one, _LIKED, _DISLIKED)]
                    disliked = [one for one in down if _speaks(function, one, _DISLIKED, _LIKED)]
                    if liked and disliked and _are(recording, module, function, [liked[0], disliked[0]], far):
                        return module.at(value.lineno), far
    return None


def _written(function: ast.FunctionDef, value: ast.expr) -> ast.expr:
    """A value, or what a name was given before."""
    made = assignment(function, value.id, value.lineno) if isinstance(value, ast.Name) else None
    return made.value if made is not None else value


def _signs(value: ast.expr, sign: int = 1) -> tuple[list[ast.expr], list[ast.expr]]:
    """Names and calls that are added in a sum, and those that are subtracted."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Sub)):
        left = _signs(value.left, sign)
        right = _signs(value.right, sign if isinstance(value.op, ast.Add) else -sign)
        return left[0] + right[0], left[1] + right[1]
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        return _signs(value.operand, -sign)
    if isinstance(value, (ast.Name, ast.Attribute, ast.Call)):
        return ([value], []) if sign > 0 else ([], [value])
    return [], []


def _speaks(function: ast.FunctionDef, term: ast.expr, of: re.Pattern[str], against: re.Pattern[str]) -> bool:
    """Whether a name speaks of one kind of examples and not of the other; of a call, those of what it is given."""
    names = [ast.unparse(term)]
    if isinstance(term, ast.Call):
        given = [_written(function, one) for one in term.args]
        names = [part.id for one in (*term.args, *given) for part in ast.walk(one) if isinstance(part, ast.Name)]
    return any(map(of.search, names)) and not any(map(against.search, names))


def _are(recording: Recording, module: Module, function: ast.FunctionDef, terms: list[ast.expr], far: bool) -> bool:
    """Whether two terms are distances (`far`), or scores."""
    calls = [one for one in terms if isinstance(one, ast.Call)]
    if calls:
        kinds = {_kind(recording, Place(module, function, one.lineno), one) for one in calls}
        return len(calls) == len(terms) and kinds == {"distance" if far else "score"}
    handed = _kinds_handed(recording, function, terms)
    if handed and None not in handed:
        return handed == {"distance" if far else "score"}
    told = _told(recording, function, [ast.unparse(one) for one in terms])
    return _are_distances(told) if far else _are_scores(told)


def _kinds_handed(recording: Recording, function: ast.FunctionDef, terms: list[ast.expr]) -> set[str | None]:
    """What the parameters of a function are, by the calls that made what it is given; None among them where unknown."""
    kinds: set[str | None] = set()
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.Call) and called(node) == function.name:
                scope = scope_at(module, node.lineno)
                for term in terms:
                    given = handed_over(function, node, ast.unparse(term))
                    if isinstance(given, ast.Name):
                        given = _assigned(module, scope, given)
                    place = Place(module, scope, node.lineno)
                    kinds.add(_kind(recording, place, given) if isinstance(given, ast.Call) else None)
    return kinds


def _assigned(module: Module, scope: ast.AST, name: ast.Name) -> ast.expr | None:
    """The last value that a name was given before, also as one of several: `a, b = f(x), f(y)`."""
    found: ast.expr | None = None
    for one in statements(module, scope):
        if not isinstance(one, ast.Assign) or one.lineno > name.lineno:
            continue
        for target in one.targets:
            pairs = [(target, one.value)]
            if isinstance(target, ast.Tuple) and isinstance(one.value, ast.Tuple):
                pairs = list(zip(target.elts, one.value.elts))
            found = next((value for part, value in pairs if ast.unparse(part) == name.id), found)
    return found


def _of_instance(recording: Recording, place: Place, call: ast.Call) -> tuple[Module, ast.FunctionDef] | None:
    """The method that runs where an object of a class of the user's is called: `model(u, i)`."""
    if not isinstance(call.func, ast.Name):
        return None
    for name in ("__call__", "call"):
        method = ast.Call(ast.Attribute(call.func, name, ast.Load()), call.args, call.keywords)
        found = own_function(recording, place, method)
        if found is not None:
            return found
    return None


def _kind(recording: Recording, place: Place, call: ast.Call) -> str | None:
    """Whether a function of two vectors is a distance or a score of likeness, by what it returns; else None."""
    found = own_function(recording, place, call) or _of_instance(recording, place, call)
    if found is None:
        return _meaning(call, place.scope)
    returned = [one.value for one in ast.walk(found[1]) if isinstance(one, ast.Return) and one.value is not None]
    return _meaning(returned[0], found[1]) if len(returned) == 1 else None


def _meaning(value: ast.expr, scope: ast.AST) -> str | None:
    if isinstance(value, ast.Name) and (made := assignment(scope, value.id, value.lineno)) is not None:
        value = made.value
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        return {"distance": "score", "score": "distance"}.get(_meaning(value.operand, scope) or "")
    if isinstance(value, ast.BinOp):
        if isinstance(value.op, ast.Add):  # a likeness, and how popular each is
            return _meaning(value.left, scope) or _meaning(value.right, scope)
        if isinstance(value.op, ast.Sub) and isinstance(value.left, ast.Constant):
            return {"distance": "score", "score": "distance"}.get(_meaning(value.right, scope) or "")
        return "score" if isinstance(value.op, ast.MatMult) else None
    if not isinstance(value, ast.Call):
        return None
    name, text = called(value), ast.unparse(value.func)
    if name == "cosine_similarity":  # Keras's own is the smaller the more alike
        return "distance" if "losses" in text else None
    if name in ("reduce_sum", "sum", "reduce_mean", "mean") and value.args:
        return _of_sum(value.args[0]) or _meaning(value.args[0], scope)
    if name == "sqrt" and value.args:
        return "distance" if _meaning(value.args[0], scope) == "distance" else None
    return "distance" if name in _APART and value.args else "score" if name in _ALIKE else None


def _of_sum(value: ast.expr) -> str | None:
    """What the sum over the numbers of two vectors is: of squared differences, or of products."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
        return "score"
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Pow):
        return "distance" if isinstance(value.left, ast.BinOp) and isinstance(value.left.op, ast.Sub) else None
    if isinstance(value, ast.Call) and value.args:
        name = called(value)
        inner = isinstance(value.args[0], ast.BinOp) and isinstance(value.args[0].op, ast.Sub)
        apart = name == "squared_difference" or name in ("square", "abs", "pow") and inner
        return "distance" if apart else "score" if name == "multiply" else None
    return None


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
