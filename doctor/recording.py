"""Reads a recording folder. `doctor/capture/recorder.py` writes it."""

from __future__ import annotations

import copy
import dataclasses
import os
from functools import cached_property
from pathlib import Path
from typing import Any, Iterator, Mapping

import numpy as np

from doctor import source_text
from doctor.jsonable import decode_number
from doctor.recording_parts import read_rows, read_run, read_scalars, read_sites, read_sources, read_vectors
from doctor.types import (
    HISTOGRAM_BINS,
    ROLES,
    STAT_FIELDS,
    STAT_INDEX,
    FloatArray,
    RunFacts,
    Series,
    Site,
    TensorStats,
)

#: Raised when a field changes its meaning or place. History: 1, the first.
RECORDING_FORMAT = 1

LOSS_ROW = np.dtype([("subject", "<i4"), ("step", "<i8"), ("loss", "<f8"), ("seconds", "<f8")])
OBSERVATION_ROW = np.dtype(
    [
        ("site", "<i4"),
        ("role", "<i4"),
        ("step", "<i8"),
        ("stats", "<f8", (len(STAT_FIELDS),)),
        ("histogram", "<f4", (HISTOGRAM_BINS,)),
    ]
)
#: The hash of one row of data; `flags` 1: all its values are the same.
ROW_ROW = np.dtype(
    [
        ("site", "<i4"),
        ("flags", "<i4"),
        ("step", "<i8"),
        ("position", "<i8"),
        ("inputs", "<u8"),
        ("both", "<u8"),
    ]
)

#: Kinds of sites of which every output has its own.
HEAD_KINDS = frozenset({"output", "label", "loss", "decision"})


