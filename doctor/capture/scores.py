"""Watches the scores that scripts compute with scikit-learn, of a model that Keras trained."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from doctor.capture.importing import when_imported
from doctor.capture.patching import wrap
from doctor.capture.session import Session
from doctor.types import Site

#: Functions of (labels, predictions) that answer with a number, the larger the better.
FUNCTIONS = ("accuracy_score", "r2_score")
#: Calls of one line that are kept, the latest ones: a loop over thresholds scores a thousand times.
MAX_SCORES = 20


def install_scores(session: Session) -> None:
    """Wrap the functions of `sklearn.metrics` once the script has imported it."""
    _Scores(session).install()


class _Scores:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.counts: dict[tuple[str, int], int] = {}

    def install(self) -> None:
        when_imported("sklearn.metrics", self._wrap)

    def _wrap(self, module: Any) -> None:
        keep = self.session.guarded("scores")(self._keep)

        def watched(name: str) -> Any:
            def score(original: Any, *args: Any, **kwargs: Any) -> Any:
                result = original(*args, **kwargs)
                # Libraries score by themselves, in a search over settings.
                if self.session.locator.is_user_file(sys._getframe(2).f_code.co_filename):
                    keep(name, args[0] if args else kwargs.get("y_true"), result)
                return result

            return score

        for name in FUNCTIONS:
            if hasattr(module, name):
                wrap(module, name, watched(name))
                # Where it is defined the original stays, which is what pickle would find, and refuse.
                getattr(module, name).__module__ = module.__name__

    def _keep(self, name: str, labels: Any, result: Any) -> None:
        if not np.isscalar(result) or not hasattr(labels, "__len__"):
            return  # a score for each output; labels in a form of their own, such as sparse ones
        location = self.session.locator.here(1)
        line = (location.path, location.line) if location is not None else ("", 0)
        number = self.counts[line] = self.counts.get(line, -1) + 1
        values = np.asarray(labels)
        self.session.recorder.describe(
            Site(
                key=f"score:{name}:{line[1]}:{number % MAX_SCORES}",
                kind="score",
                name=name,
                subject="",
                phase="eval",
                location=location,
                attributes={
                    "value": float(result),  # type: ignore[arg-type]
                    "rows": len(values),
                    "majority": _majority(values),
                    "variance": float(values.var()) if values.dtype.kind in "fiu" and len(values) else None,
                    "steps": self.session.steps_done,
                },
            )
        )


def _majority(labels: np.ndarray) -> float | None:
    """Share of the most frequent class; None of labels that are no classes, or several to a row."""
    if not len(labels) or labels.size != len(labels):
        return None
    if labels.dtype.kind == "f" and (labels != np.round(labels)).any():
        return None
    try:
        _, counts = np.unique(labels, return_counts=True)
    except TypeError:  # values of several kinds
        return None
    return float(counts.max() / len(labels))
