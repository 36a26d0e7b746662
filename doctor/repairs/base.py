"""What a repair is: an edit of the user's source that carries the cure of a finding."""

from __future__ import annotations

import difflib
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Iterator, Mapping

from doctor.findings import Finding
from doctor.recording import Recording
from doctor.rules.view import SubjectView
from doctor.types import Location

if TYPE_CHECKING:
    from doctor.repairs.edits import Edits
    from doctor.repairs.source import Source


class CannotWrite(Exception):
    """A repair that cannot be written as an edit here; its text says why, in words that follow "because"."""


@dataclass(frozen=True)
class Patch:
    """The user's files with a repair written into them.

    Attributes:
        repair: id of the repair.
        title: imperative sentence that says what it changes.
        files: new texts by the path that locations have; files that stay as they are are left out.
        value: what was chosen, where a repair tries several (a learning rate).
    """

    repair: str
    title: str
    files: Mapping[str, str]
    value: float | None = None

    def diff(self, sources: Mapping[str, str]) -> str:
        """The patch as a unified diff that `patch -p1` takes.

        Args:
            sources: the texts as they were run, by path.
        """
        return "".join(_diff(path, sources.get(path, ""), text) for path, text in self.files.items())

    def size(self, sources: Mapping[str, str]) -> int:
        """Lines taken out and put in."""
        lines = self.diff(sources).splitlines()
        return sum(line[:1] in "+-" and line[:3] not in ("+++", "---") for line in lines)


def _diff(path: str, before: str, after: str) -> str:
    name = path.lstrip("/")
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{name}", f"b/{name}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


@dataclass(frozen=True)
class Unwritten:
    """A repair that no edit carries, and why ("the rows come from a file")."""

    repair: str
    reason: str


@dataclass(frozen=True)
class Case:
    """A finding that is to be repaired, with all that is known of its run.

    Attributes:
        recording: the run.
        finding: what is to be cured.
        view: the finding's subject as the rules see it.
    """

    recording: Recording
    finding: Finding
    view: SubjectView
    _read: dict[str, Source] = field(default_factory=dict, repr=False, compare=False)

    @property
    def location(self) -> Location:
        """The line that the finding points at.

        Raises:
            CannotWrite: it points at none.
        """
        if self.finding.location is None:
            raise CannotWrite("the finding has no line")
        return self.finding.location

    @property
    def source(self) -> Source:
        """The file that the finding points into (see `at`)."""
        return self.at(self.location)

    def at(self, place: Location | str) -> Source:
        """The file of a location or path.

        Raises:
            CannotWrite: its text was not recorded, is no Python, or is not what the location was taken from.
        """
        from doctor.repairs.source import Source

        path = place if isinstance(place, str) else place.path
        if path not in self._read:
            if not self.recording.sources.get(path):
                raise CannotWrite(f"the text of {path} was not recorded")
            self._read[path] = Source(path, self.recording.sources[path])
        found = self._read[path]
        if isinstance(place, Location) and place.code:
            if place.code != self.recording.source_line(place.line, path):
                raise CannotWrite(f"line {place.line} of {path} was made while the script ran")
        return found

    def sources(self) -> Iterator[Source]:
        """The finding's file first, then the other files that can be read."""
        own = self.finding.location.path if self.finding.location is not None else self.recording.run.path
        for path in sorted(self.recording.sources, key=lambda one: one != own):
            try:
                yield self.at(path)
            except CannotWrite:
                continue


class Repair(ABC):
    """One kind of edit. Subclasses are listed in `doctor.repairs.REPAIRS`, in the order in which they are tried.

    Attributes:
        id: names the repair in reports ("initial-weights").
        faults: which findings it may cure, by fault.
        rules: only those of these rules, where it is not empty.
    """

    id: ClassVar[str]
    faults: ClassVar[tuple[str, ...]]
    rules: ClassVar[tuple[str, ...]] = ()

    def suits(self, finding: Finding) -> bool:
        """Whether it may cure a finding."""
        return finding.fault in self.faults and (not self.rules or finding.rule in self.rules)

    @abstractmethod
    def patches(self, case: Case) -> Iterator[Patch]:
        """Ways to write it, the most likely first; none where it does not apply at all.

        Raises:
            CannotWrite: it applies, and cannot be written here.
        """

    def patch(self, title: str, *edits: Edits, value: float | None = None) -> Patch:
        """The patch that edits of one or several files make."""
        return Patch(self.id, title, {one.source.path: one.text() for one in edits}, value)
