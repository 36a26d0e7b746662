"""Sees which labels the script compares predictions with by itself, in NumPy, and how good they are."""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Callable

import numpy as np

from doctor.capture import rowhash
from doctor.capture.following import Follower, Labels, Meeting
from doctor.capture.monotone import brought_close
from doctor.capture.session import Session
from doctor.capture.values import Unknown, as_plain
from doctor.types import Location, Site

#: Places in the script whose scores are kept.
MAX_PLACES = 20
#: Times in a row that nothing was found at a place before it is given up.
MAX_TRIES = 3
#: The same where answers are collected, which meet nothing before all are there.
MAX_PARTS = 300
#: Calls from one instruction, wherever its function was called from, after which it is not asked about any more.
MAX_QUIET = 50
#: Seconds that are always allowed, so that a score at the end of a short run is seen.
FREE_SECONDS = 0.3
#: Seconds between two descriptions of one place: a loop may score a thousand times.
SECONDS = 10.0
#: Rows of a single call from which it is no batch of something larger.
WHOLE = 500
#: Hashes of rows that are kept of what was predicted for.
MAX_HASHES = 64


@dataclass
class Tally:
    """Predictions and labels of one place in the script, between two steps of the training.

    Attributes:
        steps: of the training that were done.
        rows: that met.
        hits: how many were equal, where both are classes.
        plain_hits: the same of the plain reading of what the model said, see `plain_reading`.
        classes: labels -> rows.
        squares: sum of squared differences; `total`, `total_squares`: of the labels and their squares.
        seen: hashes of rows of inputs.
        text, location, broadcast: of the latest meeting.
        at_best: whether predictions were brought as close to the labels as any rising function brings them.
        written: seconds since the start when its place was last described, None where it never was.
    """

    steps: int
    text: str
    location: Location
    at_best: bool = False
    broadcast: list[list[int]] | None = None
    rows: int = 0
    hits: int | None = None
    plain_hits: int | None = None
    classes: dict[Any, int] = field(default_factory=dict)
    squares: float | None = None
    total: float = 0.0
    total_squares: float = 0.0
    seen: list[int] = field(default_factory=list)
    written: float | None = None

    @property
    def spread(self) -> float:
        """Variance of the labels."""
        return self.total_squares / self.rows - (self.total / self.rows) ** 2

    @property
    def value(self) -> float | None:
        """Share that is equal, or R2; None where there is no such."""
        if self.hits is not None:
            return self.hits / self.rows
        return 1 - self.squares / self.rows / self.spread if self.squares is not None and self.spread > 0 else None


class HandScores:
    """Follows predictions to the labels that they are compared with.

    Args:
        session: the watched run.
        settle: counts the steps of the training that are done and not counted yet.
    """

    def __init__(self, session: Session, settle: Callable[[], None]) -> None:
        self.session = session
        self.settle = settle
        self._tallies: dict[str, Tally] = {}
        self._failed: dict[tuple[Any, ...], float] = {}
        self._quiet: dict[tuple[int, int], int] = {}
        self._spent = 0.0

    def admits(self, frame: FrameType) -> bool:
        """Whether there is time to follow another prediction, and this call of it may meet labels."""
        session = self.session
        if self._quiet.get((id(frame.f_code), frame.f_lasti), 0) >= MAX_QUIET:
            return False
        return session.overhead > 0 and self._spent <= FREE_SECONDS + 0.2 * session.overhead * session.now()

    def asked(self, frame: FrameType, predictions: np.ndarray, inputs: Any) -> bool:
        """The script asked the model.

        Args:
            frame: of the script, that called it.
            predictions: array (rows, ...).
            inputs: what they are for.

        Returns:
            whether they meet labels, for the first time at this place.
        """
        began = time.perf_counter()
        at = (id(frame.f_code), frame.f_lasti)
        try:
            place = _place(frame)
            if self._failed.get(place, 0) >= MAX_TRIES:
                self._quiet[at] = self._quiet.get(at, 0) + 1
                return False
            follower = Follower(self.session.locator, predictions)
            meetings = follower.follow(frame)
            if not meetings:
                # A list of answers that grows meets its labels when it is complete.
                self._failed[place] = self._failed.get(place, 0) + (MAX_TRIES / MAX_PARTS if follower.partly else 1)
                return False
            self._failed.pop(place, None)
            self._quiet[at] = -MAX_QUIET
            return self._count(place, meetings[0], inputs)
        finally:
            self._spent += time.perf_counter() - began

    def expected(self, frame: FrameType) -> tuple[tuple[Any, ...], Labels] | None:
        """The script begins to compute an answer by itself; it is not known yet.

        Args:
            frame: of the script, that computes.

        Returns:
            the place and the labels that it will be compared with, for `came`; None where there are none.
        """
        began = time.perf_counter()
        try:
            place = _place(frame)
            if self._failed.get(place, 0) >= MAX_TRIES:
                return None
            found = Follower(self.session.locator, None).follow_within(frame)
            if not found:
                self._failed[place] = self._failed.get(place, 0) + 1
                return None
            return place, found[0]
        finally:
            self._spent += time.perf_counter() - began

    def came(self, place: tuple[Any, ...], labels: Labels, answer: np.ndarray, inputs: Any) -> None:
        """The answer that labels are expected for."""
        if len(answer) != len(labels.values):
            return
        if labels.of_classes:
            read = plain_reading(answer, labels.values)
            pair = (read, labels.values) if read is not None else None
        else:
            pair = brought_close(answer, labels.values)
        if pair is not None:
            meeting = Meeting(answer, *pair, labels.text, labels.location, labels.of_classes, None)
            self._count(place, meeting, inputs, at_best=not labels.of_classes)

    def _count(self, place: tuple[Any, ...], meeting: Meeting, inputs: Any, at_best: bool = False) -> bool:
        self.settle()
        key = f"score:by hand:{meeting.location.line}:{zlib.crc32(repr(place).encode())}"
        before = self._tallies.get(key)
        if before is None and len(self._tallies) >= MAX_PLACES:
            return False
        tally, seen = before, _hashes(inputs)
        # Other data in one piece, as of another round of a loop over several sets.
        again = tally is not None and len(meeting.labels) >= WHOLE and seen != tally.seen
        if tally is None or again or tally.steps != self.session.steps_done:
            tally = self._tallies[key] = Tally(self.session.steps_done, meeting.text, meeting.location, at_best)
        tally.broadcast = meeting.broadcast
        tally_up(tally, meeting)
        tally.seen = seen or tally.seen
        now = self.session.now()
        last = before.written if before is not None else None
        tally.written = last
        if last is None or now - last > SECONDS:
            self._describe(key, tally)
            tally.written = now
        return before is None

    def finish(self) -> None:
        """Describe what came since."""
        for key, tally in self._tallies.items():
            self._describe(key, tally)

    def _describe(self, key: str, tally: Tally) -> None:
        value, of_classes = tally.value, tally.hits is not None
        if value is None:
            return
        self.session.recorder.describe(
            Site(
                key=key,
                kind="score",
                name="accuracy" if of_classes else "r2",
                subject="",
                phase="eval",
                location=tally.location,
                attributes={
                    "by_hand": True,
                    "at_best": tally.at_best,
                    "value": float(value),
                    "rows": tally.rows,
                    "majority": max(tally.classes.values()) / tally.rows if of_classes else None,
                    "variance": None if of_classes else float(tally.spread),
                    "steps": tally.steps,
                    "labels": tally.text,
                    "plain": tally.plain_hits / tally.rows if tally.plain_hits is not None else None,
                    "broadcast": tally.broadcast,
                    "seen": tally.seen,
                },
            )
        )


