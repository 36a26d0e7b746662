"""The ways out of the script's process that pass over `atexit`."""

from __future__ import annotations

import os

import _signal  # type: ignore[import-not-found]  # see child.py for why nothing else is imported here
import _thread

TYPE_CHECKING = False  # this module is loaded before the script, which may have its own typing.py
if TYPE_CHECKING:
    from typing import Callable, NoReturn

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
