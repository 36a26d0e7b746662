"""A part of capture that fails: one sentence, a note in the recording, and the training goes on."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from doctor.capture.session import Session
from doctor.recording import Recording


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A recording that has begun."""
    script = tmp_path / "train.py"
    script.write_text("print()\n", encoding="utf-8")
    folder = tmp_path / "run"
    folder.mkdir()
    return Session.start(folder, str(script), [])


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("2.21.1", ""),
        ("2.99.0", "; doctor was tested with TensorFlow 2.16 to 2.21, and this is 2.99.0"),
    ],
)
def test_once_with_the_versions_that_were_tested(
    version: str, told: str, session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(__version__=version))  # type: ignore[arg-type]

    def broken(number: int) -> int:
        raise AttributeError(f"no attribute {number}")

    watch = session.guarded("graphs")(broken)
    assert watch(1) is None and watch(2) is None
    reason = f"AttributeError: no attribute 1{told}"
    assert capsys.readouterr().err == f"doctor: watching graphs failed and is switched off ({reason})\n"
    session.finish("completed", 0, None)
    (entry,) = Recording.open(session.recorder.folder).run.not_captured
    assert dict(entry) == {"part": "graphs", "reason": reason}
