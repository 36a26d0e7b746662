"""Which repairs are tried, in which order, and when it is clear: with runs that are synthetic."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Callable, Mapping

import pytest

from doctor.findings import Confidence, Diagnosis, Finding, Severity
from doctor.proof import prove, trials
from doctor.proof.bench import Bench, ScratchError
from doctor.proof.prove import Experiment
from doctor.proof.store import Proved, key
from doctor.recording import Recording
from doctor.repairs.base import Patch, Unwritten
from doctor.types import Location
from tests.builders import SCRIPT, classifier

#: Faults of the script; a line of a fault that stands in it keeps it from training.
ONE, TWO = "lr-too-high", "init-constant"


def recording_of(text: str) -> Recording:
    broken = ONE in text or TWO in text
    found = classifier(failing=broken).build()
    found.source = text
    found.sources = {SCRIPT: text}
    found.folder = Path("run").absolute()
    return found


def judged(recording: Recording) -> Diagnosis:
    """What the rules would say: each fault that stands in the script, the first one as the cause."""
    lines = recording.source.splitlines()
    found = [
        Finding(fault, fault, Severity.ERROR, Confidence.HIGH, fault, "", subject="subject:loop",
                location=Location(SCRIPT, lines.index(fault) + 1, fault), primary=number == 0)
        for number, fault in enumerate(one for one in lines if one in (ONE, TWO))
    ]  # fmt: skip
    return Diagnosis(recording.run, recording.steps, "faulty" if found else "healthy", "", tuple(found))


@dataclass
class Fake(Bench):
    """A bench whose runs are made up."""

    asked: list[tuple[str, str, int | None]] = field(default_factory=list)
    fails: Callable[[str], None] = lambda name: None

    def check(self) -> None:
        pass

    def run(
        self, name: str, files: Mapping[str, str], steps: int | None, enough: object = None, longer: float = 1.0
    ) -> Recording:
        self.cut = ""
        self.fails(name)
        self.asked.append((name, files[SCRIPT], steps))
        found = recording_of(files[SCRIPT])
        found.folder = Path("run/proof", name).absolute()
        self.steps += min(found.steps, steps or found.steps)
        return found


@pytest.fixture
def repairs(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Per fault the texts that stand in for its line in patches; to be filled by a test."""
    known: dict[str, list[str]] = {}

    def proposed(recording: Recording, finding: Finding) -> tuple[list[Patch], list[Unwritten]]:
        texts = [recording.source.replace(finding.fault, one) for one in known.get(finding.fault, [])]
        patches = [Patch("edit", "write", {SCRIPT: text}) for text in texts]
        return patches, [] if patches else [Unwritten("edit", "it comes from a file")]

    monkeypatch.setattr(prove, "proposed", proposed)
    monkeypatch.setattr(trials, "repeats", lambda *_: True)
    return known


def experiment(text: str, most: int = 4) -> tuple[Experiment, Fake]:
    recording = recording_of(text)
    bench = Fake(recording, Path("proof"))
    return Experiment(bench, judged(recording), judged, most), bench


def verdicts(proved: Proved) -> dict[str, str]:
    return {fault: proof.verdict for (_, _, fault, *_), proof in proved.proofs.items()}


def test_first_repair_that_works_ends_it(repairs: dict[str, list[str]]) -> None:
    repairs[ONE] = ["good", "better"]
    made, bench = experiment(ONE)
    proved = made.run()
    assert verdicts(proved) == {ONE: "confirmed"}
    assert [(name, text) for name, text, _ in bench.asked] == [("control", ONE), ("treated", "good")]
    assert (proved.files, proved.cured) == ({SCRIPT: "good"}, True)
    assert proved.diff == f"--- a/{SCRIPT}\n+++ b/{SCRIPT}\n@@ -1 +1 @@\n-{ONE}\n\\ No newline at end of file\n" \
                          "+good\n\\ No newline at end of file\n"  # fmt: skip


def test_control_is_run_for_a_few_steps_where_it_repeats_the_recorded_run(repairs: dict[str, list[str]]) -> None:
    repairs[ONE] = ["good"]
    made, bench = experiment(ONE)
    made.run()
    assert [steps for name, _, steps in bench.asked if name == "control"] == [trials.REPEATED]


def test_control_is_run_for_as_many_steps_where_the_script_is_random(
    repairs: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "repeats", lambda *_: False)
    repairs[ONE] = ["good"]
    made, bench = experiment(ONE)
    made.run()
    assert [(name, steps) for name, _, steps in bench.asked] == [
        ("control", trials.REPEATED), ("treated", 300), ("control", 300),
    ]  # fmt: skip


