"""Runs a script in scratch copies, as often as an experiment asks: as it is, repaired, or with other seeds."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping

import numpy as np

from doctor.capture.launcher import LaunchOptions, launch
from doctor.errors import DoctorError
from doctor.proof import sealing
from doctor.proof.scratch import Scratch, ScratchError, folders_of
from doctor.recording import LOSS_ROW, Recording, last_loss
from doctor.recording_parts import read_rows
from doctor.source_text import read, same

#: A run gets so many times the seconds of the recorded one, and so many more: the machine may be busy now.
SLOWER, START = 2.0, 60.0
#: Looks at a running recording: the first after so many steps, the next ones after so many times as many.
FIRST_LOOK, NEXT_LOOK = 60, 1.3

#: Devices that any program may write to.
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts")

#: What is told of a run while it goes on: (steps so far, the last loss or None).
Watch = Callable[[int, "float | None"], None]


@dataclass
class Bench:
    """The place of an experiment.

    Attributes:
        recording: of the run that is looked into.
        folder: where the recordings of trials go: below the run's own.
        overhead: share of training time that watching may take.
        allowed: folders that trials may write to beside their scratch copy.
        unsealed: run trials where nothing keeps them from writing outside of their copy.
        watch: told of the progress of each run.
        deadline: `time.monotonic()` after which no run begins, and at which one that goes on is stopped.
        steps: training steps that all runs took so far.
        cut: why the last run did not come to its end, "" where it did or was stopped because it had shown enough.
        barred: what ended a run because it wrote outside of its copy, "" where nothing did.
    """

    recording: Recording
    folder: Path
    overhead: float = 0.05
    allowed: tuple[Path, ...] = ()
    unsealed: bool = False
    watch: Watch | None = None
    deadline: float | None = None
    steps: int = 0
    cut: str = ""
    barred: str = ""
    _names: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Find out before the first run whether there can be any.

        Raises:
            ScratchError: the recording does not say where it ran, the folder is gone, or nothing keeps a trial from
                writing outside of its copy.
        """
        run = self.recording.run
        if not run.folder:
            raise ScratchError(
                "The recording is of an older doctor, which did not note in which folder the script ran; run "
                "`doctor diagnose` again.",
                slug="no-scratch-copy",
            )
        if not Path(run.folder).is_dir():
            raise ScratchError(
                f"The folder {run.folder!r}, in which the script ran, is not there; put it back, or run "
                "`doctor diagnose` again where the script is now.",
                slug="no-scratch-copy",
            )
        if not sealing.available() and not self.unsealed:
            raise ScratchError(
                "Nothing on this system keeps a trial from writing outside of its scratch copy (Linux 6.2 and later "
                "do); where the script writes to its own folder only, say so with --unsealed.",
                slug="unsealed",
            )

    def limit(self, longer: float = 1.0) -> float:
        """Seconds that one run may take, where it is to take so many times as long as the recorded one."""
        return SLOWER * longer * self.recording.run.seconds + START

    def original(self, path: str) -> Path:
        """The absolute path of a file that locations name."""
        return Path(os.path.realpath(Path(self.recording.run.folder, path)))

    def run(
        self,
        name: str,
        files: Mapping[str, str],
        steps: int | None,
        enough: Callable[[Recording], bool] | None = None,
        longer: float = 1.0,
    ) -> Recording:
        """Run the script in a scratch copy of its own, and give back what was seen.

        Args:
            name: of the folder of its recording.
            files: the user's files as they are to run, by the path that locations have; others are as they are now.
            steps: stop after so many training steps.
            enough: asked now and then with the recording so far; the run is stopped where it says yes.
            longer: how many times as long as the recorded run it may take.

        Raises:
            ScratchError: there can be no scratch copy, or the time is up.
            KeyboardInterrupt: Ctrl-C ended the run.
        """
        seconds = self.limit(longer)
        if self.deadline is not None:
            seconds = min(seconds, self.deadline - time.monotonic())
            if seconds <= 0:
                raise ScratchError("The time for proofs is up; give more with --proof-timeout.", slug="proof-timeout")
        folder = self._new(name)
        run = self.recording.run
        script = Path(run.folder, run.path)
        texts = {self.original(path): text for path, text in files.items()}
        changed = {path: text for path, text in texts.items() if not same(_text(path), text)}
        homes = folders_of([Path(run.folder), script.parent, self.original(run.path).parent,
                            *(path.parent for path in changed)])  # fmt: skip
        look = _Look(self.watch, enough)
        with Scratch(homes) as scratch, self._sealed(scratch, folder) as restrict:
            scratch.write(changed)
            result = launch(
                LaunchOptions(
                    script=self._script(scratch),
                    argv=run.argv,
                    module=run.module is not None,
                    run_dir=folder,
                    steps=steps,
                    timeout=seconds,
                    overhead=self.overhead,
                    data_dir=None if run.data_dir is None else Path(run.data_dir),
                    script_stdout="nowhere",
                    on_tick=look,
                    folder=scratch.place(os.path.realpath(run.folder)),
                    environment=self._environment(scratch),
                    before_start=restrict,
                )
            )
            found = relocated(Recording.open(folder), str(scratch.place("/")))
        self.steps += found.steps
        if result.interrupted:  # one Ctrl-C ends the script, or what it makes of it; here it ends the experiment
            raise KeyboardInterrupt
        stopped = barred(found)
        self.barred = stopped or self.barred
        self.cut = stopped or ("its time was up" if result.status == "timeout" and not look.satisfied else "")
        return found

    def _new(self, name: str) -> Path:
        """An empty folder for a recording; a number is added to a name that is taken."""
        self._names.append(name)
        number = self._names.count(name)
        folder = self.folder / (name if number == 1 else f"{name}-{number}")
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise DoctorError(
                f"The folder {str(folder)!r} for the recording of a trial cannot be made: {error.strerror}; "
                "make the run folder writable, or copy it to where it is.",
                slug="run-dir-unwritable",
            ) from None
        return folder.absolute()

    def _script(self, scratch: Scratch) -> str:
        """What is run, as it was named, save that an absolute name leads into the copy."""
        run = self.recording.run
        if run.module is not None:
            return run.module
        return str(scratch.place(os.path.realpath(run.path))) if os.path.isabs(run.path) else run.path

    def _environment(self, scratch: Scratch) -> dict[str, str | None]:
        """Temporary files go into the copy, modules come from it, and no window opens."""
        entries = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        homes = [Path(os.path.realpath(one)) for one in scratch.folders]
        mapped = []
        for entry in entries:
            real = Path(os.path.realpath(Path(self.recording.run.folder, entry))) if entry else None
            inside = real is not None and any(home == real or home in real.parents for home in homes)
            mapped.append(str(scratch.place(real)) if inside and real is not None else entry)
        path = os.pathsep.join(mapped)
        return {"TMPDIR": str(scratch.temporary), "MPLBACKEND": "Agg", "PYTHONPATH": path or None,
                "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip

    @contextlib.contextmanager
    def _sealed(self, scratch: Scratch, folder: Path) -> Iterator[Callable[[], None] | None]:
        """What confines the trial, None where it is not to be."""
        if self.unsealed:
            yield None
            return
        devices = [Path("/dev", name) for name in _DEVICES] + list(Path("/dev").glob("nvidia*"))
        try:
            seal = sealing.Seal([scratch.root, folder, *devices, *self.allowed])
        except OSError as error:
            raise ScratchError(
                f"The trial cannot be kept from writing outside of its scratch copy ({error.strerror}); where the "
                "script writes to its own folder only, say so with --unsealed.",
                slug="unsealed",
            ) from None
        try:
            yield seal.restrict
        finally:
            seal.close()


class _Look:
    """Looks at a running recording at growing intervals."""

    def __init__(self, watch: Watch | None, enough: Callable[[Recording], bool] | None) -> None:
        self._watch = watch
        self._enough = enough
        self._next = float(FIRST_LOOK)
        self.satisfied = False

    def __call__(self, folder: Path) -> bool:
        rows = _steps(folder)
        if self._watch is not None:
            last = last_loss(folder)
            self._watch(rows, None if last is None else last[1])
        if self._enough is None or rows < self._next:
            return False
        self._next = rows * NEXT_LOOK
        try:
            self.satisfied = self._enough(Recording.open(folder))
            return self.satisfied
        except Exception:  # noqa: BLE001  half a recording may confuse; the run goes on to its end
            return False


def _steps(folder: Path) -> int:
    try:
        return (folder / "losses.bin").stat().st_size // LOSS_ROW.itemsize
    except OSError:
        return 0


def _text(path: Path) -> str:
    try:
        return read(path)
    except OSError:
        return ""


def relocated(recording: Recording, copy: str) -> Recording:
    """A recording made in a scratch copy, with all files named as the originals are.

    Args:
        recording: whose names are changed.
        copy: where the root of all folders lies in the copy.
    """
    inside = copy.rstrip("/") + "/"

    def name(value: Any) -> Any:
        if isinstance(value, str):
            return "/" + value.removeprefix(inside) if value.startswith(inside) else value
        if isinstance(value, (list, tuple)):
            return type(value)(name(one) for one in value)
        if isinstance(value, dict):
            return {key: name(one) for key, one in value.items()}
        return value

    recording.run = replace(recording.run, path=name(recording.run.path), crash=name(recording.run.crash))
    recording.sources = {name(path): text for path, text in recording.sources.items()}
    for key, site in recording.sites.items():
        place = None if site.location is None else replace(site.location, path=name(site.location.path))
        recording.sites[key] = replace(site, location=place, attributes=name(dict(site.attributes)))
    return recording


def barred(recording: Recording) -> str:
    """What ended a trial because it wrote outside of its copy, "" where nothing did; it then counts as stopped."""
    crash = recording.run.crash or {}
    text = f"{crash.get('type')}: {crash.get('message')}"
    if recording.run.status != "crashed" or not ("PermissionError" in text or "Permission denied" in text):
        return ""
    recording.run = replace(recording.run, status="stopped", crash=None)
    return text.splitlines()[0][:200]


def repeats(first: Path, second: Path, most: int) -> bool:
    """Whether two runs have the same losses in their first `most` steps: the script is as random as its seeds say."""
    one, other = (read_rows(folder / "losses.bin", LOSS_ROW)["loss"][:most] for folder in (first, second))
    if not len(one) or len(one) != len(other):
        return False
    same: bool = np.allclose(one, other, rtol=1e-6, atol=0, equal_nan=True)
    return same
