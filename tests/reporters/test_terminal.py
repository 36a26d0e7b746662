"""The report for people: it fits, it is plain where it must be, and it cannot be abused."""

from __future__ import annotations

import dataclasses
import io
import re

import pytest

from doctor.findings import NotChecked, RuledOut
from doctor.reporters import terminal


class Stream(io.TextIOWrapper):
    """A text stream with an encoding and, if wanted, a terminal behind it."""

    def __init__(self, encoding: str = "utf-8", tty: bool = False) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="\n")
        self.tty = tty

    def isatty(self) -> bool:
        return self.tty

    @property
    def written(self) -> bytes:
        self.flush()
        return self.buffer.getvalue()  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def terminal_environment(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.mark.parametrize("verdict", ["faulty", "healthy", "unclear"])
def test_no_line_is_longer_than_80_columns(verdict, request):
    lines = terminal.report(*request.getfixturevalue(verdict)).splitlines()
    assert max(map(len, lines)) <= 80
    assert not any(line != line.rstrip() for line in lines)


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_it_fits_the_terminal(columns, faulty, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    stream = Stream(tty=True)
    terminal.write(*faulty, stream)
    text = re.sub(r"\x1b\[[0-9;]*m", "", stream.written.decode())
    assert max(map(len, text.splitlines())) <= min(columns, 100)


def test_a_pipe_gets_the_plain_report(faulty):
    stream = Stream()
    terminal.write(*faulty, stream)
    assert stream.written.decode() == terminal.report(*faulty)
    assert b"\x1b" not in stream.written


def test_a_terminal_gets_colour(faulty):
    stream = Stream(tty=True)
    terminal.write(*faulty, stream)
    assert b"\x1b[1;31m" in stream.written


def test_no_color_is_heeded(faulty, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Stream(tty=True)
    terminal.write(*faulty, stream)
    assert b"\x1b[31m" not in stream.written and b";31m" not in stream.written


def test_a_dumb_terminal_gets_no_escapes(faulty, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    stream = Stream(tty=True)
    terminal.write(*faulty, stream)
    assert b"\x1b" not in stream.written


def test_an_ascii_stream_can_be_written(faulty):
    """Characters that the encoding lacks are replaced; blocks become plain characters."""
    stream = Stream("ascii")
    terminal.write(*faulty, stream)
    text = stream.written.decode("ascii")
    assert "_#" in text and "+/-0.4" in text and "?" not in text


def test_control_characters_do_not_reach_the_terminal(faulty):
    """A recording may be somebody else's."""
    diagnosis, recording = faulty
    cause = dataclasses.replace(diagnosis.findings[0], title="bad \x1b]0;owned\x07 title", message="\x9b31m red")
    text = terminal.report(dataclasses.replace(diagnosis, findings=(cause,)), recording)
    assert "\x1b" not in text and "\x07" not in text and "\x9b" not in text


def test_the_verdict_comes_first(faulty):
    first = terminal.report(*faulty).splitlines()[0]
    assert first == "FAULTY: The initial weights are too large for eight ReLU layers"


def test_symptoms_of_symptoms_hang_under_the_cause(faulty):
    """loss-not-finite is caused by exploding-gradient, which is caused by the initial weights."""
    text = terminal.report(*faulty)
    explained = text[text.index("WHAT IT EXPLAINS") : text.index("OTHER FINDINGS")]
    assert "exploding-gradient" in explained and "loss-not-finite" in explained
    assert "loss-not-finite" not in text[text.index("OTHER FINDINGS") :]


def test_long_lists_are_folded_with_a_count(faulty):
    diagnosis, recording = faulty
    diagnosis = dataclasses.replace(
        diagnosis,
        ruled_out=tuple(RuledOut(f"fault-{n}", "a number") for n in range(20)),
        not_checked=tuple(NotChecked(f"rule-{n}", f"reason {n}") for n in range(20)),
    )
    text = terminal.report(diagnosis, recording)
    assert "and 12 more; --format json lists all" in text
    assert "and 14 more reasons; --format json lists all" in text
    assert "NOT CHECKED (20 rules)" in text


def test_two_faulty_models_each_get_their_cause(faulty):
    diagnosis, recording = faulty
    second = dataclasses.replace(diagnosis.findings[0], subject="subject:2", title="The second model is broken")
    text = terminal.report(
        dataclasses.replace(diagnosis, findings=(diagnosis.findings[0], second, *diagnosis.findings[1:])), recording
    )
    assert text.count("WHY") == 2 and "\nThe second model is broken\n" in text
