"""The user's line that is running, also inside a function that autograph rewrote."""

from __future__ import annotations

from tensorflow.python.eager import context
from tensorflow.python.util import tf_stack

from doctor.capture.session import Session
from doctor.types import Location


def user_line(session: Session) -> Location | None:
    """The innermost line of the user's code on the stack."""
    if context.executing_eagerly():
        return session.locator.here(1)
    # While a graph is traced, TensorFlow's own stack maps autograph's copies to the source.
    frames = [(frame.filename, frame.lineno) for frame in tf_stack.extract_stack()]
    return session.locator.of_stack(reversed(frames))
