"""Finds the line of the user's code that is running: the innermost frame outside libraries."""

from __future__ import annotations

import ast
import linecache
import os
import site
import sys
import sysconfig
from types import FrameType
from typing import Callable, Iterable

from doctor.types import Location

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class Locator:
    """Tells the user's code from everybody else's.

    Args:
        script: path of the script as it was named on the command line.
        project: folder that files outside the script's own are named from, or "".
    """

    def __init__(self, script: str, project: str = "") -> None:
        self.script = script
        self._project = os.path.join(os.path.realpath(project), "") if project else ""
        self._script_real = os.path.realpath(script)
        self._root = os.path.dirname(self._script_real) + os.sep
        self._library_roots = tuple(
            {os.path.join(os.path.realpath(path), "") for path in _library_folders() if path} | {_PACKAGE}
        )
        #: Told of every file that a location is in.
        self.on_file: Callable[[str], None] = lambda path: None
        self._known: dict[str, bool] = {}
        self._targets: dict[str, dict[int, list[str]]] = {}
        self._locations: dict[tuple[str, int], Location] = {}

    def is_user_file(self, path: str) -> bool:
        """Whether a code object's file belongs to the user."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._judge(path)
        return known

    def is_near(self, path: str) -> bool:
        """Whether a user's file lies in the script's folder, or in the project."""
        roots = (self._root, self._project) if self._project else (self._root,)
        return self.is_user_file(path) and os.path.realpath(path).startswith(roots)

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
            found = self.of_frame(frame)
            if found is not None:
                return found
            frame = frame.f_back
        return None

    def frame(self, depth: int = 1) -> FrameType | None:
        """The innermost running frame of the user's, or None where there is none on the stack."""
        frame: FrameType | None = sys._getframe(depth)
        while frame is not None and not self.is_user_file(frame.f_code.co_filename):
            frame = frame.f_back
        return frame

    def caller(self, depth: int = 1) -> Location | None:
        """The user's line that called the function in which the running line of the user is, or None at the top."""
        frame: FrameType | None = sys._getframe(depth)
        inner = None
        while frame is not None:
            if self.is_user_file(frame.f_code.co_filename):
                if inner is not None and inner is not frame.f_code:
                    return self.of_frame(frame)
                inner = frame.f_code
            frame = frame.f_back
        return None

    def of_frame(self, frame: FrameType) -> Location | None:
        """The line that a frame is at, or None where it is not the user's."""
        path = frame.f_code.co_filename
        return self.location(path, frame.f_lineno) if self.is_user_file(path) else None

    def of_stack(self, frames: Iterable[tuple[str, int]]) -> Location | None:
        """The innermost user's line of (path, line) pairs that are given innermost first."""
        for path, line in frames:
            if self.is_user_file(path):
                return self.location(path, line)
        return None

    def location(self, path: str, line: int) -> Location:
        """A location with its source line, the path as the user would write it."""
        known = self._locations.get((path, line))
        if known is None:
            self.on_file(path)
            known = Location(self.shown(path), line, linecache.getline(path, line).strip())
            self._locations[path, line] = known  # asked for at every step of an eager loop
        return known

    def shown(self, path: str) -> str:
        """`path` as named on the command line for the script, relative to it or to the project for others."""
        real = os.path.realpath(path)
        if real == self._script_real:
            return self.script
        if real.startswith(self._root):
            return os.path.join(os.path.dirname(self.script), real[len(self._root) :])
        if self._project and real.startswith(self._project):
            return real[len(self._project) :]
        return path

    def source_path(self, location: Location) -> str:
        """Where the file of a location can be read."""
        return self._script_real if location.path == self.script else location.path

    def assigned_name(self, location: Location | None, serial: int = 0) -> str:
        """What the statement at `location` assigns to, or "".

        Args:
            location: a line of the user's code.
            serial: which of the line's targets, where it has several (`a, b = ...`).
        """
        if location is None:
            return ""
        path = self.source_path(location)
        if path not in self._targets:
            self._targets[path] = _assignment_targets("".join(linecache.getlines(path)))
        names = self._targets[path].get(location.line, [])
        return names[min(serial, len(names) - 1)] if names else ""


def _library_folders() -> list[str]:
    paths = sysconfig.get_paths()
    folders = [paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"]]
    folders += site.getsitepackages() if hasattr(site, "getsitepackages") else []
    folders.append(site.getusersitepackages())
    return folders


def _assignment_targets(source: str) -> dict[int, list[str]]:
    """For each line: what its statements assign or append to, in the order of the values."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}
    targets: dict[int, list[str]] = {}

    def note(node: ast.expr | ast.stmt, name: str) -> None:
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
            targets.setdefault(line, []).append(name)

    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    for node in sorted(statements, key=lambda one: (one.lineno, one.col_offset)):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            for name, value in _named_values(node.targets[0], node.value):
                note(value, name)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            note(node, _written(node.target))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            function = node.value.func
            if isinstance(function, ast.Attribute) and function.attr in ("append", "extend", "add"):
                note(node, _written(function.value))
    return targets


def _named_values(target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr]]:
    """(name, value) pairs of an assignment: the items of a dict, the members of a tuple, or the whole."""
    if isinstance(target, ast.Tuple):
        if isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            return [(_written(one), item) for one, item in zip(target.elts, value.elts)]
        return [(_written(one), value) for one in target.elts]
    name = _written(target)
    if isinstance(value, ast.Dict) and value.keys and all(isinstance(key, ast.Constant) for key in value.keys):
        keys = [key.value for key in value.keys if isinstance(key, ast.Constant)]
        return [(f"{name}[{key!r}]", item) for key, item in zip(keys, value.values)]
    return [(name, value)]


def _written(target: ast.expr) -> str:
    return ast.unparse(target).removeprefix("self.")
