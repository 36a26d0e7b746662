"""Values of expressions that are worked out on paper: which of them may be touched, and how."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, Callable

import numpy as np

#: Values of an array that are computed with; a confusion of (N, 1) with (N,) makes N * N.
MAX_VALUES = 4_000_000
#: Members of a list that are looked at.
MAX_MEMBERS = 10_000

#: What has no code of the script's own behind its operators. Subclasses may have.
_NUMBERS = (bool, int, float, complex, str, type(None))
#: Arrays of libraries that are turned into those of NumPy: modules, and names of types.
_TABLES = {"pandas": ("Series", "DataFrame", "Index", "RangeIndex"), "tensorflow": ("EagerTensor", "ResourceVariable")}


class Unknown(Exception):
    """The value of an expression cannot be told, or only by running the script's own code again."""


@dataclass(frozen=True)
class Value:
    """What an expression is worth.

    Attributes:
        content: an array, a number, a module, any object.
        predicted: whether it is made of what the model said.
    """

    content: Any
    predicted: bool = False


class Unseen:
    """Stands for predictions whose values are not known yet."""


def is_array(content: Any) -> bool:
    """Whether something is an array of NumPy, or a table or an eager tensor of a library."""
    kind = type(content)
    if kind is np.ndarray or issubclass(kind, np.generic):
        return True
    return kind.__name__ in _TABLES.get((kind.__module__ or "").partition(".")[0], ())


def as_plain(content: Any) -> Any:
    """Tables and tensors as arrays; arrays as views that cannot be written into.

    Raises:
        Unknown: operators of it may run code of the script's own.
    """
    kind = type(content)
    if kind is np.ndarray:
        view = content.view()
        view.flags.writeable = False
        return view
    if kind in _NUMBERS or isinstance(content, (np.generic, Unseen)):
        return content
    if kind in (list, tuple):
        if len(content) > MAX_MEMBERS:
            raise Unknown
        return kind(map(as_plain, content))
    if is_array(content):
        name = "to_numpy" if hasattr(content, "to_numpy") else "numpy"
        return as_plain(computed(getattr(content, name)))
    raise Unknown


def attribute(owner: Any, name: str) -> Any:
    """What an object, a class or a module keeps under a name, without running anything of it.

    Raises:
        Unknown: nothing, or something that is computed.
    """
    if type(owner) is ModuleType:
        if name in vars(owner):
            return vars(owner)[name]
        raise Unknown
    kinds = (owner if isinstance(owner, type) else type(owner)).__mro__
    if not isinstance(owner, type):
        try:
            kept = object.__getattribute__(owner, "__dict__")
        except AttributeError:
            kept = {}
        if type(kept) is dict and name in kept:
            return kept[name]
    for kind in kinds:
        if name in vars(kind):
            found = vars(kind)[name]
            if type(found) in _NUMBERS or type(found) is np.ndarray:
                return found
            break
    raise Unknown


def method(owner: Any, name: str) -> Any:
    """The function that a class defines under a name; of an instance.

    Raises:
        Unknown: there is none.
    """
    for kind in type(owner).__mro__:
        if name in vars(kind):
            return vars(kind)[name]
    raise Unknown


def truth(value: Value) -> bool:
    """What a condition comes to.

    Raises:
        Unknown: it is no single number, text or truth value.
    """
    content = as_plain(value.content)
    if isinstance(content, Unseen) or getattr(content, "shape", ()) != ():
        raise Unknown
    return bool(content)


def computed(function: Callable[[], Any]) -> Any:
    """The value of a pure function.

    Raises:
        Unknown: NumPy would not compute it, or it is too large.
    """
    try:
        with np.errstate(all="ignore"):
            content = function()
    except Exception as error:  # whatever NumPy says: the script will meet it by itself
        raise Unknown from error
    if isinstance(content, np.ndarray) and content.size > MAX_VALUES:
        raise Unknown
    return content


def check_size(*operands: Any, product: bool = False) -> None:
    """Look at what an operation would make before it is made.

    Args:
        operands: of the operation.
        product: whether it is a product of matrices.

    Raises:
        Unknown: it is too large, or empty, of which a mean is a warning.
    """
    shapes = [one.shape for one in operands if isinstance(one, np.ndarray)]
    if any(0 in shape for shape in shapes):
        raise Unknown
    try:
        if product and len(shapes) == 2:
            size = int(np.prod(shapes[0][:-1], dtype=float) * np.prod(shapes[1][-1:], dtype=float))
        else:
            size = int(np.prod(np.broadcast_shapes(*shapes), dtype=float))
    except ValueError as error:
        raise Unknown from error
    if size > MAX_VALUES:
        raise Unknown
