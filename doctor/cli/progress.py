"""One line about the running script at the bottom of the terminal."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from doctor.numbers import number, seconds
from doctor.recording import Recording, last_loss

#: Seconds between two drawings of the line.
DRAW_EVERY = 0.25

#: The rules run again on the recording so far after this many times their own duration,
#: which keeps them below 2 % of one core.
JUDGE_PAUSE = 60
JUDGE_EVERY_AT_LEAST = 3.0


class Progress:
    """Step, loss, time and findings so far, on the last row of the terminal.

    The script writes to the same terminal, and nothing may come between. So the rows
    above the last one are made the scrolling region (as package managers do): the
    script's lines scroll there, and the last row is drawn apart from them.

    Args:
        folder: the run folder that capture writes.
        stream: stderr.
        enabled: False for `--quiet`.
    """

    def __init__(self, folder: Path, stream: TextIO, enabled: bool = True) -> None:
        self._folder = folder
        self._stream = stream
        self._enabled = enabled and _is_capable(stream)
        self._started = time.monotonic()
        self._next_draw = 0.0
        self._next_judgement = self._started + JUDGE_EVERY_AT_LEAST
        self._found = ""
        self._size = (0, 0)

    def __enter__(self) -> Progress:
        if self._enabled:
            self._reserve()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._enabled:
            _, rows = self._size
            # Scrolling region off, last row empty, cursor where the script left it.
            self._write(f"\x1b7\x1b[r\x1b[{rows};1H\x1b[2K\x1b8")

    def tick(self, *_: Any) -> None:
        """Draw the line again where it is time; cheap enough to be called often."""
        now = time.monotonic()
        if not self._enabled or now < self._next_draw:
            return
        self._next_draw = now + DRAW_EVERY
        if now >= self._next_judgement:
            self._judge()
            took = time.monotonic() - now
            self._next_judgement = time.monotonic() + max(JUDGE_EVERY_AT_LEAST, JUDGE_PAUSE * took)
        if _size(self._stream) != self._size:
            self._reserve()
        columns, rows = self._size
        text = status_line(self._folder, now - self._started, self._found)[: columns - 1]
        self._write(f"\x1b7\x1b[{rows};1H\x1b[2K\x1b[1m{text}\x1b[0m\x1b8")

    def _reserve(self) -> None:
        """Keep the last row out of the scrolling region."""
        self._size = _, rows = _size(self._stream)
        # The line feed and the step back make room where the cursor stands on the last row.
        self._write(f"\n\x1b7\x1b[1;{max(1, rows - 1)}r\x1b8\x1b[1A")

    def _write(self, text: str) -> None:
        """In one system call, so that the script's own output cannot come between."""
        try:
            self._stream.flush()
            os.write(self._stream.fileno(), text.encode("utf-8", errors="replace"))
        except (OSError, ValueError):
            self._enabled = False

    def _judge(self) -> None:
        """What the rules say of the recording so far. Early verdicts are only errors that stand out."""
        from doctor.engine import diagnose

        try:
            diagnosis = diagnose(Recording.open(self._folder))
        except Exception:  # noqa: BLE001  half a recording may confuse; the real judgement comes at the end
            return
        primary = diagnosis.primary
        self._found = f"found so far: {primary.fault}" if primary is not None else ""


def status_line(folder: Path, elapsed: float, found: str = "") -> str:
    """The text of the line."""
    row = last_loss(folder)
    parts = [f"doctor: {seconds(elapsed)}"]
    parts.append("waiting for the first training step" if row is None else f"step {row[0]:,}  loss {number(row[1])}")
    return "  ".join(part for part in (*parts, found) if part)


def _is_capable(stream: TextIO) -> bool:
    """Whether the stream is a terminal that can move its cursor."""
    if not stream.isatty() or os.environ.get("TERM", "") in ("", "dumb", "unknown") or os.name == "nt":
        return False
    return _size(stream)[1] >= 4


def _size(stream: TextIO) -> tuple[int, int]:
    """Columns and rows of the terminal; (0, 0) where it does not say."""
    try:
        return tuple(os.get_terminal_size(stream.fileno()))  # type: ignore[return-value]
    except (OSError, ValueError):
        return (0, 0)
