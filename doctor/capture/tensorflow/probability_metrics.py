"""Keras metrics whose thresholds lie between 0 and 1, and what they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

import numpy as np

from doctor.capture.patching import wrap
from doctor.types import Location, Site

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher

#: Batches of one metric that are looked at.
MAX_LOOKS = 20
#: Metrics that are described.
MAX_METRICS = 20
#: Ops that pass values on as they are.
_PASSING = frozenset({"Identity", "Reshape", "Squeeze", "ExpandDims", "Cast", "StridedSlice", "StopGradient"})
#: Ops that a layer without an activation ends in.
_LINEAR = frozenset({"BiasAdd", "MatMul"})


class ProbabilityMetrics:
    """Describes each such metric that does not apply a sigmoid itself.

    Args:
        watcher: the hub of all hooks.
        made: where the script made a metric, by its id.
    """

    def __init__(self, watcher: Watcher, made: Callable[[int], Location | None]) -> None:
        self.session = watcher.session
        self.made = made
        self._looks: dict[int, int] = {}

    def install(self, keras: Any) -> None:
        """See what they are updated with."""
        given = self.session.guarded("metrics")(self._given)

        def update(original: Any, metric: Any, y_true: Any, y_pred: Any, *args: Any, **kwargs: Any) -> Any:
            given(metric, y_pred)
            return original(metric, y_true, y_pred, *args, **kwargs)

        by_rate = keras.metrics.PrecisionAtRecall.__mro__[1]  # of several that share it; it has no public name
        for one in (keras.metrics.AUC, by_rate):
            wrap(one, "update_state", update)

    def _given(self, metric: Any, values: Any) -> None:
        looks = self._looks.get(id(metric), 0)
        if looks >= MAX_LOOKS or not looks and len(self._looks) >= MAX_METRICS:
            return
        if getattr(metric, "_from_logits", False):
            return
        self._looks[id(metric)] = looks + 1
        outside = ends_in = None
        if hasattr(values, "op") and not hasattr(values, "numpy"):
            ends_in = _producer(values)
        else:
            number = np.asarray(values)
            if not number.size or number.dtype.kind not in "fiu":
                return
            outside = float(np.mean((number < 0) | (number > 1)))
        made = self.made(id(metric))
        self.session.recorder.describe(
            Site(
                key=f"scored:{metric.name}:{made.line if made else 0}",
                kind="scored",
                name=str(metric.name),
                location=made,
                attributes={"class": type(metric).__name__, "outside": outside,
                            "linear": ends_in in _LINEAR if ends_in is not None else None},
            )
        )  # fmt: skip


def _producer(tensor: Any) -> str:
    """The op type that made a tensor of a graph, behind those that only pass it on."""
    op = tensor.op
    while op.type in _PASSING and len(op.inputs):
        op = op.inputs[0].op
    if op.type == "AddV2" and any(one.op.type == "MatMul" for one in op.inputs):
        return "BiasAdd"
    return str(op.type)
