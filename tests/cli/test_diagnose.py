"""`doctor diagnose`: what it passes on, where it speaks, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doctor.errors import ScriptError
from doctor.findings import Severity


@pytest.fixture(autouse=True)
def surroundings(script, launched, verdict):
    verdict(Severity.ERROR)


def test_the_report_for_people_goes_to_stderr(doctor):
    result = doctor("diagnose", "train.py")
    assert result.status == 1
    assert result.out == "the script speaks\n"
    assert result.err.startswith("\nFAULTY: All weights are zero\n")
    assert "> 3 | w = tf.Variable(0.0)" in result.err


def test_the_report_for_programs_goes_to_stdout(doctor, launched):
    launched.recorded = {}
    result = doctor("diagnose", "--format", "json", "train.py")
    # The fake launcher prints to stdout all the same; the real one is told not to.
    assert launched[0].script_stdout == "stderr"
    found = json.loads(result.out.removeprefix("the script speaks\n"))
    assert found["findings"][0]["fault"] == "init-constant"
    assert result.err == ""


@pytest.mark.parametrize("name", ["terminal", "json", "sarif", "markdown", "html"])
def test_a_report_in_a_file_leaves_stdout_to_the_script(name, doctor, launched):
    result = doctor("diagnose", "--format", name, "--output", "report.out", "train.py")
    assert launched[0].script_stdout == "inherit"
    assert result.out == "the script speaks\n"
    assert result.err == "doctor: faulty, init-constant; the report is in report.out\n"
    assert "All weights are zero" in Path("report.out").read_text()


def test_quiet_leaves_the_report_only(doctor):
    result = doctor("diagnose", "--quiet", "--output", "report.txt", "train.py")
    assert result.err == ""
    assert doctor("diagnose", "--quiet", "train.py").err.startswith("\nFAULTY")


def test_diagnosis_json_is_always_written(doctor, launched):
    doctor("diagnose", "train.py")
    found = json.loads((launched[0].run_dir / "diagnosis.json").read_text())
    assert found["verdict"] == "faulty" and found["run"]["steps"] == 3


@pytest.mark.parametrize(
    ("severity", "fail_on", "status"),
    [
        (Severity.ERROR, "error", 1),
        (Severity.ERROR, "never", 0),
        (Severity.WARNING, "error", 0),
        (Severity.WARNING, "warning", 1),
        (Severity.INFO, "warning", 0),
        (None, "warning", 0),
    ],
)
def test_exit_status(severity, fail_on, status, doctor, verdict):
    verdict(severity)
    assert doctor("diagnose", "--fail-on", fail_on, "train.py").status == status


def test_options_after_the_script_belong_to_the_script(doctor, launched):
    doctor("diagnose", "--steps", "7", "train.py", "--steps", "9", "-x", "--help", "--", "--format")
    assert launched[0].steps == 7
    assert launched[0].argv == ("--steps", "9", "-x", "--help", "--", "--format")


def test_a_script_may_follow_two_dashes(doctor, launched):
    doctor("diagnose", "--quiet", "--", "train.py", "--", "-v")
    assert (launched[0].script, launched[0].argv) == ("train.py", ("--", "-v"))


def test_options_reach_the_launcher(doctor, launched, tmp_path):
    doctor(
        "diagnose", "--timeout", "2.5", "--overhead", "10", "--data", tmp_path, "--run-dir", "here", "./train.py"
    )  # fmt: skip
    options = launched[0]
    assert (options.timeout, options.overhead, options.data_dir) == (2.5, 0.1, tmp_path)
    assert (options.script, options.run_dir) == ("./train.py", Path("here"))


def test_the_data_folder_may_come_from_the_environment(doctor, launched, tmp_path, monkeypatch):
    monkeypatch.setenv("DOCTOR_DATA", str(tmp_path))
    doctor("diagnose", "train.py")
    assert launched[0].data_dir == tmp_path


def test_run_folders_are_named_after_script_and_time(doctor, launched):
    doctor("diagnose", "train.py")
    doctor("diagnose", "train.py")
    first, second = (options.run_dir for options in launched)
    assert first.parent == Path("doctor_runs") and first.name.startswith("train-20")
    assert first != second


def test_an_empty_run_folder_is_used(doctor, launched):
    Path("empty").mkdir()
    assert doctor("diagnose", "--run-dir", "empty", "train.py").status == 1


def test_a_run_folder_with_content_is_refused(doctor, launched):
    Path("full").mkdir()
    Path("full/file").touch()
    result = doctor("diagnose", "--run-dir", "full", "train.py")
    assert result.status == 2 and not launched
    assert result.err == (
        "doctor: The run folder 'full' is not empty; give a new one with --run-dir, or delete it. "
        "(docs/messages.md#run-dir-not-empty)\n"
    )


def test_a_run_folder_that_cannot_be_made_is_refused(doctor, launched):
    result = doctor("diagnose", "--run-dir", "train.py/run", "train.py")
    assert result.status == 2 and not launched
    assert "#run-dir-unwritable" in result.err and result.err.count("\n") == 1


def test_an_output_that_cannot_be_written_is_refused_before_the_run(doctor, launched):
    result = doctor("diagnose", "--output", "missing/report.txt", "train.py")
    assert result.status == 2 and not launched
    assert "#output-not-writable" in result.err


def test_an_error_of_the_launcher_is_one_line_and_leaves_no_folder(doctor, monkeypatch):
    def launch(options):
        raise ScriptError("There is no script 'x.py'; check the path.", slug="no-such-script")

    monkeypatch.setattr("doctor.capture.launcher.launch", launch)
    result = doctor("diagnose", "x.py")
    assert result.status == 2
    assert result.err == "doctor: There is no script 'x.py'; check the path. (docs/messages.md#no-such-script)\n"
    assert not Path("doctor_runs").exists()


def test_a_script_that_does_not_train_has_status_2(doctor, launched, verdict):
    verdict(None)
    launched.recorded = {"losses": ()}
    result = doctor("diagnose", "train.py")
    assert result.status == 2
    assert result.err.startswith("doctor: The script 'train.py' never computed a gradient, so")
    assert result.err.endswith("(docs/messages.md#no-training)\n") and result.err.count("\n") == 1


def test_a_program_gets_its_report_even_without_training(doctor, launched, verdict):
    verdict(None)
    launched.recorded = {"losses": ()}
    result = doctor("diagnose", "--format", "json", "train.py")
    assert result.status == 2
    assert json.loads(result.out.removeprefix("the script speaks\n"))["run"]["status"] == "no-training"


def test_a_crash_before_training_is_a_finding(doctor, launched):
    crash = {"type": "ValueError", "message": "shapes", "traceback": "", "location": None}
    launched.recorded = {"losses": (), "status": "crashed", "exit_code": 1, "crash": crash}
    assert doctor("diagnose", "train.py").status == 1


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--steps", "0", "train.py"),
        ("--overhead", "200", "train.py"),
        ("--timeout", "0", "train.py"),
        ("--format", "xml", "train.py"),
        ("--no-such-option", "train.py"),
    ],
)
def test_bad_usage_has_status_2(arguments, doctor, launched):
    result = doctor("diagnose", *arguments)
    assert result.status == 2 and "Usage: doctor diagnose" in result.err and not launched


def test_a_data_folder_that_is_missing_is_refused(doctor, launched):
    result = doctor("diagnose", "--data", "nowhere", "train.py")
    assert result.status == 2 and "'nowhere'" in result.err and not launched
