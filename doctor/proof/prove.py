"""The experiment: which repairs are tried, in which order, and when it is clear."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Callable, Mapping, Sequence

from doctor.errors import DoctorError
from doctor.findings import Diagnosis, Finding, Proof, Severity
from doctor.proof.bench import Bench
from doctor.proof.store import Key, Proved, key
from doctor.proof.trials import GOOD, Judge, Trial, Trials
from doctor.proof.verdict import CLEAR, Run
from doctor.repairs import proposed
from doctor.repairs.base import Patch

#: A value of several that can be chosen is good where training works well within this part of the recorded steps.
SOON = 0.6


@dataclass
class Experiment:
    """Tries repairs of a run's findings.

    Attributes:
        bench: where runs are made.
        diagnosis: of the recorded run.
        judge: judges the recordings of trials.
        trials: repaired runs at most.
        say: told in one line what is tried next.
        interrupted: whether Ctrl-C broke it off.
        stopped: why no more could be tried, "" where nothing stood in the way.
    """

    bench: Bench
    diagnosis: Diagnosis
    judge: Judge
    trials: int = 4
    say: Callable[[str], None] = lambda text: None
    interrupted: bool = False
    stopped: str = ""
    _proofs: dict[Key, Proof] = field(default_factory=dict)
    _alone: dict[Key, Trial] = field(default_factory=dict)
    _left: int = 0
    _best: Trial | None = None

    def run(self) -> Proved:
        """Do all of it; what was proved so far where it is broken off by Ctrl-C or the end of the time.

        Raises:
            DoctorError: there can be no trial at all.
        """
        begun = time.monotonic()
        self.bench.check()
        self._left = self.trials
        self._made = Trials(self.bench, self.diagnosis, self.judge, self.say)
        try:
            for finding in targets(self.diagnosis):
                self._prove(finding)
        except KeyboardInterrupt:
            self.interrupted = True
        except DoctorError as error:
            if not any(one.verdict != "not tried" for one in self._proofs.values()):
                raise
            self.stopped = str(error)
        files = dict(self._best.files) if self._best is not None else {}
        diff = Patch("", "", files).diff(self.bench.recording.sources) if files else ""
        cured = self._best is not None and _works(self._best.treated)
        complete = not (self.interrupted or self.bench.barred or self.stopped)
        return Proved(self._compared(), files, diff, cured, self.bench.steps, time.monotonic() - begun, complete)

    def _prove(self, finding: Finding) -> None:
        """Try the repairs of one finding, and then of what still keeps the repaired script from training."""
        if key(finding) in self._proofs:
            return
        patches, unwritten = proposed(self.bench.recording, finding)
        if not patches:
            why = "; ".join(dict.fromkeys(one.reason for one in unwritten))
            self._proofs[key(finding)] = Proof("not tried", f"no repair could be written: {why}")
            return
        if self._best is not None and _works(self._best.treated):
            self._proofs[key(finding)] = Proof("not tried", "training works already with the repair of the first cause")
            return
        best = self._tried(finding, finding, patches, self._made.recorded(finding), {})
        if best is None:
            self._proofs[key(finding)] = Proof("not tried", "no trial was left for it (--trials)")
            return
        self._proofs[key(finding)] = best.proof
        self._alone[key(finding)] = best
        self._keep(best)
        self._go_on(finding, best)

    def _tried(
        self, finding: Finding, asked: Finding, patches: Sequence[Patch], control: Run, base: Mapping[str, str]
    ) -> Trial | None:
        """The best of the trials of one finding's repairs, None where no trial was left (see `Trials.trial`)."""
        best: Trial | None = None
        for patch in patches:
            # A second way of the same finding must leave a trial for the next cause.
            if self._left <= 0 or (best is not None and self._left <= self._waiting(asked)):
                break
            self._left -= 1
            trial = self._made.trial(finding, asked, patch, control, base)
            if best is None or _better(trial, best, self.bench.recording.sources):
                best = trial
            if finding is asked:  # kept at once: Ctrl-C may come in the next run
                self._proofs[key(asked)] = best.proof
            searched = patch.value is not None and sum(one.repair == patch.repair for one in patches) > 1
            if best.confirmed and (not searched or self._good(trial)):
                break
        return best

    def _good(self, trial: Trial) -> bool:
        """Whether no other value needs to be tried: training works well, and soon."""
        soon = trial.treated.recording.steps <= SOON * self.bench.recording.steps
        return trial.confirmed and trial.verdict.gained >= GOOD and soon

    def _waiting(self, asked: Finding) -> int:
        """How many trials to leave: one where other causes than this one wait."""
        return int(any(key(one) not in (key(asked), *self._proofs) for one in targets(self.diagnosis)))

    def _go_on(self, finding: Finding, trial: Trial) -> None:
        """Repair what is left of a script in which one fault is repaired already: a second, independent fault."""
        done = {(finding.rule, finding.fault)}
        while self._left > 0:
            left = _left_over(trial.treated, done)
            if left is None:
                return
            done.add((left.rule, left.fault))
            asked = next((one for one in self.diagnosis.findings if (one.rule, one.fault) == (left.rule, left.fault)),
                         None)  # fmt: skip
            patches, _ = proposed(trial.treated.recording, left)
            control = trial.treated if asked is None else self._made.seen(
                trial.treated.recording, trial.treated.diagnosis, asked
            )  # fmt: skip
            following = self._tried(left, asked or finding, patches, control, trial.files) if patches else None
            if following is None or not following.confirmed:
                return
            if trial.verdict.masked is not None and not trial.confirmed:
                # Neither repair helps alone: the two together are what works.
                text = f"with the repair of {left.title!r}, too, training works: {following.treated.told}"
                self._proofs[key(finding)] = replace(trial.proof, verdict="confirmed", reason=text)
            if asked is not None:
                self._proofs[key(asked)] = following.proof
            self._keep(following)
            trial = following

    def _keep(self, trial: Trial) -> None:
        """Offer a confirmed repair, unless a better one is offered already."""
        if not trial.confirmed:
            return
        if self._best is None or not _works(self._best.treated) or self._best.files.items() <= trial.files.items():
            self._best = trial

    def _compared(self) -> dict[Key, Proof]:
        """Of several repairs that each help alone, those that help far less than the best do not prove their cause."""
        proofs = dict(self._proofs)
        helped = {known: one for known, one in self._alone.items() if proofs[known].verdict == "confirmed"}
        most = max((one.verdict.gained for one in helped.values()), default=0.0)
        best = next((one for one in helped.values() if one.verdict.gained == most), None)
        for known, one in helped.items():
            if best is not None and one.verdict.gained < most - CLEAR:
                title = best.patch.title[:1].lower() + best.patch.title[1:]
                text = f"it helps, but less than to {title}: {one.treated.told}"
                proofs[known] = replace(proofs[known], verdict="inconclusive", reason=text)
        return proofs


