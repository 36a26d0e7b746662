"""Writes a recording and its TensorBoard event files: describe, observe, step_done, finish."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import threading
from pathlib import Path
from typing import Any, Mapping

import numpy as np

from doctor.capture.charts import Charts
from doctor.eventfile import write_whole
from doctor.jsonable import encode_number, site_to_dict
from doctor.recording import (
    LOSS_ROW,
    OBSERVATION_ROW,
    RECORDING_FORMAT,
    ROW_ROW,
)
from doctor.types import (
    ROLES,
    ImageObservation,
    Observation,
    RowObservation,
    RunFacts,
    ScalarObservation,
    Site,
    VectorObservation,
)

#: Rows are written when this many wait, or this many seconds have passed.
_FLUSH_ROWS = 512
_FLUSH_SECONDS = 0.25


class Recorder:
    """The one writer of a run folder. Safe to call from several threads.

    Args:
        folder: the run folder; it exists.
        run: facts known at the start.
    """

    def __init__(self, folder: Path, run: RunFacts) -> None:
        self.folder = folder
        self.run = run
        self._lock = threading.RLock()
        self._sites: dict[str, tuple[int, Site]] = {}
        self._subjects: dict[str, int] = {}
        self._files: dict[str, Any] = {}
        self._loss_rows: list[tuple[str, int, float, float]] = []
        self._flushed_at = 0.0
        self._written = 0
        self.charts = Charts(folder / "tensorboard")
        self._open = True
        self._broken = False
        self._write_run()

    # The four verbs.

    def describe(self, site: Site) -> None:
        """Announce a site, or replace what was said of it before."""
        with self._lock:
            known = self._sites.get(site.key)
            if known is not None and known[1] == site:
                return
            number = known[0] if known is not None else len(self._sites)
            self._sites[site.key] = (number, site)
            if site.kind == "subject" and site.key not in self._subjects:
                self._subjects[site.key] = len(self._subjects)
                self.charts.add_subject(site)
            self._append("sites.jsonl", _json_line(site_to_dict(site)))

    def observe(
        self,
        observation: Observation | VectorObservation | ScalarObservation | ImageObservation | RowObservation,
    ) -> None:
        """Keep one observation of a site that was described."""
        with self._lock:
            if isinstance(observation, Observation):
                self._observe_tensor(observation)
            elif isinstance(observation, VectorObservation):
                line = dataclasses.asdict(observation)
                line["values"] = [encode_number(float(value)) for value in observation.values]
                self._append("vectors.jsonl", _json_line(line))
                self.charts.vector(observation, self._sites[observation.site][1])
            elif isinstance(observation, ImageObservation):
                self.charts.images(observation, self._sites[observation.site][1])
            elif isinstance(observation, RowObservation):
                self._observe_rows(observation)
            else:
                line = dataclasses.asdict(observation)
                line["value"] = encode_number(float(observation.value))
                self._append("scalars.jsonl", _json_line(line))
                self.charts.scalar(observation)

    def step_done(self, subject: str, step: int, loss: float, seconds: float) -> None:
        """Keep the loss of one step; `seconds` since the start of the run."""
        self._loss_rows.append((subject, step, loss, seconds))
        if len(self._loss_rows) >= _FLUSH_ROWS or seconds - self._flushed_at > _FLUSH_SECONDS:
            self._flushed_at = seconds
            self.flush()

    def finish(self, **facts: Any) -> None:
        """Write what is left and the final facts of the run."""
        with self._lock:
            self.flush(final=True)
            self.update_run(**facts)

    # Beside them.

    def source(self, path: str, text: str) -> None:
        """Keep the source of a file other than the script; `path` as locations name it."""
        with self._lock:
            self._append("sources.jsonl", _json_line({"path": path, "text": text}))

    def site(self, key: str) -> Site | None:
        """The site as it was last described."""
        known = self._sites.get(key)
        return known[1] if known else None

    def sites(self, kind: str) -> list[Site]:
        """All sites of a kind, as they were last described."""
        return [site for _, site in self._sites.values() if site.kind == kind]

    @property
    def written(self) -> int:
        """Bytes in the run folder, but for the losses: each is worth its 28 bytes."""
        return self._written + self.charts.written

    def update_run(self, **facts: Any) -> None:
        """Change facts of the run, for example its status."""
        with self._lock:
            self.run = dataclasses.replace(self.run, **facts)
            self._write_run()

    def flush(self, final: bool = False) -> None:
        """Write the losses that wait."""
        with self._lock:
            rows, self._loss_rows = self._loss_rows, []
            if self._broken:
                return
            if rows:
                self._append("losses.bin", self._packed(rows))
            for subject, step, loss, _ in rows:
                self.charts.loss(subject, step, loss)
            if final:
                self.charts.last_points()

    def graph(self, graph_def: bytes) -> None:
        """Draw a model's graph, a serialised GraphDef."""
        with self._lock:
            self.charts.graph(graph_def)

    def discard(self) -> None:
        """Remove what was recorded, because the script begins anew in another process."""
        with self._lock:
            self._open = False
            for name, file in self._files.items():
                file.close()
                (self.folder / name).unlink(missing_ok=True)
            self.charts.discard()

    def abandon(self) -> None:
        """Write nothing any more: another process owns the folder, after a fork."""
        self._open = False

    def break_off(self) -> None:
        """Write no rows and no events any more, because that failed; facts of the run still are."""
        with self._lock:
            rows, self._loss_rows = self._loss_rows, []
            with contextlib.suppress(OSError):  # the losses that wait are few, and worth most
                self._append("losses.bin", self._packed(rows))
            self._broken = True

    def _packed(self, rows: list[tuple[str, int, float, float]]) -> bytes:
        numbered = [(self._subjects.get(subject, -1), *rest) for subject, *rest in rows]
        return np.array(numbered, dtype=LOSS_ROW).tobytes()

    def _observe_tensor(self, observation: Observation) -> None:
        number, site = self._sites[observation.site]
        stats = observation.stats
        row = np.zeros((), dtype=OBSERVATION_ROW)
        row["site"], row["role"], row["step"] = number, ROLES.index(observation.role), observation.step
        row["stats"] = stats.values
        if stats.histogram is not None:
            row["histogram"] = stats.histogram
        self._append("observations.bin", row.tobytes())
        self.charts.tensor(observation, site)

    def _observe_rows(self, observation: RowObservation) -> None:
        rows = np.zeros(len(observation.inputs), ROW_ROW)
        rows["site"], rows["step"] = self._sites[observation.site][0], observation.step
        rows["position"], rows["flags"] = observation.positions, observation.blank
        rows["inputs"], rows["both"] = observation.inputs, observation.both
        self._append("rows.bin", rows.tobytes())

    def _append(self, name: str, data: bytes) -> None:
        if not self._open or self._broken:
            return
        file = self._files.get(name)
        if file is None:
            file = self._files[name] = open(self.folder / name, "ab", buffering=0)
        write_whole(file, data)
        if name != "losses.bin":
            self._written += len(data)

    def _write_run(self) -> None:
        if not self._open:
            return
        facts = {
            "format": RECORDING_FORMAT,
            "rows": {
                "losses.bin": _describe_rows(LOSS_ROW),
                "observations.bin": _describe_rows(OBSERVATION_ROW),
                "rows.bin": _describe_rows(ROW_ROW),
            },
            "run": dataclasses.asdict(self.run),
        }
        write_atomically(self.folder / "run.json", json.dumps(facts, indent=1, allow_nan=False).encode())


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file so that a reader sees the old or the new content, never a half."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        temporary.write_bytes(data)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    os.replace(temporary, path)


def _describe_rows(dtype: np.dtype) -> list[list[Any]]:
    return [[name, dtype[name].base.str, list(dtype[name].shape)] for name in dtype.names or ()]


def _json_line(value: Mapping[str, Any]) -> bytes:
    try:
        text = json.dumps(value, allow_nan=False, default=_plain)
    except ValueError:  # a NaN or an infinity among the attributes
        text = json.dumps(_encoded(value), allow_nan=False, default=_plain)
    return (text + "\n").encode()


def _encoded(value: Any) -> Any:
    if isinstance(value, float):
        return encode_number(value)
    if isinstance(value, Mapping):
        return {key: _encoded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encoded(item) for item in value]
    return value


def _plain(value: Any) -> Any:
    """JSON form of what NumPy and TensorFlow hand over."""
    if isinstance(value, np.generic):
        number = value.item()
        return encode_number(number) if isinstance(number, float) else number
    if isinstance(value, np.ndarray):
        return value.tolist()
    return str(value)
