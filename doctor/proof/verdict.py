"""What a trial shows: treated against control, on the same task."""

from __future__ import annotations

from dataclasses import dataclass

from doctor.findings import Diagnosis, Finding, Severity
from doctor.loss_facts import interleaved
from doctor.proof.score import MEANING, Score, common, counterpart, score
from doctor.recording import Recording
from doctor.rules.base import number, share
from doctor.types import Site

#: Part of the way from guessing to perfection that a repair of a failing run must add: what noise does not.
CLEAR = 0.1
#: Twice that and more needs no second seed.
SURE = 0.25
#: A run that trains may lose this part of the way when it is repaired, by chance.
LOST = 0.05
#: What lies so far below guessing needs no figure.
FAR_BELOW = -1.0
#: Faults that flatter the measures of a run, or whose repair makes training harder on purpose.
_FLATTERING = frozenset({"leakage", "metric-wrong", "overfitting", "train-mode", "dropout-too-high", "loss-sign",
                         "loss-wrong", "loss-shape", "label-mismatch", "target-scale", "class-imbalance"})  # fmt: skip


@dataclass(frozen=True)
class Run:
    """A run of an experiment, judged.

    Attributes:
        recording: what was seen.
        diagnosis: what the rules say of it.
        subject: the model or loop that the finding is about, None where nothing was trained.
        score: of that subject, None where nothing was trained.
    """

    recording: Recording
    diagnosis: Diagnosis
    subject: Site | None
    score: Score | None

    @property
    def fails(self) -> bool:
        """Whether training fails. A crash after it is a matter of its own."""
        return self.score is None or self.score.judgement.failing

    @property
    def crashed(self) -> bool:
        """Whether the script ended in an exception."""
        return self.recording.run.status == "crashed"

    @property
    def told(self) -> str:
        """How its training went, in words."""
        if self.crashed:
            crash = self.recording.run.crash or {}
            text = str(crash.get("message") or "").split("\n")[0][:160]
            return f"it crashes: {crash.get('type')}{f': {text}' if text else ''}"
        return self.score.judgement.reason if self.score is not None else "nothing is trained"

    def shows(self, finding: Finding) -> bool:
        """Whether the rules find the same fault again."""
        return any(self._same(one, finding) for one in self.diagnosis.findings)

    def _same(self, one: Finding, finding: Finding) -> bool:
        if one.fault != finding.fault or one.rule != finding.rule:
            return False
        own = self.subject is None or one.subject in ("", self.subject.key)
        return own and one.severity.rank <= max(finding.severity.rank, Severity.WARNING.rank)

    def unchecked(self, finding: Finding) -> str | None:
        """Why the rule could not look for the fault, None where it could."""
        return next((one.reason for one in self.diagnosis.not_checked if one.rule == finding.rule), None)

    def worst(self) -> Finding | None:
        """The primary finding of the subject where it is an error."""
        for one in self.diagnosis.findings:
            if one.primary and one.severity is Severity.ERROR:
                if self.subject is None or one.subject in ("", self.subject.key):
                    return one
        return None


def judged(recording: Recording, diagnosis: Diagnosis, subject: Site | None, place: int) -> Run:
    """A run as a trial looks at it.

    Args:
        recording: of the run.
        diagnosis: of the run.
        subject: of the original run, whose counterpart is looked for.
        place: its number there.
    """
    own = counterpart(recording, subject, place)
    return Run(recording, diagnosis, own, None if own is None else score(recording, own))


@dataclass(frozen=True)
class Verdict:
    """What one trial shows.

    Attributes:
        verdict: "confirmed", "refuted" or "inconclusive".
        reason: one sentence.
        measure: by what the two were compared, "" where by nothing that both have.
        gained: the part of the way from guessing to perfection that the repair adds.
        close: whether another seed could turn it round.
        masked: another finding that keeps the repaired script from training.
    """

    verdict: str
    reason: str
    measure: str = ""
    gained: float = 0.0
    close: bool = False
    masked: Finding | None = None


