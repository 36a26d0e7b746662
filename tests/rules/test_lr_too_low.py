"""Rule lr-too-low."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier, replace_series
from tests.numpy_training import blobs, train_mlp


def with_ratio(ratio: float, *, failing: bool = True) -> Run:
    run = classifier(failing=failing)
    for key, size, reference in (("variable:w1", 640, (2 / 20) ** 0.5), ("variable:w2", 128, (2 / 36) ** 0.5)):
        replace_series(run, "weight", key, range(10), norm=reference * size**0.5, size=size)
        replace_series(run, "update", key, range(10), norm=ratio * reference * size**0.5, size=size)
    return run


def test_tiny(findings: Any, primary: Any) -> None:
    run = train_mlp(*blobs(), rate=1e-6, steps=300)
    (found,) = findings("lr-too-low", run)
    assert found.severity is Severity.ERROR
    assert found.evidence[0].observed < 1e-4 == found.evidence[0].limit
    assert found.fixes[0].code.startswith("learning_rate = ")
    assert found.location == run.sites["subject:loop"].location
    assert primary(run).rule == "lr-too-low"


def test_threshold(findings: Any, ruled_out: Any) -> None:
    assert findings("lr-too-low", with_ratio(0.99e-5))
    assert not findings("lr-too-low", with_ratio(1.01e-4)) and ruled_out("lr-too-low", with_ratio(1.01e-4))


def test_silent_where_the_run_trains(findings: Any) -> None:
    assert not findings("lr-too-low", with_ratio(1e-7, failing=False))


def test_zero_is_certain(findings: Any) -> None:
    run = with_ratio(0.0, failing=False).site("optimizer", "sgd", learning_rate=0.0)
    assert findings("lr-too-low", run)[0].confidence is Confidence.CERTAIN


def decaying(factor: float, *, loss: float = 0.9) -> Run:
    """A rate that is multiplied by a factor after each of 300 steps; updates follow it."""
    run = classifier([1.386] * 5 + [loss] * 295, failing=True)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    steps = [*range(10), 20, 40, 80, 160, 299]
    for key, size, reference in (("variable:w1", 640, (2 / 20) ** 0.5), ("variable:w2", 128, (2 / 36) ** 0.5)):
        norms = [1e-2 * factor**step * reference * size**0.5 for step in steps]
        replace_series(run, "weight", key, steps, norm=reference * size**0.5, size=size)
        replace_series(run, "update", key, steps, norm=norms, size=size)
    for step in steps:
        run.scalar("learning_rate", step, 0.1 * factor**step)
    return run.site("optimizer", "sgd", line=8, learning_rate=0.1)


COMPOUNDS = "def lower(epoch, lr):\n    return lr * 0.9 ** epoch\ncb = LearningRateScheduler(lower)\n"


def test_a_decay_that_compounds(findings: Any) -> None:
    """0.984 to the power of 299 is below a hundredth: too slow a fall for a schedule that ends early."""
    run = decaying(0.984, loss=0.9)
    assert not findings("lr-too-low", run)
    run.source = COMPOUNDS
    (found,) = findings("lr-too-low", run)
    assert (found.severity, found.confidence, found.location.line) == (Severity.WARNING, Confidence.HIGH, 2)
    assert found.title == "The decay of the learning rate compounds: it ends at 8.0e-4"
    assert found.evidence[0].observed == 0.1
    run = decaying(0.984, loss=0.1)
    run.source = COMPOUNDS
    assert not findings("lr-too-low", run), "it came far all the same"
    run = decaying(0.99, loss=0.9)
    run.source = COMPOUNDS
    assert not findings("lr-too-low", run), "a twentieth of it is left"


def test_a_schedule_that_ends_early(findings: Any) -> None:
    """Halved after every step: from step 3 on all that is left is below 0.005; a run that trains poorly is warned."""
    (found,) = findings("lr-too-low", decaying(0.5))
    assert (found.severity, found.location.line, found.onset_step) == (Severity.WARNING, 8, 3)
    assert found.title == "The schedule leaves no learning rate after 3 of 300 steps"
    assert found.fixes[0].code == "decay_steps=300"
    assert findings("lr-too-low", decaying(0.5, loss=1.39))[0].severity is Severity.ERROR
    assert findings("lr-too-low", decaying(0.5, loss=0.2)), "three steps are not all that was meant"
    assert not findings("lr-too-low", decaying(0.5, loss=0.1)), "it came far all the same"
    nothing = decaying(0.5, loss=0.5)
    nothing._scalars = [{**one, "value": 0.0 if one["step"] > 30 else one["value"]} for one in nothing._scalars]
    assert findings("lr-too-low", nothing)[0].severity is Severity.WARNING, "but all steps after the first do nothing"
    assert not findings("lr-too-low", decaying(0.97)), "falls 10,000-fold over the whole run"
    assert not findings("lr-too-low", decaying(0.99))


def test_warm_up_from_zero_is_healthy(findings: Any) -> None:
    run = with_ratio(1e-3).scalar("learning_rate", 0, 0.0).scalar("learning_rate", 100, 0.01)
    assert not findings("lr-too-low", run)


def test_not_checked_without_updates(unchecked: Any) -> None:
    run = classifier()
    run._rows = [row for row in run._rows if row[1] != "update"]
    assert unchecked("lr-too-low", run)


def test_a_callback_that_takes_better_for_worse(findings: Any) -> None:
    """Only where it is in use: an improvement of `val_loss` counts as none."""
    for mode, used, expected in (("max", "ReduceLROnPlateau", 1), ("min", "ReduceLROnPlateau", 0), ("max", "Other", 0)):
        source = f'stop = ReduceLROnPlateau(\n    monitor="val_loss",\n    mode="{mode}")\n'
        run = classifier(failing=False, source=source).site("fit", "fit", line=1, callbacks=[{"class": used}])
        found = [one for one in findings("lr-too-low", run) if one.confidence is Confidence.CERTAIN]
        assert len(found) == expected
        if found:
            assert (found[0].severity, found[0].location.line) == (Severity.WARNING, 3)


def to_a_floor(fall: float, at: int, **changes: Any) -> Run:
    """A rate that falls so far within the first steps, and stays there."""
    run = classifier([1.386] * 5 + [1.2] * 295, failing=True)
    run._vectors = [one for one in run._vectors if one["name"] != "correct"]
    steps = [*range(10), 20, 40, 80, 160, 299]
    factors = [fall ** -min(step / at, 1) for step in steps]
    for key, size, reference in (("variable:w1", 640, (2 / 20) ** 0.5), ("variable:w2", 128, (2 / 36) ** 0.5)):
        replace_series(run, "weight", key, steps, norm=reference * size**0.5, size=size)
        norms = [0.02 * factor * reference * size**0.5 for factor in factors]
        replace_series(run, "update", key, steps, norm=norms, size=size)
    for step, factor in zip(steps, factors):
        run.scalar("learning_rate", step, 0.1 * factor)
    return run.site("optimizer", "sgd", line=8, learning_rate=0.1).site("fit", "fit", **changes)


def test_a_schedule_that_reaches_its_floor_early(findings: Any) -> None:
    """Three quarters of the run add less than a tenth of what the first steps moved; a plateau is a reason to."""
    (found,) = findings("lr-too-low", to_a_floor(2000, 9))
    assert found.severity is Severity.WARNING and found.title.startswith("The schedule leaves no learning rate after")
    assert not findings("lr-too-low", to_a_floor(99, 9)), "a hundredth of the rate is not nothing"
    assert not findings("lr-too-low", to_a_floor(2000, 299)), "over the whole run"
    assert not findings("lr-too-low", to_a_floor(500, 9, callbacks=[{"class": "ReduceLROnPlateau"}]))


def optimised(source: str, failing: bool = True) -> Run:
    """An optimiser that is made on the first line."""
    run = classifier(failing=failing, source=source)
    return run.site("optimizer", "AdamW", line=1, **{"class": "AdamW", "learning_rate": 5e-5})


def test_a_rate_in_the_wrong_place(findings: Any) -> None:
    """AdamW(weight_decay, learning_rate): the names tell."""
    (found,) = findings("lr-too-low", optimised("opt = tf.keras.optimizers.AdamW(args.weight_decay, args.lr)\n"))
    assert found.title == "`args.weight_decay` stands where the optimiser takes the learning rate"
    assert (found.severity, found.location.line) == (Severity.ERROR, 1)


@pytest.mark.parametrize(
    "source",
    [
        "opt = AdamW(args.lr, args.weight_decay)\n",
        "opt = AdamW(CosineDecay(1e-3, steps), wd_rate)\n",
        "opt = AdamW(cosine_decay, weight_decay_rate)\n",
        "opt = SGD(lr_decay_schedule, momentum_rate)\n",
        "opt = SGD(momentum, lr)\nclass SGD:\n    pass\n",
        "opt = Adam(1e-3)\nother = AdamW(args.weight_decay, args.lr)\n",
    ],
)
def test_rates_in_their_place(source: str, findings: Any) -> None:
    assert not [one for one in findings("lr-too-low", optimised(source)) if "stands where" in one.title]


def test_a_run_that_trains_all_the_same(findings: Any) -> None:
    assert not findings("lr-too-low", optimised("opt = AdamW(args.weight_decay, args.lr)\n", failing=False))


def test_a_schedule_that_ends_at_once_is_certain(findings: Any) -> None:
    run = decaying(0.5, loss=1.39)
    run._scalars = [{**one, "value": 0.0 if one["step"] > 3 else one["value"]} for one in run._scalars]
    assert findings("lr-too-low", run)[0].confidence is Confidence.CERTAIN
    assert findings("lr-too-low", decaying(0.5, loss=1.39))[0].confidence is Confidence.HIGH, "a little is left"


def held(source: str, optimizer: str, rate: float, update: float, gradient: float = 0.5) -> Run:
    """A failing run whose updates and gradients have the same size a weight everywhere."""
    run = classifier(source=source)
    for key, size, reference in (("variable:w1", 640, (2 / 20) ** 0.5), ("variable:w2", 128, (2 / 36) ** 0.5)):
        replace_series(run, "weight", key, range(10), norm=reference * size**0.5, size=size)
        replace_series(run, "update", key, range(10), norm=update * size**0.5, size=size)
        replace_series(run, "gradient", key, range(10), norm=gradient * size**0.5, size=size)
    return run.site("optimizer", optimizer, learning_rate=rate)


@pytest.mark.parametrize(
    ("source", "optimizer", "rate", "update", "line", "code"),
    [
        ("eps = 1.0\nopt = Adam(1e-3, epsilon=eps)\n", "Adam", 1e-3, 1e-6, 1, "epsilon=1e-7"),
        ("opt = SGD(0.1)\ng, _ = tf.clip_by_global_norm(g, 1e-4)\n", "SGD", 0.1, 1e-6, 2, "clipnorm=1.0"),
        ("opt = SGD(0.1,\n  clipnorm=1e-4)\n", "SGD", 0.1, 1e-6, 2, "clipnorm=1.0"),
    ],
)
def test_what_holds_the_updates_back(
    source: str, optimizer: str, rate: float, update: float, line: int, code: str, findings: Any
) -> None:
    """Not the rate is to be changed."""
    (found,) = findings("lr-too-low", held(source, optimizer, rate, update))
    assert found.location is not None and found.location.line == line
    assert found.title.startswith("The updates are held back by") and found.fixes[0].code == code


@pytest.mark.parametrize(
    ("source", "optimizer", "rate", "update"),
    [
        ("opt = Adam(1e-6, epsilon=1.0)\n", "Adam", 1e-6, 1e-6),  # the rate is what makes them so small
        ("opt = Adam(1e-3, epsilon=1e-5)\n", "Adam", 1e-3, 1e-6),
        ("opt = SGD(0.1, clipnorm=5.0)\n", "SGD", 0.1, 1e-6),  # gradients do not come near that bound
    ],
)
def test_what_does_not_hold_them_back(source: str, optimizer: str, rate: float, update: float, findings: Any) -> None:
    (found,) = findings("lr-too-low", held(source, optimizer, rate, update, 0.05))
    assert found.title.startswith("The learning rate is too low")
