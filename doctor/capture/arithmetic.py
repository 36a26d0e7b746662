"""Works out NumPy expressions of the script a second time, where that has no effects, to see what meets what.

Only what is known to be a pure function of arrays is computed; of everything else the value is unknown. What
is made of predictions is marked, so that it is seen where a prediction meets something that is none.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any, Callable, Protocol, Sequence

import numpy as np

from doctor.capture.pure import ATTRIBUTES, BINARY, BUILTINS, COMPARED, FUNCTIONS, METHODS, TENSORS, UNARY

#: Values of an array that are computed with; a confusion of (N, 1) with (N,) makes N * N.
MAX_VALUES = 4_000_000


class Unknown(Exception):
    """The value of an expression cannot be told, or only by running the script's own code again."""


@dataclass(frozen=True)
class Value:
    """What an expression is worth.

    Attributes:
        content: an array, a number, a module, any object.
        predicted: whether it is made of what the model said.
    """

    content: Any
    predicted: bool = False


class Names(Protocol):
    """What the names of a place in the script stand for."""

    def __call__(self, name: str) -> Value:
        """Raises Unknown where there is no such name."""
        ...  # pragma: no cover


#: Told of an expression in which predictions and something else of as many rows meet: (node, predictions, other).
Met = Callable[[ast.expr, Any, Any], None]
#: Calls a function of the script's own: (node, function, arguments, keywords) -> value.
Entered = Callable[[ast.Call, Any, list[Value], dict[str, Value]], Value]


