"""Rule overfitting."""

from __future__ import annotations

from typing import Any, Sequence

from doctor.findings import Severity
from tests.builders import Run, change, classifier

FALLING = [1.0, 0.6, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01]


def epochs(validation: Sequence[float], training: Sequence[float] = FALLING, *, source: str = "") -> Run:
    """A run of four classes (a constant prediction reaches 1.386) with these losses at the ends of epochs."""
    run = classifier(failing=False, source=source)
    for number, (one, other) in enumerate(zip(validation, training)):
        run.scalar("epoch/loss", 37 * number + 36, other).scalar("epoch/val_loss", 37 * number + 36, one)
    return run.site("fit", "fit", line=40)


def course(end: float) -> list[float]:
    """Best after the third epoch with 0.4, of which it had gained 0.986."""
    return [0.9, 0.6, 0.4, 0.5, 0.55, 0.6, 0.65, end]


def test_validation_gets_worse(findings: Any, primary: Any) -> None:
    run = epochs(course(1.2))
    (found,) = findings("overfitting", run)
    assert (found.severity, found.location.line, found.onset_step) == (Severity.ERROR, 40, 110)
    assert "best after epoch 3 with 0.4 and ends at 1.2" in found.message and "81 % of what" in found.message
    assert [one.observed for one in found.evidence] == [0.4, 1.2, 0.01]
    assert primary(run).rule == "overfitting"


def test_thresholds(findings: Any, ruled_out: Any) -> None:
    """A rise of a quarter is worth a word; two fifths of what was gained is an error."""
    assert not findings("overfitting", epochs(course(0.499)))
    assert ruled_out("overfitting", epochs(course(0.48)))[0].why == "the validation loss ends 20 % above its best"
    assert findings("overfitting", epochs(course(0.501)))[0].severity is Severity.WARNING
    assert findings("overfitting", epochs(course(0.79)))[0].severity is Severity.WARNING
    assert findings("overfitting", epochs(course(0.80)))[0].severity is Severity.ERROR


def test_a_quarter_of_next_to_nothing(findings: Any) -> None:
    """Of 1.386 down to 0.16 a rise by 0.05 loses 4 %."""
    assert not findings("overfitting", epochs([0.9, 0.5, 0.16, 0.17, 0.18, 0.19, 0.2, 0.21]))
    assert findings("overfitting", epochs([0.9, 0.5, 0.16, 0.17, 0.18, 0.19, 0.2, 0.23]))


def test_best_weights_are_restored(findings: Any) -> None:
    source = "stop = EarlyStopping(patience=3, restore_best_weights=True)\n"
    run = epochs(course(1.2), source=source)
    assert findings("overfitting", run)[0].severity is Severity.INFO
    stops = [{"class": "EarlyStopping", "best": True}]
    for callbacks, expected in ((None, Severity.INFO), (stops, Severity.INFO), ([], Severity.ERROR)):
        run.site("fit", "fit", callbacks=callbacks)
        assert findings("overfitting", run)[0].severity is expected, "the text alone does not stop"


def test_training_that_stands_still_is_no_overfitting(findings: Any) -> None:
    assert not findings("overfitting", epochs(course(1.2), [1.0, 0.6, 0.3] + [0.29] * 5))


def test_few_epochs(unchecked: Any, findings: Any) -> None:
    assert findings("overfitting", epochs([0.4, 0.5, 0.9, 1.1, 1.2]))
    run = epochs([0.4, 0.5, 0.9, 1.2])
    assert not findings("overfitting", run) and unchecked("overfitting", run)[0].reason == "no validation was seen"


def held(right: float) -> Run:
    """Training accuracy 0.94 of four classes; so many of 300 held-out predictions right."""
    run = classifier(failing=False).site("output", "out", phase="eval", units=4)
    return run.vector("output:out:eval", "correct", 299, [right, 300.0])


def test_by_accuracy(findings: Any) -> None:
    """Training gains 0.917 of the way from 0.25 to 1: evaluation has to gain half of it, up to 0.594."""
    (found,) = findings("overfitting", held(178))
    assert found.severity is Severity.ERROR and "94 % in training and 59 % outside" in found.message
    assert not findings("overfitting", held(179))


def errors(held_out: float) -> Run:
    """Values of which training explains 95 %."""
    run = classifier(failing=False, loss={"function": "other"}).site("output", "out", phase="eval", units=1)
    run.vector("output:out", "errors", 290, [5.0, 100.0, 100.0])
    return run.vector("output:out:eval", "errors", 299, [100 * (1 - held_out), 100.0, 100.0])


def test_by_explained_variance(findings: Any) -> None:
    (found,) = findings("overfitting", errors(-0.2))
    assert "95 % of the variance of the labels is explained, outside of it less than by their mean." in found.message
    assert findings("overfitting", errors(0.47)) and not findings("overfitting", errors(0.48))


PENALTY = """\
net.add(Dense(1, kernel_regularizer=L1(0.05)))
with tf.GradientTape() as tape:
    data = bce(y, net(x))
    loss = data
grads = tape.gradient(loss, net.trainable_variables)
"""


def test_penalties_that_a_loop_leaves_out() -> None:
    from doctor.reading.penalties import forgotten_penalties
    from tests.reading.test_loops import recorded

    place = forgotten_penalties(recorded(PENALTY))
    assert place is not None and place.line == 4
    assert forgotten_penalties(recorded(PENALTY.replace("loss = data", "loss = data + sum(net.losses)"))) is None
    assert forgotten_penalties(recorded(PENALTY.replace("L1(0.05)", "None"))) is None
    other = PENALTY.replace("bce(y", "tf.keras.losses.MSE(y")
    assert forgotten_penalties(recorded(other)) is not None, "a module of losses adds none"


def shown(fitted: float, held: float, **options: Any) -> Run:
    """A validation loss that rises by a tenth, and the accuracies that `fit` shows; always one class gets 0.25."""
    run = epochs([0.7, 0.69, 0.7, 0.71, 0.72, 0.73, 0.75, 0.76], **options)
    for number in range(8):
        run.scalar("epoch/accuracy", 37 * number + 36, fitted).scalar("epoch/val_accuracy", 37 * number + 36, held)
    return run


def test_guessing_in_validation_with_a_loss_that_hides_it(findings: Any) -> None:
    """Of the way from 0.25 to 1: 0.8 of it in training, and three tenths of that in validation."""
    (found,) = findings("overfitting", shown(1.0, 0.3))
    assert found.severity is Severity.ERROR and "at best 30 % in the later validations" in found.message
    assert findings("overfitting", shown(1.0, 0.47)) and not findings("overfitting", shown(1.0, 0.48))
    assert findings("overfitting", shown(0.86, 0.3)) and not findings("overfitting", shown(0.84, 0.3))
    source = "model.load_weights('best')\n"
    assert findings("overfitting", shown(1.0, 0.3, source=source))[0].severity is Severity.WARNING


def test_fit_adds_the_penalties_by_itself(findings: Any) -> None:
    """A tape elsewhere, as of a map of attention, has nothing to do with it."""
    for style, line in (("fit", 40), ("tape", 4)):
        run = epochs(course(1.2), source=PENALTY)
        found = findings("overfitting", change(run, run.current, style=style))[0]
        assert found.location.line == line
