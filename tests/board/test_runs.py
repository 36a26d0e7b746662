"""Which runs TensorBoard shows, and what they are called."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from doctor.board import runs
from doctor.errors import RecordingError
from doctor.run_names import run_names


def made(folder: Path, when: int = 0, findings: list[dict[str, object]] | None = None, verdict: str = "") -> Path:
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    os.utime(folder / "run.json", (when, when))
    if verdict:
        (folder / "diagnosis.json").write_text(json.dumps({"verdict": verdict, "findings": findings or []}))
    return folder


def test_the_newest(tmp_path: Path) -> None:
    made(tmp_path / "a", 200)
    made(tmp_path / "b", 100)
    assert runs.newest(tmp_path) == tmp_path / "a"


def test_none_at_all(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="There is no recording in"):
        runs.newest(tmp_path)
    with pytest.raises(RecordingError, match="holds no recording"):
        runs.chosen([tmp_path])
    with pytest.raises(RecordingError, match="does not exist"):
        runs.chosen([tmp_path / "nowhere"])


def test_a_folder_of_runs_stands_for_all_of_them(tmp_path: Path) -> None:
    one, other, last = made(tmp_path / "all" / "a"), made(tmp_path / "all" / "b"), made(tmp_path / "c")
    assert runs.chosen([tmp_path / "all", last, one]) == [one, other, last]


def test_titles_tell_what_was_found(tmp_path: Path) -> None:
    found = [{"primary": False, "fault": "lr-too-high"}, {"primary": True, "fault": "init-too-large"}]
    folders = [
        made(tmp_path / "x" / "train", verdict="faulty", findings=found),
        made(tmp_path / "y" / "train", verdict="healthy"),
        made(tmp_path / "z"),
    ]
    assert runs.titles(folders) == ["x train (init-too-large)", "y train (healthy)", f"{tmp_path.name} z"]


def test_names_are_as_short_as_they_can_be() -> None:
    assert run_names([Path("a/one"), Path("a/two")]) == ["one", "two"]
    assert run_names([Path("a/x"), Path("b/x")]) == ["a/x", "b/x"]
    assert run_names([Path("a/x"), Path("a/x")]) == ["x", "x (2)"]
    assert run_names([Path("/")]) == ["run"]
