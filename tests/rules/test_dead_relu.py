"""Rule dead-relu."""

from __future__ import annotations

from typing import Any

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier, replace_series
from tests.numpy_training import blobs, train_mlp, uniform

STEPS = range(10)


def with_activations(share: Any, *, failing: bool = True, batch: int = 64, gradient: float = 0.1) -> Run:
    run = classifier(failing=failing)
    run.series("activation", "activation:h1", STEPS, dead_unit_share=share, size=batch * 32)
    return replace_series(run, "gradient", "variable:w1", STEPS, norm=gradient, size=640)


def test_negative_weights_on_positive_inputs(findings: Any, ruled_out: Any, primary: Any) -> None:
    """Every unit dead at step 0: certain, with the sign of the weights as the reason."""
    x, y = blobs()
    run = train_mlp(x, y, init=uniform(-0.1, 0.0))
    (found,) = findings("dead-relu", run)
    assert (found.severity, found.confidence, found.onset_step) == (Severity.ERROR, Confidence.CERTAIN, 0)
    assert found.site == "variable:w1"
    assert found.location == run.sites["variable:w1"].location
    assert found.evidence[0].observed == 1.0 and found.evidence[0].limit == 0.5
    assert "start between -0.1" in found.message
    assert found.fixes[0].code == "tf.Variable(tf.random.normal([20, 32], stddev=(2 / 20) ** 0.5))"
    assert {one.fault for one in ruled_out("dead-relu", run)} == {"lr-too-high", "lr-too-low"}
    assert primary(run) is not None and primary(run).fault == "dead-relu"


def test_negative_bias(findings: Any) -> None:
    """The bias is named, and set to zero first."""
    x, y = blobs()
    (found,) = findings("dead-relu", train_mlp(x, y, bias=-9.0))
    assert "bias `b1` starts at -9" in found.message
    assert found.fixes[0].title == "Start the bias at zero"


def test_half_of_a_narrow_layer_and_the_rest_later(findings: Any) -> None:
    """Sums of both signs leave half of the units without an example; the onset is where the others die.

    A bias that pulls them down is the onset itself.
    """
    shares = [0.5, 0.5, 0.6, 0.7, 0.8, 1.0, 1.0, 1.0, 1.0, 1.0]
    (found,) = findings("dead-relu", with_activations(shares))
    assert (found.onset_step, found.title) == (4, "The ReLU units of `h1` die")
    low = replace_series(with_activations(shares), "weight", "variable:b1", STEPS, mean=-1.0, min=-1.0, max=-1.0)
    assert [one.onset_step for one in findings("dead-relu", low)] == [0]
    (found,) = findings("dead-relu", with_activations([0.5] * 9 + [0.79]))
    assert found.onset_step == 0


def test_a_bias_that_is_subtracted(findings: Any) -> None:
    """Above zero, with weights of both signs: only subtracted it makes dead units."""
    x, y = blobs()
    run = train_mlp(x, y, bias=-9.0)
    (before,) = findings("dead-relu", run)
    replace_series(run, "weight", "variable:b1", STEPS, mean=9.0, min=8.0, max=10.0, std=0.3, norm=51.0)
    (found,) = findings("dead-relu", run)
    assert found.site == before.site == "variable:b1"
    assert "`b1` is subtracted, starts at 9 on average" in found.message
    replace_series(run, "weight", "variable:b1", STEPS, mean=9.0, min=-1.0, max=10.0, std=3.0, norm=51.0)
    (found,) = findings("dead-relu", run)
    assert found.site == "variable:w1"
    replace_series(run, "weight", "variable:b1", STEPS, mean=0.1, min=0.1, max=0.1, std=0.0, norm=0.6)
    replace_series(run, "activation", "activation:h1", STEPS, dead_unit_share=0.6, size=2048)
    assert all(one.site == "variable:w1" for one in findings("dead-relu", run)), "an added 0.1, as many start"


def test_healthy_is_silent(findings: Any, ruled_out: Any) -> None:
    x, y = blobs()
    run = train_mlp(x, y)
    assert not findings("dead-relu", run)
    assert ruled_out("dead-relu", run)[0].fault == "dead-relu"


def test_sparse_but_alive_is_healthy(findings: Any) -> None:
    """Many zeros and few dead units, on a failing run."""
    run = classifier()
    run.series("activation", "activation:h1", STEPS, zero_share=0.9, dead_unit_share=0.1, size=2048)
    assert not findings("dead-relu", run)


def test_at_the_threshold(findings: Any) -> None:
    assert findings("dead-relu", with_activations(0.5))
    assert not findings("dead-relu", with_activations(0.49))


def test_silent_where_the_run_trains(findings: Any) -> None:
    assert not findings("dead-relu", with_activations(0.7, failing=False))


