"""The ways out of the script's process that pass over `atexit`."""

from __future__ import annotations

import os

import _signal  # type: ignore[import-not-found]  # see child.py for why nothing else is imported here
import _thread

TYPE_CHECKING = False  # this module is loaded before the script, which may have its own typing.py
if TYPE_CHECKING:
    from typing import Any, Callable, Mapping, NoReturn

#: Seconds that `os._exit` in a thread waits for the recording: the main thread, which may
#: hold what is needed for it, perhaps never goes on.
THREAD_PATIENCE = 5.0

_main = _thread.get_ident()


def before_os_exit(finish: Callable[[], None]) -> None:
    """Call `finish` before `os._exit` ends this process.

    Args:
        finish: has to return at once in a forked child.
    """
    real, process = os._exit, os.getpid()

    def _exit(status: int) -> NoReturn:
        if os.getpid() == process:
            _patiently(finish)
        real(status)

    _exit.__doc__ = real.__doc__
    _exit.__module__ = real.__module__
    _exit.__qualname__ = "_exit"
    os._exit = _exit


def before_exec(prepare: Callable[[str, list[str], Mapping[str, str]], Mapping[str, str]]) -> None:
    """Call `prepare` before this process is replaced by another program (`os.execv` and what is built on it).

    Args:
        prepare: given the program, its arguments and environment, returns the environment to use;
            not called in a forked child, nor where there is no such program.
    """
    execv, execve, process = os.execv, os.execve, os.getpid()

    def replaced(path: Any, arguments: Any, environment: Mapping[str, str]) -> Mapping[str, str]:
        try:
            words = [os.fsdecode(one) for one in arguments]
            if os.getpid() == process and os.path.exists(path):
                return prepare(os.fsdecode(path), words, environment)
        except Exception:  # wrong arguments, of which the real one speaks; or ours, and the script goes on
            pass
        return environment

    def _execv(path: Any, argv: Any) -> NoReturn:
        environment = replaced(path, argv, os.environ)
        if environment is os.environ:
            execv(path, argv)
        execve(path, argv, environment)

    def _execve(path: Any, argv: Any, env: Any) -> NoReturn:
        execve(path, argv, replaced(path, argv, env))

    for ours, real in ((_execv, execv), (_execve, execve)):
        ours.__doc__, ours.__module__ = real.__doc__, real.__module__
        ours.__name__ = ours.__qualname__ = real.__name__
    os.execv, os.execve = _execv, _execve


def _patiently(action: Callable[[], None]) -> None:
    if _thread.get_ident() == _main:
        action()
        return
    done = _thread.allocate_lock()
    done.acquire()

    def run() -> None:
        try:
            action()
        finally:
            done.release()

    _thread.start_new_thread(run, ())
    done.acquire(timeout=THREAD_PATIENCE)


def ignore_interrupts() -> None:
    """Let the recording be finished although Ctrl-C is pressed once more; the script is over."""
    if _thread.get_ident() == _main:
        _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
