"""Lines of text for a terminal: wrapped, indented, aligned, with or without colour."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import Sequence, TextIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

#: Width of what goes into a file or a pipe, and the widest that is easy to read at a terminal.
PLAIN_WIDTH = 80
WIDEST = 100
NARROWEST = 40

#: Columns that a note needs to stand beside its row.
NARROWEST_NOTE = 22

#: What to write where the terminal's encoding lacks a character.
_PLAIN = {
    "…": "...", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "·": "*", "×": "x", "→": "->",
    "≤": "<=", "≥": ">=", "≈": "~", "±": "+/-", "²": "^2", "σ": "sigma", "\u00a0": " ", "−": "-",
}  # fmt: skip


class Page:
    """Collects lines, none wider than `width`.

    All text is cleaned on its way in: a recording may be somebody else's, and control
    characters in it must not reach the terminal.
    """

    def __init__(self, width: int = PLAIN_WIDTH, encoding: str = "utf-8") -> None:
        self.width = width
        self.encoding = encoding
        self.lines: list[Text] = []

    @classmethod
    def for_stream(cls, stream: TextIO) -> Page:
        """A page as wide as the terminal, and 80 columns wide elsewhere."""
        console = _console(stream)
        width = min(console.width, WIDEST) if console.is_terminal else PLAIN_WIDTH
        return cls(max(NARROWEST, width), getattr(stream, "encoding", None) or "utf-8")

    def write(self, stream: TextIO) -> None:
        """Write all lines: in colour at a terminal (NO_COLOR and TERM are heeded), plain elsewhere."""
        console = _console(stream)
        if console.is_terminal:
            for line in self.lines:
                console.print(line)
        else:
            stream.write(self.plain)
        stream.flush()

    @property
    def plain(self) -> str:
        """All lines without colour."""
        return "".join(line.plain.rstrip() + "\n" for line in self.lines)

    def can_show(self, text: str) -> bool:
        """Whether the encoding has every character of a text."""
        try:
            text.encode(self.encoding)
        except (UnicodeEncodeError, LookupError):
            return False
        return True

    def clean(self, text: str) -> str:
        """The text without control characters, in characters that the encoding has."""
        text = "".join(" " if unicodedata.category(letter) in ("Cc", "Cf", "Cs") else letter for letter in text)
        if self.can_show(text):
            return text
        text = "".join(letter if self.can_show(letter) else _PLAIN.get(letter, "?") for letter in text)
        return text

    def blank(self) -> None:
        """One empty line; never two in a row, none at the top."""
        if self.lines and self.lines[-1].plain:
            self.lines.append(Text())

    def heading(self, title: str) -> None:
        """The heading of a section, set off by an empty line."""
        self.blank()
        self.lines.append(Text(self.clean(title), style="bold"))

    def paragraph(self, text: str, indent: int = 2, style: str = "", first: str = "", first_style: str = "") -> None:
        """Wrapped text.

        Args:
            text: one or more paragraphs; line breaks in it are kept.
            indent: of all lines; of all but the first where `first` is given.
            style: a rich style.
            first: stands at the start of the first line, in the place of the indentation.
            first_style: the rich style of `first`.
        """
        lead = self.clean(first) if first else " " * indent
        for part in (text.strip() or " ").splitlines():
            wrapped = textwrap.wrap(
                self.clean(part),
                self.width,
                initial_indent="." * len(lead),
                subsequent_indent=" " * indent,
                break_on_hyphens=False,
            )
            wrapped = wrapped or [lead]
            for line in wrapped:
                own = lead if line is wrapped[0] else " " * indent
                built = Text()
                built.append(own, style=first_style if first and own == lead else "")
                built.append(line[len(own) :], style=style)
                self.lines.append(built)
            lead = " " * indent

    def listing(self, entries: Sequence[tuple[str, str]], style: str = "", indent: int = 2) -> None:
        """Terms with their explanations in a second column, which wraps within itself."""
        longest = max((len(self.clean(term)) for term, _ in entries), default=0)
        column = indent + min(longest, 24) + 2
        for term, text in entries:
            term = self.clean(term)
            if indent + len(term) + 2 > column:
                self.paragraph(term, indent, style)
                self.paragraph(text, column)
            else:
                self.paragraph(text, column, first=(" " * indent + term).ljust(column), first_style=style)

    def code(self, line: str, style: str = "") -> None:
        """A line of code: never wrapped, cut with an ellipsis where it is too wide."""
        line = self.clean(line).rstrip()
        if cell_len(line) > self.width:
            ellipsis = "…" if self.can_show("…") else "..."
            line = set_cell_size(line, self.width - len(ellipsis)) + ellipsis
        self.lines.append(Text(line, style=style))

    def table(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = (), indent: int = 2
    ) -> None:
        """A table without lines: the first column to the left, all others to the right.

        Notes stand behind their rows, wrapped, or below them where there is too little room.
        """
        cells = [[self.clean(cell) for cell in row] for row in (header, *rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
        rest = indent + sum(widths[1:]) + 2 * (len(header) - 1)
        widths[0] = max(8, min(widths[0], self.width - rest))
        start = rest + widths[0] + 2
        beside = self.width - start >= NARROWEST_NOTE
        for index, row in enumerate(cells):
            line = " " * indent + self._tail(row[0], widths[0]).ljust(widths[0])
            line += "".join("  " + cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))
            note = self.clean(notes[index - 1]) if index and notes else ""
            if note and beside:
                self.paragraph(note, indent=start, first=line + "  ", style="dim")
            else:
                self.lines.append(Text(line.rstrip(), style="" if index else "dim"))
                if note:
                    self.paragraph(note, indent=indent + 4, style="dim")

    def _tail(self, text: str, width: int) -> str:
        """The end of a text that is too long, which tells more than its start: "…/dense_12/std"."""
        dots = "…" if self.can_show("…") else "..."
        return text if len(text) <= width else dots + text[len(text) - width + len(dots) :]

    def columns(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table of texts: every column to the left, the last one wraps within itself."""
        cells = [[self.clean(cell) for cell in row] for row in (header, *rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(header) - 1)]
        for number, row in enumerate(cells):
            lead = "".join(cell.ljust(width) + "  " for cell, width in zip(row, widths))
            self.paragraph(row[-1], indent=len(lead), first=lead, style="" if number else "dim")


def _console(stream: TextIO) -> Console:
    return Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)
