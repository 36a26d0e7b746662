"""Follows tf.data pipelines: which stages, in which order, made on which line."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

import numpy as np
from tensorflow.python.data.ops import dataset_ops, iterator_ops

from doctor.capture.call_text import CallText
from doctor.capture.patching import wrap
from doctor.capture.tensorflow.arrays import describe_array, observe_rows, table_names
from doctor.capture.tensorflow.feeds import defined_at
from doctor.capture.tensorflow.watcher import Watcher
from doctor.types import Location, Site

#: Stage methods and the arguments worth keeping.
STAGES: dict[str, tuple[str, ...]] = {
    "from_tensor_slices": (),
    "from_tensors": (),
    "from_generator": (),
    "range": (),
    "zip": (),
    "shuffle": ("buffer_size", "seed", "reshuffle_each_iteration"),
    "batch": ("batch_size", "drop_remainder"),
    "ragged_batch": ("batch_size",),
    "padded_batch": ("batch_size",),
    "unbatch": (),
    "repeat": ("count",),
    "map": (),
    "filter": (),
    "take": ("count",),
    "skip": ("count",),
    "cache": (),
    "prefetch": (),
    "interleave": (),
    "flat_map": (),
    "concatenate": (),
    "shard": (),
}
#: Stages whose first argument is a function of the script.
_FUNCTIONS = frozenset({"from_generator", "map", "filter", "interleave", "flat_map"})
_ATTRIBUTE = "_doctor_stage"
#: Stages of TensorFlow's own that are looked through.
_LONGEST = 10
#: Passes over pipelines of which the line is looked up, and lines that are kept of one pipeline.
_MAX_PASSES, _MAX_LINES = 1000, 20


def mark(dataset: Any, stage: str, arguments: dict[str, Any], location: Location, **facts: Any) -> None:
    """Note on a dataset which stage made it, on which line of the script; `facts` stand beside the arguments."""
    # On the object itself: an id would be used again by a later dataset.
    setattr(dataset, _ATTRIBUTE, (stage, arguments, location, facts))


class Pipelines:
    """Notes every dataset stage as it is made, and every pipeline that is iterated.

    Args:
        watcher: the hub of all hooks.
    """

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.session = watcher.session
        self._passes: dict[str, set[Location]] = {}
        self._looked_up = 0
        self._latest = ""

    def install(self) -> None:
        """Put the seams in place."""
        self.watcher.pipeline_used = self.used
        note = self.session.guarded("datasets")(self._note)
        iterated = self.session.guarded("datasets")(self._iterated)
        named = self.session.guarded("names of columns")(self.watcher.sites.columns.named)
        for name, arguments in STAGES.items():

            def stage(original: Any, *args: Any, __name: str = name, __wanted: Any = arguments, **kwargs: Any) -> Any:
                made = original(*args, **kwargs)
                # Keras and tf.data itself make datasets too: only the user's own stages count.
                if self.session.locator.is_user_file(sys._getframe(2).f_code.co_filename):
                    note(made, __name, __wanted, args, kwargs)
                return made

            wrap(dataset_ops.DatasetV2, name, stage)

        def start(original: Any, iterator: Any, dataset: Any = None, *args: Any, **kwargs: Any) -> Any:
            result = original(iterator, dataset, *args, **kwargs)
            if dataset is not None:
                iterated(dataset)
            return result

        def following(original: Any, iterator: Any) -> Any:
            element = original(iterator)
            first = element[0] if isinstance(element, (tuple, list)) and element else element
            self.watcher.last_inputs = [first]
            if isinstance(first, dict):
                named(first)
            return element

        wrap(iterator_ops.OwnedIterator, "__init__", start)
        wrap(iterator_ops.OwnedIterator, "__next__", following)

    def _note(self, made: Any, name: str, wanted: tuple[str, ...], args: Any, kwargs: Any) -> None:
        location = self.session.locator.here(1)
        if location is None:
            return
        source = name in ("from_tensor_slices", "from_tensors", "from_generator", "range", "zip")
        given = args if source else args[1:]
        arguments = {key: _plain(value) for key, value in zip(wanted, given)}
        arguments.update({key: _plain(value) for key, value in kwargs.items() if key in wanted})
        facts = self._function(given[0]) if name in _FUNCTIONS and given else {}
        mark(made, name, arguments, location, **facts)
        if name in ("from_tensor_slices", "from_tensors") and (args or kwargs):
            keys = self._describe(args[0] if args else kwargs.get("tensors"), name, location)
            mark(made, name, arguments, location, arrays=keys)

    def _describe(self, value: Any, name: str, location: Location) -> list[str]:
        """Describe the arrays that a dataset is made of; returns the keys of their sites."""
        call = CallText(self.session.locator.source_path(location), location.line, name)
        parts = value if isinstance(value, tuple) and len(value) in (2, 3) else (value,)
        roles = ("x", "y", "w") if len(parts) > 1 else (None,)
        given = []
        for number, (role, one) in enumerate(zip(roles, parts)):
            place = (0, "tensors", number) if len(parts) > 1 else (0, "tensors")
            given.append(describe_array(self.session, one, role, location, call, place))
        for names in table_names(given[0]):
            self.watcher.sites.columns.table(names)
        if name == "from_tensor_slices":
            observe_rows(self.session, given[0], given[1] if len(given) > 1 else [], None, location)
        return [one.key for some in given for one in some if one.key]

    def _function(self, function: Any) -> dict[str, Any]:
        """The name of a function that a stage calls, and the line where it is written."""
        found = defined_at(function)
        if found is None or not self.session.locator.is_user_file(found[0]):
            return {}
        where = self.session.locator.location(*found)
        return {"function": getattr(function, "__name__", ""), "defined": where.listed()}

    def _iterated(self, dataset: Any) -> None:
        chain = self.chain(dataset)
        if not chain:
            return
        lines = "-".join(str(stage["location"][1]) for stage in chain)
        key = self._latest = f"dataset:{lines}"
        known = self.session.recorder.site(key)
        place = self._place(key)
        if known is not None:
            if place is not None:
                passes = [*known.attributes["passes"], place.listed()]
                self._describe_again(known, passes=passes)
            return
        last = chain[-1]["location"]
        self.session.recorder.describe(
            Site(
                key=key,
                kind="dataset",
                name=" -> ".join(stage["stage"] for stage in chain),
                location=Location(*last),
                attributes={"chain": chain, "used_for": None, "passes": [place.listed()] if place else []},
            )
        )

    def _place(self, key: str) -> Location | None:
        """The line of the script that begins a pass over a pipeline; None where that is known already."""
        lines = self._passes.setdefault(key, set())
        if self._looked_up >= _MAX_PASSES or len(lines) >= _MAX_LINES:
            return None
        self._looked_up += 1
        place = self.session.locator.here(1)
        if place is None or place in lines:
            return None
        lines.add(place)
        return place

    def _describe_again(self, site: Site, **attributes: Any) -> None:
        self.session.recorder.describe(dataclasses.replace(site, attributes={**site.attributes, **attributes}))

    def used(self, used_for: str) -> None:
        """A forward pass came: the pipeline that was iterated last is for training, or for evaluation."""
        site = self.session.recorder.site(self._latest) if self._latest else None
        if site is not None and site.attributes["used_for"] not in ("train", used_for):
            self._describe_again(site, used_for=used_for)

    def chain(self, dataset: Any) -> list[dict[str, Any]]:
        """The stages of a dataset that the script made, from the source to the end."""
        stages: list[dict[str, Any]] = []
        seen: set[int] = set()
        while dataset is not None and id(dataset) not in seen:
            seen.add(id(dataset))
            noted = getattr(dataset, _ATTRIBUTE, None)
            if noted is not None:
                name, arguments, location, facts = noted
                where = location.listed()
                entry = {"stage": name, "arguments": arguments, "location": where, **facts}
                if name in ("from_tensor_slices", "shuffle", "batch"):
                    entry["elements"] = _elements(dataset)
                stages.append(entry)
            inputs = dataset._inputs() if hasattr(dataset, "_inputs") else []
            if noted is not None and noted[0] == "zip":
                stages[-1]["branches"] = [[one["stage"] for one in self.chain(branch)] for branch in inputs]
            # Of several, as of sample_from_datasets, whose first is a selector, one that the script made.
            dataset = next((one for one in inputs if _is_of_the_script(one)), inputs[0] if inputs else None)
        return stages[::-1]


def _is_of_the_script(dataset: Any) -> bool:
    """Whether a stage that the script made is in the chain of a dataset."""
    for _ in range(_LONGEST):
        if getattr(dataset, _ATTRIBUTE, None) is not None:
            return True
        inputs = dataset._inputs() if hasattr(dataset, "_inputs") else []
        if not inputs:
            return False
        dataset = inputs[0]
    return False


def _elements(dataset: Any) -> int | None:
    try:
        count = int(dataset.cardinality().numpy())
    except Exception:  # noqa: BLE001  inside a graph, or a dataset that cannot tell
        return None
    return count if count >= 0 else None


def _plain(value: Any) -> Any:
    if isinstance(value, (bool, int, float, str)) or value is None:
        return value
    try:
        return np.asarray(value).item()
    except (TypeError, ValueError):
        return None
