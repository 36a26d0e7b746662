"""The user's code as a report shows it: an excerpt, and the change to make."""

from __future__ import annotations

import ast
import difflib
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

from doctor.findings import Finding, Fix
from doctor.recording import Recording
from doctor.types import Location


@dataclass(frozen=True)
class CodeLine:
    """A line of an excerpt or of a change.

    Attributes:
        number: in its file, from 1; 0 where the line is new.
        text: with the indentation that the lines of the excerpt do not share.
        mark: ">" for the line that is meant, "-" and "+" in a change, else " ".
    """

    number: int
    text: str
    mark: str = " "


def source_lines(recording: Recording, location: Location) -> list[str]:
    """The lines of the file of a location, or [] where they are not as they were run.

    The script itself is kept in the recording. A neighbour's file is read where it
    lies, and believed only while the line still holds the code that was seen.
    """
    if not location.line:
        return []
    script = Path(recording.run.path)
    if Path(location.path) == script or (location.path == script.name and recording.source):
        lines = recording.source.splitlines()
    else:
        lines = _neighbour(script.parent / location.path) or _neighbour(Path(location.path))
    if not 0 < location.line <= len(lines):
        return []
    if location.code and lines[location.line - 1].strip() != location.code.strip():
        return []
    return [line.expandtabs(4).rstrip() for line in lines]


def excerpt(recording: Recording, location: Location, context: int = 1) -> list[CodeLine]:
    """The line of a location between `context` lines before and after it, marked.

    A statement that goes on over several lines is shown to its end, up to six lines.
    """
    lines = source_lines(recording, location)
    if not lines:
        return [CodeLine(location.line, location.code.strip(), ">")] if location.code else []
    last = min(_statement_end(lines, location.line), location.line + 5)
    first_shown, last_shown = max(1, location.line - context), min(len(lines), last + context)
    shown = list(range(first_shown, last_shown + 1))
    while shown[0] < location.line and not lines[shown[0] - 1]:
        shown.pop(0)
    while shown[-1] > last and not lines[shown[-1] - 1]:
        shown.pop()
    texts = dedent([lines[line - 1] for line in shown])
    return [CodeLine(line, text, ">" if line == location.line else " ") for line, text in zip(shown, texts)]


def change(recording: Recording, finding: Finding, fix: Fix) -> list[CodeLine]:
    """A fix as a small difference: old lines "-", new lines "+"; [] where it has no code.

    Where nothing says what the code replaces, it is shown as it is, unmarked.
    """
    if not fix.code.strip():
        return []
    location = fix.location or finding.location
    new = dedent(fix.code.expandtabs(4).strip("\n").rstrip().splitlines())
    old_first, old = replaced_lines(recording, location, fix.code) if location else (0, [])
    old = dedent(old)
    if not old:
        return [CodeLine(0, line) for line in new]
    result = []
    for operation, first, last, new_first, new_last in difflib.SequenceMatcher(None, old, new).get_opcodes():
        mark = " " if operation == "equal" else "-"
        result += [CodeLine(old_first + index, old[index], mark) for index in range(first, last)]
        if operation != "equal":
            result += [CodeLine(0, line, "+") for line in new[new_first:new_last]]
    return result


def replaced_lines(recording: Recording, location: Location, code: str) -> tuple[int, list[str]]:
    """Number and text of the lines that a fix replaces; (0, []) where it is no replacement.

    A fix that is a whole statement replaces the whole statement at its location, also
    where that goes on over several lines; any other fix replaces the one line.
    """
    lines = source_lines(recording, location)
    if not lines:
        lines = [""] * (location.line - 1) + [location.code.strip()] if location.code else []
    if not lines or not _resembles(lines[location.line - 1], code):
        return 0, []
    last = _statement_end(lines, location.line) if _is_whole(code) else location.line
    return location.line, lines[location.line - 1 : last]


def _neighbour(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    except OSError:
        return []


def dedent(lines: list[str]) -> list[str]:
    """The lines without the indentation that all of them share."""
    return textwrap.dedent("\n".join(lines)).splitlines() if lines else []


def _is_whole(code: str) -> bool:
    try:
        ast.parse(textwrap.dedent(code))
    except SyntaxError:
        return False
    return True


def _resembles(old: str, code: str) -> bool:
    """Whether new code stands in for the old line, rather than being advice on its own.

    One of its lines must do the same thing: assign to the same name, call the same
    function, or return.
    """
    head = _head(old)
    return bool(head) and any(_head(line) == head for line in code.splitlines())


def _head(line: str) -> str:
    """What a line does: "return", "x =" or "model.compile("."""
    match = re.match(r"(return|yield|for|while|if|with|import|from|def|class)\b|[^=(]+=(?!=)|[\w.]+\(", line.strip())
    return "".join(match.group().split()) if match else ""


def _statement_end(lines: list[str], first: int) -> int:
    """The last line of the simple statement that begins at a line, or that line itself."""
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError):
        return first
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return)) and node.lineno == first:
            return node.end_lineno or first
    return first
