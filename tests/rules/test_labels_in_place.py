"""Rule labels-in-place."""

from __future__ import annotations

from typing import Any

import pytest

from doctor.findings import Confidence, Severity
from tests.builders import classifier

SOURCE = """\
class Pairs(PyDataset):
    def __init__(self, x, same):
        self.x, self.same = x, same
        self.order = rng.permutation(len(x))

    def __getitem__(self, index):
        window = slice(index * 32, index * 32 + 32)
        rows = self.order[window]
        return self.x[rows], self.same[window]
"""


def test_labels_as_they_stand(findings: Any) -> None:
    (found,) = findings("labels-in-place", classifier(source=SOURCE))
    assert (found.fault, found.severity, found.confidence) == ("label-mismatch", Severity.ERROR, Confidence.HIGH)
    assert found.location.line == 9


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("self.same[window]", "self.same[rows]"), ("rng.permutation(len(x))", "np.arange(len(x))"),
     ("self.order[window]", "np.arange(99)[window]"),
     ("self.x[rows], self.same[window]", "0.5 * self.x[rows] + 0.5 * self.x[window], self.same[window]"),
     ("self.x[rows], self.same[window]", "self.x[window], self.same[window], rows"),
     ("        return self.x[rows], self.same[window]", "        yield ()")],
)  # fmt: skip
def test_sound_sources(was: str, becomes: str, findings: Any) -> None:
    assert not findings("labels-in-place", classifier(source=SOURCE.replace(was, becomes)))


def test_labels_that_are_learned_belong_to_their_inputs(findings: Any) -> None:
    assert not findings("labels-in-place", classifier(failing=False, source=SOURCE))
