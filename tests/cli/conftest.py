"""Recordings on disk, a launcher that runs nothing, and a diagnosis made by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable

import pytest

from doctor.cli import conclusion
from doctor.cli.main import main
from doctor.findings import Confidence, Diagnosis, Finding, Severity
from doctor.recording import Recording
from doctor.types import Location
from tests.cli.recordings import SCRIPT, write_recording


@pytest.fixture
def script(tmp_path, monkeypatch) -> Path:
    """A script in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DOCTOR_DATA", raising=False)
    path = tmp_path / "train.py"
    path.write_text(SCRIPT)
    return path


@pytest.fixture
def doctor(capfd) -> Callable[..., SimpleNamespace]:
    """Runs the command line in this process: `doctor("check", folder).status`, `.out`, `.err`."""

    def run(*arguments: object) -> SimpleNamespace:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return SimpleNamespace(status=ended.value.code, out=out, err=err)

    return run


@pytest.fixture
def launched(monkeypatch) -> list[Any]:
    """Replaces the launcher; collects the options that it was given.

    What it "records" is set by its attribute `recorded`: arguments of `write_recording`.
    """

    class Launches(list):  # type: ignore[type-arg]
        recorded: dict[str, Any] = {}

    launches = Launches()

    def launch(options: Any) -> None:
        launches.append(options)
        print("the script speaks", flush=True)
        write_recording(options.run_dir, **launches.recorded)

    monkeypatch.setattr("doctor.capture.launcher.launch", launch)
    return launches


@pytest.fixture
def verdict(monkeypatch) -> Callable[..., None]:
    """Decides what the rules will say: `verdict(Severity.ERROR)`."""

    def decide(severity: Severity | None) -> None:
        def judge(recording: Recording, config: object = None) -> Diagnosis:
            findings = ()
            if severity is not None:
                location = Location("train.py", 3, "w = tf.Variable(0.0)")
                findings = (
                    Finding(
                        rule="constant-initialisation",
                        fault="init-constant",
                        severity=severity,
                        confidence=Confidence.CERTAIN,
                        title="All weights are zero",
                        message="The weight w is 0.",
                        subject="subject:1",
                        location=location,
                        onset_step=0,
                        primary=True,
                    ),
                )
            word = "faulty" if severity is Severity.ERROR else "healthy"
            return Diagnosis(recording.run, recording.steps, word, "The loss fell.", findings)

        monkeypatch.setattr(conclusion, "judge", judge)

    return decide
