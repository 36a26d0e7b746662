"""What reports tell of an experiment, with recordings of control and treated on disk."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from doctor.findings import Diagnosis, Proof, ProofRun
from doctor.recording import Recording
from doctor.reporters import json as json_reporter
from doctor.reporters import markdown, reporter, terminal
from tests.cli.recordings import write_recording

DIFF = "--- a/train.py\n+++ b/train.py\n@@ -1,2 +1,2 @@\n-rate = 1.0\n+rate = 0.1\n print(rate)\n"


@pytest.fixture
def proved(faulty: tuple[Diagnosis, Recording], tmp_path: Path) -> tuple[Diagnosis, Recording]:
    """The faulty diagnosis with a proof whose repaired run is recorded."""
    diagnosis, _ = faulty
    write_recording(tmp_path)
    write_recording(tmp_path / "proof" / "treated")
    recording = Recording.open(tmp_path)
    proof = Proof(
        "confirmed", "training works with the repair", "Set the learning rate to 0.1", DIFF, "accuracy",
        ProofRun(0.1, 300, "it fails"), ProofRun(0.9, 120, "it trains", "proof/treated"), 140, 2,
    )  # fmt: skip
    findings = tuple(replace(one, proof=proof) if one.primary else one for one in diagnosis.findings)
    return replace(diagnosis, findings=findings), recording


def test_json_has_the_experiment(proved: tuple[Diagnosis, Recording]) -> None:
    found = json.loads(json_reporter.report(*proved))["findings"]
    assert found[0]["proof"] == {
        "repair": "Set the learning rate to 0.1", "control": 0.1, "treated": 0.9, "metric": "accuracy", "steps": 140,
        "seeds": 2, "verdict": "confirmed", "reason": "training works with the repair", "diff": DIFF,
        "runs": {
            "control": {"steps": 300, "reason": "it fails", "recording": ""},
            "treated": {"steps": 120, "reason": "it trains", "recording": "proof/treated"},
        },
    }  # fmt: skip
    assert [one["proof"] for one in found[1:]] == [None] * (len(found) - 1)


def test_terminal_shows_verdict_figures_curves_and_change(proved: tuple[Diagnosis, Recording]) -> None:
    text = terminal.report(*proved)
    part = text[text.index("\nPROOF\n") :]
    for line in (
        "  Confirmed by experiment: training works with the repair",
        "  repair   Set the learning rate to 0.1",
        "  control  accuracy 10 %, 300 steps",
        "  treated  accuracy 90 %, 120 steps",
        "  cost     140 training steps for this experiment, 2 random seeds",
        "    -rate = 1.0",
        "    +rate = 0.1",
    ):
        assert f"{line}\n" in part
    assert part.count("  loss\n") == 2


def test_markdown_and_html(proved: tuple[Diagnosis, Recording]) -> None:
    text = markdown.report(*proved)
    assert "## Proof\n\n**Confirmed by experiment**: training works with the repair\n" in text
    assert f"```diff\n{DIFF}```" in text
    page = reporter("html")(*proved)
    assert '<strong class="proof-confirmed">Confirmed by experiment:</strong> training works with the repair' in page
    assert 'aria-label="loss by step: control' in page


def test_recording_of_a_trial_that_is_gone_costs_the_curves_only(proved: tuple[Diagnosis, Recording]) -> None:
    diagnosis, recording = proved
    (recording.folder / "proof" / "treated" / "run.json").unlink()
    text = terminal.report(diagnosis, recording)
    assert "  treated  accuracy 90 %, 120 steps\n" in text
    assert "  cost  " in text


def test_not_tried_says_why(faulty: tuple[Diagnosis, Recording]) -> None:
    diagnosis, recording = faulty
    proof = Proof("not tried", "no repair could be written: the rows come from a file")
    findings = tuple(replace(one, proof=proof) if one.primary else one for one in diagnosis.findings)
    text = terminal.report(replace(diagnosis, findings=findings), recording)
    assert "PROOF\n  Not tried: no repair could be written: the rows come from a file\n" in text