def test_small_batches_are_not_believed(findings: Any) -> None:
    """A unit that fires for a tenth of the inputs is zero in most batches of four."""
    assert not findings("dead-relu", with_activations(0.6, batch=4))
    assert findings("dead-relu", with_activations(1.0, batch=4))


def test_dying_later_has_its_onset(findings: Any) -> None:
    (found,) = findings("dead-relu", with_activations([0.1] * 4 + [0.8] * 6))
    assert found.onset_step == 4
    assert "alive before" in found.message


def test_recovered_units_are_alive(findings: Any) -> None:
    assert not findings("dead-relu", with_activations([0.9] * 4 + [0.1] * 6))


def test_dead_after_nan_does_not_count(findings: Any) -> None:
    """Once the loss is NaN every ReLU reads zero."""
    run = classifier([1.4] * 5 + [float("nan")] * 20)
    run.series("activation", "activation:h1", STEPS, dead_unit_share=[0.1] * 5 + [1.0] * 5, size=2048)
    assert not findings("dead-relu", run)


def test_not_checked_without_activations(unchecked: Any) -> None:
    assert unchecked("dead-relu", classifier())[0].reason == "no activations were recorded"


def test_the_line_of_a_low_bias(findings: Any) -> None:
    """Random weights are innocent: the bias is what is to be changed."""
    (found,) = findings("dead-relu", train_mlp(*blobs(), bias=-9.0))
    assert found.site == "variable:b1"


def test_normalised_single_examples_are_not_checked(findings: Any, unchecked: Any) -> None:
    """Batch normalisation leaves zero of a batch of one: that is no dead unit."""
    run = classifier(batch_size=1).site("variable", "gamma", role="scale", trainable=True, shape=[32])
    run.series("activation", "activation:h1", range(10), dead_unit_share=1.0, size=32)
    assert not findings("dead-relu", run) and "batches of one" in unchecked("dead-relu", run)[0].reason
    run = classifier(batch_size=32).site("variable", "gamma", role="scale", trainable=True, shape=[32])
    run.series("activation", "activation:h1", range(10), dead_unit_share=1.0, size=1024)
    assert findings("dead-relu", run)


def test_frozen_layers_that_put_out_zero(findings: Any) -> None:
    """What was loaded into them is dead: the trained head gets zeros, whatever the pictures are."""
    source = "base.load_weights('base.h5')\n"
    for size, frozen, expected in ((0.0, False, 1), (0.1, False, 0), (0.0, True, 0)):
        run = classifier(source=source).series("activation", "activation:h1", range(10), std=1.0)
        replace_series(run, "input", "input:x", range(10), abs_mean=size)
        run.site("activation", "conv2", line=38, function="relu", layer="conv2", order=0)
        layers = [{"name": "base", "trainable": frozen, "weights": [0, 4]}]
        run.site("model", "net", layers=layers)
        found = [one for one in findings("dead-relu", run) if "frozen" in one.title]
        assert len(found) == expected
        if found:
            assert (found[0].severity, found[0].location.line) == (Severity.ERROR, 1)
            assert not findings("degenerate-feature", run)


def test_most_units_dead_from_the_first_step_on_in_a_run_that_learns_little(findings: Any) -> None:
    """A warning where the loss closes less than six tenths of the gap; sparse layers of good runs are healthy."""
    def run(share: float, late: float) -> Run:
        built = classifier([1.386] * 20 + [late] * 300, failing=False)
        built._vectors = [one for one in built._vectors if one["name"] != "correct"]
        return built.series("activation", "activation:h1", STEPS, dead_unit_share=share, size=64 * 32)

    (found,) = findings("dead-relu", run(0.8, 0.9))
    assert found.severity is Severity.WARNING
    assert not findings("dead-relu", run(0.79, 0.9)) and not findings("dead-relu", run(0.95, 0.3))


def test_a_run_that_learned_until_its_loss_was_nan(findings: Any) -> None:
    losses = [1.386] * 5 + [0.3] * 100 + [float("nan")] * 20
    run = classifier(losses).series("activation", "activation:h1", STEPS, dead_unit_share=0.6, size=64 * 32)
    assert not findings("dead-relu", run)


def test_a_layer_that_thins_out_is_no_whole_reason(findings: Any) -> None:
    """What dies later is surer the less is left; what is dead from the start stays as sure as it was."""
    later = [0.0] * 4 + [0.79] * 6
    assert findings("dead-relu", with_activations(later))[0].confidence is Confidence.LOW
    assert findings("dead-relu", with_activations([0.0] * 4 + [0.8] * 6))[0].confidence is Confidence.MEDIUM
    assert findings("dead-relu", with_activations([0.79] * 10))[0].confidence is Confidence.HIGH
