"""Recordings are written row by row and can be read at any moment."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.util.tensor_util import make_ndarray

from doctor.capture.recorder import Recorder
from doctor.capture.statistics import summarise
from doctor.errors import RecordingError
from doctor.recording import LOSS_ROW, OBSERVATION_ROW, Recording
from doctor.types import (
    ImageObservation,
    Location,
    Observation,
    RunFacts,
    ScalarObservation,
    Site,
    VectorObservation,
)


def record(folder: Path) -> Recorder:
    """A small recording with everything in it."""
    recorder = Recorder(folder, RunFacts(path="train.py", argv=("--fast",)))
    recorder.describe(Site("subject:1", "subject", "training loop"))
    line = Location("train.py", 3, "w = 1")
    recorder.describe(Site("variable:1", "variable", "w", "subject:1", location=line, attributes={"order": 0}))
    recorder.describe(Site("input:1:0", "input", "input", "subject:1"))
    for step in range(5):
        recorder.observe(Observation(step, "weight", "variable:1", summarise(np.full((2, 2), step))))
        recorder.step_done("subject:1", step, 2.0 - step, 0.1 * step)
    recorder.observe(ScalarObservation(4, "subject:1", "learning_rate", math.inf))
    recorder.observe(VectorObservation(4, "input:1:0", "column_mean", np.array([1.0, math.nan])))
    recorder.observe(ImageObservation(4, "input:1:0", np.random.rand(3, 8, 8, 1)))
    recorder.finish(status="completed", exit_code=0)
    return recorder


def test_round_trip(tmp_path: Path) -> None:
    """What was written comes back, values that are not finite included."""
    record(tmp_path)
    recording = Recording.open(tmp_path)
    assert (recording.run.path, recording.run.argv, recording.run.status) == ("train.py", ("--fast",), "completed")
    assert recording.sites["variable:1"].location == Location("train.py", 3, "w = 1")
    assert recording.losses("subject:1").values.tolist() == [2, 1, 0, -1, -2]
    assert recording.series("weight", "variable:1", "mean").values.tolist() == [0, 1, 2, 3, 4]
    assert recording.scalars("subject:1", "learning_rate").values.tolist() == [math.inf]
    ((step, values),) = recording.vectors("input:1:0", "column_mean")
    assert step == 4 and values[0] == 1 and math.isnan(values[1])


def test_a_run_that_goes_on_has_taken_as_long_as_its_last_step(tmp_path: Path) -> None:
    """The wall time is known at the end only."""
    record(tmp_path).update_run(status="running")
    assert Recording.open(tmp_path).run.seconds == pytest.approx(0.4)


def test_drawn_losses_thin_out_but_miss_neither_the_end_nor_a_gap(tmp_path: Path) -> None:
    """TensorBoard shows 1,000 points; where the loss stops being finite is one of them."""
    recorder = Recorder(tmp_path, RunFacts(path="train.py"))
    recorder.describe(Site("subject:1", "subject", "training loop"))
    for step in range(6001):
        recorder.step_done("subject:1", step, math.nan if 5500 < step < 5600 else 1.0, 0.001 * step)
    recorder.finish(status="completed")
    (file,) = (tmp_path / "tensorboard" / "train").iterdir()
    points = {
        event.step: float(make_ndarray(event.summary.value[0].tensor))
        for event in EventFileLoader(str(file)).Load()
        if event.summary.value
    }
    assert sorted(points)[:500] == list(range(500))
    assert len(points) < 2000
    assert 5501 in points and 5600 in points and 6000 in points
    assert {step for step, value in points.items() if math.isnan(value)} <= set(range(5501, 5600))
    assert len(Recording.open(tmp_path).losses("subject:1").values) == 6001


@pytest.mark.parametrize("name", ["losses.bin", "observations.bin", "sites.jsonl", "vectors.jsonl", "scalars.jsonl"])
def test_a_cut_off_row_is_left_out(tmp_path: Path, name: str) -> None:
    """A killed run ends in the middle of a row or line."""
    record(tmp_path)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[:-3])
    recording = Recording.open(tmp_path)
    assert len(recording.losses("subject:1")) == (4 if name == "losses.bin" else 5)
    expected = 4 if name == "observations.bin" else 5
    assert len(recording.series("weight", "variable:1", "mean")) == expected


def test_a_later_description_replaces_the_earlier(tmp_path: Path) -> None:
    """And keeps its place."""
    recorder = record(tmp_path)
    recorder.describe(Site("subject:1", "subject", "renamed", attributes={"rate": math.nan}))
    recording = Recording.open(tmp_path)
    assert list(recording.sites) == ["subject:1", "variable:1", "input:1:0"]
    assert recording.subjects[0].name == "renamed"


def test_rows_are_documented_in_the_recording(tmp_path: Path) -> None:
    """run.json lists fields and types of the binary files, so that others can read them."""
    record(tmp_path)
    rows = json.loads((tmp_path / "run.json").read_text())["rows"]
    for name, dtype in (("losses.bin", LOSS_ROW), ("observations.bin", OBSERVATION_ROW)):
        assert np.dtype([(field, kind, tuple(shape)) for field, kind, shape in rows[name]]) == dtype


@pytest.mark.parametrize(
    ("content", "slug"),
    [(None, "no-recording"), ("{}", "foreign-recording"), ("no json", "foreign-recording"),
     ('{"format": 99, "run": {"path": "x"}}', "recording-format")],
)  # fmt: skip
def test_what_is_no_recording(tmp_path: Path, content: str | None, slug: str) -> None:
    """One sentence each."""
    if content is not None:
        (tmp_path / "run.json").write_text(content)
    with pytest.raises(RecordingError) as raised:
        Recording.open(tmp_path)
    assert raised.value.slug == slug and str(tmp_path) in str(raised.value)


def test_nothing_is_written_after_a_fork(tmp_path: Path) -> None:
    """A forked child abandons the recording that belongs to its parent."""
    recorder = record(tmp_path)
    before = (tmp_path / "losses.bin").read_bytes()
    recorder.abandon()
    recorder.step_done("subject:1", 5, 0.0, 1.0)
    recorder.finish(status="completed")
    assert (tmp_path / "losses.bin").read_bytes() == before
