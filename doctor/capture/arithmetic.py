"""Works out NumPy expressions of the script a second time, where that has no effects, to see what meets what.

Only what is known to be a pure function of arrays is computed; of everything else the value is unknown. What
is made of predictions is marked, so that it is seen where a prediction meets something that is none.
"""

from __future__ import annotations

import ast
from types import FunctionType
from typing import Any, Callable, Protocol

import numpy as np

from doctor.capture.pure import ATTRIBUTES, BINARY, BUILTINS, COMPARED, FUNCTIONS, METHODS, SHAPING, TENSORS, UNARY
from doctor.capture.values import Unknown, Unseen, Value, as_plain, computed, is_array

#: Modules of functions that are not the script's own.
LIBRARIES = ("numpy", "pandas", "tensorflow.", "keras.", "sklearn.", "scipy.")


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
        if isinstance(content, Unseen):
            return owner
        if isinstance(content, type(np)):  # a module
            if node.attr in vars(content):
                return Value(vars(content)[node.attr])
        elif node.attr in ATTRIBUTES and is_array(content):
            return Value(computed(lambda: getattr(content, node.attr)), owner.predicted)
        elif is_array(content) and hasattr(content, "columns"):
            return Value(computed(lambda: content[node.attr]), owner.predicted)
        elif isinstance(getattr(content, "__dict__", None), dict) and node.attr in vars(content):
            return Value(vars(content)[node.attr])
        elif isinstance(content, tuple) and node.attr in getattr(content, "_fields", ()):
            return Value(content[content._fields.index(node.attr)])  # type: ignore[attr-defined]
        raise Unknown

    def _subscript(self, node: ast.Subscript) -> Value:
        owner = self.value(node.value)
        index, predicted = self._index(node.slice)
        content = owner.content
        if isinstance(content, Unseen):
            return owner
        if not (isinstance(content, (dict, list, tuple)) or is_array(content)):
            raise Unknown
        if isinstance(index, Unseen):
            return Value(Unseen(changed=True), predicted=True)  # names of classes
        if isinstance(content, list) and not isinstance(index, (int, slice)):
            content = np.asarray(content)
        return Value(computed(lambda: content[index]), owner.predicted or predicted)

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
        if isinstance(inner.content, Unseen):
            return Value(Unseen(changed=True), predicted=True)
        return Value(computed(lambda: UNARY[type(node.op)](as_plain(inner.content))), inner.predicted)

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
        plain = [as_plain(one.content) for one in given]
        named = {name: as_plain(one.content) for name, one in words.items()}
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
        if any(isinstance(one, Unseen) for one in (*plain, *named.values())):
            return self._of_unseen(node, function, given, words)
        name, module = getattr(function, "__name__", ""), getattr(function, "__module__", "") or ""
        if name in ("equal", "not_equal", "subtract") and len(given) == 2:
            self._meet(node, *given)
        if any(function is one for one in BUILTINS.values()):
            return Value(computed(lambda: function(*plain, **named)), predicted)
        if name in FUNCTIONS and getattr(np, name, None) is function:
            return Value(computed(lambda: function(*plain, **named)), predicted)
        if module.startswith("sklearn.metrics") and len(given) >= 2:
            self._meet(node, given[0], given[1])
            raise Unknown
        if module.startswith(("tensorflow.", "keras.")):
            if name.removesuffix("_v2") not in TENSORS:
                raise Unknown
            function = TENSORS[name.removesuffix("_v2")]
            return Value(computed(lambda: function(*plain, **named)), predicted)
        return self.entered(node, function, given, words)

    def _method(
        self, node: ast.Call, owner: Value, name: str, given: list[Value], words: dict[str, Value], predicted: bool
    ) -> Value:
        content = owner.content
        plain = [as_plain(one.content) for one in given]
        named = {word: as_plain(one.content) for word, one in words.items()}
        if isinstance(content, Unseen):
            return Value(Unseen(content.changed or name not in SHAPING), predicted=True)
        if name in ("numpy", "to_numpy") and is_array(content):
            return Value(np.asarray(as_plain(content)), owner.predicted)
        if name in METHODS and is_array(content):
            predicted |= owner.predicted
            return Value(computed(lambda: getattr(as_plain(content), name)(*plain, **named)), predicted)
        kind = type(content).__module__ or ""
        if name in ("inverse_transform", "transform") and kind.startswith("sklearn.preprocessing"):
            return Value(computed(lambda: getattr(content, name)(*plain, **named)), predicted)
        function = getattr(type(content), "__dict__", {}).get(name)
        if function is None:
            raise Unknown
        if any(isinstance(one, Unseen) for one in (*plain, *named.values())) and not isinstance(function, FunctionType):
            return Value(Unseen(changed=True), predicted=True)
        return self.entered(node, function, [owner, *given], words)

    def _of_unseen(self, node: ast.Call, function: Any, given: list[Value], words: dict[str, Value]) -> Value:
        """A function of predictions that are not known yet."""
        name, module = getattr(function, "__name__", ""), getattr(function, "__module__", "") or ""
        if isinstance(function, FunctionType) and not module.startswith(LIBRARIES):
            return self.entered(node, function, given, words)
        if len(given) >= 2 and (name in ("equal", "not_equal", "subtract") or module.startswith("sklearn.metrics")):
            self._meet(node, given[0], given[1])
        changed = [one.content.changed for one in (*given, *words.values()) if isinstance(one.content, Unseen)]
        return Value(Unseen(any(changed) or name.removesuffix("_v2") not in SHAPING), predicted=True)

    # What they share.

    def _both(self, function: Callable[[Any, Any], Any], left: Value, right: Value) -> Value:
        if isinstance(left.content, Unseen) or isinstance(right.content, Unseen):
            return Value(Unseen(changed=True), predicted=True)
        return Value(
            computed(lambda: function(as_plain(left.content), as_plain(right.content))),
            left.predicted or right.predicted,
        )

    def _meet(self, node: ast.expr, left: Value, right: Value) -> None:
        if left.predicted != right.predicted:
            predictions, other = (left, right) if left.predicted else (right, left)
            self.met(node, as_plain(predictions.content), as_plain(other.content))
