"""What reports tell of an experiment: the verdict, the change that was tried, and both curves on common axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator

from doctor.comparison.curves import accuracy
from doctor.errors import RecordingError
from doctor.findings import Finding, Proof, ProofRun
from doctor.numbers import count
from doctor.proof.score import MEANING, counterpart
from doctor.proof.verdict import told
from doctor.recording import Recording
from doctor.reporters import story
from doctor.types import Series

CONTROL, TREATED = "control", "treated"


@dataclass(frozen=True)
class Pair:
    """One measure of both runs.

    Attributes:
        name: "loss", "accuracy in training", "accuracy in evaluation".
        control, treated: over the steps of each run, up to where both were drawn.
    """

    name: str
    control: Series
    treated: Series


def heading(proof: Proof) -> str:
    """The verdict in a few words."""
    return {
        "confirmed": "Confirmed by experiment",
        "refuted": "Refuted by experiment",
        "inconclusive": "The experiment does not decide",
    }.get(proof.verdict, "Not tried")


def facts(proof: Proof) -> list[tuple[str, str]]:
    """(term, text): what was changed, what both runs reached, what it cost."""
    if proof.control is None or proof.treated is None:
        return []
    told = [("repair", proof.repair)] if proof.repair else []
    told += [(CONTROL, _reached(proof.control, proof.metric)), (TREATED, _reached(proof.treated, proof.metric))]
    cost = f"{count(proof.steps, 'training step')} for this experiment"
    told.append(("cost", cost + (f", {proof.seeds} random seeds" if proof.seeds > 1 else "")))
    return told


def _reached(run: ProofRun, metric: str) -> str:
    value = ""
    if run.value is not None and metric:
        value = f"{MEANING.get(metric, metric)} {told(metric, run.value)}, "
    return f"{value}{count(run.steps, 'step')}"


def change(proof: Proof) -> list[str]:
    """The lines of the diff, without the names of its files."""
    return [line for line in proof.diff.splitlines() if not line.startswith(("---", "+++"))]


def pairs(recording: Recording, finding: Finding) -> Iterator[Pair]:
    """Measures that both runs have, the loss first; none where a recording of a trial is gone."""
    proof = finding.proof
    if proof is None or proof.control is None or proof.treated is None:
        return
    control, treated = _opened(recording, proof.control), _opened(recording, proof.treated)
    if control is None or treated is None:
        return
    place = next((at for at, one in enumerate(recording.subjects) if one.key == finding.subject), 0)
    subject = recording.subjects[place] if recording.subjects else None
    own, other = counterpart(control, subject, place), counterpart(treated, subject, place)
    if own is None or other is None:
        return
    losses = story.told_part(control.losses(own.key)), story.told_part(treated.losses(other.key))
    if all(len(one) > 1 for one in losses):
        # What the control did later is its business: the repaired run was stopped when it was clear.
        last = max(int(losses[1].steps[-1]), 1)
        first = losses[0]
        shown = first.head(max(2, int((first.steps <= last).sum())))
        yield Pair("loss", shown, losses[1])
    for phase, name in (("train", "accuracy in training"), ("eval", "accuracy in evaluation")):
        both = accuracy(control, own.key, phase), accuracy(treated, other.key, phase)
        if all(len(one) > 1 for one in both):
            yield Pair(name, *both)


def _opened(recording: Recording, run: ProofRun) -> Recording | None:
    if not run.folder:
        return recording
    if recording.folder is None:
        return None
    try:
        return Recording.open(recording.folder / run.folder)
    except RecordingError:
        return None
