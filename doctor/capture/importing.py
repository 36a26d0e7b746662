"""Calls back when a module has been imported, without importing it."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # this module is loaded before the script, which may have its own typing.py
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any, Callable, Sequence

    Callback = Callable[[ModuleType], object]

_MISSING = object()


class _Finder:
    """Stands first in `sys.meta_path` while some module is waited for.

    It finds nothing itself: the specs are those of the other finders. Of a module that is
    waited for, the loader's `exec_module` is shadowed until it is called, so the module's
    `__spec__` and `__loader__` are the objects, of the types, that they would be without us.
    """

    def __init__(self) -> None:
        self.waiting: dict[str, list[Callback]] = {}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in self.waiting:
            return None
        for finder in list(sys.meta_path):
            find_spec = getattr(finder, "find_spec", None)
            if finder is self or find_spec is None:
                continue
            spec: ModuleSpec | None = find_spec(name, path, target)
            if spec is not None:
                self._shadow(name, spec.loader)
                return spec
        return None

    def _shadow(self, name: str, loader: Any) -> None:
        exec_module = getattr(loader, "exec_module", None)
        if exec_module is None:
            return
        before = getattr(loader, "__dict__", {}).get("exec_module", _MISSING)

        def exec_and_tell(module: ModuleType) -> None:
            if before is _MISSING:
                del loader.exec_module
            else:
                loader.exec_module = before
            exec_module(module)  # when it raises, the next attempt to import is waited for
            self.tell(name, sys.modules.get(name, module))

        try:
            loader.exec_module = exec_and_tell
        except (AttributeError, TypeError):  # a loader that takes no attributes
            pass

    def tell(self, name: str, module: ModuleType) -> None:
        callbacks = self.waiting.pop(name, [])
        if not self.waiting:
            self.remove()
        for callback in callbacks:
            _call(callback, module)

    def remove(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)


_finder = _Finder()


def when_imported(name: str, callback: Callback) -> None:
    """Call `callback(module)` once, right after the first successful import of `name`.

    At once where it has been imported. An Exception of the callback is reported on stderr
    and goes no further; the script's import succeeds.

    Args:
        name: full name, "keras" or "package.submodule".
    """
    module = sys.modules.get(name)
    if module is not None:
        _call(callback, module)
        return
    _finder.waiting.setdefault(name, []).append(callback)
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)


def stop_waiting() -> None:
    """Forget every callback that has not been called."""
    _finder.waiting.clear()
    _finder.remove()


def _call(callback: Callback, module: ModuleType) -> None:
    try:
        callback(module)
    except Exception as error:
        sys.stderr.write(f"doctor: a hook on `{module.__name__}` failed ({type(error).__name__}: {error})\n")
