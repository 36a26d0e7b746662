"""Finds the file that `python -m MODULE` would run, without importing anything of it."""

from __future__ import annotations

import importlib.machinery
import os
import sys
from pathlib import Path
from typing import Sequence

from doctor.errors import ScriptError


def find_module(name: str, folder: Path | None = None, path: str | None = None) -> str:
    """Path of the source of a module, relative to the working directory where it lies below it.

    The packages around it are not imported: that is for the script's own process to do.

    Args:
        name: as after `python -m`; of a package its `__main__` is found.
        folder: the working directory, None for the present one.
        path: the script's PYTHONPATH, None for doctor's own.

    Raises:
        ScriptError: there is no such module, or none that can be run from its source.
    """
    parts = name.split(".")
    if not all(part.isidentifier() for part in parts):
        hint = f"; without -m, {name!r} would be a file" if name.endswith(".py") or os.sep in name else ""
        raise ScriptError(f"{name!r} is not the name of a module{hint}.", slug="no-such-module")
    home = os.path.abspath(folder or os.curdir)
    spec, folders = None, _search_path(home, path)
    for number in range(len(parts)):
        found = ".".join(parts[: number + 1])
        spec = importlib.machinery.PathFinder.find_spec(found, folders)
        if spec is None:
            where = f" in the package {'.'.join(parts[:number])!r}" if number else " in this folder or on Python's path"
            raise ScriptError(f"There is no module {found!r}{where}; check the name.", slug="no-such-module")
        folders = list(spec.submodule_search_locations or ())
        if not folders and number < len(parts) - 1:
            raise ScriptError(f"{found!r} is a module, not a package with {name!r} in it.", slug="no-such-module")
    if folders:
        spec = importlib.machinery.PathFinder.find_spec(f"{name}.__main__", folders)
        if spec is None:
            raise ScriptError(
                f"{name!r} is a package without a __main__.py; name the module in it that trains.",
                slug="no-such-module",
            )
    if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader) or spec.origin is None:
        raise ScriptError(f"The module {name!r} has no Python source that could be run.", slug="no-such-module")
    below = os.path.relpath(spec.origin, home)
    return spec.origin if below.startswith(os.pardir) else below


def _search_path(home: str, path: str | None) -> Sequence[str]:
    """What `sys.path` is in the script's process: the working directory comes first."""
    given = (os.environ.get("PYTHONPATH", "") if path is None else path).split(os.pathsep)
    return [home, *(os.path.join(home, entry) for entry in given if entry), *sys.path[1:]]
