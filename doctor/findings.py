"""What doctor says: findings with evidence and fixes, and the diagnosis that holds them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Mapping

from doctor.types import Location, RunFacts

#: 2 added "proof" to every finding.
DIAGNOSIS_FORMAT = 2

#: The vocabulary of root causes, by family, most upstream family first.
FAULTS: Mapping[str, tuple[str, ...]] = {
    "data": (
        "input-scale", "input-nan", "input-noise", "label-mismatch", "target-scale", "unshuffled",
        "pipeline-order", "class-imbalance", "degenerate-feature",
    ),
    "init": ("init-constant", "init-too-large", "init-too-small"),
    "forward": (
        "dead-relu", "saturation", "no-nonlinearity", "output-activation", "dropout-too-high", "train-mode",
    ),
    "loss": ("loss-logits", "loss-wrong", "loss-shape", "loss-sign", "loss-numerics"),
    "gradient": ("vanishing-gradient", "exploding-gradient", "gradient-disconnected"),
    "optimiser": (
        "lr-too-high", "lr-too-low", "update-missing", "regularisation-too-strong", "batch-size", "too-few-steps",
    ),
    "generalisation": ("overfitting", "leakage", "metric-wrong"),
    "program": ("script-crash", "unknown"),
}  # fmt: skip


class Severity(enum.Enum):
    """How bad it is. Only an error says that training fails because of it."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return list(Severity).index(self)


class Confidence(enum.Enum):
    """How sure doctor is; `certain` is true by construction."""

    CERTAIN = "certain"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 is the surest."""
        return list(Confidence).index(self)


@dataclass(frozen=True)
class Evidence:
    """A measured number and the limit it is held against.

    Attributes:
        series: what was measured ("activation/h3/std").
        step: training step, or None for facts of the whole run.
        observed: the number.
        limit: the number a healthy run stays within, or None.
        unit: "share", "nats", "" and so on.
        note: a few words for people.
    """

    series: str
    step: int | None
    observed: float
    limit: float | None = None
    unit: str = ""
    note: str = ""


@dataclass(frozen=True)
class Fix:
    """A change that cures the fault.

    Attributes:
        title: imperative sentence.
        code: the new line or lines, or "".
        location: the line to change, or None for the finding's own.
        safe: true where it can do no harm to a healthy script.
    """

    title: str
    code: str = ""
    location: Location | None = None
    safe: bool = False


#: What an experiment can show. "not tried": no repair could be written, or no trial was left for it.
PROOF_VERDICTS = ("confirmed", "refuted", "inconclusive", "not tried")


@dataclass(frozen=True)
class ProofRun:
    """A run of the script in an experiment.

    Attributes:
        value: of the metric, None where it was not measured.
        steps: training steps.
        reason: one sentence: how its training went.
        folder: of its recording, relative to the run's, "" for the run itself.
    """

    value: float | None
    steps: int
    reason: str
    folder: str = ""


@dataclass(frozen=True)
class Proof:
    """What became of training when the cause was removed.

    Attributes:
        verdict: one of `PROOF_VERDICTS`.
        reason: one sentence that says why.
        repair: what was changed, an imperative sentence, "" where nothing was tried.
        diff: the change as a unified diff, "" where nothing was tried.
        metric: what control and treated are compared by.
        control: the script as it is.
        treated: the script with the repair.
        steps: training steps that all runs of this experiment took together.
        seeds: with how many random seeds it was done.
    """

    verdict: str
    reason: str
    repair: str = ""
    diff: str = ""
    metric: str = ""
    control: ProofRun | None = None
    treated: ProofRun | None = None
    steps: int = 0
    seeds: int = 1


@dataclass(frozen=True)
class Finding:
    """One fault at one place, with its evidence and its cure, and its proof where the experiment was done.

    `stands_alone`: no other fault can have brought this one about (a missing file, say).
    """

    rule: str
    fault: str
    severity: Severity
    confidence: Confidence
    title: str
    message: str
    subject: str = ""
    site: str = ""
    location: Location | None = None
    onset_step: int | None = None
    evidence: tuple[Evidence, ...] = ()
    fixes: tuple[Fix, ...] = ()
    primary: bool = False
    caused_by: str | None = None
    stands_alone: bool = False
    proof: Proof | None = None


@dataclass(frozen=True)
class NotChecked:
    """A rule that could not judge, and why."""

    rule: str
    reason: str
    subject: str = ""


@dataclass(frozen=True)
class RuledOut:
    """A cause that a reader would suspect next, and the number that speaks against it."""

    fault: str
    why: str


@dataclass(frozen=True)
class Diagnosis:
    """All that doctor says about one run."""

    run: RunFacts
    steps: int
    verdict: str  # "healthy", "faulty", "unclear"
    reason: str  # one sentence: why this verdict
    findings: tuple[Finding, ...] = ()
    ruled_out: tuple[RuledOut, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()

    @property
    def primary(self) -> Finding | None:
        """The root cause, or None."""
        return next((finding for finding in self.findings if finding.primary), None)

    def exceeds(self, fail_on: str) -> bool:
        """Whether a finding is at or above `fail_on` ("error", "warning", "never")."""
        if fail_on == "never":
            return False
        return any(finding.severity.rank <= Severity(fail_on).rank for finding in self.findings)


def location_to_dict(location: Location | None) -> dict[str, Any] | None:
    """JSON form of a location."""
    if location is None:
        return None
    return {"path": location.path, "line": location.line, "code": location.code}
