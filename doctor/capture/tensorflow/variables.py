"""Knows every tf.Variable that the script makes: its line, its name, its layer."""

from __future__ import annotations

import re
import weakref
from dataclasses import dataclass
from typing import Any, Iterable

from tensorflow.python.ops import ref_variable, resource_variable_ops

from doctor.capture.patching import wrap
from doctor.capture.session import Session
from doctor.capture.tensorflow.stack import user_line
from doctor.types import Location


@dataclass
class VariableInfo:
    """One variable.

    Attributes:
        key: of its site.
        handle: id of its handle tensor, unique in the process; of its own tensor where it is
            one of TensorFlow 1, which has no handle.
        reference: to the variable, without keeping it alive.
        serial: number among the variables that the same line made.
        set_at: the line that gave it other values before the training began, or None.
        called_from: the line that called the user's function which made the layer that it belongs to, or None.
        cell: the activation of the recurrent cell of Keras that it belongs to, or None.
    """

    key: str
    handle: int
    reference: weakref.ref[Any]
    name: str
    location: Location | None
    shape: tuple[int, ...]
    dtype: str
    trainable: bool
    serial: int = 0
    layer: str | None = None
    initializer: str | None = None
    set_at: Location | None = None
    called_from: Location | None = None
    cell: str | None = None

    def read(self) -> Any:
        """The variable, or None where the script has dropped it."""
        return self.reference()


class Variables:
    """All variables by the id of their handle.

    Args:
        session: the watched run.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.by_handle: dict[int, VariableInfo] = {}
        self._lines: dict[tuple[str, int], int] = {}

    def install(self) -> None:
        """See every variable as it is made."""
        base = resource_variable_ops.BaseResourceVariable
        note = self.session.guarded("variables")(self._note)

        def initialise(original: Any, variable: Any, *args: Any, **kwargs: Any) -> None:
            original(variable, *args, **kwargs)
            # An _UnreadVariable is only the promise of a value after an assignment.
            if type(variable).__name__ != "_UnreadVariable":
                note(variable)

        wrap(base, "__init__", initialise)
        wrap(ref_variable.RefVariable, "__init__", initialise)

    def _note(self, variable: Any) -> None:
        identity = handle_id(variable)
        if identity is None or identity in self.by_handle:
            return
        self.add(variable, identity, user_line(self.session))

    def add(self, variable: Any, identity: int, location: Location | None) -> VariableInfo:
        """Register a variable that was made at `location`."""
        serial = 0
        if location is not None:
            line = (location.path, location.line)
            serial = self._lines.get(line, 0)
            self._lines[line] = serial + 1
        name = self.session.locator.assigned_name(location, serial)
        given = re.sub(r":\d+$", "", str(getattr(variable, "name", "") or ""))
        if re.fullmatch(r"(Variable(_\d+)?)?", given):
            given = ""  # TensorFlow's own; a graph numbers them
        info = VariableInfo(
            key=f"variable:{len(self.by_handle) + 1}",
            handle=identity,
            reference=weakref.ref(variable),
            name=given or name or f"variable_{len(self.by_handle) + 1}",
            location=location,
            shape=tuple(int(size or 0) for size in variable.shape) if variable.shape.rank is not None else (),
            dtype=variable.dtype.base_dtype.name,
            trainable=bool(variable.trainable),
            serial=serial,
        )
        self.by_handle[identity] = info
        return info

    def of(self, variable: Any) -> VariableInfo | None:
        """What is known of a tf.Variable or Keras variable; None for anything else."""
        identity = handle_id(variable)
        if identity is None:
            return None
        info = self.by_handle.get(identity)
        if info is None:
            # Made before doctor looked, or by a path that does not pass the constructor.
            info = self.add(getattr(variable, "value", variable), identity, None) if _has_shape(variable) else None
        return info

    def trainable_handles(self) -> dict[int, str]:
        """Handle id -> site key of all trainable variables."""
        return {identity: info.key for identity, info in self.by_handle.items() if info.trainable}

    def name_apart(self, infos: Iterable[VariableInfo]) -> None:
        """Give variables that share a name a number, in the order in which they were made."""
        by_name: dict[str, list[VariableInfo]] = {}
        for info in infos:
            by_name.setdefault(info.name, []).append(info)
        for name, group in by_name.items():
            if len(group) > 1:
                for number, info in enumerate(sorted(group, key=lambda one: one.handle)):
                    info.name = f"{name}[{number}]"


def handle_id(variable: Any) -> int | None:
    """The id of a variable's handle, the same for a Keras variable and the tf.Variable in it."""
    if isinstance(variable, ref_variable.RefVariable):
        return getattr(getattr(variable, "_variable", None), "_id", None)
    try:
        return getattr(getattr(variable, "handle", None), "_id", None)
    except (AttributeError, ValueError, RuntimeError):
        return None


def _has_shape(variable: Any) -> bool:
    return hasattr(getattr(variable, "value", variable), "shape") and not callable(getattr(variable, "value", None))
