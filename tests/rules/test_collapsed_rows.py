"""Rule collapsed-rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from doctor.findings import Confidence, Severity
from tests.builders import Run, classifier

SOURCE = """\
def scale(images):
    scaled = np.zeros_like(images)
    for i, image in enumerate(images):
        scaled[i] = image / 255
    return scaled

x = scale(images)
model.fit(x, y)
"""


def pictures(same: int, *, labels: int = 2, shape: tuple[int, ...] = (200, 8, 8), kind: str = "classes") -> Run:
    """200 pictures, of which the first `same` are one and the same, with so many different labels."""
    run = classifier(failing=False, source=SOURCE)
    run.site("array", "x", line=8, role="x", variable="x", shape=list(shape), min=0.0, max=1.0, mean=0.01)
    relation = {"kind": kind, "rows": 200, "classes": 4, "copies": [], "score": 0.4, "chance": 0.25, "deviations": 6.0}
    run.site("rows", "rows of x", line=8, of="arrays", used_for="train", inputs=["array:x"], labels=["array:y"],
             width=64, rows=200, share_bits=0, relation=relation)  # fmt: skip
    rows = np.arange(1, 201)
    rows[:same] = 1
    both = 1000 * rows + np.arange(200) % labels
    return run.rows("rows:rows of x", rows.tolist(), both.tolist())


def test_pictures_that_became_the_same(findings: Any, primary: Any) -> None:
    (found,) = findings("collapsed-rows", pictures(30))
    assert (found.fault, found.severity, found.confidence) == ("degenerate-feature", Severity.ERROR, Confidence.CERTAIN)
    assert found.message.startswith("15 % of 200 rows of `x` equal another row that has another label")
    assert found.location.line == 2
    assert (found.evidence[0].observed, found.evidence[0].limit) == (0.15, 0.1)
    assert primary(pictures(30)).rule == "collapsed-rows"


def test_at_the_threshold(findings: Any, ruled_out: Any) -> None:
    assert findings("collapsed-rows", pictures(20))
    assert not findings("collapsed-rows", pictures(19)) and ruled_out("collapsed-rows", pictures(19))


def test_labels_that_are_noisy(findings: Any) -> None:
    """Of 100 equal rows nine or ten have another label: a model is right with nearly all of them."""
    for odd, expected in ((9, 0), (10, 1)):
        run = pictures(100, labels=1)
        rows = np.arange(1, 201)
        rows[:100] = 1
        both = 1000 * rows + (np.arange(200) < odd)
        run._hashes = []
        run.rows("rows:rows of x", rows.tolist(), both.tolist())
        assert len(findings("collapsed-rows", run)) == expected


def test_short_rows(findings: Any) -> None:
    assert findings("collapsed-rows", pictures(100, shape=(200, 16, 1)))
    assert not findings("collapsed-rows", pictures(100, shape=(200, 15, 1)))


def test_what_may_well_be_the_same(findings: Any) -> None:
    """Copies with their label, rows of a table, labels that are values."""
    assert not findings("collapsed-rows", pictures(100, labels=1))
    assert not findings("collapsed-rows", pictures(100, shape=(200, 64)))
    assert not findings("collapsed-rows", pictures(100, kind="values"))


def test_the_line_of_what_is_reshaped_at_once(findings: Any) -> None:
    run = pictures(30)
    run.source = SOURCE.replace("scale(images)\n", "scale(images)[..., np.newaxis]\n")
    assert findings("collapsed-rows", run)[0].location.line == 2
    run.source = SOURCE.replace("np.zeros_like(images)", "np.zeros_like(images, dtype=np.float32)")
    assert findings("collapsed-rows", run)[0].location.line != 2
