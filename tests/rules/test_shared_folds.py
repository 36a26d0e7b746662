"""Rule shared-folds."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SHARED = """\
net = build()
for number, (train, test) in enumerate(KFold(5).split(x)):
    scaler = Scaler().fit(x[train])
    net.fit(scaler.transform(x[train]), y[train])
"""


def fitted(source: str = SHARED, fits: int = 5, line: int = 4) -> Run:
    run = classifier(failing=False, source=source)
    for number in range(fits):
        run.site("fit", f"fit {number}", line=line, model="net")
    return run


def test_one_network_through_all_folds(findings: Any) -> None:
    (found,) = findings("shared-folds", fitted())
    assert (found.fault, found.severity, found.confidence) == ("leakage", Severity.ERROR, Confidence.CERTAIN)
    assert found.location.line == 1 and found.fixes[0].location.line == 4
    assert found.message.startswith("It was fitted 5 times and made once")


def test_a_scaler_beside_the_network_and_a_measure_of_it(findings: Any) -> None:
    source = SHARED.replace("    scaler = Scaler().fit(x[train])\n", "    scaler.fit(x[train])\n")
    source = "scaler = Scaler()\ndef measure(net):\n    return net(x)\n" + source + "    measure(net)\n"
    assert findings("shared-folds", fitted(source, line=7))[0].location.line == 4


def test_networks_of_one_name_that_are_made_anew(findings: Any) -> None:
    """Each of them is a training of its own."""
    run = fitted()
    for number in range(5):
        run.subject(f"again {number}", style="fit").losses([1.0, 0.5])
    assert not findings("shared-folds", run)


def test_a_single_fit_is_no_round(findings: Any) -> None:
    assert findings("shared-folds", fitted(fits=2)) and not findings("shared-folds", fitted(fits=1))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("    scaler", "    net = build()\n    scaler"), ("    scaler", "    net.set_weights(first)\n    scaler"),
     ("KFold(5).split(x)", "zip(parts, rest)"), ("KFold(5).split(x)", 'text.split(",")'),
     ("net.fit", "build().fit"), ("KFold(5)", "TimeSeriesSplit(5)"), ("KFold(5)", "GroupShuffleSplit(n_splits=1)"),
     ("    scaler", "    net: Model = build()\n    scaler"), ("    scaler", "    renew(net)\n    scaler"),
     ("    net.fit", "    for epoch in range(9): net.fit"), ("    scaler", "    net = clone_model(base)\n    scaler")],
)  # fmt: skip
def test_loops_that_are_sound_or_something_else(was: str, becomes: str, findings: Any) -> None:
    source = SHARED.replace(was, becomes, 1)
    assert not findings("shared-folds", fitted(source, line=len(source.splitlines())))
