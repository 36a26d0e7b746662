import os
from pathlib import Path

import pytest

from doctor.proof import scratch
from doctor.proof.scratch import Scratch, ScratchError, folders_of


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a script, a package and data, and data beside it."""
    home = tmp_path / "course" / "project"
    (home / "package").mkdir(parents=True)
    (home / "train.py").write_text("print(1)\n")
    (home / "package" / "model.py").write_text("UNITS = 3\n")
    (home / "package" / "__pycache__").mkdir()
    (tmp_path / "course" / "data").mkdir()
    (tmp_path / "course" / "data" / "rows.csv").write_text("1,2\n")
    return Path(os.path.realpath(home))


def test_copy_has_the_files_and_reaches_what_lies_beside(project: Path) -> None:
    with Scratch((project,)) as copy:
        here = copy.place(project)
        assert (here / "package" / "model.py").read_text() == "UNITS = 3\n"
        assert (here / ".." / "data" / "rows.csv").read_text() == "1,2\n"
        assert not (here / "package" / "__pycache__").exists()
        (here / "train.py").write_text("changed")
        (here / "new.txt").write_text("new")
    assert (project / "train.py").read_text() == "print(1)\n"
    assert not (project / "new.txt").exists()
    assert not copy.root.exists()


def test_large_files_environments_and_repositories_are_linked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "LARGE", 100)
    (project / "weights.bin").write_bytes(b"x" * 100)
    (project / "venv").mkdir()
    (project / "venv" / "pyvenv.cfg").write_text("")
    (project / ".git").mkdir()
    with Scratch((project,)) as copy:
        here = copy.place(project)
        linked = {path.name for path in here.iterdir() if path.is_symlink()}
        assert linked == {"weights.bin", "venv", ".git"}
        assert copy.linked == 3
        assert (here / "weights.bin").read_bytes() == b"x" * 100
    assert (project / "weights.bin").is_file()


def test_what_lies_beyond_the_limits_is_linked_and_scripts_are_copied(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "MOST_BYTES", 10)
    (project / "rows.csv").write_text("1,2,3,4,5,6\n")
    (project / "long.py").write_text("x = 'a long text'\n")
    with Scratch((project,)) as copy:
        here = copy.place(project)
        assert (here / "rows.csv").is_symlink()
        assert not (here / "long.py").is_symlink()


def test_repaired_text_takes_the_place_of_a_link(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "LARGE", 1)
    with Scratch((project,)) as copy:
        copy.write({project / "train.py": "print(2)\n"})
        assert (copy.place(project) / "train.py").read_text() == "print(2)\n"
    assert (project / "train.py").read_text() == "print(1)\n"


def test_file_outside_of_the_copied_folders_cannot_be_repaired(project: Path) -> None:
    outside = project.parent / "data" / "rows.csv"
    with Scratch((project,)) as copy, pytest.raises(ScratchError, match="lies in no folder that was copied"):
        copy.write({outside: ""})
    assert outside.read_text() == "1,2\n"


def test_a_loop_of_links_is_left_alone(project: Path) -> None:
    (project / "again").symlink_to(project)
    (project / "gone").symlink_to(project / "nowhere")
    with Scratch((project,)) as copy:
        assert (copy.place(project) / "again").is_symlink()


def test_folder_that_holds_the_temporary_folder_is_not_copied_into_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "train.py").write_text("")
    home = Path(os.path.realpath(tmp_path))
    with Scratch((home,)) as copy:
        assert [path.name for path in copy.place(home).iterdir()] == ["train.py"]


def test_folder_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScratchError, match="No scratch copy of .*missing"), Scratch((tmp_path / "missing",)):
        pass


def test_nested_folders_are_copied_once(project: Path) -> None:
    assert folders_of([project / "package", project, project.parent / "data"]) == (
        project.parent / "data",
        project,
    ) or folders_of([project / "package", project]) == (project,)
