"""Follows what the model said through the script's code, to the labels that it is compared with.

On paper: through the assignments after the call, out of the functions that return the answer and into those that
are given it, until predictions meet something else of as many rows. Nothing of the script is run a second time,
see `arithmetic`.
"""

from __future__ import annotations

import ast
import inspect
import math
from dataclasses import dataclass
from types import FrameType, FunctionType
from typing import Any

import numpy as np

from doctor.capture.arithmetic import Arithmetic, Unknown, Value, rows
from doctor.capture.locator import Locator
from doctor.capture.reach import local_names
from doctor.capture.syntax import Syntax, syntax_of
from doctor.types import Location

#: Statements that are followed, and functions that are entered or left.
MAX_STATEMENTS, MAX_FUNCTIONS = 60, 6


@dataclass(frozen=True)
class Meeting:
    """Where predictions meet labels.

    Attributes:
        answer: what the model said.
        predictions, labels: arrays of as many values.
        text: the labels as the script writes them, outside of its functions where they were handed in.
        location: the line.
        of_classes: whether equality is asked, or both are whole numbers or words, and not a difference.
        broadcast: shapes of predictions and labels, where arithmetic makes all pairs of them; else None.
    """

    answer: np.ndarray
    predictions: np.ndarray
    labels: np.ndarray
    text: str
    location: Location
    of_classes: bool
    broadcast: list[list[int]] | None


class Follower:
    """Follows one answer of the model.

    Args:
        locator: tells the script's code.
        answer: what the model said, an array (rows, ...).
    """

    def __init__(self, locator: Locator, answer: np.ndarray) -> None:
        self.locator = locator
        self.answer = answer
        self.meetings: list[Meeting] = []
        #: Whether more labels were met than there are predictions.
        self.partly = False
        self._statements = 0
        self._depth = 0

    def follow(self, frame: FrameType) -> list[Meeting]:
        """What the answer meets after the running call of a frame.

        Args:
            frame: of the script, in the call that the answer is the value of.
        """
        here: FrameType | None = frame
        answer: Value | None = Value(self.answer, predicted=True)
        left = 0
        while here is not None and answer is not None and left < MAX_FUNCTIONS and not self.meetings:
            syntax = syntax_of(here.f_code.co_filename)
            call = syntax.running(here) if syntax is not None else None
            statement = syntax.statement(call) if syntax is not None and call is not None else None
            if syntax is None or call is None or statement is None:
                break
            scope = Scope(self, syntax, here.f_code.co_filename, _names_of(here), {id(call): answer}, here)
            answer = scope.run([statement, *syntax.following(statement)])
            here, left = _caller(self.locator, here), left + 1
        return self.meetings

    def met(self, scope: Scope, node: ast.expr, predictions: Any, other: Any) -> None:
        """Predictions meet something."""
        predictions, labels = np.asarray(predictions), np.asarray(other)
        words = labels.dtype == object and all(isinstance(one, str) for one in labels.flat)
        if predictions.dtype == object or (labels.dtype == object and not words):
            return
        # One score of a row: a table of probabilities that meets one of its own shape is no answer yet.
        if not labels.size or labels.size != predictions.size or labels.size < len(self.answer):
            self.partly |= labels.size > predictions.size
            return
        paired = None
        # Functions of scikit-learn bring both into one shape.
        if isinstance(node, (ast.BinOp, ast.Compare)) and predictions.ndim != labels.ndim:
            shape = np.broadcast_shapes(predictions.shape, labels.shape)
            paired = [list(predictions.shape), list(labels.shape)] if math.prod(shape) > labels.size else None
        text, location = _operand(node, scope, other), self.locator.location(scope.path, node.lineno)
        differs = isinstance(node, ast.BinOp) or isinstance(node, ast.Call) and _called(node) == "subtract"
        of_classes = not differs and _classes(predictions) and _classes(labels)
        self.meetings.append(Meeting(self.answer, predictions, labels, text, location, of_classes, paired))


