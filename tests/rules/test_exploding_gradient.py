"""Rule exploding-gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.findings import Severity
from tests.builders import Run, change, classifier, replace_series
from tests.numpy_training import blobs, train_mlp


def with_norm(values: list[float], losses: list[float] | None = None, failing: bool = True) -> Run:
    run = classifier(losses, failing=failing)
    for key in ("variable:b1", "variable:w2", "variable:b2"):
        replace_series(run, "gradient", key, range(len(values)), norm=0, size=1)
    return replace_series(run, "gradient", "variable:w1", range(len(values)), norm=values, size=640)


def test_growth(findings: Any) -> None:
    run = with_norm([1.0, 1.2, 1.1, 40.0, 5e4])
    (found,) = findings("exploding-gradient", run)
    assert found.onset_step == 4 and found.severity is Severity.ERROR
    assert found.evidence[1].observed == 5e4
    assert "clip_by_global_norm" in found.fixes[0].code


def test_large_from_the_start(findings: Any) -> None:
    assert findings("exploding-gradient", with_norm([150.0] * 10))[0].onset_step == 0


def test_threshold(findings: Any) -> None:
    assert not findings("exploding-gradient", with_norm([99.0] * 10))
    assert findings("exploding-gradient", with_norm([100.0] * 10))


def test_silent_where_the_run_trains(findings: Any) -> None:
    assert not findings("exploding-gradient", with_norm([150.0] * 10, failing=False))


def test_silent_where_only_the_evaluation_is_wrong(findings: Any) -> None:
    """What was trained on is known, at a low loss: the gradient kept nothing from being learned."""
    def run(right: float, low: float) -> Run:
        guessing = float(np.log(4))
        made = with_norm([150.0] * 10, list(np.maximum(guessing * np.exp(-np.arange(300) / 20), low * guessing)))
        made._vectors = [one for one in made._vectors if one["name"] != "correct"]
        made.vector("output:out", "correct", 9, [right * 80, 80.0])
        made.site("output", "held", phase="eval", units=4).vector("output:held:eval", "correct", 9, [20.0, 100.0])
        return made

    assert not findings("exploding-gradient", run(0.95, 0.05))
    assert findings("exploding-gradient", run(0.94, 0.05)) and findings("exploding-gradient", run(0.95, 0.06))


def test_healthy_is_ruled_out(findings: Any, ruled_out: Any) -> None:
    run = train_mlp(*blobs())
    assert not findings("exploding-gradient", run) and ruled_out("exploding-gradient", run)


def test_not_checked_when_nan_from_the_start(unchecked: Any) -> None:
    assert unchecked("exploding-gradient", with_norm([1.0], [float("nan")] * 20))


def test_a_forward_pass_that_overflows(findings: Any) -> None:
    """Of finite inputs and weights, by way of values beyond the limit: the first layer that is not finite."""
    def run(largest: float, infinite: float = 4.0) -> Run:
        made = classifier([float("nan")] * 20, sizes=(20, 32, 32))
        made._rows = [row for row in made._rows if row[1] != "activation"]
        made.series("activation", "activation:h1", [0], min=-2, max=2).series("activation", "activation:h2", [0],
                                                                              min=-largest, max=3)  # fmt: skip
        return made.series("activation", "activation:h3", [0], min=0, max=0, inf_count=infinite)

    (found,) = findings("exploding-gradient", run(100.0))
    assert found.title == "The forward pass overflows" and found.site == "activation:h3"
    assert not findings("exploding-gradient", run(99.0)) and not findings("exploding-gradient", run(100.0, 0.0))
    made = run(100.0)
    replace_series(made, "input", "input:x", [0], inf_count=1.0)
    assert not findings("exploding-gradient", made), "infinities came in from outside"


def test_recurrent_networks_explode_earlier(findings: Any) -> None:
    """Through a loop over time the norm of a good start is less than 10."""
    losses = [3.0, 9.0] + [float("nan")] * 30
    assert not findings("exploding-gradient", with_norm([50.0, 500.0], losses))
    run = with_norm([50.0, 500.0], losses)
    for old, new in (("variable:w1", "rnn/recurrent_kernel"),):
        site = run.sites[old]
        run.sites[old] = type(site)(old, site.kind, new, site.subject, site.phase, site.location, site.attributes)
    assert findings("exploding-gradient", run)[0].onset_step == 0


def test_a_loss_of_its_own_scale(findings: Any) -> None:
    """The log-likelihood of all the data together has gradients in the hundreds; so have losses of 300."""
    for norm, expected in ((299.0 * 100, 0), (310.0 * 100, 1)):
        run = change(with_norm([norm] * 10, [300.0] * 300), "loss:cross_entropy", function="other")
        run._vectors = [one for one in run._vectors if one["name"] == "none"]
        assert len(findings("exploding-gradient", run)) == expected


def test_a_steep_beginning_that_did_no_harm(findings: Any, ruled_out: Any) -> None:
    """A likelihood of unknown scale: its gradient comes down below a hundred, and the loss falls."""
    for late, falls, expected in ((99.0, True, 0), (101.0, True, 1), (99.0, False, 1)):
        losses = [30.0] * 20 + [29.7 if falls else 31.0] * 280
        run = with_norm([3500.0] * 3 + [late] * 7, losses)
        run = change(run, "loss:cross_entropy", function="other")
        run._vectors = [one for one in run._vectors if one["name"] == "none"]
        assert len(findings("exploding-gradient", run)) == expected, (late, falls)
    run = change(with_norm([3500.0] * 3 + [9.0] * 7, [30.0] * 20 + [1.0] * 280), "loss:cross_entropy", function="other")
    run._vectors = [one for one in run._vectors if one["name"] == "none"]
    assert "comes down to 9" in ruled_out("exploding-gradient", run)[0].why


def test_a_recurrence_that_multiplies_from_the_start(findings: Any) -> None:
    """Of the spectral radius of a random matrix, std * sqrt(units)."""
    for spread, fires in ((0.2, True), (0.1, False)):
        run = with_norm([50.0, 500.0], [3.0, 9.0] + [float("nan")] * 30)
        site = run.sites["variable:w2"]
        facts = {**site.attributes, "fan_in": 100, "fan_out": 100, "shape": [100, 100]}
        run.sites["variable:w2"] = type(site)(
            site.key, site.kind, "rnn/recurrent_kernel", site.subject, site.phase, site.location, facts
        )
        replace_series(run, "weight", "variable:w2", [0], std=spread, size=10_000)
        (found,) = findings("exploding-gradient", run)
        assert (found.site == "variable:w2") is fires
        assert [one.observed for one in found.evidence[2:]] == ([2.0] if fires else [])
        assert found.fixes[0].title.startswith("Start from an orthogonal matrix" if fires else "Clip")


def test_one_layer_multiplies_nothing(findings: Any, ruled_out: Any) -> None:
    """Factors of users and articles under a loss that is summed: what is too large is the update."""
    def factors(update: float) -> Run:
        run = classifier(sizes=(20,))
        change(run, "variable:w1", role="embedding")
        replace_series(run, "gradient", "variable:w1", range(5), norm=[150.0, 300.0, 9e3, 1e6, 1e9], size=80)
        replace_series(run, "weight", "variable:w1", range(5), norm=5.0, size=80)
        return replace_series(run, "update", "variable:w1", range(5), norm=update * 5.0, size=80)

    assert not findings("exploding-gradient", factors(0.101)) and ruled_out("exploding-gradient", factors(0.101))
    assert findings("exploding-gradient", factors(0.09))
    assert findings("lr-too-high", factors(0.101)) and not findings("lr-too-high", factors(0.09))


def test_a_cell_without_bounds(findings: Any) -> None:
    """A recurrence through relu breaks off between two samples; through tanh it cannot."""
    for function, expected in (("relu", 1), ("tanh", 0), (None, 0)):
        run = with_norm([0.5, 0.6], [0.7] * 30 + [370.0] + [float("nan")] * 30)
        site = run.sites["variable:w1"]
        run.source = "\n" * (site.location.line - 1) + "cell = LSTMCell(\n    8,\n    activation=kind)\n"
        run.sites["variable:w1"] = type(site)(
            site.key, site.kind, "lstm_cell/kernel", site.subject, site.phase, site.location,
            {**site.attributes, "cell": function},
        )  # fmt: skip
        found = findings("exploding-gradient", run)
        assert len(found) == expected, function
        if found:
            assert (found[0].title, found[0].onset_step) == ("The state of `lstm_cell` has no bounds, and explodes", 31)
            assert found[0].location.line == site.location.line + 2
