"""Models and training loops: which variables train together, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from doctor.capture.schedule import Schedule
from doctor.capture.session import Session
from doctor.capture.tensorflow.variables import VariableInfo
from doctor.types import Location, Site


@dataclass
class Subject:
    """A set of variables whose gradients are taken together.

    Attributes:
        number: counted from 1.
        gradient_steps: calls of the gradient.
        applied_steps: of which were followed by an update of the variables.
        connected: by variable key, whether its gradient was there at the latest call.
        assigned: keys of variables that were updated.
        applies: whether its graph updates variables after the gradient.
    """

    number: int
    sources: list[VariableInfo]
    location: Location | None
    schedule: Schedule
    name: str = ""
    style: str = "tape"
    mode: str = "eager"
    model: str | None = None
    batch_size: int | None = None
    gradient_steps: int = 0
    applied_steps: int = 0
    connected: dict[str, bool] = field(default_factory=dict)
    assigned: set[str] = field(default_factory=set)
    named: bool = False
    nonfinite_samples: int = 0
    applies: bool = False

    @property
    def key(self) -> str:
        """Of its site."""
        return f"subject:{self.number}"

    @property
    def step(self) -> int:
        """The number of the step that comes next, from 0."""
        return self.gradient_steps


class Subjects:
    """All subjects of a run.

    Args:
        session: the watched run.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.all: list[Subject] = []
        self._by_sources: dict[tuple[int, ...], Subject] = {}

    def of(self, sources: list[VariableInfo], location: Location | None, mode: str, fit: dict[str, Any]) -> Subject:
        """The subject that these variables are, made where they are new."""
        identity = tuple(sorted(info.handle for info in sources))
        subject = self._by_sources.get(identity)
        if subject is None:
            subject = Subject(
                number=len(self.all) + 1,
                sources=sources,
                location=fit.get("location") or location,
                schedule=Schedule(self.session.overhead),
                style="fit" if fit else "tape",
                mode=mode,
                model=fit.get("model"),
                batch_size=fit.get("batch_size"),
            )
            line = f" at line {subject.location.line}" if subject.location else ""
            subject.name = f"model `{fit['name']}`" if fit.get("name") else f"training loop{line}"
            self.all.append(subject)
            self._by_sources[identity] = subject
            self.describe(subject)
        return subject

    def describe(self, subject: Subject) -> None:
        """Write the subject's site anew."""
        self.session.recorder.describe(
            Site(
                key=subject.key,
                kind="subject",
                name=subject.name,
                location=subject.location,
                attributes={
                    "style": subject.style,
                    "mode": subject.mode,
                    "model": subject.model,
                    "gradient_steps": subject.gradient_steps,
                    "applied_steps": subject.applied_steps,
                    "sources": len(subject.sources),
                    "batch_size": subject.batch_size,
                },
            )
        )

    def latest(self) -> Subject:
        """The subject that came last."""
        return self.all[-1]

    def that_uses(self, handles: set[int]) -> Subject | None:
        """The subject that shares most variables with a forward pass."""
        best, most = None, 0
        for subject in self.all:
            shared = sum(info.handle in handles for info in subject.sources)
            if shared > most:
                best, most = subject, shared
        return best
