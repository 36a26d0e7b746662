"""One trial: a repaired script beside its control, run for as many steps as the answer needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Mapping

from doctor.findings import Diagnosis, Finding, Proof, ProofRun
from doctor.proof.bench import Bench, repeats
from doctor.proof.reseeding import reseeded
from doctor.proof.score import common
from doctor.proof.verdict import Run, Verdict, judged, verdict
from doctor.recording import Recording
from doctor.repairs.base import Patch
from doctor.source_text import same

#: Steps after which the control is known to repeat the recorded run, or not to.
REPEATED = 20
#: Faults whose repair trains for longer, and by how much at most.
_LONGER = {"too-few-steps": 12, "batch-size": 8}
#: A repaired run is past the step at which the unchanged one broke when it has made so many times as many.
PAST = 1.5
#: Of this part of its steps at least a repaired run is seen before it is stopped early.
LEAST_SEEN = 0.3
#: This part of the way to perfection is training that works well.
GOOD = 0.6

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
class Trials:
    """Makes trials of one recorded run.

    Attributes:
        bench: where runs are made.
        diagnosis: of the recorded run.
        judge: judges the recordings of trials.
        say: told in one line what is run next.
    """

    bench: Bench
    diagnosis: Diagnosis
    judge: Judge
    say: Callable[[str], None]
    _repeats: bool | None = None
    _gone: str = ""

    def recorded(self, finding: Finding) -> Run:
        """The recorded run as a finding of it sees it."""
        return self.seen(self.bench.recording, self.diagnosis, finding)

    def seen(self, recording: Recording, diagnosis: Diagnosis, finding: Finding) -> Run:
        """Any run of the script, with the counterpart of the subject that a finding of the recorded run is about."""
        subjects = self.bench.recording.subjects
        place = next((number for number, one in enumerate(subjects) if one.key == finding.subject), 0)
        return judged(recording, diagnosis, subjects[place] if place < len(subjects) else None, place)

    def trial(self, finding: Finding, asked: Finding, patch: Patch, control: Run, base: Mapping[str, str]) -> Trial:
        """Try a patch.

        Args:
            finding: that it may cure, as it is in the control.
            asked: the finding of the recorded run that it stands for.
            patch: made from the control.
            control: what the repaired run is compared with.
            base: files with repairs that are in the control already.
        """
        bench, before = self.bench, self.bench.steps
        files = {**base, **patch.files}
        self._check_control(control, asked)
        self.say(f"{patch.title} ({finding.fault})")
        longer = _LONGER.get(finding.fault, 1)
        most = max(1, bench.recording.steps * longer) if bench.recording.steps else None
        treated = self._run("treated", files, most, control, asked, longer)
        cut = bench.cut
        recorded = control
        if self._repeats is False and control.recording is bench.recording and not self._gone:
            self.say("the same script without the repair, for as many steps")
            control = self._run("control", base, treated.recording.steps, None, asked)
            self._gone = _gone(recorded, control)
        found = verdict(finding, recorded if self._gone else control, treated)
        found = _held_back(found, treated, cut, self._gone)
        seeds = 1
        if found.close and found.verdict != "inconclusive":
            found, seeds = self._again(finding, asked, files, base, treated, found), 2
        if not all(same(treated.recording.sources.get(path, ""), text) for path, text in files.items()):
            found = Verdict("inconclusive", "the script did not load the repaired file from its own folder")
        proof = Proof(
            found.verdict, found.reason, patch.title, patch.diff({**bench.recording.sources, **base}), found.measure,
            self._told(control, found.measure), self._told(treated, found.measure), bench.steps - before, seeds,
        )  # fmt: skip
        return Trial(patch, files, treated, found, proof)

    def _check_control(self, control: Run, asked: Finding) -> None:
        """Find out, once, whether a fresh run of the unchanged script repeats the recorded one."""
        recording = self.bench.recording
        if self._repeats is not None or control.recording is not recording:
            return
        most = min(recording.steps, REPEATED) or None
        self.say("the unchanged script again, as control")
        fresh = self.bench.run("control", dict(recording.sources), most)
        own, other = recording.folder, fresh.folder
        repeated = own is not None and other is not None and repeats(own, other, most or REPEATED)
        crashed = (fresh.run.crash or {}).get("type") == (recording.run.crash or {}).get("type")
        self._repeats = repeated or (not recording.steps and crashed)
        self._gone = _gone(self.seen(recording, self.diagnosis, asked), self.seen(fresh, self.diagnosis, asked))

    def _run(
        self,
        name: str,
        files: Mapping[str, str],
        steps: int | None,
        control: Run | None,
        asked: Finding,
        longer: float = 1.0,
    ) -> Run:
        def enough(recording: Recording) -> bool:
            return control is not None and _clear(self.seen(recording, self.diagnosis, asked), control)

        sources = {**self.bench.recording.sources, **files}
        stop = enough if control is not None and control.fails else None
        recording = self.bench.run(name, sources, steps, stop, longer)
        return self.seen(recording, self.judge(recording), asked)

    def _again(
        self,
        finding: Finding,
        asked: Finding,
        files: Mapping[str, str],
        base: Mapping[str, str],
        treated: Run,
        first: Verdict,
    ) -> Verdict:
        """The same with another seed, where chance could have decided: both must say the same."""
        sources, steps = self.bench.recording.sources, treated.recording.steps
        self.say("once more, with another seed: it is close")
        both = []
        for name, texts in (("treated", {**sources, **files}), ("control", {**sources, **base})):
            both.append(self._run(name, {**texts, **reseeded(texts, 1)}, steps, None, asked))
        found = verdict(finding, both[1], both[0])
        if found.verdict == first.verdict:
            return replace(found, gained=(found.gained + first.gained) / 2, close=False)
        text = f"two seeds disagree: {first.reason}; and with the second one {found.reason}"
        return replace(first, verdict="inconclusive", reason=text)

    def _told(self, run: Run, measure: str) -> ProofRun:
        folder, own = run.recording.folder, self.bench.recording.folder
        inside = ""
        if folder is not None and own is not None and folder.absolute() != own.absolute():
            inside = str(folder.absolute().relative_to(own.absolute()))
        value = run.score.values.get(measure) if run.score is not None and measure else None
        return ProofRun(value, run.recording.steps, run.told, inside)


def _gone(recorded: Run, fresh: Run) -> str:
    """Why the unchanged script does not run here as it did, "" where it does."""
    if fresh.crashed and not recorded.crashed:
        return fresh.told
    return "nothing is trained" if fresh.score is None and recorded.score is not None else ""


def _held_back(found: Verdict, treated: Run, cut: str, gone: str) -> Verdict:
    """The verdict, where control or treated may not have shown all of it."""
    if gone:
        return replace(found, verdict="inconclusive", reason=f"the unchanged script does not run any more: {gone}")
    if cut and found.verdict != "confirmed":
        steps = f"the repaired script was stopped after {treated.recording.steps:,} steps ({cut})"
        return replace(found, verdict="inconclusive", reason=f"{steps}: {found.reason}", masked=None)
    return found


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
    measure = common(control.score, treated.score)  # by which the two will be compared
    names = [measure] if measure is not None else list(treated.score.values)
    gains = [treated.score.gain(name) for name in names if name != "loss kept"]
    return bool(gains) and max(gains) >= GOOD
