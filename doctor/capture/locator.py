"""Finds the line of the user's code that is running: the innermost frame outside libraries."""

from __future__ import annotations

import ast
import linecache
import os
import site
import sys
import sysconfig
from types import FrameType
from typing import Iterable

from doctor.types import Location

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class Locator:
    """Tells the user's code from everybody else's.

    Args:
        script: path of the script as it was named on the command line.
    """

    def __init__(self, script: str) -> None:
        self.script = script
        self._script_real = os.path.realpath(script)
        self._root = os.path.dirname(self._script_real) + os.sep
        self._library_roots = tuple(
            {os.path.join(os.path.realpath(path), "") for path in _library_folders() if path} | {_PACKAGE}
        )
        self._known: dict[str, bool] = {}
        self._targets: dict[str, dict[int, str]] = {}

    def is_user_file(self, path: str) -> bool:
        """Whether a code object's file belongs to the user."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._judge(path)
        return known

    def _judge(self, path: str) -> bool:
        if path.startswith("<") or "__autograph_generated_file" in path:
            return False
        real = os.path.realpath(path)
        if real == self._script_real:
            return True
        if any(real.startswith(root) for root in self._library_roots):
            # A project may keep its environment, or itself, below a library's folder.
            inside = real[len(self._root) :] if real.startswith(self._root) else ""
            return bool(inside) and "site-packages" not in inside and not real.startswith(_PACKAGE)
        return "site-packages" not in real and "dist-packages" not in real

    def here(self, depth: int = 1) -> Location | None:
        """The user's line that is running now, or None where there is none on the stack."""
        frame: FrameType | None = sys._getframe(depth)
        while frame is not None:
            if self.is_user_file(frame.f_code.co_filename):
                return self.location(frame.f_code.co_filename, frame.f_lineno)
            frame = frame.f_back
        return None

    def of_stack(self, frames: Iterable[tuple[str, int]]) -> Location | None:
        """The innermost user's line of (path, line) pairs that are given innermost first."""
        for path, line in frames:
            if self.is_user_file(path):
                return self.location(path, line)
        return None

    def location(self, path: str, line: int) -> Location:
        """A location with its source line, the path as the user would write it."""
        return Location(self.shown(path), line, linecache.getline(path, line).strip())

    def shown(self, path: str) -> str:
        """`path` as named on the command line for the script, relative to it for neighbours."""
        real = os.path.realpath(path)
        if real == self._script_real:
            return self.script
        if real.startswith(self._root):
            return os.path.join(os.path.dirname(self.script), real[len(self._root) :])
        return path

    def assigned_name(self, location: Location | None) -> str:
        """The variable that the statement at `location` assigns to, or ""."""
        if location is None:
            return ""
        path = self._script_real if location.path == self.script else location.path
        if path not in self._targets:
            self._targets[path] = _assignment_targets("".join(linecache.getlines(path)))
        return self._targets[path].get(location.line, "")


def _library_folders() -> list[str]:
    paths = sysconfig.get_paths()
    folders = [paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"]]
    folders += site.getsitepackages() if hasattr(site, "getsitepackages") else []
    folders.append(site.getusersitepackages())
    return folders


def _assignment_targets(source: str) -> dict[int, str]:
    """For each line of a statement that assigns or appends: what it assigns to."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}
    targets: dict[int, str] = {}
    for node in ast.walk(tree):
        name = ""
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            name = _plain_name(node.targets[0], node.value, targets)
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
            name = _plain_name(node.target, None, targets)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            function = node.value.func
            if isinstance(function, ast.Attribute) and function.attr in ("append", "extend", "add"):
                name = ast.unparse(function.value)
        if name:
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                targets.setdefault(line, name)
    return targets


def _plain_name(target: ast.expr, value: ast.expr | None, targets: dict[int, str]) -> str:
    if isinstance(target, (ast.Name, ast.Attribute)):
        text = ast.unparse(target)
        if isinstance(value, (ast.Dict,)):
            for key, item in zip(value.keys, value.values):
                if isinstance(key, ast.Constant):
                    for line in range(item.lineno, (item.end_lineno or item.lineno) + 1):
                        targets.setdefault(line, f"{text}[{key.value!r}]")
        return text.removeprefix("self.")
    if isinstance(target, ast.Subscript):
        return ast.unparse(target)
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, item in zip(target.elts, value.elts):
            for line in range(item.lineno, (item.end_lineno or item.lineno) + 1):
                targets.setdefault(line, ast.unparse(one))
    return ""
