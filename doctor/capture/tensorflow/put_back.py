"""Sees weights that a model is given after its training has begun: a roll-back, the best so far, those of a server."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from doctor.capture.patching import wrap
from doctor.capture.statistics import summarise
from doctor.capture.tensorflow.eager import array_of

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher

#: Events that are kept of one model: enough to see a habit.
_MOST = 50


class PutBack:
    """Notes what the largest kernel of a model is after `set_weights`, to be compared with what it was before.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session

    def install(self, keras: Any) -> None:
        """See the calls of `set_weights`."""
        noted = self.session.guarded("weights that are set")(self._noted)

        def set_weights(original: Any, layer: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(layer, *args, **kwargs)
            noted(layer)
            return result

        wrap(keras.layers.Layer, "set_weights", set_weights)

    def _noted(self, model: Any) -> None:
        subject = self.watcher.subjects.of_model(model)
        if subject is None or not subject.gradient_steps or len(subject.put_back) >= _MOST:
            return
        kernels = [info for info in subject.sources if len(info.shape) > 1]
        if not kernels:
            return
        info = max(kernels, key=lambda one: math.prod(one.shape))
        values = array_of(info.read())
        place = self.session.locator.here(1)
        if values is None or place is None:
            return
        stats = summarise(values)
        key = self.watcher.variable_sites.key(subject, info)
        subject.put_back.append([subject.gradient_steps, key, stats["norm"], stats["mean"], *place.listed()])
        self.watcher.subjects.describe(subject)
