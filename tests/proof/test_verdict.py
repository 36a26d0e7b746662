"""Treated against control, on synthetic runs: what confirms a cause, what refutes it, and what decides nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from doctor.findings import Confidence, Diagnosis, Finding, NotChecked, Severity
from doctor.proof.verdict import Run, judged, told, verdict
from doctor.recording import Recording
from tests.builders import classifier

GUESSING = float(np.log(4))


def finding(rule: str = "lr-too-high", fault: str | None = None, **facts: object) -> Finding:
    made = Finding(rule, fault or rule, Severity.ERROR, Confidence.HIGH, rule, "", subject="subject:loop")
    return replace(made, **facts)


def run(recording: Recording, *findings: Finding, unchecked: tuple[NotChecked, ...] = ()) -> Run:
    found = Diagnosis(recording.run, recording.steps, "", "", findings, not_checked=unchecked)
    return judged(recording, found, recording.subjects[0] if recording.subjects else None, 0)


def failing(*findings: Finding) -> Run:
    return run(classifier(failing=True).build(), *findings)


def training(*findings: Finding, accuracy: float = 30 / 32, **facts: tuple[NotChecked, ...]) -> Run:
    made = classifier(failing=False)
    made._vectors = [one for one in made._vectors if one["name"] != "correct"]
    for step in range(10):
        made.vector("output:out", "correct", step, [32 * accuracy, 32.0])
    return run(made.build(), *findings, **facts)


def crashed() -> Run:
    recording = classifier([GUESSING] * 3).build()
    recording.run = replace(recording.run, status="crashed", crash={"type": "ValueError", "message": "no\nmore"})
    return run(recording)


def test_repair_that_makes_a_failing_run_train_confirms() -> None:
    found = verdict(finding(), failing(finding()), training())
    assert (found.verdict, found.measure, found.close) == ("confirmed", "accuracy", False)
    assert found.gained == pytest.approx((30 / 32 - 0.25) / 0.75)
    assert found.reason.startswith("training works with the repair: ")


def test_repair_after_which_training_fails_without_the_fault_refutes() -> None:
    found = verdict(finding(), failing(finding()), failing())
    assert (found.verdict, found.gained) == ("refuted", 0)
    assert found.reason.startswith("training fails without this fault, too")


def test_repair_that_leaves_the_fault_decides_nothing() -> None:
    found = verdict(finding(), failing(finding()), failing(finding()))
    assert found.verdict == "inconclusive"
    assert found.reason.startswith("the repair does not go far enough")


def test_another_fault_that_remains_decides_nothing_and_is_named() -> None:
    other = finding("init-constant", primary=True)
    found = verdict(finding(), failing(finding()), failing(other))
    assert (found.verdict, found.masked) == ("inconclusive", other)


def test_small_gain_is_close() -> None:
    control = failing(finding())
    found = verdict(finding(), control, training(accuracy=0.25 + 0.75 * 0.2))
    assert (found.verdict, found.close) == ("confirmed", True)


def test_fault_of_a_run_that_trains_must_be_gone_and_nothing_worse() -> None:
    fault = finding("unshuffled", severity=Severity.WARNING)
    assert verdict(fault, training(fault), training()).verdict == "confirmed"
    assert verdict(fault, training(fault), training(fault)).verdict == "inconclusive"
    assert verdict(fault, training(fault), failing()).verdict == "refuted"
    worse = verdict(fault, training(fault), training(accuracy=0.7))
    assert worse.verdict == "inconclusive"
    assert worse.reason.startswith("the fault is gone, and the script does worse")


def test_repair_of_a_fault_that_flatters_may_cost_accuracy() -> None:
    leak = finding("leakage", severity=Severity.WARNING)
    assert verdict(leak, training(leak), training(accuracy=0.7)).verdict == "confirmed"


def test_rule_that_could_not_look_confirms_nothing() -> None:
    fault = finding("unshuffled")
    blind = training(unchecked=(NotChecked("unshuffled", "the labels were not recorded"),))
    found = verdict(fault, training(fault), blind)
    assert (found.verdict, found.reason) == (
        "inconclusive", "with the repair the rule cannot look for it: the labels were not recorded",
    )  # fmt: skip


def test_crash() -> None:
    fault = finding("script-crash")
    assert verdict(fault, crashed(), training()).verdict == "confirmed"
    assert verdict(fault, crashed(), crashed()).verdict == "refuted"
    broken = verdict(finding(), failing(finding()), crashed())
    assert (broken.verdict, broken.reason) == (
        "inconclusive", "the repaired script does not run: it crashes: ValueError: no",
    )  # fmt: skip


def test_loss_that_was_nan_and_is_not_confirms_without_a_common_measure() -> None:
    blown = run(classifier([2.0, 9.0, *[float("nan")] * 60]).build(), finding())
    found = verdict(finding(), blown, training())
    assert (found.verdict, found.close) == ("confirmed", False)


def test_control_far_below_guessing_makes_a_small_gain_no_large_one() -> None:
    control = failing(finding())
    control.score.values["accuracy"] = -1e30
    found = verdict(finding(), control, training(accuracy=0.25 + 0.75 * 0.3))
    assert (found.verdict, found.gained) == ("confirmed", pytest.approx(0.3, abs=0.01))
    assert told("accuracy", -1e30) == "far below guessing"
    assert told("accuracy", 0.5) == "50 %"


def test_crash_after_the_training_is_no_matter_of_another_fault() -> None:
    fault = finding("unshuffled", severity=Severity.WARNING)
    runs = []
    for shown in ((fault,), ()):
        one = training(*shown)
        one.recording.run = replace(one.recording.run, status="crashed", crash={"type": "NameError", "message": "x"})
        runs.append(one)
    assert verdict(fault, *runs).verdict == "confirmed"


def playing(late: float, *findings: Finding, alone: bool = False) -> Run:
    """A model whose loss nothing is known of, beside another that is trained in turn with it."""
    made = classifier(np.linspace(0.7, late, 300))
    made.sites["loss:cross_entropy"].attributes["function"] = "other"
    made._vectors = []
    if not alone:
        made.subject("the other player", line=2).losses([0.7] * 300)
    return run(made.build(), *findings)


def test_the_loss_of_one_player_may_rise() -> None:
    """As the other gets better; not that of a model which is trained alone."""
    fault = finding("frozen-model", "update-missing")
    assert verdict(fault, playing(0.01, fault), playing(0.4)).verdict == "confirmed"
    alone = verdict(fault, playing(0.01, fault, alone=True), playing(0.4, alone=True))
    assert alone.verdict == "inconclusive" and "does worse" in alone.reason
