"""Knows every Keras layer that the script makes: its line, its name, its output tensors."""

from __future__ import annotations

import itertools
import weakref
from dataclasses import dataclass
from typing import Any

from tensorflow.python.framework.ops import EagerTensor

from doctor.capture.session import Session
from doctor.capture.tensorflow.trace import Key
from doctor.capture.tensorflow.variables import Variables
from doctor.types import Location


@dataclass
class LayerInfo:
    """One Keras layer.

    Attributes:
        location: the line that made it.
        caller: the line that called the user's function that made it, None at the top of the script.
    """

    reference: weakref.ref[Any]
    location: Location | None
    class_name: str
    named: bool = False
    caller: Location | None = None

    @property
    def name(self) -> str:
        """Keras's name of the layer."""
        layer = self.reference()
        return str(getattr(layer, "name", self.class_name))


class Layers:
    """All layers, and which layer made which tensor of the trace that is open.

    Args:
        session: the watched run.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.all: dict[int, LayerInfo] = {}
        self._outputs: dict[Key, LayerInfo] = {}

    def made(self, layer: Any) -> None:
        """Register a layer that the running line of the script makes."""
        self.all[id(layer)] = LayerInfo(
            weakref.ref(layer),
            self.session.locator.here(1),
            type(layer).__name__,
            caller=self.session.locator.caller(1),
        )

    def of(self, layer: Any) -> LayerInfo | None:
        """What is known of a layer."""
        info = self.all.get(id(layer))
        return info if info is not None and info.reference() is layer else None

    def by_name(self, name: str) -> LayerInfo | None:
        """The layer with a name; the first where several share it."""
        return next((info for info in self.all.values() if info.reference() is not None and info.name == name), None)

    def produced(self, key: Key, layer: Any) -> None:
        """A layer made a tensor. Containers hand on what an inner layer made: the inner one keeps it."""
        info = self.of(layer)
        if info is not None:
            self._outputs.setdefault(key, info)

    def producer(self, key: Key) -> LayerInfo | None:
        """The layer whose output a tensor is."""
        return self._outputs.get(key)

    def forget(self) -> None:
        """A trace is done: its tensors are gone."""
        self._outputs.clear()

    def name_variables(self, variables: Variables) -> None:
        """Give the variables of layers their layer's name and line."""
        for info in list(self.all.values()):
            layer = info.reference()
            if layer is None or info.named or not getattr(layer, "built", False):
                continue
            # Only the layer's own: those of inner layers are reached through these.
            own = (getattr(layer, "_trainable_variables", ()), getattr(layer, "_non_trainable_variables", ()))
            for variable in itertools.chain(*own):
                known = variables.of(variable)
                if known is None:
                    continue
                info.named = True
                known.layer = info.name
                known.called_from = info.caller
                known.cell = _cell_activation(layer)
                known.name = f"{info.name}/{getattr(variable, 'name', 'variable')}"
                if info.location is not None and not _draws_itself(known.location):
                    known.location = info.location
                known.trainable = bool(getattr(variable, "trainable", known.trainable))
                known.initializer = _initializer_text(layer, getattr(variable, "name", ""))


def _draws_itself(location: Location | None) -> bool:
    """Whether the line in a layer's class that makes a variable says how it starts, whatever the layer is given."""
    before, word, after = (location.code if location is not None else "").partition("initializer=")
    return bool(word) and "add_weight(" in before and "self." not in after


def key_of(tensor: Any) -> Key | None:
    """A tensor's key in a trace: the id of an eager tensor, the name of a symbolic one."""
    if isinstance(tensor, EagerTensor):
        return tensor._id
    name = getattr(tensor, "name", None)
    return str(name) if name is not None and hasattr(tensor, "op") else None


def _cell_activation(layer: Any) -> str | None:
    """What the state of a recurrent cell goes through at every moment."""
    if not hasattr(layer, "recurrent_kernel"):
        return None
    return str(getattr(getattr(layer, "activation", None), "__name__", "")) or None


def _initializer_text(layer: Any, variable_name: str) -> str | None:
    initializer = getattr(layer, f"{variable_name}_initializer", None)
    if initializer is None:
        return None
    config: dict[str, Any] = getattr(initializer, "get_config", dict)()
    inside = ", ".join(f"{name}={value!r}" for name, value in config.items() if value is not None and name != "seed")
    return f"{type(initializer).__name__}({inside})"
