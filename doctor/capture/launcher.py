"""The parent's side: runs the script in a child process and looks after it."""

from __future__ import annotations

import hashlib
import os
import platform
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Callable, Mapping

from doctor import __version__
from doctor.capture import handover, run_file
from doctor.capture.modules import find_module
from doctor.capture.script_file import check_script
from doctor.capture.supervisor import Supervisor
from doctor.errors import DoctorError
from doctor.types import RunFacts

#: Asks the child to stop. A real-time signal, because scripts use SIGALRM and SIGUSR1.
STOP_SIGNAL: int = int(getattr(signal, "SIGRTMAX", getattr(signal, "SIGALRM", 0)))

#: Isolation flags of `doctor`'s own interpreter (packagers put -E or -I in a shebang) are
#: not the script's, and would hide PYTHONPATH from it.
_OWN_FLAGS = ("-I", "-E", "-P", "-s", "-S", "-i")

#: What `RunFacts.not_captured` says of a recording that could not be written to its end.
BROKEN_OFF = {"part": "recording", "reason": "it breaks off, because the run folder could not be written"}


@dataclass(frozen=True)
class LaunchOptions:
    """What to run, and how.

    Attributes:
        script: as it was named on the command line ("./train.py" is not what Path makes of it).
        argv: its arguments.
        module: whether `script` is the name of a module, to be run as by `python -m`.
        run_dir: where the recording goes; made where it does not exist.
        steps: stop after this many training steps.
        timeout: stop after this many seconds.
        overhead: share of training time that capture may take, 0 to 1.
        data_dir: folder with data sets for `keras.datasets`.
        script_stdout: "inherit", "stderr" where doctor's own stdout must stay clean, or "nowhere" for trials that
            nobody reads: they get no input either.
        on_tick: called with the run folder about twice a second while the script runs; where it returns True
            the script is stopped, which asks for a `timeout` too.
        folder: the working directory of the script, None for the present one.
        environment: variables that are set, or with None taken away.
        before_start: called in the child process before its interpreter starts; it must not fail.
    """

    script: str | Path
    argv: tuple[str, ...] = ()
    module: bool = False
    run_dir: Path = Path("run")
    steps: int | None = None
    timeout: float | None = None
    overhead: float = 0.05
    data_dir: Path | None = None
    script_stdout: str = "inherit"
    on_tick: Callable[[Path], bool | None] | None = None
    folder: Path | None = None
    environment: Mapping[str, str | None] = field(default_factory=dict)
    before_start: Callable[[], None] | None = None


@dataclass(frozen=True)
class LaunchResult:
    """How the script ended.

    Attributes:
        status: as in `RunFacts.status`.
        exit_code: None where a signal ended it.
        seconds: wall time.
        signal: the signal that ended it, or None.
        interrupted: whether doctor was asked to end it, by Ctrl-C or a signal, whatever the script made of that.
    """

    status: str
    exit_code: int | None
    seconds: float
    signal: int | None = None
    interrupted: bool = False


def launch(options: LaunchOptions) -> LaunchResult:
    """Run the script to its end under capture.

    Raises:
        ScriptError: see `check_script` and `find_module`.
        DoctorError: no child process could be started.
        KeyboardInterrupt: Ctrl-C was pressed twice quickly; the child has been ended.
    """
    module = str(options.script) if options.module else None
    path = _environment(options).get("PYTHONPATH", "")
    script = find_module(module, options.folder, path) if module else str(options.script)
    source = check_script(script, options.folder)
    options = replace(options, script=script, run_dir=options.run_dir.absolute())
    _begin_recording(options, module, source)
    supervisor = Supervisor(
        stop_signal=STOP_SIGNAL,
        timeout=options.timeout,
        on_tick=None if options.on_tick is None else _ticker(options.on_tick, options.run_dir),
    )
    start = time.monotonic()
    with supervisor.handling_signals():
        try:
            code = supervisor.run(lambda pipe: _spawn(options, module, pipe))
        except BaseException:
            if supervisor.returncode is not None:
                finish_run(options.run_dir, supervisor.returncode, time.monotonic() - start, "interrupted")
            raise
    seconds = time.monotonic() - start
    status = finish_run(options.run_dir, code, seconds, supervisor.reason, supervisor.broken_off)
    if not supervisor.greeted:
        _note_unobserved(options.run_dir)
    interrupted = supervisor.reason == "interrupted"
    return LaunchResult(status, code if code >= 0 else None, seconds, -code if code < 0 else None, interrupted)


