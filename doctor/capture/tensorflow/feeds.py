"""What Keras is given to train on: arrays, tables, dicts of them, datasets, generators; and weights."""

from __future__ import annotations

import functools
import inspect
import weakref
from typing import Any

import numpy as np

from doctor.capture.call_text import CallText
from doctor.capture.near_copies import near_copies
from doctor.capture.session import Session
from doctor.capture.tensorflow.arrays import Given, describe_array, observe_rows, table_names
from doctor.capture.tensorflow.columns import ColumnNames
from doctor.types import Location, Site

#: Classes whose weights are kept.
MAX_CLASSES = 1000
#: Generators and the like that are described.
MAX_SOURCES = 40
#: Calls of fit of which held-out rows are compared with training rows: each takes up to 0.1 s.
MAX_COMPARED = 3


class Feeds:
    """Describes what `fit`, `evaluate` and their like are given.

    Args:
        session: the watched run.
        columns: told the names of columns.
    """

    def __init__(self, session: Session, columns: ColumnNames) -> None:
        self.session = session
        self.columns = columns
        self._sources: set[str] = set()
        self._compared = 0
        self._compared_rows = session.guarded("near copies")(self._near_copies)
        self._fitted: list[tuple[weakref.ref[Any], tuple[Any, ...]]] = []

    def fitted(self, value: Any) -> bool:
        """Whether a model was fitted to this very array or dataset."""
        owner, view = _view(value)
        return any(one() is owner and known == view for one, known in self._fitted)

    def given(self, kind: str, bound: dict[str, Any], location: Location | None, fit: int) -> dict[str, Any]:
        """Describe the arguments of a call; returns what is worth saying of the call itself.

        Args:
            kind: "fit", "train_on_batch", "evaluate" or "predict".
            bound: its arguments by name.
            location: its line.
            fit: number of the latest call of `fit`, this one included; 0 where there was none.
        """
        call = None
        if location is not None:
            call = CallText(self.session.locator.source_path(location), location.line, kind)
        training = kind in ("fit", "train_on_batch")
        if kind == "fit":
            self._remember(bound.get("x"))
        suffix = "" if training else "_val"
        x = self._describe(bound.get("x"), f"x{suffix}", location, call, (0, "x"))
        y = self._describe(bound.get("y"), f"y{suffix}", location, call, (1, "y"))
        if training:
            for names in table_names(x):
                self.columns.table(names)
        if kind in ("fit", "evaluate"):  # batches one by one are seen in the steps
            split = bound.get("validation_split") or 0.0
            phase = "train" if training else "eval"
            weights = bound.get("sample_weight")
            observe_rows(self.session, x, y, phase, location, end=1.0 - split, fit=fit or None, weights=weights)
            if split:
                observe_rows(self.session, x, y, "eval", location, start=1.0 - split, fit=fit, weights=weights)
        validation = bound.get("validation_data")
        parts: list[list[Given]] = []
        if isinstance(validation, (tuple, list)):
            parts = [
                self._describe(value, role, location, call, (7, "validation_data", number))
                for number, (role, value) in enumerate(zip(("x_val", "y_val"), validation))
            ]
            if parts:
                held, weights = parts[1] if len(parts) > 1 else [], validation[2] if len(validation) > 2 else None
                observe_rows(self.session, parts[0], held, "eval", location, fit=fit, weights=weights)
        elif validation is not None:
            self._source(validation, "x_val", location)
        if kind != "fit":  # weights of a batch are not those of the training
            return {}
        split = bound.get("validation_split") or None
        near = self._compared_rows(x, y, parts[0] if parts else x if split else [], split)
        return {
            **_weights(bound),
            "validation_split": split,
            "callbacks": _callbacks(bound.get("callbacks")),
            **({"near_copies": near} if near else {}),
        }

    def _near_copies(
        self, x: list[Given], y: list[Given], held_out: list[Given], split: float | None
    ) -> dict[str, Any] | None:
        """Whether the rows to be validated on are changed copies of training rows; None where it was not looked at."""
        if len(x) != 1 or len(held_out) != 1 or not self.session.overhead or self._compared >= MAX_COMPARED:
            return None
        self._compared += 1
        trained, other = x[0].array, held_out[0].array
        labels = y[0].array if len(y) == 1 else None
        if split:
            end = int(len(trained) * (1.0 - split))
            trained, other, labels = trained[:end], trained[end:], labels[:end] if labels is not None else None
        with np.errstate(all="ignore"):
            return near_copies(trained, other, labels)

    def _remember(self, value: Any) -> None:
        if len(self._fitted) < MAX_SOURCES:
            try:
                owner, view = _view(value)
                self._fitted.append((weakref.ref(owner), view))
            except TypeError:  # a list, a dict, nothing
                pass

    def _describe(
        self, value: Any, role: str, location: Location | None, call: CallText | None, place: tuple[Any, ...]
    ) -> list[Given]:
        if value is None:
            return []
        found = describe_array(self.session, value, role, location, call, place)
        if not found and role.startswith("x"):
            self._source(value, role, location)
        return found

    def _source(self, value: Any, role: str, location: Location | None) -> None:
        """Describe a generator or a PyDataset by its class or function and where that is written."""
        kind, made = _made_by(value)
        if kind is None:
            return
        name, defined = made
        key = f"source:{role}:{name}:{location.line if location else 0}"
        if key in self._sources or len(self._sources) >= MAX_SOURCES:
            return
        self._sources.add(key)
        where = None
        if defined is not None and self.session.locator.is_user_file(defined[0]):
            where = self.session.locator.location(*defined)
        self.session.recorder.describe(
            Site(
                key=key,
                kind="source",
                name=name,
                location=location,
                attributes={
                    "role": role,
                    "type": kind,
                    "defined": where.listed() if where else None,
                },
            )
        )


