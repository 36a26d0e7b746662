"""Keras metrics that the script itself reads: what they said, and over how much they were taken."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from tensorflow.python.eager import context

from doctor.capture.patching import wrap
from doctor.capture.tensorflow.probability_metrics import ProbabilityMetrics
from doctor.types import Site

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher

#: Values of one metric that are kept, the latest ones.
MAX_RESULTS = 50
#: Metrics that are described.
MAX_METRICS = 40


class Metrics:
    """Describes the metrics of hand-written loops, whenever the script asks one for its result.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self._wrapped: set[type] = set()
        self._made: dict[int, Any] = {}
        self._results: dict[str, list[list[float | None]]] = {}
        self._sites: dict[str, Site] = {}
        self._next: dict[str, int] = {}
        self._asks: dict[str, int] = {}

    def install(self, keras: Any) -> None:
        """See metrics being made: their classes, also the script's own, say what their result is."""
        made = self.session.guarded("metrics")(self._metric_made)

        def init(original: Any, metric: Any, *args: Any, **kwargs: Any) -> None:
            original(metric, *args, **kwargs)
            made(metric)

        wrap(keras.metrics.Metric, "__init__", init)
        ProbabilityMetrics(self.watcher, self._made.get).install(keras)
        self.session.at_finish(self._finish)

    def _finish(self) -> None:
        for site in self._sites.values():
            self.session.recorder.describe(site)

    def _metric_made(self, metric: Any) -> None:
        self._made[id(metric)] = self.session.locator.here(1)
        owner = next((one for one in type(metric).__mro__ if "result" in vars(one)), None)
        if owner is None or owner in self._wrapped:
            return
        self._wrapped.add(owner)
        asked = self.session.guarded("metrics")(self._asked)

        def result(original: Any, one: Any, *args: Any, **kwargs: Any) -> Any:
            value = original(one, *args, **kwargs)
            # Keras asks too, in its own loops: those are not the script's figures.
            if self.session.locator.is_user_file(sys._getframe(2).f_code.co_filename):
                asked(one, value)
            return value

        wrap(owner, "result", result)

    def _asked(self, metric: Any, value: Any) -> None:
        """The script asks for the result."""
        if not context.executing_eagerly() or id(metric) not in self._made:
            return
        made = self._made[id(metric)]
        number = np.asarray(value)
        taken = _taken(metric)
        if made is None or number.ndim != 0 or number.dtype.kind not in "fiu" or taken is None:
            return
        key = f"metric:{metric.name}:{made.line}"
        if key not in self._results and len(self._results) >= MAX_METRICS:
            return
        results = self._results.setdefault(key, [])
        step = self.session.steps_done
        if results and results[-1][0] == step and results[-1][2] == taken:
            return
        results.append([float(step), float(number) if np.isfinite(number) else None, taken])
        del results[:-MAX_RESULTS]
        self._sites[key] = Site(
            key=key,
            kind="metric",
            name=str(metric.name),
            location=made,
            attributes={
                "class": type(metric).__name__,
                "function": getattr(getattr(metric, "_fn", None), "__name__", None),
                "results": [list(one) for one in results],
            },
        )
        # A script may ask at every step: the recording is told less and less often, and at the end.
        asked = self._asks[key] = self._asks.get(key, 0) + 1
        if asked >= self._next.get(key, 0):
            self._next[key] = asked + asked // 2 + 1
            self.session.recorder.describe(self._sites[key])


def _taken(metric: Any) -> float | None:
    """Over how much a metric was taken since it was last reset: its count, or the sum of what it has added up."""
    count = getattr(metric, "count", None)
    if count is not None and hasattr(count, "numpy"):
        return float(np.asarray(count))
    try:
        return float(sum(np.abs(np.asarray(one, dtype=np.float64)).sum() for one in metric.variables))
    except (TypeError, ValueError):
        return None
