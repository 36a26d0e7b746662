"""One function of the script, or the top of a file, whose statements are followed in order."""

from __future__ import annotations

import ast
import inspect
from types import FrameType, FunctionType
from typing import TYPE_CHECKING, Any

from doctor.capture.arithmetic import Arithmetic
from doctor.capture.pure import CHANGING
from doctor.capture.syntax import Syntax, syntax_of
from doctor.capture.values import Unknown, Unseen, Value, truth

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
        self.ended = False
        self.arithmetic = Arithmetic(
            self._name, self._met, self._enter, known, lambda: follower.done, lambda text: text in self.bound
        )
        follower.scopes.append(self)

    def close(self) -> None:
        """Let go of all that belongs to the script."""
        self.names, self.bound, self.given, self.frame, self.outer = {}, {}, {}, None, None
        self.arithmetic.known.clear()

    def run(self, statements: list[ast.stmt]) -> Value | None:
        """Follow statements; returns the predictions that they return, if they do."""
        for statement in statements:
            self.follower.statements += 1
            if self.follower.statements > MAX_STATEMENTS or self.follower.done or self.ended:
                return None
            if isinstance(statement, ast.Return):
                self.ended = True
                found = self.arithmetic.look(statement.value) if statement.value is not None else None
                return found if found is not None and found.predicted else None
            if isinstance(statement, (ast.If, ast.With)):
                found = self.run(self._branch(statement))
                if found is not None or self.ended:
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
                    self._changed(statement)
            else:  # a loop, a try: what it leaves behind is not known
                self._forget(statement)
        return None

    def _branch(self, statement: ast.If | ast.With) -> list[ast.stmt]:
        """The statements that run; none where that is not known."""
        if isinstance(statement, ast.With):
            for item in statement.items:
                if item.optional_vars is not None:
                    self.bind(item.optional_vars, None)
            return statement.body
        test = self.arithmetic.look(statement.test)
        if test is not None:
            try:
                return statement.body if truth(test) else statement.orelse
            except Unknown:
                pass
        self._forget(statement)
        return []

    def _forget(self, statement: ast.stmt) -> None:
        """What a statement may have changed is not known from here on; where it may return, nothing is.

        But for an answer that is not known yet, and is made into another one: `x = relu(x)` is one still.
        """
        kept = {self._goes_on(one) for one in ast.walk(statement)} - {None}
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and node.id in kept:
                continue
            if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
                self.bind(node, None)
            elif isinstance(node, (ast.Return, ast.Break, ast.Continue)) and isinstance(statement, ast.If):
                self.ended = True
        self._changed(statement)

    def _goes_on(self, node: ast.AST) -> str | None:
        """The name that stands for an answer to come, where a statement binds it to what is made of it."""
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        if not isinstance(node, ast.Assign) or not isinstance(target, ast.Name):
            return None
        bound = self.bound.get(target.id)
        names = {one.id for one in ast.walk(node.value) if isinstance(one, ast.Name)}
        return target.id if bound is not None and isinstance(bound.content, Unseen) and target.id in names else None

    def _changed(self, statement: ast.stmt) -> None:
        """Methods and functions that change what they are given: `y.sort()`, `rng.shuffle(y)`."""
        for node in ast.walk(statement):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(node, ast.Call) and isinstance(called, ast.Attribute) and called.attr in CHANGING:
                for part in (called.value, *node.args):
                    if isinstance(part, (ast.Name, ast.Attribute)):
                        self.bound[ast.unparse(part)] = None

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
        if given is not None and given.predicted and type(before.content) is list:
            more = [given.content] if match.attr == "append" else given.content
            whole = [*before.content, *more] if type(more) is list else None
            self.bound[match.value.id] = Value(whole, predicted=True) if whole is not None else None
        return True

    def bind(self, target: ast.expr, value: Value | None) -> None:
        """A name, an attribute or a part of something is assigned to."""
        if isinstance(target, (ast.Name, ast.Attribute)):
            self.bound[ast.unparse(target)] = value
        elif isinstance(target, ast.Subscript):
            self.bound[ast.unparse(target.value)] = None
        elif isinstance(target, ast.Starred):
            self.bind(target.value, None)
        elif isinstance(target, (ast.Tuple, ast.List)):
            parts = value.content if value is not None and type(value.content) is list else []
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

    def _met(self, node: ast.expr, predictions: Any, other: Any, written: ast.expr) -> None:
        self.follower.met(self, node, predictions, other, written)

    def _enter(self, node: ast.Call, function: Any, given: list[Value], words: dict[str, Value]) -> Value:
        """A call of a function of the script's own: its text is followed in its stead."""
        follower = self.follower
        predicted = any(one.predicted for one in (*given, *words.values()))
        if not predicted or type(function) is not FunctionType or follower.depth >= MAX_FUNCTIONS:
            raise Unknown
        code, path = function.__code__, function.__code__.co_filename
        syntax = syntax_of(path) if follower.locator.is_user_file(path) else None
        definition = syntax.function(code) if syntax is not None else None
        if syntax is None or definition is None or definition.decorator_list:
            raise Unknown
        try:
            bound = inspect.signature(function).bind(*given, **words)
        except TypeError as error:
            raise Unknown from error
        bound.apply_defaults()
        parameters = {name: one if isinstance(one, Value) else Value(one) for name, one in bound.arguments.items()}
        names = {name: one for name, one in function.__globals__.items() if name not in code.co_varnames}
        for name, cell in zip(code.co_freevars, function.__closure__ or ()):
            try:
                names[name] = cell.cell_contents
            except ValueError:  # not assigned yet
                names.pop(name, None)
        written = dict(zip((one.arg for one in definition.args.args), (ast.unparse(one) for one in node.args)))
        inner = Scope(follower, syntax, path, names, {}, None, self, written)
        inner.bound.update(parameters)
        follower.depth += 1
        try:
            found = inner.run(definition.body)
        finally:
            follower.depth -= 1
        if found is None:
            raise Unknown
        return found
