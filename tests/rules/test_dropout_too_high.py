"""Rule dropout-too-high."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from doctor.findings import Confidence, Severity
from doctor.types import Location
from tests.builders import SCRIPT, Run, classifier


def dropped(*rates: float | None, failing: bool = True) -> Run:
    run = classifier(failing=failing)
    for number, rate in enumerate(rates):
        run.site("dropout", f"drop{number}", line=30 + number, rate=rate, layer=f"drop{number}")
    return run


def test_nearly_everything_is_dropped(findings: Any, primary: Any) -> None:
    (found,) = findings("dropout-too-high", dropped(0.3, 0.95))
    assert (found.severity, found.confidence, found.location.line) == (Severity.ERROR, Confidence.HIGH, 31)
    assert found.title == "Dropout removes 95 % of the units" and "multiplies the rest by 20" in found.message
    assert (found.evidence[0].observed, found.fixes[0].code) == (0.95, "rate=0.05")
    assert primary(dropped(0.95)).rule == "dropout-too-high"


def test_thresholds(findings: Any, ruled_out: Any) -> None:
    assert findings("dropout-too-high", dropped(0.75))[0].confidence is Confidence.MEDIUM
    assert not findings("dropout-too-high", dropped(0.74))
    assert ruled_out("dropout-too-high", dropped(0.74))[0].why == "dropout removes 74 %"


def test_a_run_that_trains(findings: Any) -> None:
    assert findings("dropout-too-high", dropped(0.9, failing=False))[0].severity is Severity.WARNING
    assert not findings("dropout-too-high", dropped(0.89, failing=False))


def test_all_is_dropped(findings: Any) -> None:
    assert "sets all of its inputs to zero." in findings("dropout-too-high", dropped(1.0))[0].message


def test_unknown_rates_say_nothing(check: Any) -> None:
    assert check("dropout-too-high", dropped(None)) == [] == check("dropout-too-high", classifier())


def test_a_rate_in_single_precision(findings: Any) -> None:
    rate = float(np.float32(0.9))
    run = classifier(failing=False).site("dropout", "dropout", rate=rate, layer="dropout")
    assert rate < 0.9 and findings("dropout-too-high", run)[0].severity is Severity.WARNING


def test_a_share_that_is_kept_is_handed_over(findings: Any) -> None:
    """The line to change is that of the call, and not where the share was chosen."""
    for written, kept in (("KEEP_PROB", "KEEP_PROB"), ("1 - KEEP_PROB", ""), ("RATE", "")):
        source = f"{written.split()[-1]} = 0.9\nx = Dropout({written})(x)\n"
        run = dropped(0.9)
        run.source = source
        run.sites = {key: replace(site, location=Location(SCRIPT, 2, source.splitlines()[1]))
                     if site.kind == "dropout" else site for key, site in run.sites.items()}  # fmt: skip
        (found,) = findings("dropout-too-high", run)
        assert found.location.line == (2 if kept or "-" in written else 1)
        assert (f"`{kept}` reads like the share that is kept" in found.message) is bool(kept)
        assert (found.fixes[0].code == f"rate=1 - {kept}") is bool(kept)


def test_recurrent_dropout(findings: Any) -> None:
    """The argument of the layer is named; a share that is kept is told by its name there too."""
    for given, line, code in (("0.95", 2, "recurrent_dropout=0.05"), ("keep", 2, "recurrent_dropout=1 - keep")):
        run = classifier()
        run.source = f"keep = 0.95\nx = GRU(8, recurrent_dropout={given})(x)\n"
        run.site("dropout", "gru", line=2, rate=0.95, layer="gru", argument="recurrent_dropout")
        (found,) = findings("dropout-too-high", run)
        assert found.location is not None and found.location.line == line
        assert found.fixes[0].code == code and "sets 95 % of its state to zero" in found.message
