"""The user's other files are kept with the recording, once, as they were."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from doctor.capture.locator import Locator
from doctor.capture.neighbours import Neighbours
from doctor.capture.recorder import Recorder
from doctor.recording import Recording
from doctor.types import RunFacts


def test_files_of_locations_and_of_imported_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the path that locations have; neither the script, whose source is kept anyway, nor libraries."""
    project = tmp_path / "project"
    (project / "data").mkdir(parents=True)
    (tmp_path / "run").mkdir()
    (project / "train.py").write_text("import data.load\n")
    (project / "data/load.py").write_text("def load():\n    return []\n")
    (project / "model.py").write_text("SIZE = 3\n")
    recorder = Recorder(tmp_path / "run", RunFacts(path="train.py"))
    locator = Locator(str(project / "train.py"))  # pytest's own files are nobody's neighbours: another folder
    neighbours = Neighbours(recorder, locator)
    locator.on_file = neighbours.keep

    for name in ("data/load.py", "train.py", "data/load.py"):
        locator.location(str(project / name), 1)
    module = type(sys)("model")
    module.__file__ = str(project / "model.py")
    monkeypatch.setitem(sys.modules, "model", module)
    neighbours.keep_imported()
    recorder.finish(status="completed", exit_code=0)

    sources = Recording.open(tmp_path / "run").sources
    assert {os.path.relpath(path, project): text for path, text in sources.items() if text} == {
        "data/load.py": "def load():\n    return []\n",
        "model.py": "SIZE = 3\n",
    }
    assert (tmp_path / "run/sources.jsonl").read_text().count("load.py") == 1
