"""`doctor diagnose` with the real launcher, on a script that needs no TensorFlow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = "import sys\nprint('arguments', sys.argv[1:])\nsys.exit(int(sys.argv[1]))\n"


@pytest.fixture
def diagnose(tmp_path):
    """Runs the command as a user does, in a folder with the script."""
    (tmp_path / "idle.py").write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "doctor", "diagnose", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    return run


def test_stdout_is_the_scripts(diagnose):
    result = diagnose("idle.py", "0", "--steps")
    assert result.returncode == 2
    assert result.stdout == "arguments ['0', '--steps']\n"
    assert result.stderr.startswith("doctor: The script 'idle.py' never imported TensorFlow or Keras, so")


def test_stdout_is_doctors_where_a_program_reads_it(diagnose):
    result = diagnose("--format", "json", "idle.py", "3")
    assert result.returncode == 2
    run = json.loads(result.stdout)["run"]
    assert (run["status"], run["exit_code"]) == ("no-training", 3)
    assert result.stderr.startswith("arguments ['3']\n") and "ended with exit status 3" in result.stderr


def test_a_missing_script_leaves_nothing_behind(diagnose, tmp_path):
    result = diagnose("gone.py")
    assert result.returncode == 2 and "#no-such-script" in result.stderr
    assert sorted(os.listdir(tmp_path)) == ["idle.py"]
