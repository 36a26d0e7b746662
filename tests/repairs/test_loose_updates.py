"""Epsilon and bounds on the gradient, where they are chosen."""

from __future__ import annotations

import pytest

from doctor.findings import Evidence
from doctor.repairs.optimiser.held_back import LooseUpdates
from tests.repairs.helpers import case, changed, refused


@pytest.mark.parametrize(
    ("source", "word", "held", "code", "wanted"),
    [
        ("opt = Adam(1e-3, epsilon=1.0)\n", "epsilon", 1.0, "epsilon=1e-7", ["opt = Adam(1e-3, epsilon=1e-07)"]),
        ("CLIP = 1e-4\n", "clip_by_global_norm", 1e-4, "clipnorm=1.0", ["CLIP = 1.0"]),
        ("opt = SGD(0.001, clipvalue=0.001)\n", "clipvalue", 2e-3, "clipnorm=1.0", None),
        ("opt = SGD(1.0)\n", "", 0.0, "learning_rate=0.1", []),
    ],
)
def test_the_number_is_replaced(source: str, word: str, held: float, code: str, wanted: list[str] | None) -> None:
    """Only the one that the rule measured, and only where the rule proposes it."""
    finding = case(source, "lr-too-low", source.strip(), code=code, evidence=(Evidence(word, None, held),))
    if wanted is None:
        assert refused(LooseUpdates(), finding) == "the number is not written on line 1"
    elif not wanted:
        assert not list(LooseUpdates().patches(finding))
    else:
        assert changed(LooseUpdates(), finding) == wanted
