"""What a comparison of runs says."""

from __future__ import annotations

from dataclasses import dataclass, field

from doctor.findings import Diagnosis, Finding
from doctor.recording import Recording
from doctor.types import FloatArray, Series


@dataclass(frozen=True)
class Run:
    """One of the runs that are compared.

    Attributes:
        name: short, and different from the names of the others.
        recording: what was seen.
        diagnosis: what doctor says of it.
        reference: it is a training that ships with doctor, and not a later state of the same script.
    """

    name: str
    recording: Recording
    diagnosis: Diagnosis
    reference: bool = False


@dataclass(frozen=True)
class FindingChange:
    """What became of a finding.

    Attributes:
        status: "gone", "new" or "remaining", from the first run to run number `run`.
        run: number of the other run, from 1.
        finding: as the run says that has it; of a remaining one as the other run says.
    """

    status: str
    run: int
    finding: Finding


@dataclass(frozen=True)
class Setting:
    """Something that the runs were given, in words; None where a run has no such thing.

    Attributes:
        area: "arguments", "hyperparameters", "model", "data" or "versions".
        name: what it is ("learning rate").
        values: one a run.
    """

    area: str
    name: str
    values: tuple[str | None, ...]

    @property
    def differs(self) -> bool:
        """Whether the runs differ in it."""
        return len(set(self.values)) > 1


@dataclass(frozen=True)
class Figure:
    """A number that came out of the runs.

    Attributes:
        name: "lowest loss".
        unit: "share", "s", "steps", or "".
        better: -1 where less is better, 1 where more is, 0 where neither.
        values: one a run; None where a run has no such number, or never got there.
    """

    name: str
    unit: str
    better: int
    values: tuple[float | None, ...]

    def differences(self) -> tuple[float | None, ...]:
        """Each value minus that of the first run."""
        first = self.values[0]
        return tuple(None if first is None or value is None else value - first for value in self.values)


@dataclass(frozen=True)
class Curve:
    """A curve of one run.

    Attributes:
        name: "loss", "accuracy" or a metric of Keras.
        phase: "train" or "eval".
        run: number of the run, from 0.
        points: by training step.
        seconds: since the first step of the training, shape (n,).
    """

    name: str
    phase: str
    run: int
    points: Series
    seconds: FloatArray


@dataclass(frozen=True)
class Layer:
    """One measure of one layer in all runs.

    Attributes:
        measure: "gradient norm", "dead units" ...
        unit: "share" or "".
        names: what the layer is called in each run; None where a run has no such layer.
        curves: one a run, or None.
        steps: at which the runs are set side by side.
        values: one row a run, one value a step; NaN where a run was not observed near that step.
    """

    measure: str
    unit: str
    names: tuple[str | None, ...]
    curves: tuple[Series | None, ...]
    steps: tuple[int, ...]
    values: tuple[tuple[float, ...], ...]

    @property
    def name(self) -> str:
        """What it is called in the first run that has it."""
        return next(name for name in self.names if name is not None)


@dataclass(frozen=True)
class DiffLine:
    """A line of the difference of two sources; numbers from 1, 0 where the file has no such line.

    Attributes:
        mark: "-" only in the first, "+" only in the other, " " in both, "@" where lines are left out.
    """

    mark: str
    old: int
    new: int
    text: str


@dataclass(frozen=True)
class SourceChange:
    """How a file of run number `run` differs from that of the first run.

    Attributes:
        old, new: what the file is called in the two runs; None where a run has no such file.
    """

    run: int
    old: str | None
    new: str | None
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True)
class Target:
    """What the runs had to reach.

    Attributes:
        name: of the curve: "accuracy" or "loss".
        phase: "train" or "eval".
        value: the accuracy to reach, or the loss to get down to.
        steps, seconds: one a run; None where it never got there.
    """

    name: str
    phase: str
    value: float
    steps: tuple[int | None, ...]
    seconds: tuple[float | None, ...]


@dataclass(frozen=True)
class Task:
    """One model or training loop of each run, set side by side.

    Attributes:
        names: what it is called in each run; None where a run has no such model.
    """

    names: tuple[str | None, ...]
    settings: tuple[Setting, ...]
    figures: tuple[Figure, ...]
    target: Target | None
    curves: tuple[Curve, ...]
    layers: tuple[Layer, ...]
    cautions: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Comparison:
    """Two or more runs set side by side; the first is what the others are held against.

    Attributes:
        settings: of the runs as wholes; those of the models stand in the tasks.
        cautions: why some of it cannot be compared, a sentence each.
    """

    runs: tuple[Run, ...]
    findings: tuple[FindingChange, ...]
    sources: tuple[SourceChange, ...]
    settings: tuple[Setting, ...]
    tasks: tuple[Task, ...]
    cautions: tuple[str, ...]