class Recording:
    """One run, as it was recorded.

    Everything is loaded at once; a recording of 100 tensors and 2,000 sampled steps
    takes about 70 MB.
    """

    def __init__(
        self,
        *,
        run: RunFacts,
        sites: Mapping[str, Site],
        losses: np.ndarray,
        observations: np.ndarray,
        vectors: list[dict[str, Any]] | None = None,
        scalars: list[dict[str, Any]] | None = None,
        rows: np.ndarray | None = None,
        source: str = "",
        neighbours: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        """
        Args:
            run: facts of the run.
            sites: by key, in the order of first appearance.
            losses: rows of LOSS_ROW.
            observations: rows of OBSERVATION_ROW.
            vectors: as in vectors.jsonl.
            scalars: as in scalars.jsonl, values decoded.
            rows: rows of ROW_ROW.
            source: the script's source text.
            neighbours: source texts of the user's other files, by the path that locations have.
            folder: where it was read from.
        """
        self.run = run
        self.sites = dict(sites)
        self.source = source
        self.sources = {run.path: source, **(neighbours or {})}
        self.folder = folder
        #: The number of the only output that is left, or None where all are there.
        self.head: int | None = None
        self._losses = losses
        self._observations = observations
        self._vectors = vectors or []
        self._scalars = scalars or []
        self._row_hashes = np.empty(0, ROW_ROW) if rows is None else rows
        self._numbers = {key: number for number, key in enumerate(self.sites)}
        self._series_cache: dict[tuple[str, str], np.ndarray] = {}

    @classmethod
    def open(cls, folder: Path | str) -> Recording:
        """Read the recording in `folder`.

        Raises:
            RecordingError: no such folder, not a recording, or of another format.
        """
        folder = Path(folder)
        run = read_run(folder, RECORDING_FORMAT)
        source_path = folder / "script.py"
        losses = read_rows(folder / "losses.bin", LOSS_ROW)
        if run.status == "running" and len(losses):
            # The wall time is written at the end of a run: until then the last step tells.
            run = dataclasses.replace(run, seconds=float(losses["seconds"].max()))
        return cls(
            run=run,
            sites=read_sites(folder / "sites.jsonl"),
            losses=losses,
            observations=read_rows(folder / "observations.bin", OBSERVATION_ROW),
            vectors=read_vectors(folder / "vectors.jsonl"),
            scalars=[
                {**line, "value": decode_number(line["value"])} for line in read_scalars(folder / "scalars.jsonl")
            ],
            rows=read_rows(folder / "rows.bin", ROW_ROW),
            source=source_text.read(source_path) if source_path.is_file() else "",
            neighbours=read_sources(folder / "sources.jsonl"),
            folder=folder,
        )

    # Sites.

    @cached_property
    def subjects(self) -> list[Site]:
        """Models and training loops, in the order in which they began to train."""
        return self.sites_of("subject")

    def sites_of(self, kind: str, subject: str | None = None, phase: str | None = "train") -> list[Site]:
        """Sites of a kind, optionally of one subject; `phase` None for both phases."""
        return [
            site
            for site in self._by_kind.get((kind, subject), ())
            if phase is None or site.phase == phase
        ]

    def sites_around(self, kind: str, subject: str, phase: str | None = "train") -> list[Site]:
        """Sites of a kind that belong to a subject or to none, in the order of first appearance."""
        found = self.sites_of(kind, "", phase)
        if subject:
            found += self.sites_of(kind, subject, phase)
            found.sort(key=lambda site: self._numbers.get(site.key, 0))
        return found

    def heads(self, subject: str) -> list[int]:
        """Numbers of the outputs of a subject that are compared with labels, in order."""
        losses = (site for site in self.sites_of("loss") if site.subject in ("", subject))
        return sorted({int(site.attributes.get("head") or 0) for site in losses})

    def of_head(self, subject: str, number: int) -> Recording:
        """This recording without the other outputs of a subject, their labels and losses."""
        # Made once, shared by all heads.
        _ = self.subjects, self._subject_numbers, self._sorted, self._vectors_by_name
        part = copy.copy(self)
        part.head = number
        part.__dict__.pop("_by_kind", None)
        part.sites = {
            key: site
            for key, site in self.sites.items()
            if site.kind not in HEAD_KINDS
            or site.subject not in ("", subject)
            or int(site.attributes.get("head") or 0) == number
        }
        return part

    def source_line(self, line: int, path: str | None = None) -> str:
        """Line `line` (from 1) of the script, or of another of the user's files, stripped, or ""."""
        lines = (self.source if path is None else self.sources.get(path, "")).splitlines()
        return lines[line - 1].strip() if 0 < line <= len(lines) else ""

    # Series.

    def losses(self, subject: str) -> Series:
        """The loss of every step of a subject."""
        number = self._subject_numbers.get(subject, -1)
        rows = self._losses[self._losses["subject"] == number]
        rows = rows[np.argsort(rows["step"], kind="stable")]
        return Series(f"loss/{subject}", rows["step"].astype(np.int64), rows["loss"].astype(np.float64))

    def data_losses(self, subject: str) -> Series:
        """The loss of every step without penalties, as far as these were seen apart.

        Capture in graphs records the loss of the data alone. Of eager steps it records the whole, and
        beside it the loss of the data at some of them: the penalty between two of these is interpolated.
        """
        whole, data = self.losses(subject), self.scalars(subject, "data_loss").finite()
        if not len(data) or not len(whole):
            return whole
        known = np.isin(data.steps, whole.steps)
        at, values = data.steps[known], data.values[known]
        if not len(at):
            return whole
        penalty = whole.values[np.searchsorted(whole.steps, at)] - values
        finite = np.isfinite(penalty)
        if not finite.any():
            return whole
        between = np.interp(whole.steps, at[finite], penalty[finite])
        return Series(whole.name, whole.steps, whole.values - between)

    def loss_seconds(self, subject: str) -> FloatArray:
        """Seconds since the start of the run for every step of a subject, shape (steps,)."""
        rows = self._losses[self._losses["subject"] == self._subject_numbers.get(subject, -1)]
        seconds: FloatArray = rows[np.argsort(rows["step"], kind="stable")]["seconds"].astype(np.float64)
        return seconds

    @property
    def steps(self) -> int:
        """Number of training steps seen, of all subjects together."""
        return len(self._losses)

    def series(self, role: str, site: str, statistic: str) -> Series:
        """One statistic of one role at one site over the observed steps (empty where never seen)."""
        rows = self._rows(role, site)
        values = rows["stats"][:, STAT_INDEX[statistic]] if len(rows) else np.empty(0)
        name = self.sites[site].name if site in self.sites else site
        return Series(f"{role}/{name}/{statistic}", rows["step"].astype(np.int64), values.astype(np.float64))

    def stats(self, role: str, site: str, step: int | None = None) -> TensorStats | None:
        """All statistics at `step`, or at the first observed step; None where not observed."""
        rows = self._rows(role, site)
        if step is not None:
            rows = rows[rows["step"] == step]
        if not len(rows):
            return None
        return TensorStats(rows[0]["stats"].astype(np.float64), rows[0]["histogram"].astype(np.float64))

    def observed_steps(self, role: str, site: str) -> np.ndarray:
        """Steps at which a role of a site was observed, shape (n,)."""
        return self._rows(role, site)["step"].astype(np.int64)

    def vectors(self, site: str, name: str) -> Iterator[tuple[int, FloatArray]]:
        """(step, values) of a named vector at a site."""
        for line in self._vectors_by_name.get((site, name), ()):
            yield int(line["step"]), np.asarray([decode_number(v) for v in line["values"]], dtype=np.float64)

    def rows(self, site: str) -> np.ndarray:
        """Hashed rows of data at a site of kind "rows", rows of ROW_ROW in the order in which they were seen."""
        found: np.ndarray = self._row_hashes[self._row_hashes["site"] == self._numbers.get(site, -1)]
        return found

    def scalars(self, subject: str, name: str) -> Series:
        """A named number over steps, such as "learning_rate" or "epoch/val_loss"."""
        points = [line for line in self._scalars if line["name"] == name and line["subject"] == subject]
        return Series(
            name,
            np.asarray([point["step"] for point in points], dtype=np.int64),
            np.asarray([point["value"] for point in points], dtype=np.float64),
        )

    def scalar_names(self, subject: str) -> list[str]:
        """Names of the scalars of a subject, in the order of first appearance."""
        return list(dict.fromkeys(line["name"] for line in self._scalars if line["subject"] == subject))

    @cached_property
    def _by_kind(self) -> dict[tuple[str, str | None], list[Site]]:
        """Sites by (kind, subject), and by (kind, None): those of all subjects."""
        found: dict[tuple[str, str | None], list[Site]] = {}
        for site in self.sites.values():
            for subject in (site.subject, None):
                found.setdefault((site.kind, subject), []).append(site)
        return found

    @cached_property
    def _vectors_by_name(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        found: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for line in self._vectors:
            found.setdefault((line["site"], line["name"]), []).append(line)
        return found

    @cached_property
    def _subject_numbers(self) -> dict[str, int]:
        return {site.key: number for number, site in enumerate(self.subjects)}

    @cached_property
    def _sorted(self) -> tuple[np.ndarray, np.ndarray]:
        """Observations ordered by (site, role, step), with the sort key of each."""
        rows = self._observations
        code = rows["site"].astype(np.int64) * len(ROLES) + rows["role"]
        order = np.lexsort((rows["step"], code))
        return rows[order], code[order]

    def _rows(self, role: str, site: str) -> np.ndarray:
        cached = self._series_cache.get((role, site))
        if cached is not None:
            return cached
        rows, codes = self._sorted
        wanted = self._numbers.get(site, -1) * len(ROLES) + ROLES.index(role)
        low, high = np.searchsorted(codes, [wanted, wanted + 1])
        found = rows[low:high]
        self._series_cache[(role, site)] = found
        return found


def last_loss(folder: Path) -> tuple[int, float] | None:
    """Step and loss of the last whole row in the recording, read without the rows before it."""
    size = LOSS_ROW.itemsize
    try:
        with (folder / "losses.bin").open("rb") as file:
            rows = file.seek(0, os.SEEK_END) // size
            if not rows:
                return None
            file.seek((rows - 1) * size)
            row = np.frombuffer(file.read(size), dtype=LOSS_ROW)[0]
    except (OSError, IndexError, ValueError):
        return None
    return int(row["step"]), float(row["loss"])
