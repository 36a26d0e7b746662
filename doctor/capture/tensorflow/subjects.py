"""Models and training loops: which variables train together, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Hashable

from doctor.capture.schedule import Schedule
from doctor.capture.session import Session
from doctor.capture.tensorflow.variables import VariableInfo
from doctor.types import Location, Site

#: Gradients that are taken to be accumulated for one update, before the first update was seen
#: and after it. Beyond that no update is expected, and each gradient counts as a step.
MAX_ACCUMULATED = (64, 256)
#: Restarts of a subject that are kept.
MAX_RESTARTS = 200


@dataclass
class Step:
    """One training step of eager code: from its first gradient to the update.

    Attributes:
        losses: of each gradient call; several where gradients are accumulated.
        sampled: whether its statistics are recorded.
        written: whether its loss was recorded: the step counts.
        applied: whether a variable was updated with its gradients.
        schedule: what observing its updates is charged to, where these are apart from the gradient.
    """

    subject: Subject
    number: int
    losses: list[float] = field(default_factory=list)
    sampled: bool = False
    written: bool = False
    applied: bool = False
    schedule: Schedule | None = None


@dataclass
class Subject:
    """A set of variables whose gradients are taken together, by the same tape of the script.

    Attributes:
        number: counted from 1.
        gradient_calls: calls of the gradient.
        gradient_steps: steps done. A step is an update of the variables, whatever the number of
            gradients it took; gradients that are never applied count one by one.
        applied_steps: steps at which the variables were updated.
        connected: by variable key, whether its gradient was there at the latest call.
        assigned: keys of variables that were updated.
        applies: whether a graph updates variables after the gradient.
        open: the latest step of eager code.
        counts_calls: whether gradients count one by one, since no update follows them.
        model_id: id of the Keras model that `fit` trains.
        restarts: steps before which a run of a session wrote all its variables anew, with the line.
        put_back: [steps done, key, norm and mean of a kernel, path, line, code] of each `set_weights` between steps.
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
    gradient_calls: int = 0
    gradient_steps: int = 0
    applied_steps: int = 0
    connected: dict[str, bool] = field(default_factory=dict)
    assigned: set[str] = field(default_factory=set)
    named: bool = False
    nonfinite_samples: int = 0
    applies: bool = False
    open: Step | None = None
    counts_calls: bool = False
    model_id: int | None = None
    restarts: list[tuple[int, Location | None]] = field(default_factory=list)
    put_back: list[list[Any]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Of its site."""
        return f"subject:{self.number}"

    def step_wanted(self, now: float) -> bool:
        """Whether the eager step that comes next is to be sampled, at `now` seconds."""
        open_step = self.open
        if open_step is not None and not open_step.written and open_step.sampled:
            return False  # further gradients of the same step
        return self.schedule.wants(self.gradient_steps, now)


class Subjects:
    """All subjects of a run.

    Args:
        session: the watched run.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.all: list[Subject] = []
        self.current: Subject | None = None
        self._known: dict[Hashable, Subject] = {}

    def of(
        self,
        sources: list[VariableInfo],
        location: Location | None,
        mode: str,
        fit: dict[str, Any],
        tape: Hashable = None,
    ) -> Subject:
        """The subject that these variables are, made where they are new.

        Args:
            sources: the variables whose gradient is taken.
            location: of the gradient call.
            mode: "eager" or "graph".
            fit: facts of the `fit` that is going on, or {}.
            tape: where the tape was opened. The same variables under another tape are another
                subject: their losses are not to be mixed.
        """
        identity = (tuple(sorted(info.handle for info in sources)), tape, fit.get("identity"))
        subject = self._known.get(identity)
        if subject is None:
            subject = Subject(
                number=len(self.all) + 1,
                sources=sources,
                location=fit.get("location") or location,
                schedule=Schedule(self.session.overhead, self.session.room),
                style="fit" if fit else "tape",
                mode=mode,
                model=fit.get("model"),
                batch_size=fit.get("batch_size"),
                model_id=fit.get("model_id"),
            )
            line = f" at line {subject.location.line}" if subject.location else ""
            subject.name = self._apart(f"model `{fit['name']}`" if fit.get("name") else f"training loop{line}", line)
            self.all.append(subject)
            self._known[identity] = subject
            self.describe(subject)
        self.current = subject
        return subject

    def _apart(self, name: str, line: str) -> str:
        """A name that no subject has yet: with its line, and numbered where that is not enough."""
        taken = {subject.name for subject in self.all}
        if name in taken and not name.endswith(line):
            name += line
        number, plain = 2, name
        while name in taken:
            name, number = f"{plain} ({number})", number + 1
        return name

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
                    "gradient_calls": subject.gradient_calls,
                    "gradient_steps": subject.gradient_steps,
                    "applied_steps": subject.applied_steps,
                    "sources": len(subject.sources),
                    "batch_size": subject.batch_size,
                    **({"restarts": [[step, *(place.listed() if place else [None] * 3)] for step, place in
                                     subject.restarts]} if subject.restarts else {}),
                    **({"put_back": subject.put_back} if subject.put_back else {}),
                },
            )
        )

    def of_model(self, model: Any) -> Subject | None:
        """The subject of a Keras model that stepped last."""
        mine = [subject for subject in self.all if subject.model_id == id(model)]
        return self.current if self.current in mine else mine[-1] if mine else None

    def that_uses(self, handles: set[int]) -> Subject | None:
        """The subject that a forward pass is of: one whose variables it all uses, else that which shares most with it.

        So a new head on layers that another training made, and that are frozen now. Of several it is the one that
        shares most, and of those the one that stepped last.
        """
        best, most = None, (False, 0, False)
        for subject in self.all:
            shared = sum(info.handle in handles for info in subject.sources)
            found = shared == len(subject.sources), shared, subject is self.current
            if shared and found > most:
                best, most = subject, found
        return best