def finish_run(
    run_dir: Path, returncode: int, seconds: float, reason: str | None, broken_off: bool = False
) -> str:
    """Complete `run.json` with what only the parent knows, and return the status.

    Args:
        run_dir: the run folder.
        returncode: of the child, negative for a signal.
        seconds: wall time of the child.
        reason: "timeout" or "interrupted" where the parent wanted the child to end.
        broken_off: the child could not write its recording to the end.
    """
    changes: dict[str, Any] = {"exit_code": returncode if returncode >= 0 else None, "seconds": seconds}
    try:
        run = run_file.read_run(run_dir)["run"]
    except (OSError, ValueError):
        run = {}  # the script removed the folder; the caller still learns how it ended
    status = str(run.get("status", "running"))
    if status == "running":  # the child could not say: it was killed, or left by os._exit
        status = reason or ("interrupted" if returncode == -signal.SIGINT else _status_of(returncode))
        if status == "crashed":
            changes["crash"] = _killed(-returncode)
    elif status == "crashed" and returncode == 0:
        # sys.last_value can also be set by a console within the script.
        status, changes["crash"] = "completed", None
    changes["status"] = status
    lost = run.get("not_captured") or []
    if broken_off and not any(entry.get("part") == BROKEN_OFF["part"] for entry in lost):
        changes["not_captured"] = [*lost, BROKEN_OFF]
    if run:
        try:
            run_file.update_run(run_dir, **changes)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            sys.stderr.write(f"doctor: the end of the run was not recorded in {str(run_dir)!r} ({why})\n")
    return status


def _status_of(returncode: int) -> str:
    return "completed" if returncode >= 0 else "crashed"


def _killed(number: int) -> dict[str, Any]:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    return {"type": name, "message": f"The process was ended by {name}", "traceback": "", "location": None}


def _begin_recording(options: LaunchOptions, module: str | None, source: bytes) -> None:
    """Make the run folder and write its first `run.json`, for runs that never reach capture."""
    from doctor.recording import RECORDING_FORMAT

    run = RunFacts(
        path=str(options.script),
        argv=options.argv,
        module=module,
        sha256=hashlib.sha256(source).hexdigest(),
        versions={"python": platform.python_version(), "doctor": __version__},
        **_place(options),
    )
    try:
        options.run_dir.mkdir(parents=True, exist_ok=True)
        (options.run_dir / "script.py").write_bytes(source)
        run_file.write_run(options.run_dir, {"format": RECORDING_FORMAT, "run": asdict(run)})
    except OSError as error:
        raise DoctorError(
            f"The run folder {str(options.run_dir)!r} cannot be written: {error.strerror}; "
            "name another with --run-dir.",
            slug="run-dir-unwritable",
        ) from None


def _note_unobserved(run_dir: Path) -> None:
    reason = "the script's interpreter did not load doctor (sitecustomize is switched off there)"
    sys.stderr.write(f"doctor: nothing was watched: {reason}\n")
    try:
        run_file.update_run(run_dir, not_captured=[{"part": "capture", "reason": reason}])
    except (OSError, ValueError):
        pass


def _spawn(options: LaunchOptions, module: str | None, pipe: int) -> subprocess.Popen[bytes]:
    """Start the interpreter on the script, as a shell would, with doctor's start-up folder on its path."""
    script = str(options.script)
    settings = {
        "run_dir": str(options.run_dir),
        "script": script,
        "module": module,
        "argv": list(options.argv),
        "steps": options.steps,
        "overhead": float(options.overhead),
        "stop_signal": STOP_SIGNAL if options.timeout is not None else 0,
        "pipe": pipe,
        **_place(options),
    }
    target = ["-m", module] if module else [os.path.join(os.curdir, script) if script.startswith("-") else script]
    command = [sys.executable, *_interpreter_flags(), *target, *options.argv]
    silent = options.script_stdout == "nowhere"
    if sys.stdout is not None:
        sys.stdout.flush()
    try:
        return subprocess.Popen(
            command,
            env=handover.environment(settings, _environment(options)),
            cwd=options.folder,
            stdin=subprocess.DEVNULL if silent else None,
            stdout=subprocess.DEVNULL if silent else 2 if options.script_stdout == "stderr" else None,
            stderr=subprocess.DEVNULL if silent else None,
            pass_fds=(pipe,) if pipe >= 0 else (),
            preexec_fn=options.before_start,
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise DoctorError(f"Python ({sys.executable!r}) cannot be started: {error}.", slug="launch-failed") from None


def _place(options: LaunchOptions) -> dict[str, Any]:
    """Facts of the run that say how to run it once more."""
    return {
        "folder": os.path.abspath(options.folder or os.curdir),
        "limits": {"steps": options.steps, "seconds": options.timeout},
        "data_dir": None if options.data_dir is None else str(options.data_dir.absolute()),
    }


def _environment(options: LaunchOptions) -> dict[str, str]:
    """The environment that the script sees."""
    together: dict[str, str | None] = {**os.environ, **options.environment}
    return {name: value for name, value in together.items() if value is not None}


def _interpreter_flags() -> list[str]:
    """The flags that doctor's own interpreter was given, such as -W error or -X dev."""
    flags: list[str] = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]
    return [flag for flag in flags if flag not in _OWN_FLAGS]


def _ticker(on_tick: Callable[[Path], bool | None], run_dir: Path) -> Callable[[], bool | None]:
    return lambda: on_tick(run_dir)
