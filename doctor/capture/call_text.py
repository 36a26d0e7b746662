"""How the script wrote the arguments of a call: `x_train` in `model.fit(x_train, y_train)`."""

from __future__ import annotations

import ast
import functools

from doctor.capture.syntax import called, syntax_of

#: Longer texts say less than the line itself.
MAX_LENGTH = 60


class CallText:
    """The arguments of one call as they are written.

    Args:
        path: of the source file.
        line: that is running.
        function: last part of the called name, "fit".
    """

    def __init__(self, path: str, line: int, function: str) -> None:
        self._place = (path, line, function)

    def argument(self, position: int, keyword: str, *inner: str | int) -> str | None:
        """The text of an argument, or None where it cannot be told.

        Args:
            position: of the argument, not counting `self`.
            keyword: its name.
            inner: keys of a dict, or numbers of a tuple or list, that lead to a part of it.
        """
        node: ast.expr | None = None
        call = _call(*self._place)
        if call is not None:
            node = next((word.value for word in call.keywords if word.arg == keyword), None)
            if node is None and position < len(call.args):
                node = call.args[position]
                if any(isinstance(one, ast.Starred) for one in call.args[: position + 1]):
                    node = None
        for key in inner:
            whole = node
            node = _part(node, key)
            if node is None:
                # `features` given whole, its member "age" meant.
                text = _text(whole)
                return f"{text}[{key!r}]" if text and whole is not None and text.isidentifier() else None
        return _text(node)


def _text(node: ast.expr | None) -> str | None:
    text = "" if node is None or isinstance(node, ast.Constant) else ast.unparse(node)
    return text if 0 < len(text) <= MAX_LENGTH else None


def _part(node: ast.expr | None, key: str | int) -> ast.expr | None:
    if isinstance(node, ast.Dict):
        for name, value in zip(node.keys, node.values):
            if isinstance(name, ast.Constant) and name.value == key:
                return value
    if isinstance(node, (ast.Tuple, ast.List)) and isinstance(key, int) and key < len(node.elts):
        return node.elts[key]
    return None


@functools.lru_cache(maxsize=256)
def _call(path: str, line: int, function: str) -> ast.Call | None:
    """The call of `function` that stands at a line: the shortest, or None where there are several as short."""
    syntax = syntax_of(path)
    found = [
        node
        for node in (syntax.calls if syntax is not None else ())
        if node.lineno <= line <= (node.end_lineno or node.lineno) and called(node) == function
    ]
    found.sort(key=lambda node: (node.end_lineno or node.lineno) - node.lineno)
    if len(found) > 1 and _lines(found[0]) == _lines(found[1]):
        return None
    return found[0] if found else None


def _lines(node: ast.Call) -> int:
    return (node.end_lineno or node.lineno) - node.lineno
