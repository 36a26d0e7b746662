"""A scratch copy of the folders that a script works in, laid out so that every path from it leads to the same."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Callable, Iterable, Mapping

from doctor import source_text
from doctor.errors import DoctorError

#: Files from this size on are linked, not copied: data, weights, archives.
LARGE = 4 * 2**20
#: Files and bytes that are copied at most; what lies beyond is linked.
MOST_FILES, MOST_BYTES = 4_000, 256 * 2**20
#: Folders that no script reads from, or that hold programs: linked as a whole.
_LINKED = frozenset({".git", ".hg", ".svn", "node_modules", "site-packages", "doctor_runs", ".tox", ".mypy_cache"})
#: Files that mark a folder to be linked: a virtual environment, the recording of a run.
_MARKS = ("pyvenv.cfg", "run.json")
_PREFIX = "doctor-proof-"
_LEFT_OUT = frozenset({"__pycache__", ".pytest_cache", ".ipynb_checkpoints"})
#: Entries beside a folder on the way down to it that are linked at most.
MOST_BESIDE = 2_000


class ScratchError(DoctorError):
    """No scratch copy can be made."""


@dataclass
class Scratch:
    """A copy below a temporary folder, which `with` removes at the end.

    The way from the root to every copied folder is made of real folders with links to what lies beside it, so
    that `../data` is there. Files that are large, or beyond the limits, are links too: they can be read, and a
    sealed process cannot write through them (see `sealing`).

    Attributes:
        folders: that are copied, absolute.
        root: the temporary folder.
        linked: how many files and folders of the copied ones are links.
    """

    folders: tuple[Path, ...]
    root: Path = Path()
    linked: int = 0
    _files: int = field(default=0, repr=False)
    _bytes: int = field(default=0, repr=False)

    def __enter__(self) -> Scratch:
        try:
            _sweep(Path(tempfile.gettempdir()))
            self.root = Path(os.path.realpath(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")))
            self.temporary.mkdir()
            for folder in sorted(self.folders, key=lambda one: len(one.parts)):
                self._copy(folder)
        except OSError as error:
            self.remove()
            raise ScratchError(
                f"No scratch copy of {str(self.folders[0])!r} can be made: {error.strerror} "
                f"({error.filename}); free some space, or set TMPDIR to a folder that has it.",
                slug="no-scratch-copy",
            ) from None
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.remove()

    def remove(self) -> None:
        """Delete the copy. Links are removed, never what they lead to."""
        if self.root != Path():
            _removed(self.root)

    @property
    def temporary(self) -> Path:
        """The folder for temporary files of the script."""
        return self.root / "tmp"

    def place(self, path: Path | str) -> Path:
        """Where an absolute path lies in the copy."""
        return self.root / "files" / Path(path).relative_to(Path(path).anchor)

    def write(self, files: Mapping[Path, str]) -> None:
        """Put new texts in the place of files.

        Args:
            files: by absolute path of the original.
        """
        for path, text in files.items():
            target = self.place(path)
            if not target.parent.is_dir() or target.parent.is_symlink():
                raise ScratchError(
                    f"The file {str(path)!r} lies in no folder that was copied, so no repair of it can be tried.",
                    slug="no-scratch-copy",
                )
            target.unlink(missing_ok=True)
            target.write_bytes(source_text.changed(path.read_bytes(), text))

    def _copy(self, folder: Path) -> None:
        inside = self.place(folder)
        if inside.is_dir() and not inside.is_symlink() and self._is_copy(folder):
            return
        way = Path(folder.anchor)
        self.place(way).mkdir(parents=True, exist_ok=True)
        for part in folder.parts[1:]:
            self._beside(way, part)
            way = way / part
            target = self.place(way)
            if target.is_symlink():
                target.unlink()
            target.mkdir(exist_ok=True)
        self._fill(folder)

    def _is_copy(self, folder: Path) -> bool:
        return any(one == folder or one in folder.parents for one in self.folders if one != folder)

    def _beside(self, way: Path, part: str) -> None:
        """Links to what lies beside the next folder on the way."""
        try:
            names = os.listdir(way)
        except OSError:
            return
        for name in names[:MOST_BESIDE]:
            target = self.place(way / name)
            if name != part and not os.path.lexists(target):
                os.symlink(way / name, target)

    def _fill(self, folder: Path) -> None:
        """Copy what is in a folder, the nearest first, until the limits are reached."""
        waiting = [folder]
        while waiting:
            here = waiting.pop(0)
            target = self.place(here)
            target.mkdir(exist_ok=True)
            try:
                entries = sorted(os.scandir(here), key=lambda one: one.name)
            except OSError:
                if here == folder:
                    raise
                continue  # the script cannot read it either
            for entry in entries:
                inside = target / entry.name
                if os.path.lexists(inside) or entry.name in _LEFT_OUT or Path(entry.path) == self.root:
                    continue
                if entry.is_symlink():
                    os.symlink(self._target(entry.path), inside)
                elif entry.is_dir():
                    if self._whole(entry):
                        self._link(entry.path, inside)
                    else:
                        waiting.append(Path(entry.path))
                elif entry.is_file():
                    self._file(entry, inside)

    def _whole(self, entry: os.DirEntry[str]) -> bool:
        """Whether a folder is linked as one."""
        marked = any(os.path.isfile(os.path.join(entry.path, name)) for name in _MARKS)
        return entry.name in _LINKED or marked or self._files >= MOST_FILES

    def _file(self, entry: os.DirEntry[str], inside: Path) -> None:
        size = entry.stat().st_size
        full = self._files >= MOST_FILES or self._bytes + size > MOST_BYTES
        if size >= LARGE or (full and not entry.name.endswith(".py")):
            self._link(entry.path, inside)
            return
        try:
            shutil.copy2(entry.path, inside)
        except (PermissionError, FileNotFoundError):
            return  # the script cannot read it either, or it has just gone
        self._files += 1
        self._bytes += size

    def _target(self, link: str) -> str:
        """Where a link of a copied folder leads: within the copy, where its target is copied too."""
        real = Path(os.path.realpath(link))
        inside = any(home == real or home in real.parents for home in self.folders)
        return str(self.place(real) if inside else real)

    def _link(self, path: str, inside: Path) -> None:
        os.symlink(os.path.realpath(path), inside)
        self.linked += 1


def folders_of(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Folders without those that lie in another of them."""
    unique = sorted({Path(os.path.realpath(path)) for path in paths}, key=lambda one: len(one.parts))
    kept: list[Path] = []
    for path in unique:
        if not any(one in path.parents for one in kept):
            kept.append(path)
    return tuple(kept)


def _removed(folder: Path) -> None:
    """Remove a folder, also where the script took away the right to; links are removed, never what they lead to."""

    def again(function: Callable[[str], object], path: str, _: object) -> None:
        try:
            os.chmod(os.path.dirname(path), 0o700)
            if not os.path.islink(path):
                os.chmod(path, 0o700)
            function(path)
        except OSError:
            pass  # it lies in the system's folder for temporary files

    shutil.rmtree(folder, onerror=again)


def _sweep(parent: Path) -> None:
    """Remove copies that a doctor left which was killed."""
    for left in parent.glob(f"{_PREFIX}*-*"):
        number = left.name.removeprefix(_PREFIX).partition("-")[0]
        if number.isdigit() and not Path("/proc", number).exists() and Path("/proc/self").exists():
            _removed(left)