def _view(value: Any) -> tuple[Any, tuple[Any, ...]]:
    """(object that holds the data, which part of it): equal for two slices of an array that are the same."""
    owner = value
    while isinstance(owner, np.ndarray) and owner.base is not None:
        owner = owner.base
    if not isinstance(value, np.ndarray):
        return value, ()
    return owner, (value.__array_interface__["data"][0], value.shape, value.strides)


def defined_at(function: Any) -> tuple[str, int] | None:
    """(file, line) of a function, a method or a class, of what a partial calls, of an object's `__call__`; or None."""
    while isinstance(function, functools.partial):
        function = function.func
    code = getattr(inspect.unwrap(function) if callable(function) else function, "__code__", None)
    if code is None and not inspect.isclass(function):
        code = getattr(getattr(type(function), "__call__", None), "__code__", None)
    if code is not None:
        return code.co_filename, code.co_firstlineno
    if inspect.isclass(function):
        try:
            return inspect.getsourcefile(function) or "", inspect.getsourcelines(function)[1]
        except (OSError, TypeError):
            return None
    return None


def _made_by(value: Any) -> tuple[str | None, tuple[str, tuple[str, int] | None]]:
    """(kind of source, (name, where it is written)), the kind None for what is no source.

    Nothing of the value is called or taken: that would be the script's code, and its batches.
    """
    from keras.utils import PyDataset

    if isinstance(value, PyDataset):
        return "PyDataset", (type(value).__name__, defined_at(type(value)))
    if inspect.isgenerator(value):
        return "generator", (value.gi_code.co_name, (value.gi_code.co_filename, value.gi_code.co_firstlineno))
    if hasattr(value, "__next__") and not hasattr(value, "element_spec"):
        return "generator", (type(value).__name__, defined_at(type(value)))
    return None, ("", None)


def _callbacks(given: Any) -> list[dict[str, Any]] | None:
    """Classes of the callbacks, and whether they keep the best weights; None where they cannot be listed.

    Of those that stop a training also what they wait for.
    """
    if given is None:
        return []
    if not isinstance(given, (list, tuple)):
        given = getattr(given, "callbacks", None)  # a CallbackList
        if not isinstance(given, list):
            return None
    kept = ("restore_best_weights", "save_best_only")
    return [
        {
            "class": type(one).__name__,
            "best": any(bool(getattr(one, name, False)) for name in kept),
            **_waits(one),
        }
        for one in given[:MAX_SOURCES]
    ]


def _waits(callback: Any) -> dict[str, Any]:
    """What an EarlyStopping waits for; {} of another callback."""
    from keras.callbacks import EarlyStopping

    if not isinstance(callback, EarlyStopping) or callback.baseline is not None:
        return {}
    return {
        "waits": {
            "monitor": str(callback.monitor),
            "mode": str(getattr(callback, "mode", "auto")),
            "patience": int(callback.patience),
            # Keras makes it negative for figures that get smaller.
            "min_delta": abs(float(callback.min_delta)),
            "from_epoch": int(getattr(callback, "start_from_epoch", 0)),
        }
    }


def _weights(bound: dict[str, Any]) -> dict[str, Any]:
    """Facts about `sample_weight` and `class_weight`, None where there are none."""
    facts: dict[str, Any] = {"sample_weight": None, "class_weight": None}
    given = bound.get("sample_weight")
    if given is not None and not isinstance(given, (dict, list, tuple)):
        values = np.asarray(given.numpy() if hasattr(given, "numpy") else given)
        if values.dtype.kind in "fiub" and values.size:
            known = values[np.isfinite(values)] if values.dtype.kind == "f" else values
            facts["sample_weight"] = {
                "shape": list(values.shape),
                "min": float(known.min()) if known.size else None,
                "max": float(known.max()) if known.size else None,
                "sum": float(known.sum(dtype=np.float64)),
                "zero_share": float((values == 0).mean()),
                "nonfinite": int(values.size - known.size),
            }
    classes = bound.get("class_weight")
    if isinstance(classes, dict):
        facts["class_weight"] = {
            str(name): float(weight) for name, weight in list(classes.items())[:MAX_CLASSES]
        }
    return facts
