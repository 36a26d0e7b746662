"""Lists of weights that a script takes of a model which has none yet."""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any, Callable

from doctor.capture.patching import wrap_property
from doctor.types import Location, Site

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher

#: Models of which this is described.
MAX_MODELS = 20


class EarlyLists:
    """Remembers models whose list of weights was empty when the script asked for it, and describes those that got some.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.session = watcher.session
        self.variables = watcher.variables
        self._asked: dict[int, tuple[weakref.ref[Any], Location]] = {}

    def install(self, keras: Any) -> None:
        """See the properties that list weights."""
        asked = self.session.guarded("lists of weights")(self._empty)

        def listed(getter: Callable[[Any], Any], layer: Any) -> Any:
            found = getter(layer)
            if not found and not getattr(layer, "built", True):
                asked(layer, sys._getframe(2))
            return found

        for name in ("trainable_variables", "trainable_weights"):
            if isinstance(vars(keras.layers.Layer).get(name), property):
                wrap_property(keras.layers.Layer, name, listed)
        self.session.at_finish(self._finish)

    def _empty(self, layer: Any, frame: Any) -> None:
        location = self.session.locator.of_frame(frame)
        if location is not None and layer.trainable and len(self._asked) < MAX_MODELS:
            self._asked.setdefault(id(layer), (weakref.ref(layer), location))

    def _finish(self) -> None:
        for number, (reference, location) in enumerate(self._asked.values(), 1):
            layer = reference()
            if layer is None or not layer.trainable_weights:
                continue
            infos = (self.variables.of(one) for one in layer.trainable_weights)
            self.session.recorder.describe(
                Site(
                    key=f"early_list:{number}",
                    kind="early_list",
                    name=layer.name,
                    location=location,
                    attributes={"variables": [info.key for info in infos if info is not None]},
                )
            )
