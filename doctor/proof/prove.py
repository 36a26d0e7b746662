"""The experiment: which repairs are tried, in which order, and when it is clear."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Callable, Mapping, Sequence

from doctor.errors import DoctorError
from doctor.findings import Diagnosis, Finding, Proof, ProofRun, Severity
from doctor.proof.bench import Bench, barred, repeats
from doctor.proof.reseeding import reseeded
from doctor.proof.store import Proved, key
from doctor.proof.verdict import CLEAR, Run, Verdict, judged, verdict
from doctor.recording import Recording
from doctor.repairs import proposed
from doctor.repairs.base import Patch

#: Steps after which the control is known to repeat the recorded run, or not to.
REPEATED = 20
#: Faults whose repair trains for longer, and by how much at most.
_LONGER = {"too-few-steps": 12, "batch-size": 8}
#: A repaired run is past the step at which the unchanged one broke when it has made so many times as many.
PAST = 1.5
#: Of this part of its steps at least a repaired run is seen before it is stopped early.
LEAST_SEEN = 0.3
#: A repair that brings this part of the way to perfection needs no other value to be tried.
GOOD = 0.6
#: And does so within this part of the steps of the recorded run.
SOON = 0.6

#: The rules that judge a recording, as the configuration has them.
Judge = Callable[[Recording], Diagnosis]


@dataclass(frozen=True)
class Trial:
    """One repaired run.

    Attributes:
        patch: what was changed, on top of earlier confirmed repairs.
        files: all files that differ from the original then.
        treated: the run.
        verdict: against its control.
        proof: the same for reports.
    """

    patch: Patch
    files: Mapping[str, str]
    treated: Run
    verdict: Verdict
    proof: Proof

    @property
    def confirmed(self) -> bool:
        """Whether it proves the cause."""
        return self.verdict.verdict == "confirmed"


@dataclass
class Experiment:
    """Tries repairs of a run's findings.

    Attributes:
        bench: where runs are made.
        diagnosis: of the recorded run.
        judge: judges the recordings of trials.
        trials: repaired runs at most.
        say: told in one line what is tried next.
    """

    bench: Bench
    diagnosis: Diagnosis
    judge: Judge
    trials: int = 4
    say: Callable[[str], None] = lambda text: None
    proofs: dict[tuple[str, str, str, int], Proof] = field(default_factory=dict)
    _left: int = 0
    _repeats: bool | None = None
    _best: Trial | None = None
    _alone: dict[tuple[str, str, str, int], Trial] = field(default_factory=dict)

    def run(self) -> Proved:
        """Do all of it; what was proved so far where it is broken off by Ctrl-C or the end of the time.

        Raises:
            DoctorError: there can be no trial at all.
        """
        begun = time.monotonic()
        self.bench.check()
        self._left = self.trials
        self.interrupted = False
        self.barred = ""
        try:
            for finding in targets(self.diagnosis):
                self._prove(finding)
        except KeyboardInterrupt:
            self.interrupted = True
        except DoctorError:
            if not self.proofs:
                raise
        return self._outcome(time.monotonic() - begun)

    def _prove(self, finding: Finding) -> None:
        """Try the repairs of one finding, and then of what still keeps the repaired script from training."""
        if key(finding) in self.proofs:
            return
        recording = self.bench.recording
        patches, unwritten = proposed(recording, finding)
        if not patches:
            why = "; ".join(dict.fromkeys(one.reason for one in unwritten))
            self.proofs[key(finding)] = Proof("not tried", f"no repair could be written: {why}")
            return
        if self._cured:
            self.proofs[key(finding)] = Proof("not tried", "training works already with the repair of the first cause")
            return
        control = self._recorded(finding)
        best = self._tried(finding, finding, patches, control, {})
        if best is None:
            self.proofs.setdefault(key(finding), Proof("not tried", "no trial was left for it (--trials)"))
            return
        self.proofs[key(finding)] = best.proof
        self._alone[key(finding)] = best
        self._keep(best)
        self._go_on(finding, best)

    @property
    def _cured(self) -> bool:
        return self._best is not None and not self._best.treated.fails and self._best.treated.worst() is None

    def _recorded(self, finding: Finding) -> Run:
        place = next(
            (number for number, one in enumerate(self.bench.recording.subjects) if one.key == finding.subject), 0
        )
        subjects = self.bench.recording.subjects
        subject = subjects[place] if place < len(subjects) else None
        return judged(self.bench.recording, self.diagnosis, subject, place)

    def _tried(
        self, finding: Finding, asked: Finding, patches: Sequence[Patch], control: Run, base: Mapping[str, str]
    ) -> Trial | None:
        """The best of the trials of one finding's repairs, None where none was left.

        Args:
            finding: as it is in the control.
            asked: the finding of the recorded run that it stands for.
            patches: that may cure it.
            control: what it is compared with.
            base: files with repairs that are confirmed already.
        """
        best: Trial | None = None
        for patch in patches:
            # A second way of the same finding must leave a trial for the next cause.
            if self._left <= 0 or (best is not None and self._left <= self._waiting(asked)):
                break
            self._left -= 1
            trial = self._trial(finding, patch, control, base)
            if best is None or _better(trial, best, self.bench.recording.sources):
                best = trial
            if finding is asked:  # kept at once: Ctrl-C may come in the next run
                self.proofs[key(asked)] = best.proof
            searched = patch.value is not None and sum(one.repair == patch.repair for one in patches) > 1
            if best.confirmed and (not searched or self._good(trial)):
                break
        return best

    def _good(self, trial: Trial) -> bool:
        """Whether no other value needs to be tried: training works well, and soon."""
        soon = trial.treated.recording.steps <= SOON * self.bench.recording.steps
        return trial.confirmed and trial.verdict.gained >= GOOD and soon

    def _waiting(self, asked: Finding) -> int:
        """Whether other causes than this one still wait for a trial."""
        return int(any(key(one) != key(asked) and key(one) not in self.proofs for one in targets(self.diagnosis)))

    def _trial(self, finding: Finding, patch: Patch, control: Run, base: Mapping[str, str]) -> Trial:
        bench, before = self.bench, self.bench.steps
        files = {**base, **patch.files}
        self._check_control(control)
        self.say(f"{patch.title} ({finding.fault})")
        longer = _LONGER.get(finding.fault, 1)
        most = max(1, bench.recording.steps * longer) if bench.recording.steps else None
        treated = self._run("treated", files, most, control, finding)
        if self._repeats is False and control.recording is bench.recording:
            self.say("the same script without the repair, for as many steps")
            control = self._run("control", base, treated.recording.steps, None, finding)
        found = verdict(finding, control, treated)
        seeds = 1
        if found.close and found.verdict != "inconclusive":
            found, seeds = self._again(finding, files, base, treated, found), 2
        if not all(treated.recording.sources.get(path, text) == text for path, text in files.items()):
            found = Verdict("inconclusive", "the script did not load the repaired file from its own folder")
        proof = Proof(
            found.verdict, found.reason, patch.title, patch.diff({**bench.recording.sources, **base}), found.measure,
            self._told(control, found.measure), self._told(treated, found.measure), bench.steps - before, seeds,
        )  # fmt: skip
        return Trial(patch, files, treated, found, proof)

    def _check_control(self, control: Run) -> None:
        """Find out, once, whether a fresh run of the unchanged script repeats the recorded one."""
        if self._repeats is None and control.recording is self.bench.recording:
            steps = self.bench.recording.steps
            most = min(steps, REPEATED) if steps else None
            self.say("the unchanged script again, as control")
            fresh = self.bench.run("control", dict(self.bench.recording.sources), most)
            own, other = self.bench.recording.folder, fresh.folder
            same = own is not None and other is not None and repeats(own, other, most or REPEATED)
            crashed = (fresh.run.crash or {}).get("type") == (self.bench.recording.run.crash or {}).get("type")
            self._repeats = same or (not steps and crashed)

    def _run(
        self, name: str, files: Mapping[str, str], steps: int | None, control: Run | None, finding: Finding
    ) -> Run:
        original = self._recorded(finding)
        place = self.bench.recording.subjects.index(original.subject) if original.subject is not None else 0

        def enough(recording: Recording) -> bool:
            run = judged(recording, self.diagnosis, original.subject, place)
            return control is not None and _clear(run, control)

        sources = {**self.bench.recording.sources, **files}
        recording = self.bench.run(name, sources, steps, enough if control is not None and control.fails else None)
        self.barred = barred(recording) or self.barred
        return judged(recording, self.judge(recording), original.subject, place)

    def _again(
        self, finding: Finding, files: Mapping[str, str], base: Mapping[str, str], treated: Run, first: Verdict
    ) -> Verdict:
        """The same with another seed, where chance could have decided: both must say the same."""
        sources = self.bench.recording.sources
        steps = treated.recording.steps
        self.say("once more, with another seed: it is close")
        other = {**sources, **files}
        second = self._run("treated", {**other, **reseeded(other, 1)}, steps, None, finding)
        plain = {**sources, **base}
        control = self._run("control", {**plain, **reseeded(plain, 1)}, steps, None, finding)
        found = verdict(finding, control, second)
        if found.verdict == first.verdict:
            return replace(found, gained=(found.gained + first.gained) / 2, close=False)
        text = f"two seeds disagree: {first.reason}; and with the second one {found.reason}"
        return replace(first, verdict="inconclusive", reason=text)

    def _told(self, run: Run, measure: str) -> ProofRun:
        folder = run.recording.folder
        own = self.bench.recording.folder
        inside = folder.relative_to(own.absolute()) if folder is not None and own is not None and folder != own else ""
        value = run.score.values.get(measure) if run.score is not None and measure else None
        return ProofRun(value, run.recording.steps, run.told, "" if str(inside) == "." else str(inside))

    def _go_on(self, finding: Finding, trial: Trial) -> None:
        """Repair what is left of a script in which one fault is repaired already: a second, independent fault."""
        done = [finding]
        while self._left > 0:
            left = trial.treated.worst()
            if left is None or any(left.rule == one.rule and left.fault == one.fault for one in done):
                return
            asked = next((one for one in self.diagnosis.findings if one.rule == left.rule and one.fault == left.fault),
                         None)  # fmt: skip
            patches, _ = proposed(trial.treated.recording, left)
            if not patches:
                return
            masked = trial.verdict.masked is not None
            following = self._tried(left, asked or left, patches, trial.treated, trial.files)
            if following is None or not following.confirmed:
                return
            if masked and not trial.confirmed:
                # Neither repair helps alone: the two together are what works.
                text = f"with the repair of {left.title!r}, too, training works: {following.treated.told}"
                self.proofs[key(finding)] = replace(trial.proof, verdict="confirmed", reason=text)
            if asked is not None:
                self.proofs[key(asked)] = following.proof
            done.append(left)
            self._keep(following)
            trial = following

    def _keep(self, trial: Trial) -> None:
        if trial.confirmed and (self._best is None or len(trial.files) >= len(self._best.files)):
            if self._best is None or set(self._best.files) <= set(trial.files) or not self._cured:
                self._best = trial

    def _outcome(self, seconds: float) -> Proved:
        best = self._best
        files = dict(best.files) if best is not None else {}
        sources = self.bench.recording.sources
        diff = Patch("", "", files).diff(sources) if files else ""
        return Proved(self._compared(), files, diff, best is not None and self._cured, self.bench.steps, seconds)

    def _compared(self) -> dict[tuple[str, str, str, int], Proof]:
        """Of several repairs that each help alone, those that help far less than the best do not prove their cause."""
        proofs = dict(self.proofs)
        helped = {known: one for known, one in self._alone.items() if proofs[known].verdict == "confirmed"}
        most = max((one.verdict.gained for one in helped.values()), default=0.0)
        best = next((one for one in helped.values() if one.verdict.gained == most), None)
        for known, one in helped.items():
            if best is not None and one.verdict.gained < most - CLEAR:
                text = f"it helps, but less than {_lower(best.patch.title)!r} does: {one.treated.told}"
                proofs[known] = replace(proofs[known], verdict="inconclusive", reason=text)
        return proofs


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def targets(diagnosis: Diagnosis) -> list[Finding]:
    """What is tried: primary findings, then their rivals, errors first; nothing that another finding explains."""
    own = [one for one in diagnosis.findings if one.caused_by is None and one.severity is not Severity.INFO]
    return sorted(own, key=lambda one: (not one.primary, one.severity.rank))


def _clear(treated: Run, control: Run) -> bool:
    """Whether a repaired run has shown enough: it trains well, and is past the point where the control broke."""
    if treated.score is None or control.score is None:
        return False
    found, before = treated.score.judgement, control.score.judgement
    if found.nonfinite_step is not None:
        return True
    if before.nonfinite_step is not None and found.steps < PAST * before.nonfinite_step:
        return False
    if found.steps < LEAST_SEEN * before.steps or not found.training:
        return False
    gains = [treated.score.gain(name) for name in treated.score.values if name != "loss kept"]
    return bool(gains) and max(gains) >= GOOD


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
