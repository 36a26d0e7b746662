"""In which mode dropout and batch normalisation run, in training and outside of it."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf
from tensorflow.python.eager import context

from doctor.capture.patching import wrap
from doctor.capture.tensorflow.stack import mode_line
from doctor.capture.tensorflow.trace import RANDOM, VARIABLES, Key, Node, Trace
from doctor.types import Location, Site

if TYPE_CHECKING:
    from doctor.capture.session import Session
    from doctor.capture.tensorflow.look import Look
    from doctor.capture.tensorflow.subjects import Subject
    from doctor.capture.tensorflow.watcher import Watcher

#: Keras layers that do one thing in training and another outside of it.
_MODAL = (
    "BatchNormalization", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout",
    "GaussianDropout", "GaussianNoise",
)  # fmt: skip
#: Dropouts of one network that are described.
MAX_DROPOUTS = 16


class Modes:
    """Describes every layer that has two modes, with those in which it was called.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self._seen: dict[int, dict[str, Any]] = {}
        # Graph: the layers that were called while it was traced, each with its mode.
        self._traced: weakref.WeakKeyDictionary[Any, list[tuple[weakref.ref[Any], bool]]] = weakref.WeakKeyDictionary()

    def install(self, keras: Any) -> None:
        """See the calls of these layers."""
        called = self.session.guarded("modes of layers")(self._called)
        for name in _MODAL:
            layer_class = getattr(keras.layers, name, None)
            if layer_class is None:
                continue

            def call(original: Any, layer: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
                called(layer, args[0] if args else kwargs.get("training"))
                return original(layer, inputs, *args, **kwargs)

            wrap(layer_class, "call", call)
        dropped = self.session.guarded("dropout in recurrent cells")(self._dropped)

        def recur(original: Any, layer: Any, sequences: Any, *args: Any, **kwargs: Any) -> Any:
            dropped(layer, args[2] if len(args) > 2 else kwargs.get("training"))
            return original(layer, sequences, *args, **kwargs)

        wrap(keras.layers.RNN, "call", recur)

    def _dropped(self, layer: Any, training: Any) -> None:
        """Describe the rates of a recurrent layer's cells, whose masks are used inside a loop."""
        if not training or _works_out_a_shape() or not self.watcher.under_tape():
            return
        info = self.watcher.layers.of(layer)
        for number, cell in enumerate(getattr(layer.cell, "cells", None) or [layer.cell]):
            for argument in ("dropout", "recurrent_dropout"):
                rate = getattr(cell, argument, None)
                if isinstance(rate, (int, float)) and rate > 0:
                    self.session.recorder.describe(
                        Site(
                            key=f"dropout:cell:{layer.name}:{number}:{argument}",
                            kind="dropout",
                            name=str(layer.name),
                            location=info.location if info else None,
                            attributes={"rate": float(rate), "layer": str(layer.name), "argument": argument},
                        )
                    )

    def _called(self, layer: Any, training: Any) -> None:
        if _works_out_a_shape() or (training is not None and not isinstance(training, (bool, int, np.bool_))):
            return
        mode = bool(training)
        if not context.executing_eagerly():
            self._traced.setdefault(tf.compat.v1.get_default_graph(), []).append((weakref.ref(layer), mode))
        if self.watcher.under_tape():
            self._note(layer, mode, "train")
        elif self.watcher.trained and not self.watcher.graphs.trains():
            self._note(layer, mode, "eval")

    def ran_outside(self, graph: Any) -> None:
        """A forward pass that was compiled for training runs outside of it, in the modes that it was traced with."""
        for reference, mode in self._traced.get(graph, ()):
            layer = reference()
            if layer is not None:
                self._note(layer, mode, "eval")

    def _note(self, layer: Any, mode: bool, phase: str) -> None:
        seen = self._seen.setdefault(id(layer), {"train": [], "eval": []})
        if mode in seen[phase]:
            return
        seen[phase].append(mode)
        if mode != (phase == "train"):
            seen[f"{phase}_line"] = mode_line(self.session, mode)
        info = self.watcher.layers.of(layer)
        name = str(layer.name)
        attributes: dict[str, Any] = {
            "class": type(layer).__name__,
            "rate": getattr(layer, "rate", getattr(layer, "stddev", None)),
            "momentum": getattr(layer, "momentum", None),
            "trainable": bool(layer.trainable),
            "train": list(seen["train"]),
            "eval": list(seen["eval"]),
            "train_line": _listed(seen.get("train_line")),
            "eval_line": _listed(seen.get("eval_line")),
        }
        if "BatchNormalization" in type(layer).__name__ and phase == "train" and not mode:
            seen["fresh"] = _fresh(layer)
        if "fresh" in seen:
            attributes["fresh"] = seen["fresh"]
        key = f"modal:{name}:{info.location.line if info and info.location else 0}"
        self.session.recorder.describe(
            Site(key=key, kind="modal", name=name, location=info.location if info else None, attributes=attributes)
        )


def _works_out_a_shape() -> bool:
    """Whether Keras calls a layer only to learn the shape of what it makes."""
    from keras.src.backend.common.stateless_scope import in_stateless_scope

    return bool(in_stateless_scope())


def _fresh(layer: Any) -> bool | None:
    """Whether the moving averages are as they were made: no batch has ever changed them."""
    try:
        with tf.init_scope():
            mean, variance = np.asarray(layer.moving_mean), np.asarray(layer.moving_variance)
    except Exception:  # noqa: BLE001  not built yet, or inside a graph that cannot be left
        return None
    return bool((mean == 0).all() and (variance == 1).all())


def describe_dropouts(session: Session, subject: Subject, trace: Trace, look: Look, phase: str) -> None:
    """Describe where units are dropped at random in a forward pass, whoever wrote it."""
    for number, (node, limit, keeps) in enumerate(_dropouts(trace)[:MAX_DROPOUTS]):
        rate = look.number(limit)
        layer = next((look.layer(key) for key in _after(trace, node) if look.layer(key) is not None), None)
        location = (layer.location if layer is not None else None) or node.location()
        session.recorder.describe(
            Site(
                key=f"{'eval:' if phase == 'eval' else ''}dropout:{subject.number}:{number}",
                kind="dropout",
                name=layer.name if layer is not None else "dropout",
                subject=subject.key,
                phase=phase,
                location=location,
                attributes={
                    "rate": 1 - rate if keeps and rate is not None else rate,
                    "layer": layer.name if layer is not None else None,
                },
            )
        )


#: Comparisons of random numbers with a limit: whether a unit is kept where the number is above it.
_COMPARISONS = {"GreaterEqual": True, "Greater": True, "Less": False, "LessEqual": False}


def _dropouts(trace: Trace) -> list[tuple[Node, Key, bool]]:
    """Ops that compare random numbers with a limit, to decide what of the network is kept.

    Each with the limit, and whether that is the share that is kept rather than the one that is dropped. Also
    floor(random + limit), which is 1 for the share of the limit.
    """
    found: list[tuple[Node, Key, bool]] = []
    for node in trace.nodes:
        if node.op == "Floor":
            total = trace.producer.get(node.inputs[0])
            if total is None or total.op not in ("Add", "AddV2"):
                continue
            operands, above = total.inputs, False
        elif node.op in _COMPARISONS and len(node.inputs) == 2:
            operands, above = node.inputs, _COMPARISONS[node.op]
        else:
            continue
        random = [index for index, key in enumerate(operands[:2]) if trace.flag(key) == RANDOM]
        if len(random) != 1:
            continue
        above = above if node.op == "Floor" or random[0] == 0 else not above
        if _replaces(trace, node):
            above = not above
        if any(trace.mixed(key) or trace.flag(key) & VARIABLES for key in _after(trace, node)):
            found.append((node, operands[1 - random[0]], not above))
    return found


def _replaces(trace: Trace, node: Node) -> bool:
    """Whether what a mask picks is replaced by something else, as in where(mask, 0, x)."""
    return any(
        following.op in ("Select", "SelectV2") and following.inputs[0] in node.outputs
        and not trace.mixed(following.inputs[1]) and trace.mixed(following.inputs[2])
        for key in node.outputs
        for following in trace.consumers.get(key, [])
    )  # fmt: skip


def _after(trace: Trace, node: Node) -> list[Key]:
    """The tensors that a mask makes of the network's, nearest first."""
    keys: list[Key] = list(node.outputs)
    for key in keys:
        for following in trace.consumers.get(key, []):
            if following.op in ("Cast", "Mul", "RealDiv", "Select", "SelectV2", "Identity") and len(keys) < 12:
                keys += [one for one in following.outputs if one not in keys]
    return keys[len(node.outputs) :]


def _listed(location: Location | None) -> list[Any] | None:
    return location.listed() if location is not None else None
