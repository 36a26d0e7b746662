from pathlib import Path

import pytest

from doctor.errors import DoctorError
from doctor.proof import sealing
from doctor.proof.bench import Bench, barred, relocated
from doctor.recording import Recording
from tests.builders import Run
from tests.cli.recordings import write_recording


def test_files_of_a_copy_are_named_as_the_originals() -> None:
    run = Run(path="/tmp/copy/files/home/train.py").subject()
    run.site("variable", "w", at=["/tmp/copy/files/home/net.py", 3, "w = 1"], shape=[2, 3])
    recording = run.build()
    recording.sources = {"/tmp/copy/files/home/train.py": "x = 1\n", "net.py": "w = 1\n"}
    found = relocated(recording, "/tmp/copy/files")
    assert found.run.path == "/home/train.py"
    assert list(found.sources) == ["/home/train.py", "net.py"]
    assert found.sites["variable:w"].attributes == {"at": ["/home/net.py", 3, "w = 1"], "shape": [2, 3]}


def test_trial_that_wrote_elsewhere_counts_as_stopped() -> None:
    crash = {"type": "PermissionError", "message": "[Errno 13] Permission denied: '/home/model.keras'"}
    recording = Run(status="crashed", crash=crash).build()
    assert barred(recording) == "PermissionError: [Errno 13] Permission denied: '/home/model.keras'"
    assert (recording.run.status, recording.run.crash) == ("stopped", None)
    other = Run(status="crashed", crash={"type": "ValueError", "message": "no"}).build()
    assert (barred(other), other.run.status) == ("", "crashed")


def test_files_lie_where_the_script_ran(tmp_path: Path) -> None:
    write_recording(tmp_path / "run", path="scripts/train.py", folder=str(tmp_path))
    bench = Bench(Recording.open(tmp_path / "run"), tmp_path / "run" / "proof")
    assert bench.original("scripts/train.py") == tmp_path / "scripts" / "train.py"
    assert bench.original("models/net.py") == tmp_path / "models" / "net.py"
    assert bench.original("/elsewhere/net.py") == Path("/elsewhere/net.py")


def test_what_cannot_be_run_again_is_said_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_recording(tmp_path / "run", folder=str(tmp_path / "gone"))
    with pytest.raises(DoctorError, match="in which the script ran, is not there"):
        Bench(Recording.open(tmp_path / "run"), tmp_path).check()
    write_recording(tmp_path / "old")
    with pytest.raises(DoctorError, match="of an older doctor"):
        Bench(Recording.open(tmp_path / "old"), tmp_path).check()
    monkeypatch.setattr(sealing, "available", lambda: False)
    write_recording(tmp_path / "here", folder=str(tmp_path))
    with pytest.raises(DoctorError, match="--unsealed"):
        Bench(Recording.open(tmp_path / "here"), tmp_path).check()
    Bench(Recording.open(tmp_path / "here"), tmp_path, unsealed=True).check()
