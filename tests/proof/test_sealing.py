import subprocess
import sys
from pathlib import Path

import pytest

from doctor.proof import sealing

pytestmark = pytest.mark.skipif(not sealing.available(), reason="this kernel has no Landlock")

CODE = """
import os, sys
for path in sys.argv[1:]:
    try:
        with open(path, "a") as file:
            file.write("x")
        print("written")
    except PermissionError:
        print("denied")
"""


def run(code: str, *arguments: str, writable: list[Path]) -> list[str]:
    seal = sealing.Seal(writable)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            preexec_fn=seal.restrict, capture_output=True, text=True, check=True,
        )  # fmt: skip
    finally:
        seal.close()
    return done.stdout.split()


def test_only_the_given_folders_can_be_written_to(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "old").write_text("old")
    (inside / "link").symlink_to(outside / "old")
    paths = [inside / "new", outside / "new", outside / "old", inside / "link", Path("/dev/null")]
    said = run(CODE, *map(str, paths), writable=[inside, Path("/dev")])
    assert said == ["written", "denied", "denied", "denied", "written"]
    assert (outside / "old").read_text() == "old"
    assert not (outside / "new").exists()


def test_nothing_outside_can_be_removed_renamed_or_made(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "old").write_text("old")
    code = """
import os, sys
outside = sys.argv[1]
for change in (lambda: os.remove(outside + "/old"), lambda: os.rename(outside + "/old", outside + "/other"),
               lambda: os.mkdir(outside + "/folder"), lambda: os.symlink("x", outside + "/link"),
               lambda: os.truncate(outside + "/old", 0)):
    try:
        change()
        print("done")
    except OSError:
        print("denied")
print(open(outside + "/old").read())
"""
    assert run(code, str(outside), writable=[inside]) == ["denied"] * 5 + ["old"]


def test_processes_that_it_starts_are_sealed_too(tmp_path: Path) -> None:
    code = f"""
import subprocess, sys
done = subprocess.run([sys.executable, "-c", "open({str(tmp_path / 'new')!r}, 'w')"], stderr=subprocess.DEVNULL)
print(done.returncode)
"""
    assert run(code, writable=[Path("/dev")]) == ["1"]


def test_nothing_stays_open_and_a_refusal_of_the_kernel_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    sealing.Seal([Path("/dev/null"), Path("/nowhere")]).close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    monkeypatch.setattr(sealing, "_RIGHTS", 1 << 63)
    with pytest.raises(OSError, match="Landlock"):
        sealing.Seal([])
