"""Writes a recording and its TensorBoard event files: describe, observe, step_done, finish."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import os
import threading
from pathlib import Path
from typing import Any, Mapping

import numpy as np

from doctor.capture.eventfile import EventFile, encode_png, write_whole
from doctor.recording import (
    LOSS_ROW,
    OBSERVATION_ROW,
    RECORDING_FORMAT,
    ROW_ROW,
    encode_number,
    site_to_dict,
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

#: Losses are drawn at every step up to this one, then once in that share of the steps done:
#: TensorBoard shows 1,000 points of a curve, and the recording has them all.
_LOSS_POINTS = 500

#: Dashboard groups of the histograms, by role.
_HISTOGRAM_TAGS = {"weight": "weights", "gradient": "gradients", "activation": "activations"}


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
        self._loss_rows: list[tuple[int, int, float, float]] = []
        self._flushed_at = 0.0
        self._events: dict[str, EventFile] = {}
        self._images_due: dict[str, int] = {}
        self._histogram_due: dict[tuple[str, str], int] = {}
        self._loss_due: dict[int, int] = {}
        self._loss_finite: dict[int, bool] = {}
        self._undrawn: dict[int, tuple[int, float]] = {}
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
            elif isinstance(observation, ImageObservation):
                self._observe_images(observation)
            elif isinstance(observation, RowObservation):
                self._observe_rows(observation)
            else:
                line = dataclasses.asdict(observation)
                line["value"] = encode_number(float(observation.value))
                self._append("scalars.jsonl", _json_line(line))
                self._scalar_event(observation)

    def step_done(self, subject: str, step: int, loss: float, seconds: float) -> None:
        """Keep the loss of one step; `seconds` since the start of the run."""
        self._loss_rows.append((self._subjects.get(subject, -1), step, loss, seconds))
        if len(self._loss_rows) >= _FLUSH_ROWS or seconds - self._flushed_at > _FLUSH_SECONDS:
            self._flushed_at = seconds
            self.flush()

    def finish(self, **facts: Any) -> None:
        """Write what is left and the final facts of the run."""
        with self._lock:
            self.flush(final=True)
            self.update_run(**facts)

    # Beside them.

    def site(self, key: str) -> Site | None:
        """The site as it was last described."""
        known = self._sites.get(key)
        return known[1] if known else None

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
                self._append("losses.bin", np.array(rows, dtype=LOSS_ROW).tobytes())
            for number, step, loss, _ in rows:
                finite = math.isfinite(loss)
                if step >= self._loss_due.get(number, 0) or finite != self._loss_finite[number]:
                    self._loss_due[number] = step + 1 + step // _LOSS_POINTS
                    self._loss_event(number, step, loss)
                    self._undrawn.pop(number, None)
                else:
                    self._undrawn[number] = (step, loss)
                self._loss_finite[number] = finite
            if final:
                for number, (step, loss) in self._undrawn.items():
                    self._loss_event(number, step, loss)

    def _loss_event(self, number: int, step: int, loss: float) -> None:
        subject = next((key for key, one in self._subjects.items() if one == number), "")
        self.events("train").scalar(self.tag(subject, "loss"), step, loss)

    def events(self, phase: str) -> EventFile:
        """The event file of a phase ("train" or "eval")."""
        if phase not in self._events:
            self._events[phase] = EventFile(self.folder / "tensorboard" / phase)
        return self._events[phase]

    def tag(self, subject: str, tag: str) -> str:
        """A TensorBoard tag; from the second subject on it starts with the subject's number."""
        number = self._subjects.get(subject, 0)
        return tag if number == 0 else f"{number + 1}_{self._sites[subject][1].name}/{tag}"

    def abandon(self) -> None:
        """Write nothing any more: another process owns the folder, after a fork."""
        self._open = False

    def break_off(self) -> None:
        """Write no rows and no events any more, because that failed; facts of the run still are."""
        with self._lock:
            rows, self._loss_rows = self._loss_rows, []
            with contextlib.suppress(OSError):  # the losses that wait are few, and worth most
                self._append("losses.bin", np.array(rows, dtype=LOSS_ROW).tobytes())
            self._broken = True

    def _observe_tensor(self, observation: Observation) -> None:
        number, site = self._sites[observation.site]
        stats = observation.stats
        row = np.zeros((), dtype=OBSERVATION_ROW)
        row["site"], row["role"], row["step"] = number, ROLES.index(observation.role), observation.step
        row["stats"] = stats.values
        if stats.histogram is not None:
            row["histogram"] = stats.histogram
        self._append("observations.bin", row.tobytes())
        self._tensor_events(observation, site)

    def _tensor_events(self, observation: Observation, site: Site) -> None:
        events, stats, step = self.events(site.phase), observation.stats, observation.step
        order = site.attributes.get("order")
        # The position along the forward pass comes first, so that dashboards sort by it.
        name = site.name if order is None else f"{order:02d}_{site.name}"
        name = name.replace(" ", "_")
        group = _HISTOGRAM_TAGS.get(observation.role)
        if group and step >= self._histogram_due.get((site.key, group), 0):
            # Histograms are the costliest to write, and change slowly: the recording has them all.
            self._histogram_due[(site.key, group)] = step + max(1, step // 20)
            events.histogram(self.tag(site.subject, f"{group}/{name}"), step, stats)
        scalars: dict[str, float] = {}
        if observation.role == "gradient":
            scalars["gradient_norm"] = stats["norm"]
        elif observation.role == "weight":
            scalars["weight_std"] = stats["std"]
        elif observation.role == "update":
            scalars["update_norm"] = stats["norm"]
        elif observation.role == "activation":
            scalars["activation_std"] = stats["std"]
            scalars["zero_share"] = stats["zero_share"]
            scalars["dead_unit_share"] = stats["dead_unit_share"]
        elif observation.role in ("input", "output"):
            scalars[f"{observation.role}_std"] = stats["std"]
        if stats["nan_count"] + stats["inf_count"] > 0:
            scalars[f"nonfinite_share/{observation.role}"] = (stats["nan_count"] + stats["inf_count"]) / stats["size"]
        for label, value in scalars.items():
            events.scalar(self.tag(site.subject, f"{label}/{name}"), step, value)

    def _observe_rows(self, observation: RowObservation) -> None:
        rows = np.zeros(len(observation.inputs), ROW_ROW)
        rows["site"], rows["step"] = self._sites[observation.site][0], observation.step
        rows["position"], rows["flags"] = observation.positions, observation.blank
        rows["inputs"], rows["both"] = observation.inputs, observation.both
        self._append("rows.bin", rows.tobytes())

    def _observe_images(self, observation: ImageObservation) -> None:
        """Draw images at the first observed step, and again whenever the steps have grown tenfold."""
        due = self._images_due.get(observation.site, 0)
        if observation.step < due:
            return
        self._images_due[observation.site] = max(10 * observation.step, 10)
        site = self._sites[observation.site][1]
        pngs = [encode_png(image) for image in observation.images]
        height, width = observation.images.shape[1:3]
        tag = self.tag(site.subject, f"inputs/{site.name.replace(' ', '_')}")
        self.events(site.phase).images(tag, observation.step, pngs, width, height)

    def _scalar_event(self, observation: ScalarObservation) -> None:
        name, phase = observation.name, "train"
        # Train and validation share a chart: same tag, two runs.
        if name.startswith("epoch/val_"):
            name, phase = "epoch/" + name.removeprefix("epoch/val_"), "eval"
        self.events(phase).scalar(self.tag(observation.subject, name), observation.step, observation.value)

    def _append(self, name: str, data: bytes) -> None:
        if not self._open or self._broken:
            return
        file = self._files.get(name)
        if file is None:
            file = self._files[name] = open(self.folder / name, "ab", buffering=0)
        write_whole(file, data)

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
