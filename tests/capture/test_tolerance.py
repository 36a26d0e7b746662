"""Where TensorFlow compiles a watched graph into another order of the same sums."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ScriptRunner
from tests.diagnosing import diagnose

#: As stated in docs/how_it_works.md, under "What watching changes".
TOLERANCE = 1e-5
STYLES = Path(__file__).parent / "styles"


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        # Two losses with equal terms: the strictest test of order that is known.
        ("gan_in_graph", [200, 200]),
        # What is measured is compiled into the same clusters as the step.
        ("compiled_by_xla", [80]),
    ],
)
def test_the_stated_tolerance(name: str, steps: list[int], run_script: ScriptRunner) -> None:
    script = STYLES / f"{name}.py"
    plain = [np.array(one) for one in json.loads(run_script(script).stdout)]
    watched = diagnose(run_script, script)
    assert [len(watched.recording.losses(one.key)) for one in watched.recording.subjects] == steps
    for expected, weights in zip(plain, json.loads(watched.stdout), strict=True):
        np.testing.assert_allclose(weights, expected, rtol=0, atol=TOLERANCE * np.abs(expected).max())
