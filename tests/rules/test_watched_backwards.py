"""Rule watched-backwards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = "stop = keras.callbacks.{name}({arguments})\nnet.fit(x, y, callbacks=[stop])\n"


def watched(arguments: str, name: str = "ModelCheckpoint", best: bool = False, **options: Any) -> Run:
    run = classifier(source=SOURCE.format(name=name, arguments=arguments), **{"failing": False, **options})
    return run.site("fit", "fit", line=2, callbacks=[{"class": name, "best": best}])


def test_the_worst_is_kept(findings: Any, primary: Any) -> None:
    run = watched('monitor="val_loss", mode="max", save_best_only=True', best=True)
    (found,) = findings("watched-backwards", run)
    assert (found.fault, found.severity, found.confidence) == ("update-missing", Severity.ERROR, Confidence.HIGH)
    assert found.location.line == 1 and "Their weights are what is kept." in found.message
    assert primary(run).rule == "watched-backwards"


@pytest.mark.parametrize(
    "arguments, fires",
    [
        ('"val_loss", mode="max"', True),
        ('monitor="val_accuracy", mode="min"', True),
        ('monitor="val_mae", mode="max"', True),
        ('monitor="val_loss", mode="min"', False),
        ('monitor="val_auc", mode="max"', False),
        ('monitor="val_loss"', False),
        ('monitor="val_loss", mode="auto"', False),
        ('monitor="val_elbo", mode="max"', False),
    ],
)
def test_names_and_modes(arguments: str, fires: bool, findings: Any) -> None:
    assert bool(findings("watched-backwards", watched(arguments))) is fires


def test_how_bad_it_is(findings: Any) -> None:
    rate = dict(arguments='"val_loss", mode="max"', name="Keeper")
    assert findings("watched-backwards", watched(**rate))[0].severity is Severity.WARNING
    assert findings("watched-backwards", watched(**rate, failing=True))[0].severity is Severity.ERROR


def test_a_loss_to_be_maximised(findings: Any) -> None:
    run = watched('"val_loss", mode="max"', losses=np.linspace(-1, -5, 300))
    assert not findings("watched-backwards", run)


def test_only_callbacks_that_are_used(findings: Any) -> None:
    run = classifier(source=SOURCE.format(name="ModelCheckpoint", arguments='"val_loss", mode="max"'))
    assert not findings("watched-backwards", run)


def test_callbacks_that_others_tell_of(findings: Any) -> None:
    for name in ("EarlyStopping", "ReduceLROnPlateau"):
        assert not findings("watched-backwards", watched('"val_loss", mode="max"', name))
