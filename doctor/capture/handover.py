"""How an interpreter is told to load doctor before the script's first line."""

from __future__ import annotations

import marshal  # not json: importing it would hide a file of that name beside the script
import os
import sys

TYPE_CHECKING = False  # this module is loaded before the script, which may have its own typing.py
if TYPE_CHECKING:
    from typing import Any, Mapping, Sequence

_STARTUP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "startup")

#: Letters among Python's flags that run something else than a script, or hide PYTHONPATH and so doctor.
_OTHERWISE = frozenset("cmEIS")


def environment(settings: Mapping[str, Any], base: Mapping[str, str]) -> dict[str, str]:
    """The environment of an interpreter that is to be watched.

    Args:
        settings: as for `doctor.capture.child.prepare`.
        base: the environment that the script is to see.
    """
    pythonpath = base.get("PYTHONPATH")
    packed = {**settings, "pythonpath": pythonpath}  # put back before the script's first line
    # An empty last entry would mean the working directory.
    path = os.pathsep.join([_STARTUP, pythonpath]) if pythonpath else _STARTUP
    return {**base, "PYTHONPATH": path, "DOCTOR_CHILD": marshal.dumps(packed).hex()}


def script_of(path: str, arguments: Sequence[str]) -> tuple[str, list[str]] | None:
    """The script that a command runs in this Python, and its arguments; None where it runs anything else.

    Args:
        path: of the program.
        arguments: of the command; the first is its name.
    """
    if not sys.executable or os.path.realpath(path) != os.path.realpath(sys.executable):
        return None
    rest = list(arguments[1:])
    while rest and rest[0].startswith("-"):
        flag = rest.pop(0)
        if flag in ("-W", "-X", "--check-hash-based-pycs"):
            rest = rest[1:]  # its value
        elif flag == "-" or not flag.startswith(("-W", "-X", "--")) and _OTHERWISE.intersection(flag):
            return None
    return (rest[0], rest[1:]) if rest and os.path.isfile(rest[0]) else None
