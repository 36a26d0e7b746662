"""Batches that the script cuts by itself: which of its arrays they are rows of."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import threading
import time
import weakref
from dataclasses import dataclass, field
from typing import Any, Mapping

import numpy as np

from doctor.capture import reach, rowhash
from doctor.capture.session import Session
from doctor.capture.tensorflow.arrays import as_array, describe_array, observe_rows, table_names
from doctor.capture.tensorflow.columns import ColumnNames
from doctor.types import RowObservation

#: The arrays are looked through after so many observed batches: a batch by itself is also in
#: the variable that holds only it.
LOOKS = (3, 8, 20)
#: Rows that must be in an array, all of them, to say that they come from it.
MIN_ROWS = 8
#: The same of an array that has as many rows as the batch, or whose inputs are known.
MIN_WHOLE = 3
#: Seconds that comparing arrays may take in all; one of 60,000 images takes 0.1.
MAX_SECONDS = 1.0
#: Arrays that are remembered, weakly.
MAX_REMEMBERED = 200


@dataclass
class _Feed:
    """The batches of one subject and phase.

    Attributes:
        batches: so many were seen.
        rows: hash of the inputs of a row -> hash of inputs and labels.
        whole: rows of the largest batch.
        found: nothing is looked for any more.
    """

    batches: int = 0
    whole: int = 0
    rows: dict[int, int] = field(default_factory=dict)
    found: bool = False
    #: Arrays as large as a batch that held its rows at the first look, by what names them.
    alike: dict[str, weakref.ref[Any]] | None = None


class HandFed:
    """Finds the arrays of the script that the rows of its batches come from.

    Args:
        session: the watched run.
        columns: told the names of columns.
    """

    def __init__(self, session: Session, columns: ColumnNames) -> None:
        self.session = session
        self.columns = columns
        self._spent = 0.0
        self._feeds: dict[str, _Feed] = {}
        self._remembered: dict[int, tuple[weakref.ref[Any], str, reach.Place]] = {}

    def seen(self, site: str, widths: tuple[int, int], rows: int, batch: RowObservation) -> None:
        """A batch was observed.

        Args:
            site: of kind "rows".
            widths: values of a row of the only input, and of the only label (0: there is none).
            rows: of the whole batch.
            batch: hashes of some of its rows.
        """
        feed = self._feeds.setdefault(site, _Feed())
        known = self.session.recorder.site(site)
        if feed.found or known is None:
            return
        feed.batches += 1
        feed.whole = max(feed.whole, rows)
        sound = ~batch.blank
        feed.rows.update(zip(batch.inputs[sound].tolist(), batch.both[sound].tolist()))
        # A test on all there is needs one look; whether a batch is all there is, the array tells.
        at_once = feed.batches == 1 and known.phase == "eval"
        if feed.batches not in LOOKS and not at_once:
            return
        if self._described(known.phase, widths[0]):
            feed.found = True
            return
        inputs = self._holding(feed, widths[0], whole=at_once)
        if inputs is not None:
            feed.found = True
            self._describe(feed, inputs, widths[1], known.phase)

    def _described(self, phase: str, width: int) -> bool:
        """Whether arrays with such rows were handed to Keras or a dataset."""
        uses: dict[str, set[str | None]] = {}
        for dataset in self.session.recorder.sites("dataset"):
            for stage in dataset.attributes.get("chain") or ():
                for key in stage.get("arrays") or ():
                    uses.setdefault(key, set()).add(dataset.attributes.get("used_for"))
        for site in self.session.recorder.sites("rows"):
            if site.attributes["of"] != "arrays" or site.attributes["width"] != width:
                continue
            used_for = site.attributes["used_for"]
            known = {used_for} if used_for else uses.get(site.attributes["inputs"][0], {None})
            if phase in known or known == {None}:
                return True
        return False

    def _holding(self, feed: _Feed, width: int, whole: bool) -> tuple[reach.Held, rowhash.RowSample] | None:
        """The smallest array that holds all rows; `whole`: only one that has no others.

        An array of the size of a batch may be all there is, or the batch itself, which is made anew in
        every step: where a larger one holds the rows too, two looks tell.
        """
        least = MIN_WHOLE if whole else MIN_ROWS
        found: list[tuple[reach.Held, rowhash.RowSample]] = []
        for held in self._held():
            array = _numbers(held, width, feed.whole)
            if array is None or (whole and len(array) != feed.whole):
                continue
            sample = self._sample([array])
            if sample is not None and _holds(sample, feed.rows, least):
                found.append((held, sample))
        larger = [one for one in found if one[1].rows > feed.whole]
        alike = [one for one in found if one[1].rows == feed.whole]
        if alike and larger and not whole:
            before, feed.alike = feed.alike, {}
            for held, _ in alike:
                with contextlib.suppress(TypeError):  # what cannot be held weakly
                    feed.alike[held.text] = weakref.ref(held.value)
            if before is None:
                return None
            stayed = [one for one in alike if (kept := before.get(one[0].text)) and kept() is one[0].value]
            found = stayed or larger
        # A table and what was made of it by a mere change of type hold the same rows: the latter was fed.
        types = {site.attributes.get("dtype") for site in self.session.recorder.sites("input")}
        kinds = [getattr(getattr(held.value, "dtype", None), "name", None) in types for held, _ in found]
        best = min(range(len(found)), key=lambda n: (found[n][1].rows, not kinds[n]), default=None)
        return found[best] if best is not None else None

    def _describe(self, feed: _Feed, inputs: tuple[reach.Held, rowhash.RowSample], width: int, phase: str) -> None:
        """Describe the array of the inputs, and that of the labels where it is certain."""
        held, sample = inputs
        suffix = "" if phase == "train" else "_val"
        location = reach.used_at(self.session.locator, held)
        x = describe_array(self.session, held.value, f"x{suffix}", location, text=held.text)
        labels = self._labels(feed, held, sample.rows, width) if width else None
        y = []
        if labels is not None:
            where = reach.used_at(self.session.locator, labels)
            y = describe_array(self.session, labels.value, f"y{suffix}", where, text=labels.text)
        observe_rows(self.session, x, y, phase, location, found=True)
        if phase == "train":
            for names in table_names(x):
                self.columns.table(names)
                self._name_columns(names)

    def _held(self) -> list[reach.Held]:
        """What the script holds, and what it was seen to hold before."""
        # What a graph left may be read by a thread of doctor's own while the script waits.
        threads = dict.fromkeys((threading.get_ident(), self.session.thread))
        found = {id(held.value): held for one in threads for held in reach.held_arrays(self.session.locator, one)}
        # An evaluation at the end is read when the function that made it has returned.
        for key, (reference, text, place) in self._remembered.items():
            value = reference()
            if value is not None:
                found.setdefault(key, reach.Held(value, text, place))
        self._remembered = {}
        for key, held in list(found.items())[:MAX_REMEMBERED]:
            with contextlib.suppress(TypeError):  # what cannot be held weakly
                self._remembered[key] = (weakref.ref(held.value), held.text, held.place)
        return list(found.values())

    def _labels(self, feed: _Feed, inputs: reach.Held, rows: int, width: int) -> reach.Held | None:
        whole = as_array(inputs.value)[0]
        for held in self._held():
            array = None if held.value is inputs.value else _numbers(held, width, rows)
            if whole is None or array is None or len(array) != rows:
                continue
            sample = self._sample([whole], [array])
            if sample is not None and _holds(sample, feed.rows, MIN_WHOLE, labels=True):
                return held
        return None

    def _sample(self, *arrays: list[np.ndarray]) -> rowhash.RowSample | None:
        """Rows of arrays, while there is time."""
        if self._spent > MAX_SECONDS:
            return None
        began = time.perf_counter()
        sample = rowhash.sample(*arrays)
        self._spent += time.perf_counter() - began
        return sample

    def _name_columns(self, names: Any) -> None:
        """Give the names to inputs that were described before they were known."""
        for site in self.session.recorder.sites("input"):
            shape: list[int | None] = site.attributes.get("shape") or []
            ours = site.phase == "train" and len(shape) == 2 and shape[1] == len(names)
            if ours and "columns" not in site.attributes:
                attributes = {**site.attributes, "columns": list(names)}
                self.session.recorder.describe(dataclasses.replace(site, attributes=attributes))


def _numbers(held: reach.Held, width: int, least: int) -> np.ndarray | None:
    """The values of what is held, where it may be an array with such rows."""
    shape: tuple[Any, ...] = tuple(held.value.shape)
    if not shape or not isinstance(shape[0], int) or shape[0] < least:
        return None
    if not hasattr(held.value, "select_dtypes") and math.prod(size or 0 for size in shape[1:]) != width:
        return None
    array = as_array(held.value)[0]
    return array if array is not None and array[:1].size == width and len(array) == shape[0] else None


def _holds(sample: rowhash.RowSample, rows: Mapping[int, int], least: int, labels: bool = False) -> bool:
    """Whether rows are those of an array: all that can be in its sample.

    Args:
        sample: of the array.
        rows: hash of the inputs -> hash of inputs and labels.
        least: so many of them must be in it.
        labels: compare inputs and labels together.
    """
    last = (1 << sample.share_bits) - 1
    chosen = [both if labels else row for row, both in rows.items() if row & last == 0]
    known = set((sample.both if labels else sample.inputs).tolist())
    found = sum(row in known for row in chosen)
    complete = sample.looked_at == sample.rows and not sample.truncated
    return found >= least and (found == len(chosen) or not complete)
