"""One watched run: what the hooks of a framework share."""

from __future__ import annotations

import errno
import functools
import hashlib
import os
import platform
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, Callable, Mapping, TypeVar

from doctor import __version__
from doctor.capture import frameworks
from doctor.capture.copy_book import CopyBook
from doctor.capture.locator import Locator
from doctor.capture.moments import MomentBook
from doctor.capture.neighbours import Neighbours
from doctor.capture.origins import Origins
from doctor.capture.recorder import Recorder, write_atomically
from doctor.capture.stopping import StopTraining
from doctor.capture.worker import this_worker
from doctor.types import RunFacts

#: A disk or a quota is full, a file as large as is allowed, a disk defective or read-only.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})

#: Bytes that a recording may have besides its losses: as many at once, and as many more with every hour.
BYTES_AT_ONCE, BYTES_AN_HOUR = 15_000_000, 30_000_000

Function = TypeVar("Function", bound=Callable[..., Any])


class Session:
    """The state that all hooks share.

    Attributes:
        recorder: writes the run folder.
        locator: finds the user's lines.
        origins: knows which arrays came from which file.
        moments: knows which arrays of windows overlap.
        steps: stop after this many training steps, or None.
        overhead: share of training time that capture may take, 0 to 1.
        data_dir: folder with data sets, or None.
        active: false once capture is over, or in a forked child.
        on_break_off: called when the run folder cannot be written any more.
    """

    stop_exception = StopTraining

    def __init__(
        self, recorder: Recorder, locator: Locator, steps: int | None, overhead: float, data_dir: Path | None
    ) -> None:
        self.recorder = recorder
        self.locator = locator
        self.steps = steps
        self.overhead = overhead
        self.data_dir = data_dir
        self.active = True
        self.steps_done = 0
        self.described_arrays = 0
        self.related = 0
        self.origins = Origins(recorder, locator)
        self.started = time.perf_counter()
        self._spent = 0.0
        self._failed: dict[str, str] = {}
        neighbours = Neighbours(recorder, locator)
        locator.on_file = self.guarded("the sources of other files")(neighbours.keep)
        self._at_finish: list[Callable[[], None]] = [neighbours.keep_imported]
        self.moments = MomentBook(recorder)
        self.copies = CopyBook(recorder)
        self._at_last: list[Callable[[], None]] = [
            self.moments.compare, self.copies.compare, self.origins.keys.describe,
        ]  # fmt: skip
        self.on_break_off: Callable[[], None] = lambda: None
        self._owner = os.getpid()
        self.thread = threading.get_ident()
        os.register_at_fork(after_in_child=self._leave)

    @classmethod
    def start(
        cls,
        run_dir: Path,
        script: str,
        argv: list[str],
        module: str | None = None,
        project: str = "",
        steps: int | None = None,
        overhead: float = 0.05,
        data_dir: Path | None = None,
    ) -> Session:
        """Begin a recording in `run_dir`, which exists.

        Args:
            run_dir: the run folder.
            script: path of the script.
            argv: its arguments.
            module: its name where it is run by `python -m`.
            project: folder that other files of the user's are named from, or "".
            steps, overhead, data_dir: see the class.
        """
        source = Path(script).read_bytes()
        write_atomically(run_dir / "script.py", source)
        run = RunFacts(
            path=script,
            argv=tuple(argv),
            module=module,
            sha256=hashlib.sha256(source).hexdigest(),
            versions={"python": platform.python_version(), "doctor": __version__},
            worker=this_worker(),
        )
        return cls(Recorder(run_dir, run), Locator(script, project), steps, overhead, data_dir)

    def now(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.started

    def run_fact(self, **facts: Any) -> None:
        """Change facts of the run (fields of RunFacts)."""
        self.recorder.update_run(**facts)

    def add_version(self, name: str, version: str) -> None:
        """Note the version of a library that the script imported."""
        self.run_fact(versions={**self.recorder.run.versions, name: version})

    def add_data(self, fact: Mapping[str, Any]) -> None:
        """Note where a data set came from."""
        if fact not in self.recorder.run.data:
            self.run_fact(data=(*self.recorder.run.data, fact))

    def spend(self, seconds: float) -> None:
        """Account for time that capture took from the script."""
        self._spent += seconds

    def at_finish(self, action: Callable[[], None], last: bool = False) -> None:
        """Call `action` at the end of the run; with `last` after those actions that may still observe something."""
        (self._at_last if last else self._at_finish).append(action)

    def room(self) -> bool:
        """Whether the recording may grow by another sample: it keeps within `BYTES_AT_ONCE` and `BYTES_AN_HOUR`."""
        return self.recorder.written < BYTES_AT_ONCE + BYTES_AN_HOUR * self.now() / 3600

    def steps_finished(self, count: int = 1) -> None:
        """Count training steps."""
        self.steps_done += count

    def check_stop(self) -> None:
        """Raise StopTraining where --steps is reached; hooks call it where the script may end."""
        if self.steps is not None and self.active and self.steps_done >= self.steps:
            raise StopTraining("stopped")

    def not_captured(self, part: str, reason: str) -> None:
        """Note what this recording lacks, once per part."""
        if part not in self._failed:
            self._failed[part] = reason
            known = self.recorder.run.not_captured
            self.run_fact(not_captured=(*known, {"part": part, "reason": reason}))

    def failed(self, part: str, error: BaseException) -> None:
        """A part of capture failed: say so once on stderr, note it, let the training go on."""
        if part in self._failed or not self.active:
            return
        if self._is_of_recording(error):
            self._break_off(error)
            return
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        untested = frameworks.untested_tensorflow()
        if untested is not None and not self._failed:  # once is enough
            reason = f"{reason}; {untested}"
        if os.environ.get("DOCTOR_DEBUG"):
            traceback.print_exception(error)
        print(f"doctor: watching {part} failed and is switched off ({reason})", file=sys.stderr)
        try:
            self.not_captured(part, reason)
        except OSError as unwritten:
            self._failed[part] = reason
            self._break_off(unwritten)

    def _is_of_recording(self, error: BaseException) -> bool:
        """Whether it is the run folder that cannot be written."""
        if not isinstance(error, OSError):
            return False
        return error.errno in _FULL or str(error.filename or "").startswith(str(self.recorder.folder))

    def _break_off(self, error: BaseException) -> None:
        """The recording ends here, the training does not."""
        self.active = False
        self.recorder.break_off()
        reason = getattr(error, "strerror", None) or str(error)
        folder = str(self.recorder.folder)
        sys.stderr.write(
            f"doctor: the run folder {folder!r} cannot be written any more ({reason}); the script runs on, "
            "what follows is not recorded\n"
        )
        try:
            self.not_captured("recording", f"it breaks off, because the run folder could not be written: {reason}")
        except OSError:
            pass
        self.on_break_off()

    def guarded(self, part: str) -> Callable[[Function], Function]:
        """Decorator for a hook: an exception inside switches the part off instead of reaching the script."""

        def decorate(function: Function) -> Function:
            @functools.wraps(function)
            def guarded(*args: Any, **kwargs: Any) -> Any:
                if not self.active or part in self._failed:
                    return None
                start = time.perf_counter()
                try:
                    return function(*args, **kwargs)
                except Exception as error:  # noqa: BLE001  whatever it is, the training goes on
                    self.failed(part, error)
                    return None
                finally:
                    self._spent += time.perf_counter() - start

            return guarded  # type: ignore[return-value]

        return decorate

    def finish(self, status: str, exit_code: int | None, crash: Mapping[str, Any] | None = None) -> None:
        """Write what is left and the final facts. Later hooks do nothing."""
        if not self.active and os.getpid() != self._owner:
            return
        for action in (*self._at_finish, *self._at_last):
            try:
                action()
            except Exception as error:  # noqa: BLE001
                self.failed("the end of the run", error)
        self.active = False
        self.recorder.finish(
            status=status,
            exit_code=exit_code,
            crash=crash,
            seconds=self.now(),
            capture_seconds=self._spent,
        )

    def _leave(self) -> None:
        """In a forked child: the recording belongs to the parent."""
        self.active = False
        self.recorder.abandon()
