"""The scripts of the corpus, with what is expected of them."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Mapping, Sequence

FOLDER = Path(__file__).resolve().parent
_MARK = re.compile(r"#\s*expect(-also)?(-or)?:\s*([a-z-]+)")


@dataclass(frozen=True)
class Expected:
    """One fault of a script.

    Attributes:
        fault: its name; "" where there is none.
        faults: names that are right for it: its own first, and others that name the same as well.
        lines: where the repair may go, (file name, line).
    """

    fault: str = ""
    faults: frozenset[str] = frozenset()
    lines: frozenset[tuple[str, int]] = frozenset()

    def named(self, finding: Mapping[str, Any]) -> bool:
        """Whether a finding of a report names this fault."""
        return finding.get("fault") in self.faults

    def placed(self, finding: Mapping[str, Any]) -> bool:
        """Whether it also points at one of its lines."""
        where = finding.get("location") or {}
        place = (str(where.get("path")).rsplit("/", 1)[-1], where.get("line"))
        return self.named(finding) and place in self.lines


@dataclass(frozen=True)
class Case:
    """One script.

    Attributes:
        path: the script.
        expected: its faults: none for a script that must stay silent, two where two are independent.
    """

    path: Path
    expected: tuple[Expected, ...] = field(default=())

    @property
    def name(self) -> str:
        """Folder and file without the ending."""
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def kept_aside(self) -> bool:
        """Whether it belongs to the third that thresholds are not set on."""
        return int(hashlib.sha256(self.path.parent.name.encode()).hexdigest(), 16) % 3 == 0

    def first(self, finding: Mapping[str, Any]) -> Expected | None:
        """Which of the faults a primary finding names, or None."""
        return next((one for one in self.expected if one.named(finding)), None)

    def missing(self, findings: Sequence[Mapping[str, Any]]) -> list[str]:
        """Faults that no finding names."""
        return [one.fault for one in self.expected if not any(one.named(finding) for finding in findings)]


def copied(case: Case, folder: Path) -> Path:
    """The script in a copy of its folder, which is made, without marks and with the files that it reads."""
    shutil.copytree(case.path.parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for module in folder.glob("*.py"):
        text = module.read_text(encoding="utf-8")
        module.write_text(re.sub(r"[ \t]*#\s*expect[a-z-]*:.*", "", text), encoding="utf-8")
    return folder / case.path.name


def marks(path: Path) -> tuple[Expected, ...]:
    """The faults that are marked in a script and the modules beside it."""
    own: dict[bool, str] = {}
    faults: dict[bool, set[str]] = {False: set(), True: set()}
    lines: dict[bool, set[tuple[str, int]]] = {False: set(), True: set()}
    for neighbour in sorted(path.parent.glob("*.py")):
        if neighbour.stem == "fixed":
            continue
        for number, text in enumerate(neighbour.read_text(encoding="utf-8").splitlines(), 1):
            for found in _MARK.finditer(text):
                also = bool(found.group(1))
                lines[also].add((neighbour.name, number))
                faults[also].add(found.group(3))
                if not found.group(2):
                    own[also] = found.group(3)
    return tuple(
        Expected(own[also], frozenset(faults[also]), frozenset(lines[also])) for also in (False, True) if also in own
    )


def broken(folder: Path = FOLDER) -> list[Case]:
    """Every broken script."""
    return [Case(path, marks(path)) for path in sorted(folder.resolve().glob("*/broken.py"))]


def silent(folder: Path = FOLDER) -> list[Case]:
    """Every script that must stay silent: the repaired twins, and healthy ones that look suspicious.

    Of the healthy ones those are modules of others whose names begin with an underscore.
    """
    folder = folder.resolve()
    paths = sorted(folder.glob("*/fixed.py")) + sorted((folder / "healthy").glob("[!_]*.py"))
    return [Case(path) for path in paths]