class Arithmetic:
    """Computes expressions.

    Args:
        names: what names stand for.
        met: told where predictions meet something else.
        entered: asked for the value of a call of a function that is not known here.
        known: values of nodes that were computed by the script itself, by the id of the node.
    """

    def __init__(self, names: Names, met: Met, entered: Entered, known: dict[int, Value]) -> None:
        self.names = names
        self.met = met
        self.entered = entered
        self.known = known

    def value(self, node: ast.expr) -> Value:
        """What an expression is worth.

        Raises:
            Unknown: that cannot be told.
        """
        if id(node) in self.known:
            return self.known[id(node)]
        kind = getattr(self, f"_{type(node).__name__.lower()}", None)
        if kind is None:
            raise Unknown
        found: Value = kind(node)
        return found

    def look(self, node: ast.expr) -> Value | None:
        """The same, None where it is unknown; its parts are looked at then, for what meets in them."""
        try:
            return self.value(node)
        except Unknown:
            for part in ast.iter_child_nodes(node):
                part = part.value if isinstance(part, (ast.keyword, ast.FormattedValue)) else part
                if isinstance(part, ast.expr) and not isinstance(part, (ast.Name, ast.Constant)):
                    self.look(part)
            return None

    # One method for each kind of node.

    def _constant(self, node: ast.Constant) -> Value:
        return Value(node.value)

    def _name(self, node: ast.Name) -> Value:
        try:
            return self.names(node.id)
        except Unknown:
            if node.id in BUILTINS:
                return Value(BUILTINS[node.id])
            raise

    def _tuple(self, node: ast.Tuple | ast.List) -> Value:
        parts = [self.value(one) for one in node.elts]
        return Value([one.content for one in parts], any(one.predicted for one in parts))

    _list = _tuple

    def _attribute(self, node: ast.Attribute) -> Value:
        owner = self.value(node.value)
        content = owner.content
        if isinstance(content, type(np)):  # a module
            if node.attr in vars(content):
                return Value(vars(content)[node.attr])
        elif node.attr in ATTRIBUTES and hasattr(content, "shape"):
            return Value(_computed(lambda: getattr(content, node.attr)), owner.predicted)
        elif hasattr(content, "columns") and hasattr(content, "loc"):
            return Value(_computed(lambda: content[node.attr]), owner.predicted)
        elif isinstance(getattr(content, "__dict__", None), dict) and node.attr in vars(content):
            return Value(vars(content)[node.attr])
        elif isinstance(content, tuple) and node.attr in getattr(content, "_fields", ()):
            return Value(content[content._fields.index(node.attr)])  # type: ignore[attr-defined]
        raise Unknown

    def _subscript(self, node: ast.Subscript) -> Value:
        owner = self.value(node.value)
        index, predicted = self._index(node.slice)
        content = owner.content
        if not (isinstance(content, (dict, list, tuple)) or hasattr(content, "shape")):
            raise Unknown
        if isinstance(content, list) and not isinstance(index, (int, slice)):
            content = np.asarray(content)
        return Value(_computed(lambda: content[index]), owner.predicted or predicted)

    def _index(self, node: ast.expr) -> tuple[Any, bool]:
        if isinstance(node, ast.Slice):
            parts = (node.lower, node.upper, node.step)
            return slice(*(None if one is None else self.value(one).content for one in parts)), False
        if isinstance(node, ast.Tuple):
            inner = [self._index(one) for one in node.elts]
            return tuple(one for one, _ in inner), any(predicted for _, predicted in inner)
        found = self.value(node)
        return found.content, found.predicted

    def _unaryop(self, node: ast.UnaryOp) -> Value:
        inner = self.value(node.operand)
        if type(node.op) not in UNARY:
            raise Unknown
        return Value(_computed(lambda: UNARY[type(node.op)](_plain(inner.content))), inner.predicted)

    def _binop(self, node: ast.BinOp) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        if type(node.op) not in BINARY:
            raise Unknown
        if isinstance(node.op, ast.Sub):
            self._meet(node, left, right)
        return self._both(BINARY[type(node.op)], left, right)

    def _compare(self, node: ast.Compare) -> Value:
        if len(node.ops) != 1 or type(node.ops[0]) not in COMPARED:
            raise Unknown
        left, right = self.value(node.left), self.value(node.comparators[0])
        if isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            self._meet(node, left, right)
        return self._both(COMPARED[type(node.ops[0])], left, right)

    def _call(self, node: ast.Call) -> Value:
        given = [self.value(one) for one in node.args if not isinstance(one, ast.Starred)]
        words = {one.arg: self.value(one.value) for one in node.keywords if one.arg is not None}
        if len(given) != len(node.args) or len(words) != len(node.keywords):
            raise Unknown
        predicted = any(one.predicted for one in (*given, *words.values()))
        plain = [_plain(one.content) for one in given]
        named = {name: _plain(one.content) for name, one in words.items()}
        if isinstance(node.func, ast.Attribute):
            try:
                owner: Value | None = self.value(node.func.value)
            except Unknown:
                owner = None
            name = node.func.attr
            if owner is not None and not isinstance(owner.content, type(np)):
                return self._method(node, owner, name, given, words, predicted)
        function = self.value(node.func).content
        if not callable(function):
            raise Unknown
        name, module = getattr(function, "__name__", ""), getattr(function, "__module__", "") or ""
        if name in ("equal", "not_equal", "subtract") and len(given) == 2:
            self._meet(node, *given)
        if any(function is one for one in BUILTINS.values()):
            return Value(_computed(lambda: function(*plain, **named)), predicted)
        if name in FUNCTIONS and getattr(np, name, None) is function:
            return Value(_computed(lambda: function(*plain, **named)), predicted)
        if module.startswith("sklearn.metrics") and len(given) >= 2:
            self._meet(node, given[0], given[1])
            raise Unknown
        if module.startswith(("tensorflow.", "keras.")):
            if name.removesuffix("_v2") not in TENSORS:
                raise Unknown
            function = TENSORS[name.removesuffix("_v2")]
            return Value(_computed(lambda: function(*plain, **named)), predicted)
        return self.entered(node, function, given, words)

    def _method(
        self, node: ast.Call, owner: Value, name: str, given: list[Value], words: dict[str, Value], predicted: bool
    ) -> Value:
        content = owner.content
        plain = [_plain(one.content) for one in given]
        named = {word: _plain(one.content) for word, one in words.items()}
        if name in ("numpy", "to_numpy") and hasattr(content, "shape"):
            return Value(np.asarray(_plain(content)), owner.predicted)
        if name in METHODS and (hasattr(content, "shape") or isinstance(content, np.generic)):
            predicted |= owner.predicted
            return Value(_computed(lambda: getattr(_plain(content), name)(*plain, **named)), predicted)
        kind = type(content).__module__ or ""
        if name in ("inverse_transform", "transform") and kind.startswith("sklearn.preprocessing"):
            return Value(_computed(lambda: getattr(content, name)(*plain, **named)), predicted)
        function = getattr(type(content), "__dict__", {}).get(name)
        if function is None:
            raise Unknown
        return self.entered(node, function, [owner, *given], words)

    # What they share.

    def _both(self, function: Callable[[Any, Any], Any], left: Value, right: Value) -> Value:
        return Value(
            _computed(lambda: function(_plain(left.content), _plain(right.content))), left.predicted or right.predicted
        )

    def _meet(self, node: ast.expr, left: Value, right: Value) -> None:
        if left.predicted != right.predicted:
            predictions, other = (left, right) if left.predicted else (right, left)
            self.met(node, _plain(predictions.content), _plain(other.content))


def _plain(content: Any) -> Any:
    """Tables and tensors as arrays."""
    if isinstance(content, np.ndarray) or not hasattr(content, "shape"):
        return content
    for name in ("to_numpy", "numpy"):
        if hasattr(content, name):
            return np.asarray(_computed(getattr(content, name)))
    return content


def _computed(function: Callable[[], Any]) -> Any:
    """The value of a pure function.

    Raises:
        Unknown: NumPy would not compute it, or it is too large.
    """
    try:
        with np.errstate(all="ignore"):
            content = function()
    except Exception as error:  # whatever NumPy says: the script will meet it by itself
        raise Unknown from error
    if isinstance(content, np.ndarray) and content.size > MAX_VALUES:
        raise Unknown
    return content


def rows(content: Any) -> int:
    """How many rows something has, 0 where it has none."""
    shape: Sequence[int] = getattr(content, "shape", ())
    return int(shape[0]) if shape else len(content) if isinstance(content, (list, tuple)) else 0
