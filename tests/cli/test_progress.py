"""The progress line: right, cheap, and only where it belongs."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import time

import pytest

from doctor.cli import progress
from doctor.cli.progress import Progress, status_line
from doctor.recording import last_loss
from tests.cli.recordings import write_recording


class Terminal:
    """The two ends of a pseudo-terminal: what doctor writes to, and what a user would see."""

    def __init__(self) -> None:
        self.user, inner = pty.openpty()
        self.stream = os.fdopen(inner, "w")
        os.set_blocking(self.user, False)

    @property
    def seen(self) -> str:
        """All that was written; it arrives in pieces, so the end is where nothing came for a while."""
        self.stream.flush()
        text = b""
        while select.select([self.user], [], [], 0.02)[0]:
            text += os.read(self.user, 1_000_000)
        return text.decode()

    def close(self) -> None:
        self.stream.close()
        os.close(self.user)


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(os, "get_terminal_size", lambda descriptor: os.terminal_size((60, 24)))
    terminal = Terminal()
    yield terminal
    terminal.close()


def test_the_last_whole_row_is_read(tmp_path):
    run = write_recording(tmp_path / "run", losses=(2.0, 1.5))
    assert last_loss(run) == (1, 1.5)
    with (run / "losses.bin").open("ab") as file:
        file.write(b"half")
    assert last_loss(run) == (1, 1.5)


def test_no_row_yet(tmp_path):
    assert last_loss(tmp_path) is None
    assert status_line(tmp_path, 3.0) == "doctor: 3.0 s  waiting for the first training step"


def test_the_line_shows_time_step_loss_and_findings(tmp_path):
    run = write_recording(tmp_path / "run", losses=(2.0, float("nan")))
    assert status_line(run, 75.0, "found so far: lr-too-high") == (
        "doctor: 75 s  step 1  loss NaN  found so far: lr-too-high"
    )


def test_the_line_is_drawn_below_the_scrolling_region(tmp_path, terminal, monkeypatch):
    monkeypatch.setattr(progress, "DRAW_EVERY", 1000.0)
    run = write_recording(tmp_path / "run")
    with Progress(run, terminal.stream) as line:
        line.tick(run)
        seen = terminal.seen
        assert "\x1b[1;23r" in seen
        assert re.search(r"\x1b7\x1b\[24;1H\x1b\[2K.*step 2  loss 0\.4.*\x1b8", seen)
        line.tick(run)  # too soon
    assert terminal.seen == "\x1b7\x1b[r\x1b[24;1H\x1b[2K\x1b8"


@pytest.mark.parametrize("why", ["quiet", "piped", "dumb"])
def test_nothing_is_written_elsewhere(why, tmp_path, terminal, monkeypatch):
    stream = io.StringIO() if why == "piped" else terminal.stream
    if why == "dumb":
        monkeypatch.setenv("TERM", "dumb")
    with Progress(tmp_path, stream, enabled=why != "quiet") as line:
        line.tick(tmp_path)
    assert terminal.seen == ""
    assert why != "piped" or stream.getvalue() == ""


def test_rules_run_rarely(tmp_path, terminal, monkeypatch):
    """Judging takes less than 2 % of the time: a pause of 60 times its duration follows."""
    run = write_recording(tmp_path / "run")
    judged = []
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])

    def judge(self):
        judged.append(clock[0])
        clock[0] += 0.5

    monkeypatch.setattr(Progress, "_judge", judge)
    with Progress(run, terminal.stream) as line:
        for _ in range(400):
            clock[0] += 0.25
            line.tick(run)
            assert terminal.seen
    gaps = [later - earlier for earlier, later in zip(judged, judged[1:])]
    assert judged[0] >= 1000 + progress.JUDGE_EVERY_AT_LEAST
    assert gaps and min(gaps) >= 30


def test_a_terminal_that_goes_away_does_no_harm(tmp_path, terminal):
    run = write_recording(tmp_path / "run")
    with Progress(run, terminal.stream) as line:
        terminal.stream.close()
        line.tick(run)
