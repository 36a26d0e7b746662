"""Switches of a graph of tf.compat.v1: scalars of kind bool that are fed, such as `is_training`, and their values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from doctor.capture.tensorflow.session_plans import Plan
from doctor.capture.tensorflow.session_walk import Feeds
from doctor.types import Location, Site

if TYPE_CHECKING:
    from doctor.capture.tensorflow.watcher import Watcher

_FED = ("Placeholder", "PlaceholderWithDefault")


@dataclass
class _Switch:
    """One switch: the values that it had in training and outside of it, and the line that gave the last new one."""

    train: list[bool] = field(default_factory=list)
    eval: list[bool] = field(default_factory=list)
    lines: dict[str, Location | None] = field(default_factory=dict)


class Flags:
    """Notes which values the switches of a graph have in runs that train and in others.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.session = watcher.session
        self._seen: dict[str, _Switch] = {}

    def note(self, plan: Plan, feeds: Feeds, phase: str) -> None:
        """A run is about to be made.

        Args:
            plan: of the run.
            feeds: id of a fed tensor -> its value.
            phase: "train", or "eval" for a run after the training has begun.
        """
        if plan.flags is None:
            plan.flags = _switches(plan)
        for tensor in plan.flags:
            value = feeds.get(tensor._id)
            if value is None and tensor.op.type == "PlaceholderWithDefault":
                value = tf.get_static_value(tensor.op.inputs[0])
            if value is None:
                continue
            switch = self._seen.setdefault(tensor.name, _Switch())
            values, mode = getattr(switch, phase), bool(np.asarray(value))
            if mode not in values:
                values.append(mode)
                switch.lines[phase] = self.session.locator.here(1)
                self._describe(tensor, switch)

    def _describe(self, tensor: Any, switch: _Switch) -> None:
        frames = [(frame.filename, frame.lineno) for frame in tensor.op.traceback]
        lines = {f"{phase}_line": place.listed() if place else None for phase, place in switch.lines.items()}
        self.session.recorder.describe(
            Site(
                key=f"flag:{tensor.name}",
                kind="flag",
                name=tensor.op.name,
                location=self.session.locator.of_stack(reversed(frames)),
                attributes={
                    "default": tensor.op.type == "PlaceholderWithDefault",
                    "train": list(switch.train),
                    "eval": list(switch.eval),
                    **lines,
                },
            )
        )


def _switches(plan: Plan) -> list[Any]:
    """The switches that something in a run depends on."""
    found: dict[str, Any] = {}
    for operation in plan.operations:
        for tensor in operation.inputs:
            if tensor.dtype == tf.bool and tensor.op.type in _FED and tensor.shape.rank in (0, None):
                found[tensor.name] = tensor
    return list(found.values())
