"""The arrays and tables that the script holds in its variables while it trains."""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any, Iterator, Mapping

from doctor.capture.locator import Locator
from doctor.capture.syntax import syntax_of
from doctor.types import Location

#: Members of a dict, list or object that are looked at.
MAX_MEMBERS = 50

#: What gives a function its own variables as a dict.
_LOCALS = frozenset({"locals", "vars", "dir", "eval", "exec"})


@dataclass(frozen=True)
class Place:
    """Running code: a file, the first and the last line of the function (or module), and the line it is at."""

    path: str
    first: int
    last: int
    line: int

    @classmethod
    def of(cls, frame: FrameType) -> Place:
        """Where a frame is."""
        code = frame.f_code
        lines = [line for *_, line in code.co_lines() if line]
        return cls(code.co_filename, min(lines, default=1), max(lines, default=1), frame.f_lineno)


@dataclass(frozen=True)
class Held:
    """Something with a shape that a variable holds.

    Attributes:
        value: the array, table or tensor.
        text: the expression for it, "x_train" or "self.data['x']".
        place: the code that can name it so.
    """

    value: Any
    text: str
    place: Place


def held_arrays(locator: Locator, thread: int) -> Iterator[Held]:
    """What the functions that run now in a thread can name, the innermost first.

    Args:
        locator: tells the user's code.
        thread: its identifier.
    """
    frame = sys._current_frames().get(thread)
    modules: set[int] = set()
    while frame is not None:
        if locator.is_user_file(frame.f_code.co_filename):
            if frame.f_code.co_flags & inspect.CO_OPTIMIZED:  # a function
                yield from _members(locator, local_names(frame), Place.of(frame))
            if id(frame.f_globals) not in modules:
                modules.add(id(frame.f_globals))
                yield from _members(locator, dict(frame.f_globals), Place.of(frame))
        frame = frame.f_back


def local_names(frame: FrameType) -> dict[str, Any]:
    """The variables of a function that runs, {} where looking would be seen."""
    if sys.version_info >= (3, 13):
        return dict(frame.f_locals)
    if frame.f_trace is not None or _LOCALS.intersection(frame.f_code.co_names):
        # Before Python 3.13 all who ask a function for its variables get the same dict, which asking
        # brings up to date: where the script or a debugger may have it in hand, asking would be seen.
        return {}
    names = dict(frame.f_locals)
    frame.f_locals.clear()  # Python keeps this dict, and with it what the script may want freed
    return names


def _members(locator: Locator, names: Mapping[str, Any], place: Place) -> Iterator[Held]:
    for name, value in names.items():
        if name.startswith("__"):
            continue
        if _is_users(locator, value):
            parts = [(f"{name}.{key}", one) for key, one in _some(vars(value))]
        elif isinstance(value, dict):
            parts = [(f"{name}[{key!r}]", one) for key, one in _some(value) if isinstance(key, (str, int))]
        elif isinstance(value, (list, tuple)):
            parts = [(f"{name}[{number}]", one) for number, one in enumerate(value[:MAX_MEMBERS])]
        else:
            parts = [(name, value)]
        for text, one in parts:
            # An attribute of an object of the script's own may be a property, which is not ours to run.
            if not _is_users(locator, one) and _is_array(one):
                yield Held(one, text, place)


def _some(members: dict[Any, Any]) -> list[tuple[Any, Any]]:
    # The script may change it in another thread meanwhile: copied at once.
    return list(members.items())[:MAX_MEMBERS]


def _is_array(value: Any) -> bool:
    """Whether a value has a shape and numbers, as arrays, eager tensors and tables do."""
    if isinstance(value, (type, ModuleType)) or not hasattr(value, "shape"):
        return False
    return any(hasattr(value, name) for name in ("to_numpy", "numpy", "__array_interface__"))


def _is_users(locator: Locator, value: Any) -> bool:
    """Whether a value is an object of a class of the script's own."""
    if isinstance(value, type) or not hasattr(value, "__dict__"):
        return False
    file = getattr(sys.modules.get(type(value).__module__), "__file__", None)
    return isinstance(file, str) and locator.is_user_file(file)


def used_at(locator: Locator, held: Held) -> Location | None:
    """The line of the running function that takes rows of what is held: the nearest above the running one, or below.

    Where only the object or dict that holds it is named, the line of that; where nothing is, the running line.
    """
    place, text = held.place, held.text
    lines: list[int] = []
    while text and not lines:
        lines = [one for one in _mentions(place.path).get(text, ()) if place.first <= one <= place.last]
        text = text[: max(text.rfind("."), text.rfind("["), 0)]
    before = [one for one in lines if one <= place.line]
    return locator.location(place.path, before[-1] if before else lines[0] if lines else place.line)


@functools.lru_cache(maxsize=32)
def _mentions(path: str) -> dict[str, tuple[int, ...]]:
    """Lines that read each name, attribute or member, ascending."""
    syntax = syntax_of(path)
    if syntax is None:
        return {}
    found: dict[str, list[int]] = {}
    for node in ast.walk(syntax.tree):
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Load):
            found.setdefault(ast.unparse(node), []).append(node.lineno)
    return {text: tuple(sorted(lines)) for text, lines in found.items()}
