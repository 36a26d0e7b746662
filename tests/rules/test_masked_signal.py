"""Rule masked-signal, and where it finds blank moments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from doctor.capture.blanks import blanks
from doctor.findings import Confidence, Severity
from tests.builders import Run, change, classifier

SOURCE = "model.add(Masking(0.0))\nmodel.fit(x, y)\n"


def masked(failing: bool = True, value: float | None = 0.0, first: bool = True, **shares: float) -> Run:
    """A network behind a mask, and what its training sequences are like."""
    run = classifier(failing=failing, source=SOURCE)
    place = run.site("place", "place", line=1).sites.pop("place:place").location
    assert place is not None
    mask = {"class": "Masking", "weights": [0, 0], "location": place.listed(), "mask_value": value}
    dense = {"class": "Dense", "weights": [2, 2], "location": place.listed()}
    run.site("model", "m", layers=[mask, dense] if first else [dense, mask])
    known = {"share": 0.8, "before": 0.0, "after": 0.0, "within": 0.0, **shares}
    return run.site("array", "x", line=2, role="x", variable="x", blanks=known)


def test_blank_on_both_sides(findings: Any) -> None:
    (found,) = findings("masked-signal", masked(before=0.9, after=0.8))
    assert (found.fault, found.severity, found.confidence) == ("degenerate-feature", Severity.ERROR, Confidence.MEDIUM)
    assert found.location.line == 1 and found.evidence[0].observed == pytest.approx(0.7)


def test_threshold(findings: Any, ruled_out: Any) -> None:
    assert findings("masked-signal", masked(within=0.3)) and not findings("masked-signal", masked(within=0.29))
    assert ruled_out("masked-signal", masked(before=1.0)) and ruled_out("masked-signal", masked(after=1.0))


def test_silent(findings: Any) -> None:
    assert not findings("masked-signal", masked(failing=False, within=1.0))
    assert not findings("masked-signal", masked(value=-1.0, within=1.0))
    assert not findings("masked-signal", masked(first=False, within=1.0))
    run = masked(within=1.0)
    assert not findings("masked-signal", change(run, "array:x", blanks=None))
    assert not findings("masked-signal", classifier())


def test_where_moments_are_blank() -> None:
    x = np.zeros((4, 6, 2))
    x[0, :3], x[1, 3:], x[2, 2:4], x[3, [1, 3], 1] = 1, 1, 1, 1
    assert blanks(x) == {"share": 14 / 24, "before": 0.75, "after": 0.75, "within": 0.25}
    assert blanks(np.ones((4, 6, 2))) is None and blanks(np.zeros((4, 6, 2))) is None and blanks(x[:, :, 0]) is None
