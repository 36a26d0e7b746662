"""The scripts of the corpus, with what is expected of them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
_MARK = re.compile(r"#\s*expect(-or)?:\s*([a-z-]+)\s*$")


@dataclass(frozen=True)
class Case:
    """One script.

    Attributes:
        path: the script.
        fault: the root cause that is to come first, or "" for a script that must stay silent.
        lines: where the repair may go, (file name, line).
    """

    path: Path
    fault: str
    lines: frozenset[tuple[str, int]]

    @property
    def name(self) -> str:
        """Folder and file without the ending."""
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def kept_aside(self) -> bool:
        """Whether it belongs to the third that thresholds are not set on."""
        return int(hashlib.sha256(self.path.parent.name.encode()).hexdigest(), 16) % 3 == 0


def marks(path: Path) -> tuple[str, frozenset[tuple[str, int]]]:
    """The expected fault of a script and the lines that are right for it."""
    fault = ""
    lines = set()
    for neighbour in sorted(path.parent.glob("*.py")) if path.stem == "broken" else [path]:
        if neighbour.stem == "fixed":
            continue
        for number, text in enumerate(neighbour.read_text(encoding="utf-8").splitlines(), 1):
            found = _MARK.search(text)
            if found:
                lines.add((neighbour.name, number))
                fault = fault or found.group(2) if found.group(1) else found.group(2)
    return fault, frozenset(lines)


def broken() -> list[Case]:
    """Every broken script."""
    return [Case(path, *marks(path)) for path in sorted(FOLDER.glob("*/broken.py"))]


def silent() -> list[Case]:
    """Every script that must stay silent: the repaired twins, and healthy ones that look suspicious."""
    paths = sorted(FOLDER.glob("*/fixed.py")) + sorted((FOLDER / "healthy").glob("*.py"))
    return [Case(path, "", frozenset()) for path in paths]
