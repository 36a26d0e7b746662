"""Rule frozen-model."""

from __future__ import annotations

from typing import Any

from doctor.engine import diagnose
from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = """base.trainable = False
for layer in head.layers:
    layer.trainable = False
model.compile("adam", "mse")
model.fit(x, y)
"""


def fitted(run: Run, *layers: list[int]) -> Run:
    """A call of fit on a model with layers of so many trainable weights, of so many."""
    run.site("model", "net", layers=[{"name": f"layer {n}", "trainable": True, "weights": w}
                                     for n, w in enumerate(layers)])  # fmt: skip
    return run.site("fit", "fit", line=5, model="net", compile={"location": ["train.py", 4, "model.compile()"]})


def test_no_layer_is_trainable() -> None:
    """Such a fit computes no gradient, so there is no subject; a dropout without weights does not count."""
    run = fitted(Run(SOURCE), [0, 4], [0, 0], [0, 2])
    diagnosis = diagnose(run.build())
    (found,) = diagnosis.findings
    assert (found.fault, found.severity, found.confidence) == ("update-missing", Severity.ERROR, Confidence.CERTAIN)
    assert found.location.line == 3 and "None of the 2 layers with weights" in found.message
    assert diagnosis.verdict == "faulty" and diagnosis.primary.rule == "frozen-model"


def test_the_compile_call_is_blamed_where_nothing_says_frozen(findings: Any) -> None:
    assert findings("frozen-model", fitted(classifier(failing=False), [0, 2]))[0].location.line == 4


def test_a_part_that_learns_is_enough() -> None:
    for layers in ([[0, 4], [1, 2]], [[0, 0]], []):
        assert not diagnose(fitted(Run(SOURCE), *layers).build()).findings


def test_players_that_are_trained_in_turn() -> None:
    """The layers as they were last seen tell nothing: what counts is whether any training found them trainable."""
    frozen = Run("discriminator.trainable = False\n").site(
        "model", "net", learned=0, layers=[{"name": "d", "trainable": False, "weights": [0, 2]}]
    )
    (found,) = diagnose(frozen.build()).findings
    assert (found.rule, found.location.line) == ("frozen-model", 1)
    in_turn = fitted(Run(SOURCE), [0, 2])
    in_turn.sites["model:net"].attributes["learned"] = 1  # type: ignore[index]
    assert not diagnose(in_turn.build()).findings


def test_a_model_that_learned_before_and_is_fitted_again() -> None:
    """Its layers tell of the first training; the call says that nothing was trainable in this one."""
    for learns, count in ((0, 1), (2, 0), (None, 0)):
        run = classifier(failing=False, source=SOURCE)
        run.site("model", "net", learned=4, layers=[{"name": "d", "trainable": True, "weights": [2, 2]}])
        run.site("fit", "fit", line=5, model="net", learns=learns)
        found = [one for one in diagnose(run.build()).findings if one.rule == "frozen-model"]
        assert [one.location.line for one in found if one.location] == [3] * count
