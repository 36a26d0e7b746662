"""Source files as Python reads them: their encoding, byte order mark and line ends are kept when one is changed."""

from __future__ import annotations

import difflib
import io
import re
import tokenize
from pathlib import Path

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_MARK = "\ufeff"
#: What stands where a byte could not be decoded.
REPLACED = "\ufffd"


def decoded(data: bytes) -> str:
    """The text of a source file, without byte order mark, with line ends as "\\n"; `REPLACED` for what is no text."""
    text = data.decode(_encoding(data), errors="replace").removeprefix(_MARK)
    return re.sub(r"\r\n?", "\n", text)


def read(path: Path) -> str:
    """The text of a source file (see `decoded`).

    Raises:
        OSError: it cannot be read.
    """
    return decoded(path.read_bytes())


def same(one: str, other: str) -> bool:
    """Whether two texts are those of one file: what reads them for Python adds a line end to the last line."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    text = text.removeprefix(_MARK)
    return text if text.endswith("\n") or not text else text + "\n"


def changed(old: bytes, text: str) -> bytes:
    """The bytes of a file with another text: lines that stay keep their bytes, new ones are written as these are.

    Raises:
        UnicodeEncodeError: the file's encoding lacks a character of the text.
    """
    encoding = _encoding(old)
    raw = old.decode(encoding, errors="surrogateescape")
    mark = _MARK if raw.startswith(_MARK) else ""
    lines = _LINE.findall(raw.removeprefix(_MARK))
    ends = [line[len(line.rstrip("\r\n")) :] for line in lines]
    usual = max(set(ends) - {""}, key=ends.count, default="\n")
    before, after = [line.rstrip("\r\n") for line in lines], text.split("\n")
    if after and after[-1] == "":
        after.pop()
    written: list[str] = []
    for operation, first, last, low, high in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        written += lines[first:last] if operation == "equal" else [line + usual for line in after[low:high]]
    for index, line in enumerate(written[:-1]):
        if not line.endswith(("\r", "\n")):  # the last line of the old file has others behind it now
            written[index] = line + usual
    # A mark is a part of the encoding "utf-8-sig" already.
    return ((mark if encoding == "utf-8" else "") + "".join(written)).encode(encoding, errors="surrogateescape")


def _encoding(data: bytes) -> str:
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError:
        return "utf-8"