def targets(diagnosis: Diagnosis) -> list[Finding]:
    """What is tried: primary findings, then their rivals, errors first; nothing that another finding explains."""
    own = [one for one in diagnosis.findings if one.caused_by is None and one.severity is not Severity.INFO]
    return sorted(own, key=lambda one: (not one.primary, one.severity.rank))


def _works(run: Run) -> bool:
    """Whether training works, and the rules find nothing more of severity error in the whole script."""
    return not run.fails and _left_over(run, set()) is None


def _left_over(run: Run, done: set[tuple[str, str]]) -> Finding | None:
    """The cause that the rules still find: of the same subject first, then of others."""
    causes = [one for one in run.diagnosis.findings if one.primary and one.severity is Severity.ERROR]
    own = run.worst()
    causes.sort(key=lambda one: one is not own)
    return next((one for one in causes if (one.rule, one.fault) not in done), None)


def _better(one: Trial, other: Trial, sources: Mapping[str, str]) -> bool:
    """Whether a trial proves more than another: by its verdict, by what it gains, then by how little it changes."""
    order = ("confirmed", "inconclusive", "refuted")
    ranks = [order.index(trial.verdict.verdict) for trial in (one, other)]
    if ranks[0] != ranks[1]:
        return ranks[0] < ranks[1]
    steps = [trial.treated.recording.steps for trial in (one, other)]
    if min(one.verdict.gained, other.verdict.gained) >= GOOD and one.patch.repair == other.patch.repair:
        if steps[0] != steps[1]:  # both were stopped when they were good
            return steps[0] < steps[1]
    if abs(one.verdict.gained - other.verdict.gained) > 0.02:
        return one.verdict.gained > other.verdict.gained
    return one.patch.size(sources) < other.patch.size(sources)
