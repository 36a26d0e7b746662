"""What models of Keras answer the script outside of training, for the scores that it computes of that by itself."""

from __future__ import annotations

import re
import sys
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
from tensorflow.python.eager import context
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

    def install(self, keras: Any) -> None:
        """Put the seams in place."""
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
