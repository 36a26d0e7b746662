"""Writing a repair: what is kept, what is refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from doctor.cli import applying
from doctor.errors import DoctorError
from doctor.findings import Diagnosis
from doctor.proof.store import Proved, save
from doctor.recording import Recording
from tests.cli.recordings import SCRIPT, write_recording

REPAIRED = SCRIPT.replace("0.0", "1.0")


@pytest.fixture
def run(tmp_path: Path) -> Recording:
    """A proved run of tmp_path/train.py."""
    (tmp_path / "train.py").write_text(SCRIPT)
    write_recording(tmp_path / "run", folder=str(tmp_path))
    proved = Proved(files={"train.py": REPAIRED}, diff="--- a/train.py\n+++ b/train.py\n", cured=True)
    save(tmp_path / "run", proved)
    return Recording.open(tmp_path / "run")


def test_line_ends_mode_and_backup_are_kept(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_bytes(b"a = 1\r\nb = 2\r\n")
    script.chmod(0o750)
    (tmp_path / "train.py.orig").write_text("an older backup")
    backups = applying.write({script: "a = 1\nb = 3\n"})
    assert script.read_bytes() == b"a = 1\r\nb = 3\r\n"
    assert stat.S_IMODE(script.stat().st_mode) == 0o750
    backup = backups[script]
    assert (backup.name, backup.read_bytes()) == ("train.py.orig2", b"a = 1\r\nb = 2\r\n")
    assert (tmp_path / "train.py.orig").read_text() == "an older backup"


def test_where_one_file_cannot_be_written_all_stay(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text("a = 1\n")
    with pytest.raises(DoctorError, match="gone.py' cannot be written: No such file"):
        applying.write({script: "a = 2\n", tmp_path / "gone.py": "x = 1\n"})
    assert script.read_text() == "a = 1\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["train.py"]


def test_changed_file_is_refused_and_left(run: Recording, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("other\n")
    proved = Proved(files={"train.py": REPAIRED})
    with pytest.raises(DoctorError, match="changed since the run"):
        applying.apply(run, Diagnosis(run.run, 3, "faulty", ""), proved, None, True)
    assert (tmp_path / "train.py").read_text() == "other\n"
    assert not (tmp_path / "train.py.orig").exists()


def test_confirmed_repair_is_printed_on_stdout(run: Recording, doctor) -> None:
    result = doctor("fix", str(run.folder))
    assert (result.status, result.out) == (0, "--- a/train.py\n+++ b/train.py\n")
    assert "--apply writes it" in result.err


def test_run_without_a_confirmed_repair_has_status_1(tmp_path: Path, doctor) -> None:
    write_recording(tmp_path / "run", folder=str(tmp_path))
    save(tmp_path / "run", Proved())
    result = doctor("fix", str(tmp_path / "run"))
    assert (result.status, result.out) == (1, "")
    assert "nothing to repair" in result.err


def test_recording_of_an_older_doctor_is_refused(tmp_path: Path, doctor) -> None:
    write_recording(tmp_path / "run", losses=(2.3,) * 200)
    result = doctor("prove", str(tmp_path / "run"))
    if "nothing was found" not in result.err:
        assert result.status == 2 and "#no-scratch-copy" in result.err
