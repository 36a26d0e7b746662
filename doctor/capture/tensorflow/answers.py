"""What models answer the script outside of training, for the scores that it computes of that by itself.

Models of Keras, and functions compiled by the script that hold a forward pass.
"""

from __future__ import annotations

import re
import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np
from tensorflow.python.eager import context
from tensorflow.python.eager.polymorphic_function import concrete_function, polymorphic_function
from tensorflow.python.framework.ops import EagerTensor

from doctor.capture.following import given_as
from doctor.capture.patching import wrap
from doctor.capture.tensorflow.arrays import describe_array, observe_rows

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher

#: An array, as opposed to a part of one that is cut in a loop.
_NAME = re.compile(r"[\w.]+(\[['\"]?\w+['\"]?\])?")


class Answers:
    """Hands what models say to who follows it.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.scores = watcher.scores
        self._inside = 0
        # The compiled function that is being called; forward passes: their graphs, and the functions that hold them.
        self._called: Any = None
        self._forward: weakref.WeakSet[Any] = weakref.WeakSet()
        self._looked_at: weakref.WeakSet[Any] = weakref.WeakSet()

    def traced_forward(self, graph: Any) -> None:
        """A graph that is complete is a forward pass."""
        self._forward.add(graph)
        if self._called is not None:
            self._forward.add(self._called)

    def install_functions(self) -> None:
        """Put the seam of compiled functions in place, outside of all others of their calls."""
        answered = self.watcher.session.guarded("scores")(self._answered)
        passes = self.watcher.session.guarded("scores")(self._was_traced_apart)

        def asked(original: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
            if self._inside or self._called is not None:
                return original(function, *args, **kwargs)
            self._called = function
            try:
                result = original(function, *args, **kwargs)
            finally:
                self._called = None
            if self.watcher.trained and (function in self._forward or passes(function)):
                given = [*args, *kwargs.values()]
                answered(sys._getframe(2), given[0] if len(given) == 1 else None, result)
            return result

        wrap(polymorphic_function.Function, "__call__", asked)
        wrap(concrete_function.ConcreteFunction, "__call__", asked)

    def _was_traced_apart(self, function: Any) -> bool:
        """Whether a function that was not called while it was traced is a forward pass; it is asked once."""
        if function in self._looked_at:
            return False
        self._looked_at.add(function)
        apart = getattr(function, "_list_all_concrete_functions", lambda: [function])
        if any(one.graph in self._forward for one in apart()):
            self._forward.add(function)
            return True
        return False

    def install(self, keras: Any) -> None:
        """Put the seams of Keras in place."""
        answered = self.watcher.session.guarded("scores")(self._answered)

        def asked(original: Any, model: Any, *args: Any, **kwargs: Any) -> Any:
            self._inside += 1
            try:
                result = original(model, *args, **kwargs)
            finally:
                self._inside -= 1
            if self._inside == 0 and self.watcher.trained:
                answered(sys._getframe(2), args[0] if args else kwargs.get("x"), result)
            return result

        wrap(keras.Model, "__call__", asked)
        trainer = keras.src.backend.tensorflow.trainer.TensorFlowTrainer
        wrap(trainer, "predict", asked)
        wrap(trainer, "predict_on_batch", asked)

    def _answered(self, frame: Any, given: Any, result: Any) -> None:
        watcher = self.watcher
        if not context.executing_eagerly() or watcher.under_tape() or threading.get_ident() != watcher.session.thread:
            return
        # Keras asks by itself, within `fit` that runs eagerly.
        if not watcher.session.locator.is_user_file(frame.f_code.co_filename) or not self.scores.admits(frame):
            return
        if isinstance(result, EagerTensor):
            result = result.numpy()
        if not isinstance(result, np.ndarray) or not result.ndim or result.dtype.kind != "f":
            return
        if not self.scores.asked(frame, result, given):
            return
        text = _NAME.fullmatch(given_as(watcher.session.locator, frame))
        if text is not None:
            # What is scored is held out like what `evaluate` is given.
            location = watcher.session.locator.of_frame(frame)
            inputs = describe_array(watcher.session, given, "x_val", location, text=text[0])
            observe_rows(watcher.session, inputs, [], "eval", location, found=True)
