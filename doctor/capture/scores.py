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
FUNCTIONS = ("accuracy_score", "balanced_accuracy_score", "f1_score", "r2_score", "roc_auc_score")
#: Calls that are kept: a loop over thresholds scores a thousand times.
MAX_SCORES = 60


def install_scores(session: Session) -> None:
    """Wrap the functions of `sklearn.metrics` once the script has imported it."""
    _Scores(session).install()


class _Scores:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.count = 0

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

    def _keep(self, name: str, labels: Any, result: Any) -> None:
        if self.count >= MAX_SCORES or not np.isscalar(result):
            return
        values = np.asarray(labels)
        self.count += 1
        self.session.recorder.describe(
            Site(
                key=f"score:{self.count}",
                kind="score",
                name=name,
                subject="",
                phase="eval",
                location=self.session.locator.here(1),
                attributes={
                    "value": float(result),  # type: ignore[arg-type]
                    "rows": len(values),
                    "majority": _majority(values),
                    "steps": self.session.steps_done,
                },
            )
        )


def _majority(labels: np.ndarray) -> float | None:
    """Share of the most frequent class; None of labels that are no classes."""
    flat = labels.reshape(len(labels), -1)
    if flat.shape[1] != 1 or labels.dtype.kind == "f" and (labels != np.round(labels)).any() or not len(labels):
        return None
    _, counts = np.unique(flat, return_counts=True)
    return float(counts.max() / len(labels))