class Scope:
    """A function, or the top of a file, that is followed.

    Args:
        follower: what all scopes share.
        syntax: of its file.
        path: of its file.
        names: what its names stood for when it was last run.
        known: values of calls, by the id of the node.
        frame: in which it runs; None where it is only read.
        outer: the scope that calls it, where it is only read.
        given: its parameters -> how the call writes them.
    """

    def __init__(
        self,
        follower: Follower,
        syntax: Syntax,
        path: str,
        names: dict[str, Any],
        known: dict[int, Value],
        frame: FrameType | None = None,
        outer: Scope | None = None,
        given: dict[str, str] | None = None,
    ) -> None:
        self.follower = follower
        self.syntax = syntax
        self.path = path
        self.names = names
        self.frame = frame
        self.outer = outer
        self.given = given or {}
        self.bound: dict[str, Value | None] = {}
        self.arithmetic = Arithmetic(self._name, self._met, self._enter, known)

    def run(self, statements: list[ast.stmt]) -> Value | None:
        """Follow statements; returns the predictions that they return, if they do."""
        for statement in statements:
            self.follower._statements += 1
            if self.follower._statements > MAX_STATEMENTS or self.follower.meetings:
                return None
            if isinstance(statement, ast.Return):
                found = self.arithmetic.look(statement.value) if statement.value is not None else None
                return found if found is not None and found.predicted else None
            if isinstance(statement, (ast.If, ast.With)):
                if isinstance(statement, ast.If):
                    self.arithmetic.look(statement.test)
                found = self.run(statement.body)
                if found is not None:
                    return found
            elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
                value = self.arithmetic.look(statement.value) if statement.value is not None else None
                for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
                    self._bind(target, value)
            elif isinstance(statement, ast.AugAssign):
                self.arithmetic.look(statement.value)
                self._bind(statement.target, None)
            elif isinstance(statement, ast.Assert):
                self.arithmetic.look(statement.test)
            elif isinstance(statement, ast.Expr):
                if not self._append(statement.value):
                    self.arithmetic.look(statement.value)
        return None

    def _append(self, node: ast.expr) -> bool:
        """`answers.append(answer)`: the list holds it from here on."""
        match = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func
        if not match or match.attr not in ("append", "extend") or not isinstance(match.value, ast.Name):
            return False
        assert isinstance(node, ast.Call)
        given = self.arithmetic.look(node.args[0]) if node.args else None
        try:
            before = self._name(match.value.id)
        except Unknown:
            return True
        if given is not None and given.predicted and isinstance(before.content, list):
            more = [given.content] if match.attr == "append" else list(given.content)
            self.bound[match.value.id] = Value([*before.content, *more], predicted=True)
        return True

    def _bind(self, target: ast.expr, value: Value | None) -> None:
        if isinstance(target, ast.Name):
            self.bound[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            parts = value.content if value is not None and isinstance(value.content, list) else []
            for number, one in enumerate(target.elts):
                known = value is not None and len(parts) == len(target.elts)
                self._bind(one, Value(parts[number], value.predicted) if known and value is not None else None)

    def _name(self, name: str) -> Value:
        if name in self.bound:
            found = self.bound[name]
            if found is None:
                raise Unknown
            return found
        if name not in self.names:
            raise Unknown
        return Value(self.names[name])

    def _met(self, node: ast.expr, predictions: Any, other: Any) -> None:
        self.follower.met(self, node, predictions, other)

    def _enter(self, node: ast.Call, function: Any, given: list[Value], words: dict[str, Value]) -> Value:
        """A call of a function of the script's own: its text is followed in its stead."""
        follower = self.follower
        predicted = any(one.predicted for one in (*given, *words.values()))
        if not predicted or not isinstance(function, FunctionType) or follower._depth >= MAX_FUNCTIONS:
            raise Unknown
        path = function.__code__.co_filename
        syntax = syntax_of(path) if follower.locator.is_user_file(path) else None
        definition = syntax.function(function.__code__) if syntax is not None else None
        if syntax is None or definition is None or definition.decorator_list:
            raise Unknown
        try:
            arguments = inspect.signature(function).bind(*given, **words).arguments
        except TypeError as error:
            raise Unknown from error
        written = dict(zip((one.arg for one in definition.args.args), (ast.unparse(one) for one in node.args)))
        inner = Scope(follower, syntax, path, dict(function.__globals__), {}, None, self, written)
        inner.bound.update({name: one for name, one in arguments.items() if isinstance(one, Value)})
        follower._depth += 1
        found = inner.run(definition.body)
        follower._depth -= 1
        if found is None:
            raise Unknown
        return found


def _operand(node: ast.expr, scope: Scope, labels: Any) -> str:
    """The text of the labels among what a comparison or a call compares."""
    parts: list[ast.expr] = []
    if isinstance(node, ast.BinOp):
        parts = [node.left, node.right]
    elif isinstance(node, ast.Compare):
        parts = [node.left, *node.comparators]
    elif isinstance(node, ast.Call):
        parts = list(node.args)
    for part in parts:
        value = None
        try:
            value = scope.arithmetic.value(part)
        except Unknown:
            continue
        if not value.predicted and rows(value.content) == rows(labels):
            return _outside(ast.unparse(part), scope)
    return ""


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def given_as(locator: Locator, frame: FrameType) -> str:
    """How the script writes the first argument of the call that a frame is in, "" where that cannot be told."""
    syntax = syntax_of(frame.f_code.co_filename)
    call = syntax.running(frame) if syntax is not None else None
    return _handed_in(ast.unparse(call.args[0]), locator, frame) if call is not None and call.args else ""


def _outside(text: str, scope: Scope) -> str:
    """What the callers write for a name."""
    while scope.outer is not None:
        if text not in scope.given:
            return text
        text, scope = scope.given[text], scope.outer
    return _handed_in(text, scope.follower.locator, scope.frame)


def _handed_in(text: str, locator: Locator, frame: FrameType | None) -> str:
    """The same for a parameter of the running function."""
    while frame is not None and text in frame.f_code.co_varnames[: frame.f_code.co_argcount]:
        position = frame.f_code.co_varnames.index(text)
        caller = _caller(locator, frame)
        syntax = syntax_of(caller.f_code.co_filename) if caller is not None else None
        call = syntax.running(caller) if syntax is not None and caller is not None else None
        if call is None:
            return text
        if isinstance(call.func, ast.Attribute) and frame.f_code.co_varnames[:1] == ("self",):
            position -= 1
        word = next((one.value for one in call.keywords if one.arg == text), None)
        handed = word if word is not None else call.args[position] if position < len(call.args) else None
        if handed is None:
            return text
        text, frame = ast.unparse(handed), caller
    return text


def _names_of(frame: FrameType) -> dict[str, Any]:
    if frame.f_code.co_flags & inspect.CO_OPTIMIZED:
        return {**frame.f_globals, **local_names(frame)}
    return dict(frame.f_globals)


def _caller(locator: Locator, frame: FrameType) -> FrameType | None:
    """The next frame outwards of the script's own."""
    here = frame.f_back
    while here is not None and not locator.is_user_file(here.f_code.co_filename):
        here = here.f_back
    return here


def _classes(values: np.ndarray) -> bool:
    if values.dtype.kind in "biuUSO":
        return True
    return values.dtype.kind == "f" and bool((values == np.round(values)).all())
