"""The engine: ranking, causes, verdicts, and rules that fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Iterator

import numpy as np
import pytest

from doctor.engine import diagnose
from doctor.findings import Confidence, Diagnosis, Finding, Severity
from doctor.recording import Recording
from doctor.rules import RULES
from doctor.rules.base import Result, Rule
from doctor.rules.causes import EXPLAINS, EXPLAINS_LATER, explains, rank
from doctor.rules.view import SubjectView
from doctor.types import Location, RunFacts
from tests.builders import Run, change, classifier
from tests.numpy_training import blobs, glorot, he, train_mlp, uniform

NAN = float("nan")


def finding(fault: str, onset: int = 0, severity: Severity = Severity.ERROR, **more: Any) -> Finding:
    options = {"confidence": Confidence.HIGH, "title": fault, "message": "", "onset_step": onset, **more}
    return Finding(rule=options.pop("rule", fault), fault=fault, severity=severity, **options)


def named(diagnosis: Diagnosis) -> dict[str, str | None]:
    return {one.rule: one.caused_by for one in diagnosis.findings}


CASES = {
    "init-too-large": {"hidden": [32] * 8, "init": uniform(-0.9, 0.9), "steps": 60},
    "vanishing-gradient": {"hidden": [32] * 7, "function": "sigmoid", "init": uniform(-0.1, 0.1)},
    "dead-relu": {"init": uniform(-0.1, 0.0)},
    "input-noise": {"init": glorot, "noise": 4.0, "test": blobs()},
    "loss-logits": {"init": glorot, "head": "softmax"},
    "lr-too-high": {"init": he, "rate": 10.0},
    "lr-too-low": {"init": he, "rate": 1e-6, "steps": 300},
    "init-too-small": {"hidden": [32] * 4, "init": lambda rng, a, b: rng.normal(0, 1e-3, (a, b))},
    "init-constant": {"init": lambda rng, a, b: np.zeros((a, b))},
}


@pytest.mark.parametrize("fault", CASES)
def test_root_cause_first(fault: str) -> None:
    """Trained in NumPy: the cause is primary, and all else hangs under it."""
    diagnosis = diagnose(train_mlp(*blobs(), **CASES[fault]).build())
    assert diagnosis.primary is not None and diagnosis.primary.fault == fault
    assert diagnosis.findings[0] is diagnosis.primary and diagnosis.primary.caused_by is None
    assert sum(one.primary for one in diagnosis.findings) == 1
    assert all(one.caused_by == fault for one in diagnosis.findings[1:])
    assert diagnosis.verdict == "faulty" and diagnosis.exceeds("error")
    assert diagnosis.ruled_out and fault not in {one.fault for one in diagnosis.ruled_out}


@pytest.mark.parametrize("hidden", [[16], [64, 64], [32] * 6])
@pytest.mark.parametrize("function,init", [("relu", he), ("relu", glorot), ("tanh", glorot)])
def test_healthy_runs_are_silent(hidden: list[int], function: str, init: Any) -> None:
    x, y = blobs()
    diagnosis = diagnose(train_mlp(x, y, hidden=hidden, function=function, init=init, steps=400, test=(x, y)).build())
    assert diagnosis.verdict == "healthy" and not diagnosis.findings and not diagnosis.ruled_out


def test_rescaled_inputs_before_rates_and_gradients() -> None:
    x, y = blobs()
    diagnosis = diagnose(train_mlp(255 * x, y).build())
    assert diagnosis.primary is not None and diagnosis.primary.rule == "input-scale"
    assert {"lr-too-high", "exploding-gradient"} <= set(named(diagnosis))


def test_explosion_after_a_good_start_is_the_rates() -> None:
    diagnosis = diagnose(train_mlp(*blobs(), hidden=[32] * 8, rate=10.0, steps=60).build())
    assert diagnosis.primary is not None and diagnosis.primary.rule == "lr-too-high"
    assert "init-too-large" in {one.fault for one in diagnosis.ruled_out}


def test_dead_from_the_start_is_not_the_rates() -> None:
    """Dead units at step 0 were there before any update; later ones may be its doing."""
    rate = finding("lr-too-high", 0)
    assert not explains(rate, finding("dead-relu", 0))
    assert explains(rate, finding("dead-relu", 1))


def test_earliest_then_most_upstream() -> None:
    ranked = rank([finding("output-activation"), finding("input-scale", 5), finding("label-mismatch")])
    assert [one.rule for one in ranked if one.primary] == ["label-mismatch"]


def test_error_before_warning() -> None:
    ranked = rank([finding("input-noise", severity=Severity.WARNING), finding("loss-shape", 3)])
    assert ranked[0].rule == "loss-shape" and ranked[0].primary


def test_warnings_cannot_explain_errors() -> None:
    ranked = rank([finding("input-scale", severity=Severity.WARNING), finding("lr-too-high")])
    assert [one.rule for one in ranked if one.primary] == ["lr-too-high"]


def test_doubtful_findings_come_last() -> None:
    """from_logits=True that Keras repaired is not the cause while something else is."""
    ranked = rank([finding("loss-logits", confidence=Confidence.LOW), finding("lr-too-high")])
    assert ranked[0].rule == "lr-too-high"


def test_what_is_certain_by_construction_comes_first() -> None:
    """A softmax over one unit is always 1, whatever the scale of the inputs."""
    certain = finding("output-activation", onset=0, confidence=Confidence.CERTAIN)
    measured = finding("input-scale", confidence=Confidence.HIGH)
    assert [one.fault for one in rank([measured, certain])][0] == "output-activation"
    sure = finding("dead-relu", confidence=Confidence.CERTAIN)
    assert rank([measured, sure])[0].fault == "input-scale", "measured as well, and explained"
    labels = finding("label-mismatch", confidence=Confidence.CERTAIN)
    assert not explains(finding("input-noise", confidence=Confidence.HIGH), labels)
    assert explains(finding("input-noise", confidence=Confidence.HIGH), finding("label-mismatch"))


def test_causes_of_causes() -> None:
    """What a symptom explains hangs under the root as well."""
    ranked = rank([finding("init-constant"), finding("dead-relu"), finding("vanishing-gradient")])
    assert [one.caused_by for one in ranked] == [None, "init-constant", "init-constant"]


def test_a_second_fault_stays_its_own() -> None:
    ranked = rank([finding("input-nan"), finding("gradient-disconnected")])
    assert [one.caused_by for one in ranked] == [None, None]
    assert sum(one.primary for one in ranked) == 1


def test_advice_alone_is_not_primary() -> None:
    assert not rank([finding("batch-size", severity=Severity.INFO)])[0].primary


def test_no_fault_explains_its_own_cause() -> None:
    """Same-step edges have no cycles, so a root always exists."""

    def reach(fault: str, seen: frozenset[str]) -> None:
        assert fault not in seen, f"cycle through {fault}"
        for effect in EXPLAINS.get(fault, ()):
            reach(effect, seen | {fault})

    for fault in EXPLAINS:
        reach(fault, frozenset())
    assert set(EXPLAINS_LATER)


def test_two_subjects_have_a_primary_each() -> None:
    run = Run()
    for name in ("first", "second"):
        run.subject(name).site("loss", name, broadcast={"labels": [9], "output": [9, 1], "result": [9, 9]}).losses(
            [1.0] * 40
        )
    diagnosis = diagnose(run.build())
    assert [one.subject for one in diagnosis.findings if one.primary] == ["subject:first", "subject:second"]


def test_verdict_unclear_for_few_steps() -> None:
    diagnosis = diagnose(classifier([1.4] * 5).build())
    assert diagnosis.verdict == "unclear" and "5 steps" in diagnosis.reason and not diagnosis.exceeds("error")


def test_verdict_without_training() -> None:
    diagnosis = diagnose(Run().build())
    assert diagnosis.verdict == "unclear" and "no gradient" in diagnosis.reason


def test_crash_before_any_training() -> None:
    diagnosis = diagnose(Run(crash={"type": "ValueError", "message": "bad", "location": ["train.py", 3, "x"]}).build())
    assert diagnosis.verdict == "faulty" and diagnosis.primary is not None and diagnosis.primary.rule == "script-crash"


def test_crash_that_a_fault_explains() -> None:
    run = change(classifier(), "variable:w2", connected=False)
    run.facts.update(status="crashed", crash={"type": "ValueError", "message": "None values not supported"})
    diagnosis = diagnose(run.build())
    assert named(diagnosis)["script-crash"] == "gradient-disconnected"


def test_nan_loss_is_failing_and_later_dead_units_are_not_blamed() -> None:
    run = classifier([1.4] * 5 + [NAN] * 20)
    run.series("activation", "activation:h1", range(10), dead_unit_share=[0.0] * 5 + [1.0] * 5, size=2048)
    assert named(diagnose(run.build())) == {"loss-numerics": None}


@dataclass(frozen=True)
class Broken(Rule):
    """A rule with a defect."""

    fault: ClassVar[str] = "unknown"

    def check(self, view: SubjectView) -> Iterator[Result]:
        raise KeyError("oops")


def test_a_rule_that_fails_is_not_checked() -> None:
    diagnosis = diagnose(classifier(failing=False).build(), (Broken(),))
    assert diagnosis.not_checked[0].rule == "broken" and "KeyError" in diagnosis.not_checked[0].reason
    assert diagnosis.verdict == "healthy"


def test_unwanted_keys_make_no_difference() -> None:
    """A killed run has sites without observations and counts that were never written."""
    run = classifier(failing=False, gradient_steps=None, applied_steps=None)
    run.facts.update(status="running", exit_code=None)
    assert diagnose(run.build()).verdict == "healthy"


def test_without_training_no_rule_is_clean() -> None:
    """Not checked is never healthy: a script that crashed before its first step was not judged."""
    recording = Recording(run=RunFacts("x.py"), sites={}, losses=np.empty(0), observations=np.empty(0))
    diagnosis = diagnose(recording)
    assert diagnosis.verdict == "unclear"
    assert {entry.rule for entry in diagnosis.not_checked} == {rule.id for rule in RULES if rule.scope != "run"}
    assert {entry.reason for entry in diagnosis.not_checked} == {"no training step was seen"}


def test_rules_of_a_head_see_every_output() -> None:
    """The second of two outputs is squashed where its labels are not; the first is sound."""
    run = classifier(failing=False)
    run.site("label", "price", head=1, shape=[32], encoding="continuous")
    run.series("label", "label:price", range(10), mean=50, std=20, min=5, max=95, size=32)
    run.site("output", "price", line=7, head=1, shape=[32, 1], units=1, produced_by="sigmoid")
    run.series("output", "output:price", range(10), mean=0.99, std=0.01, min=0.9, max=1, size=32)
    run.site("loss", "mse", head=1, function="squared_error", takes="values")
    found = diagnose(run.build())
    assert [(one.fault, one.site) for one in found.findings] == [("output-activation", "output:price")]


def test_a_run_that_trains_with_a_warning_is_not_called_healthy() -> None:
    run = classifier(failing=False)
    for epoch, loss in enumerate((0.9, 0.6, 0.4, 0.5, 0.55, 0.6, 0.6, 0.6)):
        run.scalar("epoch/loss", 30 * epoch, 0.8 - 0.1 * epoch).scalar("epoch/val_loss", 30 * epoch, loss)
    diagnosis = diagnose(run.build())
    assert [(one.fault, one.severity) for one in diagnosis.findings] == [("overfitting", Severity.WARNING)]
    assert diagnosis.verdict == "unclear" and "in a run that otherwise trains: the loss ends" in diagnosis.reason


def sweep(rates: tuple[float, float], line: int = 7, *, explodes: bool = True) -> Diagnosis:
    """Two trainings on one line: the first explodes, or overfits, the second is sound."""
    run = train_mlp(*blobs(), init=he, rate=10.0 if explodes else 0.1)
    for epoch, loss in enumerate(() if explodes else (0.9, 0.6, 0.4, 0.5, 0.55, 0.6, 0.6, 0.6)):
        run.scalar("epoch/loss", 30 * epoch, 0.8 - 0.1 * epoch).scalar("epoch/val_loss", 30 * epoch, loss)
    other = train_mlp(*blobs(), init=he)
    run.site("optimizer", "first", learning_rate=rates[0])
    run.subject("second").site("optimizer", "second", learning_rate=rates[1])
    run._losses += [(1, step, loss, 100 + seconds) for _, step, loss, seconds in other._losses]  # one after the other
    for key, site in list(run.sites.items()):
        if site.kind == "subject":
            place = Location("train.py", line if site.name == "second" else 7, "model.fit(x, y)")
            run.sites[key] = type(site)(key, site.kind, site.name, site.subject, site.phase, place, site.attributes)
    return diagnose(run.build())


def test_a_search_tries_rates_that_fail() -> None:
    """Beside one on the same line that trains: advice where rates differ, a warning where they do not."""
    found = {one.severity for one in sweep((10.0, 0.1)).findings if one.subject != "subject:second"}
    assert found == {Severity.INFO}
    assert sweep((10.0, 10.0)).primary.severity is Severity.WARNING
    assert sweep((10.0, 0.1), line=9).primary.severity is Severity.ERROR, "another training"


def test_a_search_may_train_worse_than_its_best() -> None:
    """Where rates differ; equal trainings are each worth a warning."""
    for rates, severity in (((0.1, 0.2), Severity.INFO), ((0.1, 0.1), Severity.WARNING)):
        found = [one for one in sweep(rates, explodes=False).findings if one.subject != "subject:second"]
        assert [(one.fault, one.severity) for one in found] == [("overfitting", severity)]


def test_a_normalisation_that_never_learned() -> None:
    """Certain, it explains inputs that are not scaled; an evaluation in the wrong mode does not."""
    raw = finding("input-scale")
    assert explains(finding("train-mode", confidence=Confidence.CERTAIN), raw)
    assert not explains(finding("train-mode"), raw)


def test_a_gradient_that_is_checked_is_no_training() -> None:
    """A step or two beside a training are not judged; alone they are all there is."""
    def run(tried: int, trained: int) -> Run:
        checked = classifier(failing=False)
        checked._losses = checked._losses[:tried]
        return checked.subject("training").losses(np.linspace(2.0, 0.1, trained))

    def subjects(one: Run) -> set[str]:
        return {entry.subject for entry in diagnose(one.build()).not_checked}

    assert subjects(run(2, 20)) == {"subject:training"}
    assert "subject:loop" in subjects(run(3, 20)) and "subject:loop" in subjects(run(2, 19))


def test_of_very_many_trainings_on_one_line_some_are_judged() -> None:
    """A model that is made anew at every step, say: the first and the last are among them, and it is said."""
    run = Run()
    for number in range(100):
        run.subject(f"loop {number}", line=7).losses([1.0] * 5)
    diagnosis = diagnose(run.build())
    judged = {one.subject for one in diagnosis.not_checked if one.rule == "label-mismatch"}
    assert len(judged) == 40 and {"subject:loop 0", "subject:loop 99"} <= judged
    reasons = [one.reason for one in diagnosis.not_checked if one.rule == "most trainings"]
    assert reasons == ["of 100 trainings on line 7 of train.py 40 are judged"]
