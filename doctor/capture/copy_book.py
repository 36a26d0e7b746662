"""Which arrays were trained on and which held out, to look for near-copies among them at the end of the run."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any

import numpy as np

from doctor.array_uses import uses_by_datasets
from doctor.capture.near_copies import near_copies
from doctor.capture.recorder import Recorder
from doctor.types import Site

#: Arrays that are remembered, weakly, and pairs of them that are compared: each takes up to 0.1 s.
MAX_KEPT, MAX_COMPARED = 20, 2


@dataclass
class _Kept:
    """Rows of an array: the key of their site, the array and its labels as long as the script has them."""

    key: str
    phase: str | None
    array: weakref.ref[np.ndarray]
    labels: weakref.ref[np.ndarray] | None
    part: slice

    def rows(self) -> np.ndarray | None:
        """The inputs, or None where the script has let go of them."""
        array = self.array()
        return None if array is None else array[self.part]

    def classes(self) -> np.ndarray | None:
        """The labels, where there are some."""
        labels = self.labels() if self.labels is not None else None
        return None if labels is None else labels[self.part]


class CopyBook:
    """Compares held-out arrays with those that were trained on, where `fit` was not told of both.

    Args:
        recorder: of the run.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._kept: list[_Kept] = []

    def keep(self, key: str, phase: str | None, array: np.ndarray, labels: np.ndarray | None, part: slice) -> None:
        """Remember rows.

        Args:
            key: of their site.
            phase: "train", "eval", or None where the use of a dataset tells.
            array, labels: of which `part` is used.
        """
        if len(self._kept) < MAX_KEPT:
            of = None if labels is None else weakref.ref(labels)
            self._kept.append(_Kept(key, phase, weakref.ref(array), of, part))

    def compare(self) -> None:
        """Describe what was found, at the end of the run."""
        if any("near_copies" in fit.attributes for fit in self._recorder.sites("fit")):
            return
        uses = uses_by_datasets(self._recorder.sites("dataset"))
        phases = [(one, one.phase or uses.get(_inputs(self._recorder.site(one.key)))) for one in self._kept]
        compared = 0
        for held in (one for one, phase in phases if phase == "eval"):
            for trained in (one for one, phase in phases if phase == "train"):
                rows, others = trained.rows(), held.rows()
                if compared >= MAX_COMPARED or rows is None or others is None or rows.shape[1:] != others.shape[1:]:
                    continue
                compared += 1
                with np.errstate(all="ignore"):
                    facts = near_copies(rows, others, trained.classes())
                if facts is not None:
                    self._describe(held.key, trained.key, facts)

    def _describe(self, held: str, trained: str, facts: dict[str, Any]) -> None:
        site = self._recorder.site(held)
        self._recorder.describe(
            Site(
                key=f"held_out:{held}",
                kind="held_out",
                name="held-out rows",
                location=site.location if site is not None else None,
                attributes={
                    "near_copies": facts,
                    "array": _inputs(site),
                    "trained": _inputs(self._recorder.site(trained)),
                },
            )
        )


def _inputs(site: Site | None) -> str:
    """The key of the array whose rows these are."""
    return str(next(iter(site.attributes.get("inputs") or ()), "")) if site is not None else ""
