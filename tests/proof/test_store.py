import math
from dataclasses import replace
from pathlib import Path

from doctor.findings import Confidence, Diagnosis, Finding, Proof, ProofRun, Severity
from doctor.proof.store import FILE, FOLDER, Proved, attached, key, load, save
from doctor.types import Location, RunFacts


def finding(rule: str, **facts: object) -> Finding:
    made = Finding(rule, rule, Severity.ERROR, Confidence.HIGH, rule, "", subject="loop", location=Location("a.py", 3))
    return replace(made, **facts)


def diagnosis(*findings: Finding) -> Diagnosis:
    return Diagnosis(RunFacts("a.py"), 100, "faulty", f"{findings[0].title}: it fails", tuple(findings))


def proof(verdict: str) -> Proof:
    return Proof(verdict, "why", "Do it", "a diff", "accuracy", ProofRun(0.1, 100, "fails"), ProofRun(0.9, 60, "works",
                 "proof/treated"), 160)  # fmt: skip


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    control = ProofRun(math.nan, 100, "the loss is NaN", "proof/control")
    one = replace(proof("confirmed"), control=control, seeds=2)
    known = ("loop", "dead-relu", "dead-relu", "a.py:3", "")
    proved = Proved({known: one}, {"a.py": "x = 1\n"}, "a diff", True, 160, 2.5, False)
    save(tmp_path, proved)
    found = load(tmp_path)
    assert found is not None
    read = found.proofs[known]
    assert math.isnan(read.control.value)
    assert replace(read, control=None) == replace(one, control=None)
    assert replace(found, proofs={}) == replace(proved, proofs={})


def test_nothing_or_something_foreign_is_no_proof(tmp_path: Path) -> None:
    assert load(None) is None
    assert load(tmp_path) is None
    (tmp_path / FOLDER).mkdir()
    for text in ("", "[]", '{"format": 99}', '{"format": 1, "proofs": [{"finding": 3}]}'):
        (tmp_path / FOLDER / FILE).write_text(text)
        assert load(tmp_path) is None


def test_confirmed_cause_is_certain() -> None:
    cause = finding("lr-too-high", primary=True)
    found = attached(diagnosis(cause), Proved({key(cause): proof("confirmed")})).primary
    assert (found.confidence, found.proof.verdict) == (Confidence.CERTAIN, "confirmed")


def test_refuted_cause_steps_down_and_the_confirmed_one_becomes_primary() -> None:
    cause = finding("lr-too-high", primary=True)
    rival = finding("init-too-large", severity=Severity.WARNING)
    symptom = finding("dead-relu", caused_by="lr-too-high")
    proved = Proved({key(cause): proof("refuted"), key(rival): proof("confirmed")})
    found = attached(diagnosis(cause, rival, symptom), proved)
    assert [(one.rule, one.primary, one.severity, one.caused_by) for one in found.findings] == [
        ("init-too-large", True, Severity.ERROR, None),
        ("dead-relu", False, Severity.ERROR, "init-too-large"),
        ("lr-too-high", False, Severity.WARNING, None),
    ]
    assert found.reason == "init-too-large: it fails"


def test_inconclusive_cause_stays_primary_where_nothing_better_was_found() -> None:
    cause = finding("lr-too-high", primary=True)
    rival = finding("init-too-large")
    proved = Proved({key(cause): proof("inconclusive"), key(rival): proof("refuted")})
    found = attached(diagnosis(cause, rival), proved)
    assert found.primary.rule == "lr-too-high"
    assert [(one.severity, one.confidence) for one in found.findings] == [
        (Severity.ERROR, Confidence.HIGH), (Severity.WARNING, Confidence.LOW),
    ]  # fmt: skip


def test_diagnosis_without_a_proof_stays_as_it_is() -> None:
    plain = diagnosis(finding("lr-too-high", primary=True))
    assert attached(plain, None) is plain
