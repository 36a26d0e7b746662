"""What the tests of the launcher share: a script run plainly, and the same run under doctor."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DRIVER = Path(__file__).with_name("launch_driver.py")


@dataclass
class Launched:
    """One launch: what the process printed, what `launch` returned, what the recording says."""

    process: subprocess.CompletedProcess[str]
    result: dict[str, Any]
    run: dict[str, Any]


def driver_command(folder: Path, script: str | Path, *args: str, **options: Any) -> list[str | Path]:
    """The command line that launches `script` and leaves its outcome in `folder`."""
    options = {"run_dir": str(folder / "doctor run"), **options}
    return [DRIVER, json.dumps(options), folder / "result.json", script, *args]


def outcome(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The result and the facts of the run, of a driver that has ended."""
    result = json.loads((folder / "result.json").read_text())
    facts = folder / "doctor run" / "run.json"
    return result, json.loads(facts.read_text())["run"] if facts.exists() else {}


def launch_script(
    run_script: Any, script: str | Path, *args: str, cwd: Path | None = None, stdin: str = "", **options: Any
) -> Launched:
    """Run a script under doctor."""
    command = driver_command(run_script.folder, script, *args, **options)
    process = run_script(*command, cwd=cwd, stdin=stdin)
    assert (run_script.folder / "result.json").exists(), process.stderr
    return Launched(process, *outcome(run_script.folder))


def assert_same(
    run_script: Any, script: str | Path, *args: str, cwd: Path | None = None, stdin: str = "", status: str = "completed"
) -> Launched:
    """Run a script plainly and under doctor; both must print and end the same way."""
    plain = run_script(script, *args, cwd=cwd, stdin=stdin)
    launched = launch_script(run_script, script, *args, cwd=cwd, stdin=stdin)
    assert _without_addresses(launched.process.stdout) == _without_addresses(plain.stdout)
    assert _without_addresses(launched.process.stderr) == _without_addresses(plain.stderr)
    ended_by = -plain.returncode if plain.returncode < 0 else None
    exit_code = None if ended_by else plain.returncode
    assert launched.result == {
        "status": status, "exit_code": exit_code, "signal": ended_by, "imported_tensorflow": False
    }
    assert (launched.run["status"], launched.run["exit_code"]) == (status, exit_code)
    assert launched.run["not_captured"] == []
    return launched


def _without_addresses(text: str) -> str:
    return re.sub(r"0x[0-9a-f]+", "0x", text)
