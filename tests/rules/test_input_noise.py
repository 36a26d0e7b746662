"""Rule input-noise."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier, replace_series
from tests.numpy_training import blobs, glorot, train_mlp


def trained(noise: float, **options: Any) -> Run:
    x, y = blobs()
    return train_mlp(x, y, init=glorot, noise=noise, test=(x, y), **options)


def pair(train: float, evaluation: float, *, failing: bool = True) -> Run:
    run = classifier(failing=failing)
    replace_series(run, "input", "input:x", range(10), mean=0.3, std=train, min=-train, max=train)
    run.site("input", "x", phase="eval", shape=[100, 20], dtype="float32", index=0)
    return run.series("input", "input:x:eval", [300], mean=0.3, std=evaluation, min=0, max=1)


def test_drowned(findings: Any, primary: Any) -> None:
    run = trained(4.0)
    (found,) = findings("input-noise", run)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.HIGH)
    assert found.evidence[0].observed > 3 == found.evidence[0].limit
    assert "standard deviation 4" in found.message
    assert found.site == "input:x" and found.location == run.sites["input:x"].location
    assert found.fixes
    assert primary(run).rule == "input-noise"


def test_the_line_that_adds_the_noise(findings: Any) -> None:
    run = trained(
        4.0, source="import tensorflow as tf\nw = 0.1 * tf.random.normal([3])\nx = x + tf.random.normal([20])\n"
    )
    assert findings("input-noise", run)[0].location.line == 3
    gains = "gain = np.random.normal(1.0, 0.1, (20, 1))\n\nx = x * gain + np.random.normal(size=x.shape)\n"
    assert findings("input-noise", trained(4.0, source=gains))[0].location.line == 3, "a gain adds nothing"


def test_augmentation_is_healthy(findings: Any, ruled_out: Any) -> None:
    run = trained(0.1)
    assert not findings("input-noise", run) and ruled_out("input-noise", run)


def test_threshold(findings: Any) -> None:
    assert findings("input-noise", pair(0.9, 0.3))
    assert not findings("input-noise", pair(0.89, 0.3))


def test_a_good_run_gets_a_warning(findings: Any) -> None:
    assert findings("input-noise", pair(1.2, 0.3, failing=False))[0].severity is Severity.WARNING


def test_forgotten_scaling_of_the_evaluation(findings: Any) -> None:
    (found,) = findings("input-noise", pair(0.3, 76.0))
    assert found.site == "input:x:eval" and "not prepared" in found.title


def test_scaling_is_told_from_noise(findings: Any) -> None:
    run = pair(76.0, 0.3)
    replace_series(run, "input", "input:x", range(10), mean=76.0, std=76.0, min=0, max=255)
    assert "scaled differently" in findings("input-noise", run)[0].title


def test_not_checked_without_evaluation(unchecked: Any) -> None:
    assert "no evaluation inputs" in unchecked("input-noise", classifier())[0].reason


def test_random_ops_without_evaluation(findings: Any) -> None:
    """Noise from inside the tape shows against the array that was handed over."""
    run = change(classifier(), "input:x", random_ops=True)
    replace_series(run, "input", "input:x", range(10), mean=0, std=4.0, min=-16, max=16)
    run.site("array", "x_train", role="x", std=0.3)
    assert findings("input-noise", run)[0].confidence is Confidence.MEDIUM


def test_predictions_on_training_batches_hide_nothing(findings: Any) -> None:
    """Only the cleanest of the batches seen outside the tape counts as test data."""
    run = pair(4.0, 4.0)
    run.series("input", "input:x:eval", [301], mean=0.3, std=0.3, min=0, max=1)
    (found,) = findings("input-noise", run)
    assert "between 0 and 1" in found.message


def test_the_first_rows_of_held_out_arrays_may_be_neighbours(findings: Any) -> None:
    """A winter of four years: whole arrays spread alike, whatever a few batches do."""
    for spread, expected in ((1.0, 0), (0.3, 1)):
        run = pair(1.0, 0.3)
        run.site("array", "train", role="x", std=2.0).site("array", "held", role="x_val", std=2.0 * spread)
        assert len(findings("input-noise", run)) == expected, spread
    few = pair(1.0, 0.31).site("array", "train", role="x", std=2.0).site("array", "held", role="x_val", std=0.6)
    assert findings("input-noise", few), "no batch spreads exactly as the whole array"
    noisy = pair(1.0, 0.3).site("array", "train", role="x", std=0.3).site("array", "held", role="x_val", std=0.3)
    assert findings("input-noise", change(noisy, "input:x", random_ops=True)), "what is added on the way counts"


def test_one_batch_of_the_evaluation_again_and_again(findings: Any, unchecked: Any) -> None:
    """It may be of one person, or of one quiet day: only where the run does badly it counts."""
    def run(failing: bool, last: float = 0.3) -> Run:
        made = pair(1.2, 0.3, failing=failing)
        return made.series("input", "input:x:eval", [350], mean=0.3, std=last, min=0, max=1)

    assert unchecked("input-noise", run(False)) and findings("input-noise", run(True))
    assert findings("input-noise", run(False, last=0.31)), "another batch"
