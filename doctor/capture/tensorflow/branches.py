"""Dropout in the branch of a condition: in a graph of its own, which the walk back from a loss does not enter."""

from __future__ import annotations

import re
from typing import Any, Callable, Mapping

import numpy as np
import tensorflow as tf

from doctor.capture.patching import wrap
from doctor.capture.session import Session
from doctor.capture.tensorflow.stack import user_line
from doctor.types import Site

#: Names that TensorFlow gives to the graphs of the branches of a condition.
_BRANCH = re.compile(r"(^|/)cond(_\d+)?_(true|false)_\d+")
#: Calls that are described; as many layers as anybody writes by hand.
MAX_CALLS = 64


def install_branches(session: Session) -> None:
    """Note the rates of `tf.nn.dropout` where it is called in a branch of `tf.cond`, as in ports of older code."""
    _Branches(session).install()


class _Branches:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.calls = 0

    def install(self) -> None:
        note = self.session.guarded("dropout in branches")(self._note)

        def watched(second: str) -> Callable[..., Any]:
            def dropout(original: Any, *args: Any, **kwargs: Any) -> Any:
                note({**dict(zip(("x", second), args)), **kwargs})
                return original(*args, **kwargs)

            return dropout

        wrap(tf.nn, "dropout", watched("rate"))
        wrap(tf.compat.v1.nn, "dropout", watched("keep_prob"))

    def _note(self, given: Mapping[str, Any]) -> None:
        graph = None if tf.executing_eagerly() else tf.compat.v1.get_default_graph()
        if self.calls >= MAX_CALLS or not _BRANCH.search(str(getattr(graph, "name", ""))):
            return
        rate, kept = given.get("rate"), given.get("keep_prob")
        if rate is None and isinstance(kept, (int, float, np.floating)):
            rate = 1 - kept
        location = user_line(self.session)
        if not isinstance(rate, (int, float, np.floating)) or location is None:
            return  # a tensor: fed, or computed
        self.calls += 1
        self.session.recorder.describe(
            Site(
                key=f"dropout:branch:{self.calls}",
                kind="dropout",
                name="dropout",
                location=location,
                attributes={"rate": float(rate), "layer": None},
            )
        )
