"""Works out NumPy expressions of the script a second time, where that has no effects, to see what meets what.

Only functions of arrays that are known to be pure are computed, on views that cannot be written into; of everything
else the value is unknown. What is made of predictions is marked, so that it is seen where a prediction meets
something that is none.
"""

from __future__ import annotations

import ast
from types import FunctionType, ModuleType
from typing import Any, Callable, Protocol

import numpy as np

from doctor.capture.pure import (
    ATTRIBUTES,
    BINARY,
    BUILTINS,
    COMPARED,
    FUNCTIONS,
    METHODS,
    SCALERS,
    TENSORS,
    UNARY,
    WRITING,
)
from doctor.capture.values import (
    Unknown,
    Unseen,
    Value,
    as_plain,
    attribute,
    check_size,
    computed,
    is_array,
    method,
    truth,
)

#: What may not run, or has names of its own.
_APART = (ast.IfExp, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
#: Modules of functions that are not the script's own.
LIBRARIES = ("numpy.", "pandas.", "tensorflow.", "keras.", "sklearn.", "scipy.")


class Names(Protocol):
    """What the names of a place in the script stand for."""

    def __call__(self, name: str) -> Value:
        """Raises Unknown where there is no such name."""
        ...  # pragma: no cover


#: Told of an expression in which predictions meet something else: (node, predictions, other, node of the other).
Met = Callable[[ast.expr, Any, Any, ast.expr], None]
#: Calls a function of the script's own: (node, function, arguments, keywords) -> value.
Entered = Callable[[ast.Call, Any, list[Value], dict[str, Value]], Value]


class Arithmetic:
    """Computes expressions.

    Args:
        names: what names, and attributes that were assigned to, stand for.
        met: told where predictions meet something else.
        entered: asked for the value of a call of a function that is not known here.
        known: values of nodes that were computed by the script itself, by the id of the node.
        over: whether enough was seen.
        assigned: whether an attribute ("self.answer") was assigned to.
    """

    def __init__(
        self, names: Names, met: Met, entered: Entered, known: dict[int, Value], over: Callable[[], bool],
        assigned: Callable[[str], bool],
    ) -> None:  # fmt: skip
        self.names = names
        self.assigned = assigned
        self.met = met
        self.entered = entered
        self.known = known
        self.over = over

    def value(self, node: ast.expr) -> Value:
        """What an expression is worth.

        Raises:
            Unknown: that cannot be told.
        """
        if id(node) in self.known:
            return self.known[id(node)]
        kind = getattr(self, f"_{type(node).__name__.lower()}", None)
        if kind is None or self.over():
            raise Unknown
        found: Value = kind(node)
        return found

    def look(self, node: ast.expr) -> Value | None:
        """The same, None where it is unknown; its parts are looked at then, for what meets in them."""
        try:
            return self.value(node)
        except Unknown:
            parts = ast.iter_child_nodes(node)
            if isinstance(node, ast.BoolOp):
                parts = iter(node.values[:1])  # the others may not run
            for part in parts if not isinstance(node, _APART) else ():
                part = part.value if isinstance(part, (ast.keyword, ast.FormattedValue)) else part
                if isinstance(part, ast.expr):
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
        text = ast.unparse(node)
        if self.assigned(text):  # since, as `self.answer`
            return self.names(text)
        owner = self.value(node.value)
        content = owner.content
        if isinstance(content, Unseen):
            return owner
        if is_array(content):
            plain = as_plain(content)
            if node.attr == "values":  # of a table
                return Value(plain, owner.predicted)
            if node.attr in ATTRIBUTES:
                return Value(computed(lambda: getattr(plain, node.attr)), owner.predicted)
            if type(content).__name__ == "DataFrame":
                return Value(computed(lambda: content[node.attr]), owner.predicted)
            raise Unknown
        return Value(attribute(content, node.attr))

    def _subscript(self, node: ast.Subscript) -> Value:
        owner = self.value(node.value)
        index, predicted = self._index(node.slice)
        content = owner.content
        if isinstance(content, Unseen):
            return owner
        if isinstance(index, Unseen):
            return Value(index, predicted=True)  # names of classes
        if type(content) is list and type(index) not in (int, slice):
            content = computed(lambda: np.asarray(as_plain(content)))
        if not (type(content) in (dict, list, tuple) or is_array(content)):
            raise Unknown
        if type(content) is not dict:
            check_size(index)
        return Value(computed(lambda: content[index]), owner.predicted or predicted)

    def _index(self, node: ast.expr) -> tuple[Any, bool]:
        if isinstance(node, ast.Slice):
            parts = (node.lower, node.upper, node.step)
            return slice(*(None if one is None else as_plain(self.value(one).content) for one in parts)), False
        if isinstance(node, ast.Tuple):
            inner = [self._index(one) for one in node.elts]
            return tuple(one for one, _ in inner), any(predicted for _, predicted in inner)
        found = self.value(node)
        return as_plain(found.content), found.predicted

    def _ifexp(self, node: ast.IfExp) -> Value:
        return self.value(node.body if truth(self.value(node.test)) else node.orelse)

    def _unaryop(self, node: ast.UnaryOp) -> Value:
        inner = self.value(node.operand)
        plain = as_plain(inner.content)
        if isinstance(plain, Unseen):
            return inner
        return Value(computed(lambda: UNARY[type(node.op)](plain)), inner.predicted)

    def _binop(self, node: ast.BinOp) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(node.op, ast.Sub):
            self._meet(node, (left, node.left), (right, node.right))
        return self._both(BINARY.get(type(node.op)), left, right, product=isinstance(node.op, ast.MatMult))

    def _compare(self, node: ast.Compare) -> Value:
        if len(node.ops) != 1:
            raise Unknown
        left, right = self.value(node.left), self.value(node.comparators[0])
        if isinstance(node.ops[0], (ast.Is, ast.IsNot)):  # of anything
            return Value(COMPARED[type(node.ops[0])](left.content, right.content))
        if isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            self._meet(node, (left, node.left), (right, node.comparators[0]))
        return self._both(COMPARED.get(type(node.ops[0])), left, right)

    def _call(self, node: ast.Call) -> Value:
        if isinstance(node.func, ast.Attribute):
            owner = self.value(node.func.value)
            if type(owner.content) is not ModuleType:
                return self._method(node, owner, node.func.attr)
            function = attribute(owner.content, node.func.attr)
        else:
            function = self.value(node.func).content
        given, words = self._given(node)
        predicted = any(one.predicted for one in (*given, *words.values()))
        if type(function) is FunctionType and not _of_library(function):
            return self.entered(node, function, given, words)
        name = FUNCTIONS.get(id(function), "") or (function.__name__ if type(function) is FunctionType else "")
        compares = name.removesuffix("_v2") in ("equal", "not_equal", "subtract")
        scores = type(function) is FunctionType and str(function.__module__).startswith("sklearn.metrics")
        if (compares or scores) and len(given) >= 2:
            self._meet(node, (given[0], node.args[0]), (given[1], node.args[1]))
        plain = [one.content if _is_type(one.content) else as_plain(one.content) for one in given]
        named = {word: one.content if word == "dtype" else as_plain(one.content) for word, one in words.items()}
        if any(isinstance(one, Unseen) for one in (*plain, *named.values())):
            return Value(Unseen(), predicted=True)
        if any(function is one for one in BUILTINS.values()) or id(function) in FUNCTIONS:
            if WRITING & named.keys() and name != "array":
                raise Unknown
            check_size(*plain)
            return Value(computed(lambda: function(*plain, **named)), predicted)
        if type(function) is FunctionType and str(function.__module__).startswith(("tensorflow.", "keras.")):
            known = TENSORS.get(name.removesuffix("_v2"))
            if known is not None:
                check_size(*plain)
                return Value(computed(lambda: known(*plain, **named)), predicted)
        raise Unknown

    def _given(self, node: ast.Call) -> tuple[list[Value], dict[str, Value]]:
        if any(isinstance(one, ast.Starred) for one in node.args) or any(one.arg is None for one in node.keywords):
            raise Unknown
        return [self.value(one) for one in node.args], {one.arg or "": self.value(one.value) for one in node.keywords}

    def _method(self, node: ast.Call, owner: Value, name: str) -> Value:
        given, words = self._given(node)
        content = owner.content
        if isinstance(content, Unseen):
            return owner
        predicted = owner.predicted or any(one.predicted for one in (*given, *words.values()))
        if is_array(content):
            plain = as_plain(content)
            if name in ("numpy", "to_numpy"):
                return Value(plain, owner.predicted)
            if name not in METHODS or WRITING & words.keys():
                raise Unknown
            check_size(plain)
            others = [one.content if _is_type(one.content) else as_plain(one.content) for one in given]
            named = {word: as_plain(one.content) for word, one in words.items() if word != "dtype"}
            return Value(computed(lambda: getattr(plain, name)(*others, **named)), predicted)
        if (type(content).__module__ or "").startswith("sklearn.preprocessing."):
            scaled = SCALERS.get((type(content).__name__, name))
            if scaled is None or len(given) != 1:
                raise Unknown
            values = as_plain(given[0].content)
            if isinstance(values, Unseen):
                return given[0]
            return Value(computed(lambda: scaled(values, vars(content))), predicted)
        try:
            function = method(content, name)
        except Unknown:
            if not any(isinstance(one.content, Unseen) for one in (*given, *words.values())):
                raise
            return Value(Unseen(), predicted=True)  # a part of a network, which the object keeps: `self.head(h)`
        return self.entered(node, function, [owner, *given], words)

    # What they share.

    def _both(
        self, function: Callable[[Any, Any], Any] | None, left: Value, right: Value, product: bool = False
    ) -> Value:
        one, other = as_plain(left.content), as_plain(right.content)
        if function is None:
            raise Unknown
        if isinstance(one, Unseen) or isinstance(other, Unseen):
            return Value(Unseen(), predicted=True)
        check_size(one, other, product=product)
        return Value(computed(lambda: function(one, other)), left.predicted or right.predicted)

    def _meet(self, node: ast.expr, left: tuple[Value, ast.expr], right: tuple[Value, ast.expr]) -> None:
        if left[0].predicted != right[0].predicted:
            predictions, other = (left, right) if left[0].predicted else (right, left)
            self.met(node, as_plain(predictions[0].content), as_plain(other[0].content), other[1])


def _of_library(function: FunctionType) -> bool:
    return f"{function.__module__}.".startswith(LIBRARIES)


def _is_type(content: Any) -> bool:
    """Whether something names the type of numbers: `int`, `np.float32`, `tf.int32`."""
    return type(content) is type or isinstance(content, np.dtype) or type(content).__name__ == "DType"
