"""Rule gradient-disconnected."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from doctor.findings import Confidence, Severity
from doctor.types import Location
from tests.builders import Run, change, classifier, replace_series


def test_left_out_of_the_forward_pass(findings: Any, primary: Any) -> None:
    run = change(classifier(failing=False), "variable:w2", connected=False, order=None, reaches_loss=False)
    (found,) = findings("gradient-disconnected", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.CERTAIN)
    assert found.site == "variable:w2" and found.location == run.sites["variable:w2"].location
    assert "never uses it" in found.message and found.fixes
    assert found.evidence[0].observed == 1
    assert primary(run).rule == "gradient-disconnected"


def test_cut_on_the_way(findings: Any) -> None:
    run = change(classifier(), "variable:w1", connected=False, reaches_loss=False)
    assert "NumPy" in findings("gradient-disconnected", run)[0].message


def test_missing_in_the_list(findings: Any) -> None:
    """An error where the run fails, hardly worth a word where it trains."""
    for failing, severity in ((True, Severity.ERROR), (False, Severity.INFO)):
        run = change(classifier(failing=failing), "variable:w1", in_sources=False, connected=None)
        assert findings("gradient-disconnected", run)[0].severity is severity


def test_frozen_variables_are_healthy(findings: Any, ruled_out: Any) -> None:
    run = change(classifier(), "variable:w1", trainable=False, connected=False)
    assert not findings("gradient-disconnected", run) and ruled_out("gradient-disconnected", run)


def test_not_checked_without_variables(unchecked: Any) -> None:
    assert unchecked("gradient-disconnected", Run().subject().losses([1.0]))


def test_the_line_of_the_cut(findings: Any) -> None:
    run = change(classifier(), "variable:w1", connected=False, reaches_loss=False)
    run.source = "def features(x):\n    return encoder(x).numpy()\n\nprint(loss.numpy())\n"
    assert findings("gradient-disconnected", run)[0].location.line == 2


def flat(zero: tuple[int, ...] = (1, 2), steps: int = 10, dead: float = 0.0, **options: Any) -> Run:
    """Three kernels, of which some never get a gradient other than zero."""
    run = classifier(sizes=(20, 32, 32), source="w\nb\nh = tf.sign(z)\n", **options)
    for n in (1, 2, 3):
        replace_series(run, "gradient", f"variable:w{n}", range(steps), norm=0.0 if n in zero else 0.1, size=100)
        run.series("activation", f"activation:h{n}", range(steps), dead_unit_share=dead)
    return run


def test_a_function_that_is_flat_everywhere(findings: Any) -> None:
    (found,) = findings("gradient-disconnected", flat())
    assert (found.severity, found.confidence, found.site) == (Severity.ERROR, Confidence.HIGH, "variable:w2")
    assert found.location.line == 3 and "`w1`, `w2`" in found.message
    (found,) = findings("gradient-disconnected", flat(failing=False))
    assert found.severity is Severity.WARNING, "the last layer alone may do"


def test_zeros_that_are_no_cut(findings: Any) -> None:
    assert not findings("gradient-disconnected", flat(steps=4)), "too few steps"
    assert findings("gradient-disconnected", flat(dead=0.49))
    assert not findings("gradient-disconnected", flat(dead=0.5)), "dead units are a fault of their own"
    assert not findings("gradient-disconnected", flat(zero=(2,))), "what comes before gets a gradient: a branch"
    assert not findings("gradient-disconnected", flat(zero=(1, 2, 3))), "a loss that is constant"


def test_variables_left_out_of_a_poor_run(findings: Any) -> None:
    """A warning where much is missing and nothing else trains them; good fine-tuning leaves layers out on purpose."""
    def left_out(end: float, assigned: bool = False) -> Severity:
        run = classifier([1.386 - (1.386 - end) * step / 299 for step in range(300)])
        run._vectors = [one for one in run._vectors if one["name"] != "correct"]
        change(run, "variable:w1", in_sources=False, connected=None, assigned=assigned)
        return findings("gradient-disconnected", run)[0].severity

    assert left_out(1.0) is Severity.WARNING
    assert left_out(0.3) is Severity.INFO
    assert left_out(1.0, assigned=True) is Severity.INFO, "another optimiser's"


def test_numpy_in_a_function_that_the_tape_calls(findings: Any) -> None:
    run = change(classifier(), "variable:w1", connected=False, reaches_loss=False)
    run.source = (
        "def forward(x):\n    code = np.clip(x @ w, -4.0, 4.0)\n    return code @ v\n\n"
        "def show(x):\n    return x.numpy()\n\n"
        "with tf.GradientTape() as tape:\n    loss = error(forward(x))\n"
    )
    assert findings("gradient-disconnected", run)[0].location.line == 2
    run.source = run.source.replace("np.clip", "tf.clip_by_value")
    assert findings("gradient-disconnected", run)[0].location.line != 6, "what the tape does not call"


def test_one_of_two_towers_left_out(findings: Any) -> None:
    """Half of the variables: a choice where the run is good, worth a word where it is poor."""
    for end, expected in ((1.0, 1), (0.3, 0)):
        run = classifier([1.386 - (1.386 - end) * step / 299 for step in range(300)])
        run._vectors = [one for one in run._vectors if one["name"] != "correct"]
        for name in ("w1", "b1"):
            change(run, f"variable:{name}", in_sources=False, connected=None, assigned=False)
        assert len(findings("gradient-disconnected", run)) == expected


def test_the_line_of_a_train_step(findings: Any) -> None:
    source = "class Net(Model):\n    def train_step(self, data):\n        grads = tape.gradient(loss, self.head)\n"
    for style, line in (("fit", 3), ("tape", 1)):
        run = change(classifier(source=source, style=style), "variable:w1", in_sources=False, connected=None)
        assert findings("gradient-disconnected", run)[0].location.line == line


def test_a_network_that_follows_the_trained_one(findings: Any) -> None:
    """Made on the same line, and brought after it by a moving average: no gradient is wanted."""
    average = "for k, q in zip(key.variables, query.variables):\n    k.assign(0.9 * k + 0.1 * q)\n"
    for source, expected in ((average, 0), ("target.set_weights(net.get_weights())\n", 0), ("pass\n", 1)):
        run = classifier(source=source)
        for number, name in enumerate(("w1", "b1")):
            site = run.sites[f"variable:{name}"]
            copy = {**site.attributes, "in_sources": False, "connected": None, "assigned": False, "reaches_loss": True}
            run.site("variable", f"copy of {name}", line=site.location.line if site.location else number, **copy)
        assert len(findings("gradient-disconnected", run)) == expected


def twice(generator: bool = False, optimizers: int = 2, source: str = "") -> Run:
    """Two losses, both differentiated by the weights of the critic; that of the generator is in one list, or none."""
    run = Run(source=source)
    known = {"role": "kernel", "shape": [8, 8], "order": 0, "connected": True, "reaches_loss": True}
    for number in range(2):
        again = "@2" if number else ""
        run.subject(f"loop {number}").losses(np.linspace(1.3, 0.9, 300))
        run.site("variable", f"critic{again}", in_sources=True, **known)
        run.site("variable", f"generator{again}", in_sources=generator and bool(number), **known)
        if number < optimizers:
            run.site("optimizer", f"adam{again}")
    return run


def test_two_losses_train_the_same_variables_and_none_the_others(findings: Any) -> None:
    found = findings("gradient-disconnected", twice())
    assert found[0].severity is Severity.ERROR and "`generator" in found[0].title
    for healthy in (twice(generator=True), twice(optimizers=1), twice(source="net.load_weights(path)\n")):
        assert not [one for one in findings("gradient-disconnected", healthy) if one.severity is Severity.ERROR]


def test_a_variable_that_keras_does_not_track(findings: Any) -> None:
    """Nobody hands `fit` a list of variables: the line is that of the variable."""
    run = change(classifier(), "variable:w1", in_sources=False, connected=None)
    run = change(run, run.current, style="fit")
    (found,) = findings("gradient-disconnected", run)
    assert found.title == "Keras does not know that `w1` belongs to its layer"
    assert found.location == run.sites["variable:w1"].location and "add_weight" in found.fixes[0].code
    table = classifier(source="class Table:\n    def __init__(self):\n" + 9 * "        self.table = Embedding(9, 4)\n")
    table = change(change(table, "variable:w1", in_sources=False, connected=None), table.current, style="fit")
    for bases, line, code in (("", 1, "keras.layers.Layer"), ("(Layer)", 3, "self.add_weight(shape=shape")):
        table.source = table.source.replace("class Table:", f"class Table{bases}:")
        table = change(table, "variable:w1", in_sources=False)
        table.sites["variable:w1"] = replace(table.sites["variable:w1"], location=Location("train.py", 3, ""))
        (found,) = findings("gradient-disconnected", table)
        assert found.location.line == line and found.fixes[0].code.startswith(code)


def test_a_list_of_weights_that_was_taken_too_early(findings: Any) -> None:
    """The model had none yet, so that none of them is trained: certain, however well the rest learns."""
    def run(*variables: str) -> Run:
        found = change(classifier(failing=False), "variable:w1", in_sources=False)
        return found.site("early_list", "encoder", line=12, variables=list(variables))

    (found,) = findings("gradient-disconnected", run("variable:w1", "variable:gone"))
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.CERTAIN, 12)
    assert found.title == "The list of the weights of `encoder` was empty when it was taken"
    for other in (run("variable:gone"), run("variable:w1", "variable:w2")):
        assert findings("gradient-disconnected", other)[0].severity is Severity.INFO, "left out, as ever"
