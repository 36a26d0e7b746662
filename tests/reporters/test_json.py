"""diagnosis.json, format 2: every key, and nothing that is no JSON."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np

from doctor.findings import Evidence
from doctor.reporters import json as reporter


def refuse(constant: str) -> None:
    raise AssertionError(f"bare {constant} in JSON")


def test_keys_are_those_of_the_contract(faulty):
    diagnosis, recording = faulty
    found = json.loads(reporter.report(diagnosis, recording), parse_constant=refuse)
    assert list(found) == ["format", "script", "run", "verdict", "findings", "ruled_out", "not_checked"]
    assert list(found["script"]) == ["path", "argv", "sha256"]
    assert list(found["run"]) == ["status", "exit_code", "steps", "seconds", "capture_seconds", "versions", "data"]
    for finding in found["findings"]:
        assert list(finding) == [
            "subject", "rule", "fault", "severity", "confidence", "primary", "caused_by",
            "title", "message", "site", "location", "onset_step", "evidence", "fixes", "proof",
        ]  # fmt: skip
        for evidence in finding["evidence"]:
            assert list(evidence) == ["series", "step", "observed", "limit", "unit"]
        for fix in finding["fixes"]:
            assert list(fix) == ["title", "code", "location", "safe"]
    assert found["findings"][0]["location"] == {
        "path": "train.py",
        "line": 7,
        "code": "w = tf.random.uniform([n_in, n_out], minval=-0.4, maxval=0.4)",
    }
    assert [list(entry) for entry in found["ruled_out"]] == [["fault", "why"]] * 2
    assert [list(entry) for entry in found["not_checked"]] == [["rule", "reason"]] * 4
    assert found["not_checked"][-1]["rule"] == "capture"  # what capture itself could not see


def test_non_finite_numbers_are_named(faulty):
    diagnosis, recording = faulty
    evidence = tuple(Evidence("loss", 1, value) for value in (math.nan, math.inf, -math.inf))
    cause = dataclasses.replace(diagnosis.findings[0], evidence=evidence)
    run = dataclasses.replace(diagnosis.run, seconds=math.nan, data=({"max": math.inf, "list": [math.nan]},))
    text = reporter.dumps(dataclasses.replace(diagnosis, findings=(cause,), run=run))
    found = json.loads(text, parse_constant=refuse)
    assert [entry["observed"] for entry in found["findings"][0]["evidence"]] == ["NaN", "Infinity", "-Infinity"]
    assert found["run"]["seconds"] == "NaN"
    assert found["run"]["data"] == [{"max": "Infinity", "list": ["NaN"]}]


def test_numbers_of_numpy_are_plain_numbers(faulty):
    """Rules take steps and values out of arrays."""
    diagnosis, recording = faulty
    evidence = (Evidence("loss", np.int64(3), np.float32(0.5), np.float64(np.nan)),)  # type: ignore[arg-type]
    cause = dataclasses.replace(diagnosis.findings[0], evidence=evidence, onset_step=np.int64(3))  # type: ignore
    found = json.loads(reporter.dumps(dataclasses.replace(diagnosis, findings=(cause,))))["findings"][0]
    assert found["onset_step"] == 3
    assert found["evidence"] == [{"series": "loss", "step": 3, "observed": 0.5, "limit": "NaN", "unit": ""}]
