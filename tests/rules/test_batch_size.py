"""Rule batch-size."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.findings import Severity
from tests.builders import Run, change, classifier


def fed(batch: int, rows: int, *, steps: int = 60, end: float = 1.34, **facts: Any) -> Run:
    """A loss that falls a little, and training arrays of so many rows."""
    run = classifier(np.linspace(1.386, end, steps), batch_size=batch)
    run.facts.update(facts)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    run.site("array", "x", role="x")
    run.site("rows", "r", of="arrays", used_for="train", inputs=["array:x"], rows=rows, width=20, share_bits=0)
    return run.rows("rows:r", range(1, 300))


def test_all_the_data_in_a_batch(findings: Any) -> None:
    run = fed(2000, 2000)
    run.site("fit", "fit", line=44)
    (found,) = findings("batch-size", run)
    assert (found.title, found.location.line) == ("The batch of 2000 leaves 60 updates in all", 44)
    assert "A batch has 100 % of the 2000 rows, so that an epoch is 1 update;" in found.message
    assert (found.evidence[0].limit, found.evidence[1].observed) == (500.0, 60.0)


def test_thresholds(findings: Any, ruled_out: Any) -> None:
    assert findings("batch-size", fed(500, 2000)) and not findings("batch-size", fed(499, 2000))
    assert findings("batch-size", fed(2000, 2000, steps=300))
    assert not findings("batch-size", fed(2000, 2000, steps=301))
    assert findings("batch-size", fed(256, 256)) and not findings("batch-size", fed(255, 255))
    assert ruled_out("batch-size", fed(32, 2000))[0].why == "a batch has 1.6 % of the data, 60 updates were made"


def test_runs_that_train_or_stand_still_or_were_ended(findings: Any) -> None:
    assert not findings("batch-size", fed(2000, 2000, end=0.4))
    assert not findings("batch-size", fed(2000, 2000, end=1.385))
    (found,) = findings("batch-size", fed(2000, 2000, end=1.0))
    assert found.severity is Severity.WARNING, "it trains, and would have trained much better"
    assert not findings("batch-size", fed(2000, 2000, status="interrupted"))


def normalised(batch: int, *, failing: bool = True) -> Run:
    run = classifier(failing=failing, batch_size=batch)
    return run.site("variable", "gamma", role="scale", trainable=True, shape=[32])


def test_normalisation_of_single_examples(findings: Any) -> None:
    (found,) = findings("batch-size", normalised(1))
    assert (found.severity, found.title) == (Severity.ERROR, "Batch normalisation on single examples")
    assert findings("batch-size", normalised(2)) and not findings("batch-size", normalised(3))
    assert not findings("batch-size", normalised(1, failing=False))


def test_unknown_size(unchecked: Any) -> None:
    run = change(change(classifier(), "subject:loop", batch_size=None), "output:out", units=None)
    assert not unchecked("batch-size", run), "the traced shape of the input tells"
    change(run, "input:x", shape=[None, 20])
    assert unchecked("batch-size", run)[0].reason == "the size of the batches is not known"


def test_a_loss_without_yardstick_that_has_settled(findings: Any) -> None:
    """Of a loss that nothing is known of, one that no longer falls may be as low as it goes."""
    run = fed(2000, 2000, steps=120)
    assert findings("batch-size", run)
    run = change(run, "loss:cross_entropy", function="other")
    run._losses = []
    assert not findings("batch-size", run.losses([*np.linspace(7.0, 6.7, 60), *np.linspace(6.7, 6.69, 60)]))


def generated(steps: int, batch: int = 2000, epochs: int = 6) -> Run:
    """Batches of a generator, of which the rows are not known."""
    run = classifier(np.linspace(1.386, 1.34, steps), batch_size=batch, source="data = Windows(x, 2000)\nfit(data)\n")
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    return run.site("fit", "fit", line=2, epochs=epochs)


def test_a_generator_of_one_batch_an_epoch(findings: Any) -> None:
    (found,) = findings("batch-size", generated(6))
    assert (found.title, found.location.line) == ("The batch of 2000 leaves 6 updates in all", 1)
    assert findings("batch-size", generated(12)) and not findings("batch-size", generated(13))
    assert findings("batch-size", generated(6, 256)) and not findings("batch-size", generated(6, 255))


def test_hits_come_before_the_loss_has_fallen(findings: Any) -> None:
    """Of 16 updates most answers are right, and three quarters of the loss are left."""
    run = generated(16, epochs=8)
    run._losses = []
    run.losses(np.linspace(1.386, 1.04, 16))
    for step in range(16):
        run.vector("output:out", "correct", step, [24.0, 32.0])
    assert findings("batch-size", run)[0].title == "The batch of 2000 leaves 16 updates in all"
    run._losses = []
    run.losses(np.linspace(1.386, 0.3, 16))
    assert not findings("batch-size", run)
