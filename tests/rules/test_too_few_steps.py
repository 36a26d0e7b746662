"""Rule too-few-steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from doctor.types import Location
from tests.builders import Run, change, classifier


def falling(steps: int, **facts: Any) -> Run:
    run = classifier(list(np.linspace(3.0, 1.6, steps)))
    run.facts.update(facts)
    return run


def test_still_falling(findings: Any) -> None:
    (found,) = findings("too-few-steps", falling(200))
    assert found.severity is Severity.ERROR and found.evidence[0].observed > found.evidence[0].limit
    assert found.location is not None and found.fixes


def test_a_short_run_gets_a_warning(findings: Any) -> None:
    assert findings("too-few-steps", falling(40))[0].severity is Severity.WARNING


def test_threshold(findings: Any) -> None:
    assert findings("too-few-steps", falling(10)) and not findings("too-few-steps", falling(9))


def test_stopped_runs_say_nothing(findings: Any) -> None:
    assert not findings("too-few-steps", falling(200, status="stopped"))


def test_plateau_and_success_are_ruled_out(ruled_out: Any) -> None:
    assert ruled_out("too-few-steps", classifier()) and ruled_out("too-few-steps", classifier(failing=False))


def test_not_checked_without_losses(unchecked: Any) -> None:
    assert unchecked("too-few-steps", Run().subject())


def test_runs_too_short_to_judge(findings: Any) -> None:
    """Twenty steps that show no trend: a word, no more; five are a trial of the code."""
    flat = [1.4, 1.38, 1.39, 1.4, 1.37]
    (found,) = findings("too-few-steps", classifier(flat * 4))
    assert found.severity is Severity.WARNING and "before it shows anything" in found.title
    assert not findings("too-few-steps", classifier(flat))


@pytest.mark.parametrize(
    ("passes", "epochs", "expected"),
    [((0.98, 0.86, 0.64), 3, 1), ((0.98, 0.86, 0.7), 3, 0), ((0.98, 0.99, 0.64), 3, 0), ((0.98, 0.86, 0.64), 1, 0),
     ((0.98, 0.6, 0.2), 3, 0)],
)  # fmt: skip
def test_passes_fall_where_batches_hide_it(
    passes: tuple[float, ...], epochs: int, expected: int, findings: Any
) -> None:
    """Each below the one before, steeply, in a run that has not come far; batches differ more than epochs."""
    noise = np.tile([0.5, -0.5, 0.1, -0.1, 0.3, -0.3], 6)
    run = classifier(np.log(4) * np.concatenate([mean + noise for mean in passes]), failing=False)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    run.site("fit", "fit", epochs=epochs)
    assert len(findings("too-few-steps", run)) == expected


def test_a_callback_that_takes_better_for_worse(findings: Any) -> None:
    """Only where it is in use: an improvement of `val_auc` counts as none."""
    for mode, used, expected in (("min", "EarlyStopping", 1), ("max", "EarlyStopping", 0), ("min", "Other", 0)):
        source = f'stop = EarlyStopping(\n    monitor="val_auc",\n    mode="{mode}")\n'
        run = classifier(failing=False, source=source).site("fit", "fit", line=1, callbacks=[{"class": used}])
        found = [one for one in findings("too-few-steps", run) if one.confidence is Confidence.CERTAIN]
        assert len(found) == expected
        if found:
            assert (found[0].severity, found[0].location.line) == (Severity.WARNING, 3)


def trained(late: float, before: float, gain: float) -> Run:
    """A run that closes a share of the gap, with such losses in its last two tenths (of 200 steps)."""
    run = classifier([*np.linspace(1.386, before, 160), *np.full(20, before), *np.full(20, late)], failing=False)
    for one in run._vectors:
        if one["name"] == "correct":
            one["values"] = [32 * (0.25 + 0.75 * gain), 32.0]
    return run


def test_the_middle_of_the_fall(findings: Any) -> None:
    """Better than half way, and still much steeper than what levels out."""
    (found,) = findings("too-few-steps", trained(0.40, 0.51, 0.6))
    assert found.severity is Severity.WARNING and "while the loss still falls" in found.title
    assert not findings("too-few-steps", trained(0.41, 0.51, 0.6)), "from 0.8 of the tenth before on it levels out"
    assert not findings("too-few-steps", trained(0.2, 0.4, 0.9)), "it has come far"


def test_an_actor_beside_its_critic(findings: Any) -> None:
    """Of two models that are trained step by step beside each other, one that has settled says that it is enough."""
    for settled, expected in ((True, 0), (False, 1)):
        run = trained(0.40, 0.51, 0.6)
        other = classifier(failing=False)
        run.subject("actor").losses(np.maximum(1.386 * np.exp(-np.arange(200) / 10), 0.1) if settled else [1.39] * 200)
        assert len([one for one in findings("too-few-steps", run) if one.subject == "subject:loop"]) == expected, other


def test_a_player_of_a_game(findings: Any, ruled_out: Any) -> None:
    """Its loss begins anywhere, and rises and falls with that of the other one."""
    values = [0.28] * 5 + list(np.linspace(3.0, 0.5, 295))
    together = Run().subject("generator").losses(values)
    together.subject("critic").losses(np.ones(300))
    assert not findings("too-few-steps", together)
    reasons = {one.why for one in ruled_out("too-few-steps", together)}
    assert "the loss of a model that is trained in turn with another rises and falls with it" in reasons
    assert findings("too-few-steps", Run().subject("generator").losses(values))


def test_a_loss_that_became_nan_needs_no_more_steps(findings: Any) -> None:
    losses = [*np.linspace(3.0, 1.6, 200), *[float("nan")] * 20]
    assert not findings("too-few-steps", classifier(losses))


FEEDER = """\
class Feeder(keras.utils.PyDataset):
    pass

