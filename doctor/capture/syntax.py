"""The syntax of the script's files, and where in it the running code is."""

from __future__ import annotations

import ast
import functools
import itertools
import linecache
from types import CodeType, FrameType
from typing import Any, Iterable, Iterator


class Syntax:
    """One source file.

    Attributes:
        parents: by the id of a node.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.parents: dict[int, ast.AST] = {}
        self._calls: dict[tuple[int, int, int, int], ast.Call] = {}
        self._ends: dict[tuple[int, int], ast.Call] = {}
        self._lines: dict[int, list[ast.Call]] = {}
        self._statements: dict[int, ast.stmt] = {}
        self._functions: dict[tuple[str, int], ast.FunctionDef] = {}
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self.parents[id(child)] = node
            if isinstance(node, ast.Call):
                end = (node.end_lineno or node.lineno, node.end_col_offset or 0)
                self._calls[node.lineno, node.col_offset, *end] = node
                self._ends[end] = node
                for line in range(node.lineno, end[0] + 1):
                    self._lines.setdefault(line, []).append(node)
            elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return)):
                for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                    self._statements[line] = node
            elif isinstance(node, ast.FunctionDef):
                # Code begins at the first decorator.
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                self._functions[node.name, first] = node

    @property
    def calls(self) -> Iterable[ast.Call]:
        """All calls of the file."""
        return self._calls.values()

    def running(self, frame: FrameType) -> ast.Call | None:
        """The call that a frame is in; None where that cannot be told: before Python 3.11 where a line has several."""
        code: Any = frame.f_code
        if hasattr(code, "co_positions") and frame.f_lasti >= 0:
            place: Any = next(itertools.islice(code.co_positions(), frame.f_lasti // 2, None), (None,) * 4)
            line, end_line, column, end_column = place
            found = self._calls.get((line, column, end_line, end_column))
            # A call of a method over several lines has the place of its last part.
            return found or self._ends.get((end_line, end_column))
        calls = self._lines.get(frame.f_lineno, [])
        return calls[0] if len(calls) == 1 else None

    def function(self, code: CodeType) -> ast.FunctionDef | None:
        """The function that a code object is of."""
        return self._functions.get((code.co_name, code.co_firstlineno))

    def at(self, line: int) -> ast.stmt | None:
        """The innermost simple statement that a line belongs to."""
        return self._statements.get(line)

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The innermost statement that holds a node."""
        here: ast.AST | None = node
        while here is not None and not isinstance(here, ast.stmt):
            here = self.parents.get(id(here))
        return here

    def following(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        """The statements that come after one, in its block and in those around it, up to the end of the function."""
        here: ast.AST = statement
        while True:
            around = self.parents.get(id(here))
            if around is None:
                return
            for block in ("body", "orelse", "finalbody", "handlers"):
                inner = getattr(around, block, None)
                if isinstance(inner, list) and any(one is here for one in inner):
                    place = next(number for number, one in enumerate(inner) if one is here)
                    yield from inner[place + 1 :]
            if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module, ast.Lambda)):
                return
            here = around


@functools.lru_cache(maxsize=32)
def syntax_of(path: str) -> Syntax | None:
    """The syntax of a file, None where it cannot be read."""
    try:
        return Syntax(ast.parse("".join(linecache.getlines(path))))
    except (SyntaxError, ValueError):
        return None


def called(node: ast.Call) -> str:
    """The last part of the name that is called, or ""."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
