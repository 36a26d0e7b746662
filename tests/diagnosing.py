"""Runs `doctor diagnose` on a script, as a user would, and reads its JSON report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doctor.recording import Recording
from tests.conftest import ScriptRunner


@dataclass(frozen=True)
class Diagnosed:
    """One diagnosed script."""

    status: int
    report: dict[str, Any]
    stdout: str
    stderr: str
    run_dir: Path

    @property
    def primary(self) -> dict[str, Any]:
        """The root cause, {} where there is none."""
        return next((finding for finding in self.report["findings"] if finding["primary"]), {})

    @property
    def errors(self) -> list[str]:
        """Faults of severity error."""
        return [finding["fault"] for finding in self.report["findings"] if finding["severity"] == "error"]

    @property
    def recording(self) -> Recording:
        """What was recorded."""
        return Recording.open(self.run_dir)


def diagnose(run_script: ScriptRunner, script: Path, *options: str, env: dict[str, str] | None = None) -> Diagnosed:
    """Diagnose a script with `--format json --output`, so that its stdout stays its own."""
    run_dir = run_script.folder / "run"
    output = run_script.folder / "diagnosis.json"
    done = run_script(
        *("-m", "doctor", "diagnose", "--run-dir", run_dir, "--format", "json", "--output", output, *options, script),
        env=env,
    )
    assert output.is_file(), done.stderr
    return Diagnosed(
        done.returncode, json.loads(output.read_text(encoding="utf-8")), done.stdout, done.stderr, run_dir
    )
