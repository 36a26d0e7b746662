"""Replaces functions by wrappers, reversibly."""

from __future__ import annotations

import functools
from typing import Any, Callable

_undo: list[Callable[[], None]] = []


def wrap(owner: Any, name: str, wrapper: Callable[..., Any]) -> None:
    """Replace `owner.name` by a function that calls `wrapper(original, *args, **kwargs)`.

    Args:
        owner: a class or module.
        name: of a function, method or staticmethod that is defined on `owner` itself or inherited.
        wrapper: is handed the original first; calls it.

    Raises:
        AttributeError: `owner` has no such attribute.
    """
    original = getattr(owner, name)
    own = vars(owner).get(name)

    @functools.wraps(original)
    def replaced(*args: Any, **kwargs: Any) -> Any:
        return wrapper(original, *args, **kwargs)

    # What inspects a signature (autograph, Keras) shall see the original's: functools.wraps
    # sets __wrapped__.
    setattr(owner, name, staticmethod(replaced) if isinstance(own, staticmethod) else replaced)

    def undo() -> None:
        if own is None:
            delattr(owner, name)
        else:
            setattr(owner, name, own)

    _undo.append(undo)


def unwrap_all() -> None:
    """Put every original back, in reverse order."""
    while _undo:
        _undo.pop()()


def wrap_property(owner: Any, name: str, wrapper: Callable[[Callable[[Any], Any], Any], Any]) -> None:
    """Replace a property that `owner` defines itself by one that calls `wrapper(original, instance)`.

    Raises:
        AttributeError: `owner` has no property of that name.
    """
    original = vars(owner).get(name)
    if not isinstance(original, property) or original.fget is None:
        raise AttributeError(f"{owner!r} has no property {name!r}")
    getter = original.fget

    @functools.wraps(getter)
    def replaced(instance: Any) -> Any:
        return wrapper(getter, instance)

    setattr(owner, name, property(replaced, original.fset, original.fdel, original.__doc__))
    _undo.append(lambda: setattr(owner, name, original))
