"""Follows what the model said through the script's code, to the labels that it is compared with.

On paper: through the assignments after the call, out of the functions that return the answer and into those that
are given it, until predictions meet something else of as many rows. Nothing of the script is run a second time,
see `arithmetic`.
"""

from __future__ import annotations

import ast
import functools
import inspect
import math
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

from doctor.capture.locator import Locator
from doctor.capture.reach import local_names
from doctor.capture.scope import MAX_FUNCTIONS, Scope
from doctor.capture.syntax import called, syntax_of
from doctor.capture.values import Unseen, Value
from doctor.types import Location


@dataclass(frozen=True)
class Labels:
    """What predictions will be compared with that are not known yet.

    Attributes:
        values: of a row each, a copy.
        of_classes: whether they are whole numbers, as classes are.
        text: as the script writes them, outside of its functions where they were handed in.
        location: the line.
    """

    values: np.ndarray
    of_classes: bool
    text: str
    location: Location


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
        answer: what the model said, an array (rows, ...); None where that is not known yet.
    """

    def __init__(self, locator: Locator, answer: np.ndarray | None) -> None:
        self.locator = locator
        self.answer = answer
        self.meetings: list[Meeting] = []
        self.labels: list[Labels] = []
        self.scopes: list[Scope] = []
        #: Whether more labels were met than there are predictions.
        self.partly = False
        self.statements = 0
        self.depth = 0

    def follow(self, frame: FrameType) -> list[Meeting]:
        """What the answer meets after the running call of a frame.

        Args:
            frame: of the script, in the call that the answer is the value of.
        """
        try:
            self._follow(frame)
        finally:
            self._close()
        return self.meetings

    def _follow(self, frame: FrameType) -> None:
        here: FrameType | None = frame
        answer: Value | None = Value(Unseen() if self.answer is None else self.answer, predicted=True)
        left = 0
        while here is not None and answer is not None and left < MAX_FUNCTIONS and not self.done:
            syntax = syntax_of(here.f_code.co_filename)
            call = syntax.running(here) if syntax is not None else None
            statement = syntax.statement(call) if syntax is not None and call is not None else None
            if syntax is None or call is None or statement is None:
                break
            scope = Scope(self, syntax, here.f_code.co_filename, _names_of(here), {id(call): answer}, here)
            answer = scope.run([statement, *syntax.following(statement)])
            here, left = _caller(self.locator, here), left + 1

    def _close(self) -> None:
        """Let go of the frames and the variables of the script."""
        for scope in self.scopes:
            scope.close()
        self.scopes.clear()

    def follow_within(self, frame: FrameType) -> list[Labels]:
        """What an answer meets that the running statement of a frame begins to compute; it is not known yet."""
        syntax = syntax_of(frame.f_code.co_filename)
        statement = syntax.at(frame.f_lineno) if syntax is not None else None
        if syntax is None or statement is None:
            return []
        try:
            scope = Scope(self, syntax, frame.f_code.co_filename, _names_of(frame), {}, frame)
            begun = Value(Unseen(), predicted=True)
            for target in statement.targets if isinstance(statement, ast.Assign) else ():
                scope.bind(target, begun)
            answer = begun if isinstance(statement, ast.Return) else scope.run(list(syntax.following(statement)))
            caller = _caller(self.locator, frame)
            if answer is not None and caller is not None and not self.done:
                self._follow(caller)
        finally:
            self._close()
        return self.labels

    @property
    def done(self) -> bool:
        """Whether labels were met."""
        return bool(self.meetings or self.labels)

    def met(self, scope: Scope, node: ast.expr, predictions: Any, other: Any, written: ast.expr) -> None:
        """Predictions meet something, which the script writes as `written`."""
        if not isinstance(other, (np.ndarray, list, tuple)):
            return
        text, location = _outside(ast.unparse(written), scope), self.locator.location(scope.path, node.lineno)
        try:
            labels = np.asarray(other)
            predictions = labels if self.answer is None else np.asarray(predictions)
        except ValueError:  # rows of different lengths
            return
        if labels.ndim and np.array_equal(labels.reshape(-1), np.arange(labels.size)):
            return  # numbers of columns, of rows
        if self.answer is None:
            if labels.ndim and labels.size == len(labels) > 1 and labels.dtype.kind in "biuf":
                self.labels.append(Labels(np.array(labels.reshape(-1)), _classes(labels), text, location))
            return
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
            try:
                shape = np.broadcast_shapes(predictions.shape, labels.shape)
            except ValueError:  # the script will fail there
                return
            paired = [list(predictions.shape), list(labels.shape)] if math.prod(shape) > labels.size else None
        differs = isinstance(node, ast.BinOp) or isinstance(node, ast.Call) and called(node) == "subtract"
        of_classes = not differs and _classes(predictions) and _classes(labels)
        self.meetings.append(Meeting(self.answer, predictions, labels, text, location, of_classes, paired))


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
            return ""
        if isinstance(call.func, ast.Attribute) and frame.f_code.co_varnames[:1] == ("self",):
            position -= 1
        word = next((one.value for one in call.keywords if one.arg == text), None)
        handed = word if word is not None else call.args[position] if position < len(call.args) else None
        if handed is None:
            return ""
        text, frame = ast.unparse(handed), caller
    # What is run through is named anew in every round.
    of_loop = frame is not None and text in _loop_names(frame.f_code.co_filename)
    return "" if of_loop else text


@functools.lru_cache(maxsize=32)
def _loop_names(path: str) -> frozenset[str]:
    syntax = syntax_of(path)
    loops = [node.target for node in ast.walk(syntax.tree) if isinstance(node, ast.For)] if syntax is not None else []
    return frozenset(part.id for target in loops for part in ast.walk(target) if isinstance(part, ast.Name))


def _names_of(frame: FrameType) -> dict[str, Any]:
    code = frame.f_code
    if not code.co_flags & inspect.CO_OPTIMIZED:
        return dict(frame.f_globals)
    # Where looking at its own variables would be seen, those of the file must not stand in for them.
    own = {*code.co_varnames, *code.co_cellvars, *code.co_freevars}
    return {**{name: one for name, one in frame.f_globals.items() if name not in own}, **local_names(frame)}


def _caller(locator: Locator, frame: FrameType) -> FrameType | None:
    """The frame that called this one, where it is of the script too: what a library makes of an answer is not known."""
    here = frame.f_back
    return here if here is not None and locator.is_user_file(here.f_code.co_filename) else None


def _classes(values: np.ndarray) -> bool:
    if values.dtype.kind in "biuUSO":
        return True
    return values.dtype.kind == "f" and bool((values == np.round(values)).all())