def tally_up(tally: Tally, meeting: Meeting) -> None:
    """Add predictions and their labels, of as many rows, to a tally."""
    predictions, labels = meeting.predictions.reshape(-1), meeting.labels.reshape(-1)
    tally.rows += len(labels)
    if meeting.of_classes:
        tally.hits = (tally.hits or 0) + int((predictions == labels).sum())
        for name, count in zip(*np.unique(labels, return_counts=True)):
            tally.classes[name] = tally.classes.get(name, 0) + int(count)
        plain = plain_reading(meeting.answer, labels)
        if plain is not None:
            tally.plain_hits = (tally.plain_hits or 0) + int((plain == labels).sum())
    elif predictions.dtype.kind in "fiub" and labels.dtype.kind in "fiub":
        differences = predictions.astype(np.float64) - labels
        tally.squares = (tally.squares or 0.0) + float(np.square(differences).sum())
        tally.total += float(labels.sum(dtype=np.float64))
        tally.total_squares += float(np.square(labels, dtype=np.float64).sum())


def plain_reading(answer: np.ndarray, labels: np.ndarray) -> np.ndarray | None:
    """The classes that an answer (rows, classes) or (rows, 1) gives; outside of 0..1 it is read as a logit.

    None where labels are not numbers of its classes, or not one to a row.
    """
    if labels.dtype.kind not in "biuf" or len(labels) != len(answer):
        return None
    wide = answer.reshape(len(answer), -1)
    if labels.min() < 0 or labels.max() >= max(wide.shape[1], 2):
        return None
    if wide.shape[1] == 1:
        within = float(wide.min()) >= 0 and float(wide.max()) <= 1
        chosen: np.ndarray = wide[:, 0] > (0.5 if within else 0.0)
        return chosen
    return wide.argmax(axis=1) if answer.ndim == 2 else None


def _hashes(inputs: Any) -> list[int]:
    """Hashes of some rows of the inputs, the low bits zero first: those are in every sample of the same rows."""
    try:
        array = as_plain(inputs)
    except Unknown:
        return []
    if not isinstance(array, np.ndarray) or not rowhash.hashable(array):
        return []
    sample = rowhash.sample([array])
    if sample is None:
        return []
    found = sorted(sample.inputs[~sample.blank].tolist(), key=lambda one: (one & -one), reverse=True)
    return [int(one) for one in found[:MAX_HASHES]]


def _place(frame: FrameType) -> tuple[Any, ...]:
    """What tells a use of a function from its other uses: the instructions that all its callers are at."""
    place: list[tuple[str, int, int]] = []
    here: FrameType | None = frame
    while here is not None and len(place) < 20:
        place.append((here.f_code.co_name, here.f_code.co_firstlineno, here.f_lasti))
        here = here.f_back
    return tuple(place)
