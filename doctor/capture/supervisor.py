"""Waits for the script's process: timeout, Ctrl-C, ticks."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from types import FrameType
from typing import Callable, Iterator

#: Seconds between ticks, and the longest wait between two looks at the child.
TICK = 0.5
POLL = 0.1

#: After --timeout the child has this long to stop by itself, then as long again after SIGTERM.
GRACE = 10.0
KILL_GRACE = 5.0

#: A signal that also reached the child arrives there within this many seconds.
SAME_SIGNAL = 0.3

#: Two presses of Ctrl-C within this many seconds mean: leave now.
TWICE = 1.0
#: After them the script has this long to stop by itself, with what it recorded.
LEAVE_GRACE = 1.5
_BOUNCE = 0.1  # the same SIGINT, sent to the process and to its group

_HELLO, _BROKEN_OFF = 0xFF, 0xFE
_FORWARDED = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM") if hasattr(signal, name))


class Supervisor:
    """Runs one child process to its end.

    Ctrl-C in a terminal reaches the child by itself; `kill -INT` on doctor's process alone
    does not, and has to be passed on. Which of the two it was is told by the child: its
    interpreter writes every signal it receives to a pipe (`signal.set_wakeup_fd`), so
    the script's own signal handlers stay untouched and no signal arrives twice.

    Attributes:
        returncode: of the child, once it has ended.
        reason: "timeout" or "interrupted", where the parent wanted the child to end.
        greeted: whether doctor's side of the child came up.
        broken_off: whether the child could not write its recording to the end.
    """

    def __init__(self, *, stop_signal: int, timeout: float | None, on_tick: Callable[[], bool | None] | None) -> None:
        self.returncode: int | None = None
        self.reason: str | None = None
        self.greeted = False
        self.broken_off = False
        self._stop_signal = stop_signal
        self._timeout = timeout
        self._on_tick = on_tick
        self._arrived: list[tuple[int, float]] = []  # written by the signal handler
        self._last_interrupt = -1e9
        self._leave = False
        self._echoes: dict[int, float] = {}  # signal: when the child last received it

    @contextlib.contextmanager
    def handling_signals(self) -> Iterator[None]:
        """Receive SIGINT and SIGTERM for the child meanwhile, save those that doctor was told to ignore."""
        before = {}
        if threading.current_thread() is threading.main_thread():
            for number in _FORWARDED:
                if signal.getsignal(number) not in (signal.SIG_IGN, None):
                    before[number] = signal.signal(number, self._on_signal)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if number == signal.SIGINT:
            gap = now - self._last_interrupt
            if gap < _BOUNCE:
                return
            self._leave = self._leave or gap < TWICE
            self._last_interrupt = now
        self._arrived.append((number, now))

    def run(self, spawn: Callable[[int], subprocess.Popen[bytes]]) -> int:
        """Start the child and wait for its end.

        Args:
            spawn: starts it, given the descriptor that it may write to (-1: none).

        Raises:
            KeyboardInterrupt: Ctrl-C twice; the child has been ended.
        """
        read_end, write_end = _pipe()
        try:
            child = spawn(write_end)
        except BaseException:
            _close(read_end)
            raise
        finally:
            _close(write_end)
        try:
            return self._wait(child, read_end)
        except BaseException:
            self._end(child)
            raise
        finally:
            self.returncode = child.returncode
            _close(read_end)

    def _wait(self, child: subprocess.Popen[bytes], pipe: int) -> int:
        start = time.monotonic()
        next_tick = start + TICK
        deadline = None if self._timeout is None else start + self._timeout
        asked = False  # on_tick has asked for the end
        escalation = iter(((self._stop_signal or signal.SIGTERM, GRACE), (signal.SIGTERM, KILL_GRACE)))
        while child.poll() is None:
            now = time.monotonic()
            if self._leave:
                self.reason = "interrupted"
                raise KeyboardInterrupt
            if self._arrived:
                # The parent may have stood still longer than it waits for an echo, which lies in the pipe then.
                pipe = self._listen(child, pipe, 0.0)
                self._forward(child, now)
            if deadline is not None and now >= deadline:
                self.reason = self.reason or "timeout"
                number, grace = next(escalation, (getattr(signal, "SIGKILL", signal.SIGTERM), KILL_GRACE))
                child.send_signal(number)
                deadline = now + grace
            if now >= next_tick:
                next_tick = now + TICK
                if self._tick() and not asked and self.reason is None:
                    asked, deadline = True, now
            until = min(next_tick, deadline or next_tick, now + POLL)
            pipe = self._listen(child, pipe, max(0.0, until - time.monotonic()))
        self._read_rest(pipe)
        if self._arrived:
            self.reason = self.reason or "interrupted"
        return child.returncode

    def _forward(self, child: subprocess.Popen[bytes], now: float) -> None:
        """Pass on the signals that only the parent received."""
        for number, when in list(self._arrived):
            self.reason = self.reason or "interrupted"
            echoed = self._echoes.get(number, -1e9) >= when - SAME_SIGNAL
            if echoed or now - when >= SAME_SIGNAL:
                self._arrived.remove((number, when))
                if not echoed and os.name == "posix":  # Windows tells every process of a console
                    child.send_signal(number)

    def _listen(self, child: subprocess.Popen[bytes], pipe: int, seconds: float) -> int:
        """Wait for the child to say something, to end, or for the time to pass."""
        if pipe < 0:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(seconds)
            return pipe
        readable, _, _ = select.select([pipe], [], [], seconds)
        return pipe if not readable or self._read(pipe) else -1

    def _read(self, pipe: int) -> bool:
        data = os.read(pipe, 4096)
        for byte in data:
            if byte == _HELLO:
                self.greeted = True
            elif byte == _BROKEN_OFF:
                self.broken_off = True
            else:
                self._echoes[byte] = time.monotonic()
        return bool(data)

    def _read_rest(self, pipe: int) -> None:
        """A greeting that a short-lived child left behind."""
        if pipe >= 0 and select.select([pipe], [], [], 0)[0]:
            self._read(pipe)
        self.greeted = self.greeted or os.name != "posix"

    def _tick(self) -> bool:
        """Whether the script is to be stopped."""
        if self._on_tick is None:
            return False
        try:
            return bool(self._on_tick())
        except Exception as error:  # progress is not worth a run
            self._on_tick = None
            sys.stderr.write(f"doctor: progress is no longer shown ({type(error).__name__}: {error})\n")
            return False

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        """End the child at once: doctor itself is leaving."""
        if self._leave and os.name == "posix" and signal.SIGINT not in self._echoes:
            child.send_signal(signal.SIGINT)
        for grace, end in ((LEAVE_GRACE if self._leave else 0.0, child.terminate), (2.0, child.kill)):
            try:
                child.wait(grace)
                return
            except subprocess.TimeoutExpired:
                end()
        child.wait()


def _pipe() -> tuple[int, int]:
    """A pipe from the child; its writing end has a high number, so that the script's files have their usual ones."""
    if os.name != "posix":
        return -1, -1
    import fcntl

    read_end, low = os.pipe()
    try:
        write_end = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 200)
    except OSError:  # a low limit of open files
        return read_end, low
    os.close(low)
    return read_end, write_end


def _close(descriptor: int) -> None:
    if descriptor >= 0:
        os.close(descriptor)