def verdict(finding: Finding, control: Run, treated: Run) -> Verdict:
    """Compare a repaired script with the unchanged one."""
    if treated.crashed and not control.crashed:
        return Verdict("inconclusive", f"the repaired script does not run: {treated.told}")
    if treated.score is None:
        return Verdict("inconclusive", "the repaired script trains nothing")
    if control.score is None or (control.crashed and finding.fault == "script-crash"):
        return _started(finding, control, treated)
    measure = common(control.score, treated.score, finding.fault == "class-imbalance") or ""
    # However far a control that blew up is below guessing, it has gained nothing.
    gained = treated.score.gain(measure) - max(control.score.gain(measure), 0.0) if measure else 0.0
    if control.fails:
        return _of_failing(finding, control, treated, measure, gained)
    return _of_training(finding, control, treated, measure, gained)


def _started(finding: Finding, control: Run, treated: Run) -> Verdict:
    """The unchanged script crashes, or trains nothing at all."""
    if treated.crashed:
        same = treated.told == control.told
        return Verdict("refuted" if same else "inconclusive", f"with the repair {treated.told}")
    if treated.fails:
        worst = treated.worst()
        return Verdict("inconclusive", f"it runs now, but fails: {treated.told}", masked=worst)
    return Verdict("confirmed", f"without the repair {control.told}; with it {treated.told}", gained=1.0)


def _of_failing(finding: Finding, control: Run, treated: Run, measure: str, gained: float) -> Verdict:
    """The unchanged script fails to train."""
    assert treated.score is not None
    words = f"{treated.told}; without the repair {control.told}"
    if treated.score.judgement.training and not treated.fails:
        blown = control.score is not None and control.score.judgement.nonfinite_step is not None
        if blown or not measure or measure == "loss kept":
            return Verdict("confirmed", f"training works with the repair: {words}", measure, max(gained, CLEAR))
        if gained >= CLEAR:
            close = gained < SURE
            return Verdict("confirmed", f"training works with the repair: {words}", measure, gained, close)
        return Verdict("inconclusive", f"hardly better with the repair: {words}", measure, gained, close=True)
    worst = treated.worst()
    if treated.shows(finding):
        return Verdict("inconclusive", f"the repair does not go far enough: {words}", measure, gained)
    if worst is not None:
        text = f"the fault is gone, and another one remains ({worst.title}): {words}"
        return Verdict("inconclusive", text, measure, gained, masked=worst)
    if treated.score.judgement.failing:
        return Verdict("refuted", f"training fails without this fault, too: {words}", measure, gained)
    unsure = f"it cannot be told whether training works with the repair: {words}"
    return Verdict("inconclusive", unsure, measure, gained)


def _of_training(finding: Finding, control: Run, treated: Run, measure: str, gained: float) -> Verdict:
    """The unchanged script trains: the fault itself must be gone, and nothing else may suffer."""
    if treated.fails:
        return Verdict("refuted", f"with the repair training fails: {treated.told}", measure, gained)
    compared = _compared(control, treated, measure)
    if treated.shows(finding):
        if gained >= CLEAR:
            return Verdict("inconclusive", f"better, but the rules still find it: {compared}", measure, gained)
        return Verdict("inconclusive", f"the rules still find it with the repair: {compared}", measure, gained)
    why = treated.unchecked(finding)
    if why is not None and gained < CLEAR:
        return Verdict("inconclusive", f"with the repair the rule cannot look for it: {why}", measure, gained)
    if gained < -LOST and finding.fault not in _FLATTERING and not _in_play(treated, measure):
        text = f"the fault is gone, and the script does worse: {compared}"
        return Verdict("inconclusive", text, measure, gained, close=gained > -2 * LOST)
    return Verdict("confirmed", f"the fault is gone with the repair: {compared}", measure, gained)


def _in_play(run: Run, measure: str) -> bool:
    """Whether only the loss of one of several players is known, which rises as another one gets better."""
    return measure == "loss kept" and run.subject is not None and interleaved(run.recording, run.subject)


def _compared(control: Run, treated: Run, measure: str) -> str:
    """"held-out accuracy 0.91, without the repair 0.88"."""
    if not measure or control.score is None or treated.score is None:
        return treated.told
    before, after = told(measure, control.score.values[measure]), told(measure, treated.score.values[measure])
    return f"{MEANING.get(measure, measure)} {after}, without the repair {before}"


def told(measure: str, value: float) -> str:
    """A value of a measure for people."""
    if measure == "loss kept":
        return number(value)
    return share(round(value, 3)) if value >= FAR_BELOW else "far below guessing"
