"""`doctor check` and `doctor report`: recordings that others made, or that were cut off."""

from __future__ import annotations

import json
import os

import pytest

from doctor.findings import Severity
from tests.cli.recordings import write_recording


@pytest.fixture
def run(tmp_path):
    return write_recording(tmp_path / "run")


def test_check_prints_to_stdout_and_tells_by_its_status(doctor, run, verdict):
    verdict(Severity.ERROR)
    result = doctor("check", run)
    assert (result.status, result.err) == (1, "")
    assert result.out.startswith("FAULTY: All weights are zero\n")


def test_report_prints_the_same_with_status_0(doctor, run, verdict):
    verdict(Severity.ERROR)
    checked = doctor("check", run)
    reported = doctor("report", run)
    assert (reported.status, reported.out) == (0, checked.out)


@pytest.mark.parametrize("fail_on", ["warning", "error"])
def test_fail_on(doctor, run, verdict, fail_on):
    verdict(Severity.WARNING)
    assert doctor("check", run, "--fail-on", fail_on).status == (fail_on == "warning")


def test_options_may_follow_the_folder(doctor, run, verdict):
    verdict(None)
    result = doctor("check", run, "--format", "json")
    assert result.status == 0 and json.loads(result.out)["verdict"] == "healthy"


def test_output_to_a_file(doctor, run, verdict, tmp_path):
    verdict(None)
    result = doctor("report", run, "--format", "markdown", "--output", tmp_path / "report.md")
    assert result.out == "" and (tmp_path / "report.md").read_text().startswith("# Healthy")


def test_check_leaves_the_folder_as_it_is(doctor, run, verdict):
    verdict(Severity.ERROR)
    before = sorted(os.listdir(run))
    doctor("check", run)
    assert sorted(os.listdir(run)) == before


def test_a_run_that_was_killed_can_be_checked(doctor, tmp_path, verdict):
    verdict(Severity.ERROR)
    run = write_recording(tmp_path / "killed", status="running", exit_code=None)
    with (run / "losses.bin").open("ab") as file:
        file.write(b"half a row")
    result = doctor("check", run)
    assert result.status == 1 and "3 steps" in result.out and "killed before its end" in result.out


def test_a_run_without_training_has_status_2(doctor, tmp_path, verdict):
    verdict(None)
    result = doctor("check", write_recording(tmp_path / "idle", losses=(), status="timeout"))
    assert result.status == 2 and "never computed a gradient before the time limit" in result.err
    assert doctor("report", tmp_path / "idle").status == 0


@pytest.mark.parametrize("command", ["check", "report"])
def test_a_folder_that_is_no_recording(doctor, tmp_path, command):
    for folder in (tmp_path, tmp_path / "missing"):
        result = doctor(command, folder)
        assert result.status == 2 and result.out == "" and result.err.count("\n") == 1
        assert "#no-recording" in result.err


def test_a_folder_of_several_runs(tmp_path, doctor):
    """All are judged; those that do not belong together are not held against each other."""
    write_recording(tmp_path / "runs" / "a", losses=(1.0, 0.5))
    write_recording(tmp_path / "runs" / "b", losses=(1.0, float("nan"), float("nan")), status="crashed")
    result = doctor("check", tmp_path / "runs")
    assert result.status == 1
    assert [line.partition(":")[0] for line in result.out.splitlines() if not line.startswith(" ")][:2] == ["a", "b"]
    assert "DIFFER" not in result.out and "THE REPORT OF b\n" in result.out

    result = doctor("check", tmp_path / "runs", "--format", "json")
    report = json.loads(result.out)
    assert list(report["runs"]) == ["a", "b"] and report["differences"] is None

    result = doctor("check", tmp_path / "runs", "--format", "html")
    assert (result.status, result.out) == (2, "")
    first = str(tmp_path / "runs" / "a")
    assert result.err == (
        f"doctor: The folder {str(tmp_path / 'runs')!r} holds 2 runs, and --format html reports one; name it, as "
        f"{first!r}, or take --format json. (docs/messages.md#format-of-several-runs)\n"
    )
