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


def test_a_single_fit_is_no_round(findings: Any) -> None:
    assert findings("shared-folds", fitted(fits=2)) and not findings("shared-folds", fitted(fits=1))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("    scaler", "    net = build()\n    scaler"), ("    scaler", "    net.set_weights(first)\n    scaler"),
     ("KFold(5).split(x)", "zip(parts, rest)"), ("KFold(5).split(x)", 'text.split(",")'),
     ("net.fit", "build().fit"), ("    scaler", "    net = clone_model(base)\n    scaler")],
)  # fmt: skip
def test_loops_that_are_sound_or_something_else(was: str, becomes: str, findings: Any) -> None:
    source = SHARED.replace(was, becomes, 1)
    assert not findings("shared-folds", fitted(source, line=len(source.splitlines())))
