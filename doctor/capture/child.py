"""The child's side of the launcher: what is added to the interpreter that runs the script.

Until the script imports TensorFlow or Keras, nothing is imported here that Python has not
loaded by itself: a file of the script's folder may bear any name of the standard library,
and settings such as OMP_NUM_THREADS must work that the script makes before `import numpy`.
"""

from __future__ import annotations

import atexit
import os
import sys

import _signal  # type: ignore[import-not-found]  # signal.py would be a new import, see above

from doctor.capture import frameworks, handover, importing, leaving, run_file, tracebacks
from doctor.capture.stopping import StopTraining

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping

    from doctor.capture.locator import Locator
    from doctor.capture.session import Session

#: First byte that the child writes to the launcher: doctor is in place.
HELLO = b"\xff"
#: What it writes when the run folder could not be written: there may be no other way to tell.
BROKEN_OFF = b"\xfe"


def prepare(settings: dict[str, Any]) -> None:
    """Set up everything that has to happen around the script; called before its first line.

    Args:
        settings: "run_dir" (absolute), "script", "module" (None for a script), "steps", "overhead", "data_dir",
            "stop_signal" (0 for none), "folder" (the working directory), "limits" (as in RunFacts), "pipe" (a
            descriptor, -1 for none).
    """
    ScriptRun(settings).install()


