"""The user's line that is running, also inside a function that autograph rewrote."""

from __future__ import annotations

import re
import sys
from typing import Any

from tensorflow.python.eager import context
from tensorflow.python.util import tf_stack

from doctor.capture.session import Session
from doctor.types import Location

_HANDED_ON = re.compile(r"\btraining\s*=\s*(?!True\b|False\b)[a-z_]\w*")
#: A mode that is chosen on the spot: training=True, training=self.trainable, training=1; not training=training.
_CHOSEN = re.compile(r"\btraining\s*=\s*(?!False\b|None\b|[a-z_]\w*\s*(?:[,)]|$))")


def user_line(session: Session) -> Location | None:
    """The innermost line of the user's code on the stack."""
    if context.executing_eagerly():
        return session.locator.here(1)
    # While a graph is traced, TensorFlow's own stack maps autograph's copies to the source.
    frames = [(frame.filename, frame.lineno) for frame in tf_stack.extract_stack()]
    return session.locator.of_stack(reversed(frames))


def mode_line(session: Session, training: bool) -> Location | None:
    """The line that calls a layer in a mode: the innermost that chooses training, else that calls the model.

    What a model's own `call` hands on is not where the mode is chosen.
    """
    frames = [(frame.filename, frame.lineno, frame.name) for frame in tf_stack.extract_stack()]
    places = []
    for name, line, function in reversed(frames):
        place = session.locator.of_stack([(name, line)])
        if place is not None:
            places.append((place, function))
    said = [place for place, _ in places if training and _CHOSEN.search(place.code)]
    outside = [place for place, function in places if function not in ("call", "__call__")]
    # `net(x, training=training)` hands on what its caller chose.
    outside = [place for place in outside if not _HANDED_ON.search(place.code)] or outside
    return next(iter(said or outside or [place for place, _ in places]), None)


def made_at(session: Session, loss: Any) -> Location | None:
    """The user's line that constructs a Keras loss, or None where Keras does so itself.

    Keras wraps a function that was given as a loss on its own, in the midst of `fit`.
    """
    frame = sys._getframe(1)
    while frame.f_back is not None:
        module = frame.f_globals.get("__name__", "")
        # Only where it may be: asking a function for its variables can be seen by it (reach.py).
        inside = frame.f_code.co_name == "__init__" and frame.f_locals.get("self") is loss
        if not (inside or module.startswith(("doctor.", "keras.src.losses"))):
            break
        frame = frame.f_back
    return session.locator.of_frame(frame)
