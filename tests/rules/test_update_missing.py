"""Rule update-missing."""

from __future__ import annotations

from typing import Any

from doctor.engine import diagnose
from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series


def still(**subject: Any) -> Run:
    run = classifier(**subject)
    for key in [key for key, site in run.sites.items() if site.kind == "variable"]:
        replace_series(run, "update", key, range(10), norm=0, size=10)
    return run


def test_never_applied(findings: Any, primary: Any) -> None:
    run = still(gradient_steps=300, applied_steps=0)
    (found,) = findings("update-missing", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert found.evidence[0].limit == 300 and "assign_sub" in found.fixes[0].code
    assert found.location == run.sites["subject:loop"].location
    assert primary(run).rule == "update-missing"


def test_assigned_to_copies(findings: Any) -> None:
    """Something was applied, yet no weight ever moved."""
    assert (
        "same after the update" in findings("update-missing", still(gradient_steps=300, applied_steps=300))[0].message
    )


def test_one_variable_forgotten(findings: Any) -> None:
    for failing, severity in ((True, Severity.ERROR), (False, Severity.WARNING)):
        run = change(classifier(failing=failing), "variable:w1", assigned=False)
        assert findings("update-missing", run)[0].severity is severity


def test_optimiser_made_anew(findings: Any) -> None:
    for instances, name, expected in ((300, "Adam", 1), (2, "Adam", 0), (300, "SGD", 0)):
        run = classifier().site("optimizer", "o", **{"class": name, "instances": instances})
        assert len(findings("update-missing", run)) == expected


def test_healthy_is_ruled_out(findings: Any, ruled_out: Any) -> None:
    assert not findings("update-missing", classifier()) and ruled_out("update-missing", classifier())


def test_a_new_model_in_every_step() -> None:
    """One finding, not one for each of the models."""
    run = Run()
    for number in range(6):
        run.subject(f"model {number}").losses([1.0])
    for key, site in list(run.sites.items()):
        run.sites[key] = type(site)(key, site.kind, site.name, location=run.sites["subject:model 0"].location)
    found = [one for one in diagnose(run.build()).findings if one.rule == "update-missing"]
    assert len(found) == 1 and found[0].evidence[0].observed == 6


RARELY = """for step in range(400):
    loss, grads = compute(x)
    if step % 100 == 0:
        optimizer.apply_gradients(zip(grads, weights))
"""


def test_gradients_that_are_thrown_away(findings: Any) -> None:
    run = classifier(source=RARELY, gradient_calls=400, gradient_steps=4, applied_steps=4)
    (found,) = findings("update-missing", run)
    assert (found.severity, found.location.line) == (Severity.ERROR, 4)
    assert found.title == "Of 400 gradients 4 are applied"
    few = classifier(source=RARELY, gradient_calls=12, gradient_steps=4, applied_steps=4)
    assert not findings("update-missing", few)


def test_gradients_that_are_added_up(findings: Any) -> None:
    facts = {"gradient_calls": 400, "gradient_steps": 100, "applied_steps": 100}
    for added in ("total = [a + b for a, b in zip(total, grads)]", "total += grads", "kept.append(grads)"):
        lines = RARELY.replace("    if step", f"    {added}\n    if step").replace("zip(grads", "zip(total")
        assert not findings("update-missing", classifier(source=lines, **facts))


def accumulated(steps: int = 20, moved: float = 0.0) -> Run:
    """Weights seen at some steps, and no update of them."""
    run = classifier(source="grads = clear()\noptimizer.apply_gradients(zip(grads, variables))\n",
                     gradient_steps=300, applied_steps=20)  # fmt: skip
    run._rows = [row for row in run._rows if row[1] not in ("update", "weight")]
    for key in [key for key, site in run.sites.items() if site.kind == "variable"]:
        run.series("weight", key, range(steps), norm=[5.0 + moved * one for one in range(steps)], size=100)
    return run


def test_weights_that_never_change(findings: Any) -> None:
    """Sums of gradients that are cleared before they are applied: the updates themselves were not seen."""
    (found,) = findings("update-missing", accumulated())
    assert (found.severity, found.location.line) == (Severity.ERROR, 2)
    assert found.message.startswith("At 20 observed steps the weights are the same as at the first.")
    assert not findings("update-missing", accumulated(steps=19))
    assert not findings("update-missing", accumulated(moved=0.01))


def test_a_condition_that_never_comes_true(findings: Any) -> None:
    """Gradients are added up, and a round of the loop that applies them never comes: the condition is to blame."""
    source = """\
def flush(optimizer, sums):
    optimizer.apply_gradients(sums)

for step, batch in enumerate(data):
    add(sums, tape.gradient(loss, weights))
    if step % EVERY == EVERY - 1:
        flush(optimizer, sums)
"""
    run = still(gradient_steps=300, applied_steps=0, source=source)
    (found,) = findings("update-missing", run)
    assert found.location.line == 6 and "never came true: `if step % EVERY == EVERY - 1:`" in found.message
    direct = source.replace("        flush(optimizer, sums)", "        optimizer.apply_gradients(sums)")
    assert findings("update-missing", still(gradient_steps=9, applied_steps=0, source=direct))[0].location.line == 6


COUNTED = """\
class Trainer:
    @tf.function
    def step(self, x, y):
        self.micro += 1
        if self.micro % 4 == 0:
            self.optimizer.apply_gradients(zip(self.buffers, self.net.trainable_variables))
"""


def test_a_counter_of_python_in_a_compiled_step() -> None:
    from doctor.reading.loops import counted_in_python
    from tests.reading.test_loops import recorded

    place = counted_in_python(recorded(COUNTED))
    assert place is not None and place.line == 4
    assert counted_in_python(recorded(COUNTED.replace("    @tf.function\n", ""))) is None, "eager code counts"
    assert counted_in_python(recorded(COUNTED.replace("self.micro += 1", "self.micro.assign_add(1)"))) is None


def test_the_line_that_makes_the_models(findings: Any) -> None:
    """That of the constructor, where one line alone calls it; else that of the gradient."""
    source = (
        "class Tower:\n    def __init__(self):\n        self.w = tf.Variable(tf.ones([20, 32]))\n"
        "def tower():\n    return Tower()\n"
    )
    for text, line in ((source, 5), (source + "spare = Tower()\n", 40)):
        run = Run(text)
        for number in range(6):
            run.subject(f"loop {number}", line=40).losses([1.0])
            run.site("variable", f"w{number}", line=3, trainable=True, role="kernel", shape=[20, 32])
        (found,) = findings("update-missing", run)
        assert found.title == "The model is made anew for every step" and found.location.line == line
        assert found.message.startswith("6 models were trained on line 40, each for a step or two")
