"""What starts quickly, and without TensorFlow: looked up in sys.modules, not timed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.cli.recordings import write_recording

HEAVY = ("tensorflow", "keras", "tensorboard", "pandas", "scipy", "matplotlib", "libcst", "jinja2")

PROBE = """
import json, sys
from doctor.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    print("\\nPROBE" + json.dumps([ended.code, sorted(sys.modules)]))
"""


def loaded_by(*arguments: object) -> tuple[int, set[str]]:
    """Exit status of a command and the modules that it loaded."""
    command = [sys.executable, "-c", PROBE, *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    status, modules = json.loads(result.stdout.rpartition("PROBE")[2])
    return status, set(modules)


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("rules",), ("explain", "init-too-large"), ("diagnose", "--help")]
)
def test_no_framework_is_loaded(arguments):
    status, modules = loaded_by(*arguments)
    assert status == 0
    assert not modules & set(HEAVY)


@pytest.mark.parametrize("command", ["check", "report"])
def test_no_framework_is_loaded_for_a_recording(command, tmp_path):
    run = write_recording(tmp_path / "run")
    status, modules = loaded_by(command, run)
    assert status in (0, 1)
    assert not modules & set(HEAVY)


def test_help_does_not_even_need_numpy():
    _, modules = loaded_by("--help")
    assert "numpy" not in modules and "rich" not in modules


def test_it_runs_as_a_module():
    result = subprocess.run([sys.executable, "-m", "doctor", "--version"], capture_output=True, text=True)
    assert result.returncode == 0 and result.stdout.startswith("doctor ")


def test_a_reader_that_leaves_gets_no_traceback(tmp_path):
    run = write_recording(tmp_path / "run")
    command = f"{sys.executable} -m doctor report {run} | true"
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert "Traceback" not in result.stderr
