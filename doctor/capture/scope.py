"""One function of the script, or the top of a file, whose statements are followed in order."""

from __future__ import annotations

import ast
import inspect
from types import FrameType, FunctionType
from typing import TYPE_CHECKING, Any

from doctor.capture.arithmetic import Arithmetic
from doctor.capture.syntax import Syntax, syntax_of
from doctor.capture.values import Unknown, Value

if TYPE_CHECKING:
    from doctor.capture.following import Follower

#: Statements that are followed, and functions that are entered, each of which adds its own.
MAX_STATEMENTS, MAX_FUNCTIONS = 60, 6


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
            self.follower.statements += 1
            if self.follower.statements > MAX_STATEMENTS or self.follower.done:
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
                    self.bind(target, value)
            elif isinstance(statement, ast.AugAssign):
                self.arithmetic.look(statement.value)
                self.bind(statement.target, None)
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

    def bind(self, target: ast.expr, value: Value | None) -> None:
        """A name is assigned to."""
        if isinstance(target, ast.Name):
            self.bound[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            parts = value.content if value is not None and isinstance(value.content, list) else []
            for number, one in enumerate(target.elts):
                known = value is not None and len(parts) == len(target.elts)
                self.bind(one, Value(parts[number], value.predicted) if known and value is not None else None)

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
        if not predicted or not isinstance(function, FunctionType) or follower.depth >= MAX_FUNCTIONS:
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
        follower.depth += 1
        found = inner.run(definition.body)
        follower.depth -= 1
        if found is None:
            raise Unknown
        return found
