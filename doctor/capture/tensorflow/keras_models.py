"""Describes Keras models, and reads the arguments of their methods."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from doctor.capture.tensorflow.layers import Layers
from doctor.types import Site


def model_site(model: Any, layers: Layers, learned: dict[str, int]) -> Site:
    """A model with its layers, in order, as a site of the recording.

    Args:
        model: the model, which is about to be trained.
        layers: knows where layers were made.
        learned: by name, how many weights were trainable in any training at most; brought up to date.
    """
    described = []
    for layer in getattr(model, "layers", []):
        info = layers.of(layer)
        location = info.location if info else None
        described.append(
            {
                "name": layer.name,
                "class": type(layer).__name__,
                "activation": getattr(getattr(layer, "activation", None), "__name__", None),
                "units": getattr(layer, "units", getattr(layer, "filters", None)),
                "rate": getattr(layer, "rate", None),
                "trainable": bool(layer.trainable),
                "weights": [len(layer.trainable_weights), len(layer.weights)],
                "location": location.listed() if location else None,
                **_mask_value(layer),
            }
        )
    trainable = len(model.trainable_weights)
    learned[model.name] = max(learned.get(model.name, 0), trainable)
    attributes = {"class": type(model).__name__, "layers": described, "learned": learned[model.name]}
    return Site(key=f"model:{model.name}", kind="model", name=model.name, attributes=attributes)


def _mask_value(layer: Any) -> dict[str, float]:
    """What a Masking layer takes for padding."""
    value = getattr(layer, "mask_value", None)
    return {"mask_value": float(value)} if isinstance(value, (int, float, np.number)) else {}


def bound(function: Any, model: Any, args: Any, kwargs: Any) -> dict[str, Any]:
    """The arguments of a call by name."""
    try:
        return dict(inspect.signature(function).bind_partial(model, *args, **kwargs).arguments)
    except (TypeError, ValueError):
        return dict(kwargs)


def name_of(value: Any) -> str | None:
    """The name of a loss or metric, given as one or as a function or object."""
    if value is None or isinstance(value, str):
        return value
    return getattr(value, "__name__", None) or type(value).__name__


def listed(value: Any) -> list[Any]:
    """One or several as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def learns(model: Any) -> int | None:
    """How many weights are trainable; None before all of them are made."""
    built = all(bool(layer.built) for layer in model._flatten_layers())
    return len(model.trainable_weights) if built and model.weights else None