train = Feeder(x, y, 32)
model.fit(
    train,
    steps_per_epoch=STEPS,
)
"""


@pytest.mark.parametrize("steps, made, count", [
    ("len(train) // 32", "Feeder(x, y, 32)", 1), ("int(len(train) / 32)", "ds.shuffle(9).batch(32)", 1),
    ("len(train)", "Feeder(x, y, 32)", 0), ("len(x) // 32", "Feeder(x, y, 32)", 0), ("len(train) // 32", "rows()", 0),
])  # fmt: skip
def test_batches_that_are_divided_by_their_size(steps: str, made: str, count: int, findings: Any) -> None:
    """However few steps there were."""
    source = FEEDER.replace("STEPS", steps).replace("Feeder(x, y, 32)", made)
    found = findings("too-few-steps", classifier([1.4] * 8, source=source))
    assert [one.location.line for one in found] == [7] * count
    assert not findings("too-few-steps", classifier([1.4] * 100 + [0.1] * 300, failing=False, source=source))


def explaining(losses: Any) -> Run:
    """A loss of unknown form, whose outputs explain 60 % of the variance of values."""
    run = change(classifier(losses), "loss:cross_entropy", function="other")
    run._vectors = [one for one in run._vectors if one["name"] == "none"]
    for step in range(0, 300, 30):
        run.vector("output:out", "errors", step, [0.4 * 32, 32.0, 32.0])
    return run


def test_a_loss_of_which_hardly_anything_is_left(findings: Any, ruled_out: Any) -> None:
    """Without a known baseline: it still falls, from 0.7 to a twentieth of that."""
    for last, expected in ((0.02, 0), (0.045, 1)):
        run = explaining(np.concatenate([np.full(150, 0.7), np.geomspace(0.7, last, 150)]))
        assert len(findings("too-few-steps", run)) == expected, last


def test_a_loss_below_zero(findings: Any) -> None:
    """What the last tenth has in the whole fall tells whether the curve is level: the quotient of two does not."""
    level = np.concatenate([np.linspace(40, -50, 200), np.linspace(-50, -54, 100)])
    assert not findings("too-few-steps", explaining(level))
    assert findings("too-few-steps", explaining(np.concatenate([np.full(150, 40.0), np.linspace(40, -54, 150)])))


def test_a_stage_that_a_later_training_completes(findings: Any) -> None:
    """A backbone that is trained first, and goes further as a whole afterwards: on another line, and later."""
    for start, line, late, expected in ((200, 9, 0.1, 0), (100, 9, 0.1, 1), (200, 7, 0.1, 1), (200, 9, 1.2, 1)):
        run = trained(0.40, 0.51, 0.6)
        begun = [one for one in run.sites.values() if one.kind == "subject"][0]
        run.sites[begun.key] = type(begun)(
            begun.key, begun.kind, begun.name, begun.subject, begun.phase, Location("train.py", 7, ""), begun.attributes
        )
        run.subject("whole", line=line)
        run.site("output", "last", units=4).site("label", "last", encoding="index")
        run.site("loss", "last", function="softmax_cross_entropy", takes="logits", labels="index")
        for step in range(0, 200, 10):
            run.vector("label:last", "class_counts", step, [8.0, 8.0, 8.0, 8.0])
        number = len([site for site in run.sites.values() if site.kind == "subject"]) - 1
        run._losses += [(number, step, value, 0.01 * (start + step))
                        for step, value in enumerate(np.linspace(1.4, late, 200))]  # fmt: skip
        own = [one for one in findings("too-few-steps", run) if one.subject == "subject:loop"]
        assert len(own) == expected, (start, line, late)
