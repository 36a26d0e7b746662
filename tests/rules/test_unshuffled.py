"""Rule unshuffled."""

from __future__ import annotations

from typing import Any

from doctor.findings import Severity
from tests.builders import Run, classifier


def batches(rows: list[list[float]], *, failing: bool = True) -> Run:
    run = classifier(failing=failing)
    run._vectors = [one for one in run._vectors if one["name"] != "class_counts"]
    for step, row in enumerate(rows):
        run.vector("label:y", "class_counts", step, row)
    return run


SORTED = [[32.0, 0, 0, 0]] * 3 + [[0, 32.0, 0, 0]] * 3 + [[0, 0, 32.0, 0]] * 3


def test_sorted(findings: Any) -> None:
    run = batches(SORTED)
    run.site("dataset", "d", used_for="train", chain=[{"stage": "batch", "location": ["train.py", 7, ".batch(32)"]}])
    (found,) = findings("unshuffled", run)
    assert found.severity is Severity.ERROR and found.evidence[0].observed == 0
    assert found.location.line == 7 and found.fixes[0].code == ".shuffle(len(x))"


def test_a_good_run_gets_a_warning(findings: Any) -> None:
    """Only where an evaluation shows that it is good: the loss of such batches proves nothing."""
    run = batches(SORTED, failing=False)
    assert findings("unshuffled", run)[0].severity is Severity.ERROR
    run.site("label", "y", phase="eval", encoding="index").site("output", "out", phase="eval", units=4)
    for right, severity in ((280.0, Severity.WARNING), (140.0, Severity.ERROR)):
        run._vectors = [one for one in run._vectors if one["site"] != "output:out:eval"]
        run.vector("output:out:eval", "correct", 300, [right, 300.0])
        assert findings("unshuffled", run)[0].severity is severity


def test_batches_that_take_turns(findings: Any) -> None:
    """Real and made-up images, as a discriminator is given them."""
    assert not findings("unshuffled", batches([[32.0, 0, 0, 0], [0, 32.0, 0, 0]] * 4))
    assert findings("unshuffled", batches([[32.0, 0, 0, 0]] * 4 + [[0, 32.0, 0, 0]] * 4))


def test_threshold(findings: Any) -> None:
    """Two classes a batch of four in all hold half of the variety."""
    assert not findings("unshuffled", batches([[16.0, 16, 0, 0], [0, 0, 16, 16]] * 3))
    assert findings("unshuffled", batches([[29.0, 3, 0, 0], [0, 0, 29, 3], [3, 29, 0, 0], [0, 0, 3, 29]] * 3))


def test_one_class_only_says_nothing(findings: Any) -> None:
    assert not findings("unshuffled", batches([[32.0, 0, 0, 0]] * 5))


def test_healthy_is_ruled_out(findings: Any, ruled_out: Any) -> None:
    assert not findings("unshuffled", classifier()) and ruled_out("unshuffled", classifier())


def test_too_few_steps(unchecked: Any) -> None:
    assert unchecked("unshuffled", batches(SORTED[:2]))


def test_the_loop_that_hands_out_the_batches(findings: Any) -> None:
    run = batches(SORTED).site("array", "x_train", line=63, role="x")
    assert findings("unshuffled", run)[0].location.line == 63