def test_second_way_is_tried_where_the_first_does_not_help(repairs: dict[str, list[str]]) -> None:
    repairs[ONE] = [f"still\n{ONE}", "good"]
    made, _ = experiment(ONE)
    proved = made.run()
    assert verdicts(proved) == {ONE: "confirmed"}
    assert proved.files == {SCRIPT: "good"}


def test_two_faults_that_each_keep_it_from_training_are_repaired_together(repairs: dict[str, list[str]]) -> None:
    repairs.update({ONE: ["one"], TWO: ["two"]})
    made, bench = experiment(f"{ONE}\n{TWO}")
    proved = made.run()
    assert verdicts(proved) == {ONE: "confirmed", TWO: "confirmed"}
    assert (proved.files, proved.cured) == ({SCRIPT: "one\ntwo"}, True)
    assert [text for name, text, _ in bench.asked if name == "treated"] == [f"one\n{TWO}", "one\ntwo"]


def test_cause_without_a_written_repair_says_why_and_its_rival_is_tried(repairs: dict[str, list[str]]) -> None:
    repairs[TWO] = ["two"]
    made, _ = experiment(f"{ONE}\n{TWO}")
    proved = made.run()
    first = next(proof for (_, _, fault, *_), proof in proved.proofs.items() if fault == ONE)
    assert (first.verdict, first.reason) == ("not tried", "no repair could be written: it comes from a file")
    assert verdicts(proved)[TWO] == "inconclusive"
    assert proved.files == {}


def test_trials_are_not_exceeded_and_one_is_left_for_the_rival(repairs: dict[str, list[str]]) -> None:
    repairs.update({ONE: [f"a\n{ONE}", f"b\n{ONE}", f"c\n{ONE}"], TWO: [f"d\n{TWO}"]})
    made, bench = experiment(f"{ONE}\n{TWO}", most=2)
    made.run()
    assert [text.split("\n")[0] for name, text, _ in bench.asked if name == "treated"] == ["a", ONE]


def test_ctrl_c_keeps_what_was_proved_so_far(repairs: dict[str, list[str]]) -> None:
    repairs.update({ONE: [f"one\n{ONE}"], TWO: ["two"]})
    made, bench = experiment(f"{ONE}\n{TWO}")

    def interrupted(name: str) -> None:
        if len(bench.asked) == 2:
            raise KeyboardInterrupt

    bench.fails = interrupted
    proved = made.run()
    assert made.interrupted
    assert verdicts(proved) == {ONE: "inconclusive"}


def test_end_of_the_time_keeps_what_was_proved_and_is_an_error_where_nothing_was(
    repairs: dict[str, list[str]],
) -> None:
    repairs[ONE] = ["good"]
    made, bench = experiment(ONE)

    def late(name: str) -> None:
        raise ScratchError("The time for proofs is up.", slug="proof-timeout")

    bench.fails = late
    with pytest.raises(ScratchError, match="time for proofs"):
        made.run()


def test_warnings_and_symptoms() -> None:
    found = judged(recording_of(f"{ONE}\n{TWO}"))
    first, second = found.findings
    explained = replace(second, caused_by=first.rule)
    mild = replace(second, severity=Severity.INFO)
    worse = replace(second, severity=Severity.WARNING)
    for other, wanted in ((explained, [first]), (mild, [first]), (worse, [first, worse])):
        assert prove.targets(replace(found, findings=(other, first))) == wanted
    assert key(first)[:3] == ("subject:loop", ONE, ONE)


def test_control_that_does_not_run_any_more_proves_nothing(
    repairs: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "repeats", lambda *_: False)
    repairs[ONE] = ["good"]
    made, bench = experiment(ONE)

    class Gone(Fake):
        def run(self, name: str, files: Mapping[str, str], *rest: object, **options: object) -> Recording:
            found = super().run(name, files, *rest, **options)  # type: ignore[arg-type]
            if name == "control":
                found.run = replace(found.run, status="crashed", crash={"type": "OSError", "message": "no such file"})
            return found

    made.bench = Gone(bench.recording, Path("proof"))
    proof = next(iter(made.run().proofs.values()))
    assert (proof.verdict, proof.reason) == (
        "inconclusive", "the unchanged script does not run any more: it crashes: OSError: no such file",
    )  # fmt: skip


def test_run_that_was_cut_short_refutes_nothing(repairs: dict[str, list[str]]) -> None:
    repairs[ONE] = [f"# {TWO}"]
    made, bench = experiment(ONE)

    class Cut(Fake):
        def run(self, name: str, files: Mapping[str, str], *rest: object, **options: object) -> Recording:
            found = super().run(name, files, *rest, **options)  # type: ignore[arg-type]
            self.cut = "its time was up"
            return found

    made.bench = Cut(bench.recording, Path("proof"))
    proof = next(iter(made.run().proofs.values()))
    assert proof.verdict == "inconclusive"
    assert proof.reason.startswith("the repaired script was stopped after 300 steps (its time was up): ")
