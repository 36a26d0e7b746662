"""Where TensorFlow compiles a watched graph into another order of the same sums."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from tests.conftest import ScriptRunner
from tests.diagnosing import diagnose

#: As stated in docs/how_it_works.md, under "What watching changes".
TOLERANCE = 1e-5
GAN = Path(__file__).parent / "styles" / "gan_in_graph.py"


def test_sums_of_gradients_keep_the_stated_tolerance(run_script: ScriptRunner) -> None:
    """Two losses with equal terms: the strictest test of order that is known."""
    plain = [np.array(one) for one in json.loads(run_script(GAN).stdout)]
    watched = diagnose(run_script, GAN)
    assert [len(watched.recording.losses(one.key)) for one in watched.recording.subjects] == [200, 200]
    for expected, weights in zip(plain, json.loads(watched.stdout), strict=True):
        np.testing.assert_allclose(weights, expected, rtol=0, atol=TOLERANCE * np.abs(expected).max())