class ScriptRun:
    """The script's run as seen from inside its process."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.process = os.getpid()
        self.script = settings["script"]
        self.script_path = os.path.abspath(self.script)
        self.cwd = _working_directory()
        # Where the script's own modules are found first.
        module = settings["module"] is not None
        self.folder = os.path.realpath(self.cwd if module else os.path.dirname(os.path.realpath(self.script)))
        self.session: Session | None = None
        self.stop: BaseException | None = None
        self.unwatched = False
        self.lost: dict[str, str] = {}  # what was said not to be watched before there was a session
        self.finished = False

    def install(self) -> None:
        """Put the hooks in place."""
        tracebacks.install_hooks(self._is_stop)
        importing.when_imported("threading", tracebacks.install_thread_hook)
        importing.when_imported("tensorflow", lambda module: self._watch("TensorFlow", "install"))
        importing.when_imported("keras", lambda module: self._watch("Keras", "install_keras"))
        atexit.register(self.finish)  # the first to be registered is the last to be called
        leaving.before_os_exit(self.finish)
        leaving.before_exec(self._replaced)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._leave)
        if self.settings["stop_signal"]:
            _signal.signal(self.settings["stop_signal"], _stop_for_timeout)
        self._greet(self.settings["pipe"])

    def _greet(self, pipe: int) -> None:
        """Let the launcher see which signals arrive here, so that it does not send them again."""
        if pipe < 0:
            return
        os.set_inheritable(pipe, False)
        os.set_blocking(pipe, False)
        os.write(pipe, HELLO)
        _signal.set_wakeup_fd(pipe, warn_on_full_buffer=False)

    def _tell_launcher(self) -> None:
        """The recording breaks off."""
        if self.settings["pipe"] >= 0:
            try:
                os.write(self.settings["pipe"], BROKEN_OFF)
            except OSError:  # the script has closed what it did not open
                pass

    def _leave(self) -> None:
        """In a forked child of the script: it is not the run that is watched."""
        importing.stop_waiting()
        if self.settings["pipe"] >= 0:
            try:
                if (other := _signal.set_wakeup_fd(-1)) != self.settings["pipe"]:
                    _signal.set_wakeup_fd(other)  # the script's own, of asyncio for example
            except ValueError:  # forked from a thread
                pass

    # While the script runs.

    def _watch(self, part: str, entry: str) -> None:
        """Switch capture on; where that fails the script runs on without it."""
        if os.getpid() != self.process:
            return
        backend = frameworks.other_backend() if part == "Keras" else None
        if backend is None and "tensorflow" not in sys.modules:
            backend = "another backend"
        if backend is not None:
            self._not_captured("Keras", f"Keras computes with {backend}, and doctor watches TensorFlow")
            return
        reason = frameworks.unsupported_tensorflow()
        if reason is not None:
            self._leave_unwatched(reason)
            return
        try:
            with _LibrariesFirst(self.folder):
                session = self._start_session()
                from doctor.capture import tensorflow

                getattr(tensorflow, entry)(session)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}".splitlines()[0][:300]
            untested = frameworks.untested_tensorflow()
            self._not_captured(part, reason if untested is None else f"{reason}; {untested}")

    def _leave_unwatched(self, reason: str) -> None:
        """Let the script run without a look at its training; its end is still recorded."""
        if not self.unwatched:
            self.unwatched = True
            after = "only how the script ends is recorded; upgrade with `pip install --upgrade tensorflow`"
            self._not_captured("TensorFlow", reason, after)

    def _start_session(self) -> Session:
        """Begin the recording; late, because the recorder needs NumPy."""
        if self.session is None:
            from pathlib import Path

            from doctor.capture.session import Session

            settings = self.settings
            session = Session.start(
                run_dir=Path(settings["run_dir"]),
                script=self._reachable_script(),
                argv=list(settings["argv"]),
                module=settings["module"],
                project=self.cwd,
                steps=settings["steps"],
                overhead=settings["overhead"],
                data_dir=None if settings["data_dir"] is None else Path(settings["data_dir"]),
            )
            session.run_fact(
                folder=settings["folder"], limits=dict(settings["limits"]), data_dir=settings["data_dir"]
            )
            if session.locator.script != self.script:
                session.locator.script = self.script
                session.run_fact(path=self.script)
            session.on_break_off = self._tell_launcher
            for part, reason in self.lost.items():
                session.not_captured(part, reason)
            self.session = session
        return self.session

    def _reachable_script(self) -> str:
        """The script as it was named, or its full path where the script has changed the directory."""
        script: str = self.script
        return script if os.path.abspath(script) == self.script_path else self.script_path

    def _not_captured(self, part: str, reason: str, after: str = "the script runs on") -> None:
        sys.stderr.write(f"doctor: {part} is not watched ({reason}); {after}\n")
        try:
            if self.session is not None:
                self.session.not_captured(part, reason)
            else:
                self.lost[part] = reason
                entries = [{"part": one, "reason": why} for one, why in self.lost.items()]
                run_file.update_run(self.settings["run_dir"], not_captured=entries)
        except Exception:  # the run folder is gone; the line above has said what matters
            pass

    # The end of the script.

    def _replaced(self, path: str, arguments: list[str], environment: Mapping[str, str]) -> Mapping[str, str]:
        """Another program takes the place of this one; a script in this Python is watched from there."""
        script = handover.script_of(path, arguments)
        trained = self.session.steps_done if self.session is not None else 0
        if script is None or trained:
            steps = f" after {trained:,} steps" if trained else ""
            reason = f"the script replaced itself by it{steps}"
            self._not_captured(os.path.basename(path), reason, "its recording ends here")
            if self.session is not None:
                self.session.recorder.flush(final=True)
            return environment
        if self.session is not None:
            self.session.recorder.discard()
        if self.settings["pipe"] >= 0:
            os.set_inheritable(self.settings["pipe"], True)
        settings = {**self.settings, "script": script[0], "module": None, "argv": script[1]}
        return handover.environment(settings, environment)

    def _is_stop(self, error: BaseException) -> bool:
        kinds: Any = StopTraining if self.session is None else (StopTraining, self.session.stop_exception)
        if isinstance(error, kinds):
            self.stop = error
            return True
        return False

    def finish(self) -> None:
        """Write how the script ended; its exit status is for the launcher to see."""
        if os.getpid() != self.process or self.finished:
            return
        self.finished = True
        leaving.ignore_interrupts()
        try:
            with _LibrariesFirst(self.folder):
                status, exit_code, crash = self._verdict()
                used = tuple(frameworks.other_frameworks([self.folder, self.cwd]))
                if self.session is not None:
                    if used:
                        self.session.run_fact(frameworks=used)
                    self.session.finish(status, exit_code, crash)
                else:
                    facts = {"status": status, "exit_code": exit_code, "crash": crash, "frameworks": used}
                    run_file.update_run(self.settings["run_dir"], **facts)
        except Exception as error:
            if not isinstance(error, OSError):  # that the folder cannot be written is told by the launcher
                sys.stderr.write(f"doctor: the end of the run was not recorded ({type(error).__name__}: {error})\n")
        if isinstance(getattr(sys, "last_value", None), KeyboardInterrupt):
            _die_by_interrupt()

    def _verdict(self) -> tuple[str, int | None, dict[str, Any] | None]:
        """Status, exit code where it is known here, and crash."""
        # Python itself keeps the exception that ends a script here, before it calls
        # sys.excepthook, which may be the script's own.
        error = getattr(sys, "last_value", None)
        if isinstance(error, BaseException):
            self._is_stop(error)
        stop = self.stop or StopTraining.first
        if stop is not None:
            return str(getattr(stop, "status", "stopped")), 0, None
        if not isinstance(error, BaseException):
            return "completed", None, None
        if isinstance(error, KeyboardInterrupt):
            return "interrupted", None, None
        return "crashed", 1, tracebacks.crash_facts(error, self._locator())

    def _locator(self) -> Locator:
        if self.session is not None:
            return self.session.locator
        from doctor.capture.locator import Locator

        locator = Locator(self._reachable_script(), self.cwd)
        locator.script = self.script
        return locator


def _working_directory() -> str:
    try:
        return os.getcwd()
    except OSError:  # it was removed
        return ""


class _LibrariesFirst:
    """Lets doctor's late imports find the libraries where files of the script bear their names."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.path: list[str] = []
        self.modules: dict[str, Any] = {}

    def __enter__(self) -> None:
        self.path = list(sys.path)
        sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry) != self.folder]
        for name, module in list(sys.modules.items()):
            top = name.partition(".")[0]
            if (top in sys.stdlib_module_names or top == "numpy") and self._is_of_script(module):
                self.modules[name] = sys.modules.pop(name)

    def _is_of_script(self, module: Any) -> bool:
        file = getattr(module, "__file__", None)
        return isinstance(file, str) and os.path.realpath(file).startswith(self.folder + os.sep)

    def __exit__(self, *_: object) -> None:
        sys.path[:] = self.path
        sys.modules.update(self.modules)


def _die_by_interrupt() -> None:
    """Let Python end the process by SIGINT after all, as it does after a KeyboardInterrupt.

    It remembers whether the last code run from a string or as a script ended by one;
    imports at exit run such code (namedtuple does) and make it forget.
    """
    try:
        exec("raise KeyboardInterrupt")
    except KeyboardInterrupt:
        pass


def _stop_for_timeout(signum: int, frame: object) -> None:
    raise StopTraining("timeout")
