"""Rule two-passes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from tests.builders import SCRIPT, Run, classifier

SOURCE = """\
valid = from_tensor_slices((x, y)).shuffle(500)
guess = model.predict(valid)
truth = np.concatenate([label for _, label in valid])
print(accuracy_score(truth, guess))
"""


def predicted(*stages: dict[str, Any], passes: tuple[int, ...] = (2, 3), source: str = SOURCE) -> Run:
    """A run that trains, and passes over a pipeline of these stages."""
    run = classifier(np.geomspace(2.0, 0.05, 300), failing=False, source=source)
    chain = [{"location": [SCRIPT, 1, ""], "arguments": {}, **stage} for stage in stages]
    return run.site("dataset", "data", chain=chain, passes=[[SCRIPT, line, ""] for line in passes])


SHUFFLE = {"stage": "shuffle", "arguments": {"buffer_size": 500}}
FIXED = {"stage": "shuffle", "arguments": {"buffer_size": 500, "reshuffle_each_iteration": False}}


def test_two_orders(findings: Any) -> None:
    (found,) = findings("two-passes", predicted(SHUFFLE, {"stage": "batch"}))
    assert (found.fault, found.severity, found.confidence) == ("metric-wrong", Severity.WARNING, Confidence.CERTAIN)
    assert found.location.line == 3 and found.fixes[0].location.line == 1
    assert found.message.startswith("Line 2 predicts in one pass over the dataset, line 3 gathers the labels")


@pytest.mark.parametrize("stages", [(), ({"stage": "batch"},), (FIXED,), (SHUFFLE, {"stage": "cache"}),
                                    ({"stage": "shuffle", "arguments": {"buffer_size": 1}},)])
def test_one_order(stages: tuple[dict[str, Any], ...], findings: Any) -> None:
    assert not findings("two-passes", predicted(*stages))


def test_passes_elsewhere(findings: Any) -> None:
    """It is another dataset that shuffles, which the source cannot tell."""
    assert not findings("two-passes", predicted(SHUFFLE, passes=(7,)))


def test_iterators_of_keras(findings: Any) -> None:
    source = "held = datagen.flow_from_directory('held')\np = net.predict(held)\nprint(held.classes == p.argmax(1))\n"
    (found,) = findings("two-passes", classifier(failing=False, source=source))
    assert (found.location.line, found.fixes[0].code) == (1, "shuffle=False")
    assert not findings("two-passes", classifier(source=source.replace("'held'", "'held', shuffle=False")))


GIVEN = """\
held = make(x_test, y_test)
chances = model.predict(held)
guesses = np.argmax(chances, axis=1)
print({compared})
"""


def test_labels_that_the_dataset_was_made_of(findings: Any) -> None:
    source = GIVEN.format(compared="accuracy_score(y_test, guesses)")
    run = predicted({**SHUFFLE, "location": [SCRIPT, 9, "ds = ds.shuffle(500)"]}, passes=(2,), source=source)
    (found,) = findings("two-passes", run)
    assert (found.severity, found.confidence) == (Severity.WARNING, Confidence.HIGH) and found.location.line == 9
    assert found.message.startswith("Line 9 shuffles the data, line 2 predicts over it, and line 4 holds")
    assert not findings("two-passes", predicted({"stage": "batch"}, passes=(2,), source=source))
    assert findings("two-passes", predicted(FIXED, passes=(2,), source=source)), "an order of its own that stays"


def test_what_is_no_data(findings: Any) -> None:
    source = "ds = from_tensor_slices((x, x)).shuffle(9, seed=args.seed).batch(SIZE)\np = model.predict(ds)\n"
    for later in ("np.save(args.out, p)\n", "print(p[:SIZE])\n", "save(p, seed=SEED)\n"):
        assert not findings("two-passes", predicted(SHUFFLE, passes=(2,), source=source + later))
    assert findings("two-passes", predicted(SHUFFLE, passes=(2,), source=source + "errors = ((x - p) ** 2).mean(1)\n"))


@pytest.mark.parametrize("compared", ["np.bincount(guesses)", "len(y_test), guesses", "accuracy_score(truth, guesses)"])
def test_labels_that_are_not_compared(compared: str, findings: Any) -> None:
    assert not findings("two-passes", predicted(SHUFFLE, passes=(2,), source=GIVEN.format(compared=compared)))
