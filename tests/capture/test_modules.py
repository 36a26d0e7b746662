"""`diagnose -m MODULE` behaves as `python -m MODULE`."""

from __future__ import annotations

from typing import Any

import pytest
from launching import launch_script

SURROUNDINGS = """
import os, sys
from . import rates
print(sys.argv, sys.path, os.getcwd(), rates.RATE)
print(__name__, __file__, __package__, __spec__.name, __spec__.origin)
print(len(__import__("inspect").stack()), "numpy" in sys.modules)
print("on stderr", file=sys.stderr)
raise SystemExit(3)
"""


@pytest.fixture
def project(run_script: Any) -> Any:
    """A package with a module that trains, and one more that can be run itself."""
    run_script.write("work/net/__init__.py", "print('package imported', __name__)")
    run_script.write("work/net/rates.py", "RATE = 0.1")
    run_script.write("work/net/train.py", SURROUNDINGS)
    run_script.write("work/net/app/__init__.py", "")
    run_script.write("work/net/app/__main__.py", "import sys\nprint(__name__, __package__, sys.argv)")
    return run_script


@pytest.mark.parametrize(
    ("module", "path", "code"), [("net.train", "net/train.py", 3), ("net.app", "net/app/__main__.py", 0)]
)
def test_a_module_runs_as_by_python(project: Any, module: str, path: str, code: int) -> None:
    """Arguments, path, module attributes, output and exit status; the recording names the file."""
    folder = project.folder / "work"
    plain = project("-m", module, "--rate", "0.5", "-m", cwd=folder)
    launched = launch_script(project, module, "--rate", "0.5", "-m", cwd=folder, module=True)
    assert (launched.process.stdout, launched.process.stderr) == (plain.stdout, plain.stderr)
    assert launched.result["exit_code"] == plain.returncode == code
    assert (launched.run["path"], launched.run["module"]) == (path, module)
    assert launched.run["argv"] == ["--rate", "0.5", "-m"]
    assert (project.folder / "doctor run/script.py").read_bytes() == (folder / path).read_bytes()


def test_files_of_the_project_are_named_from_where_it_runs(project: Any) -> None:
    """A crash in another package of the project is blamed on its line there."""
    project.write("work/data/__init__.py", "")
    project.write("work/data/load.py", "def load():\n    return 1 / 0\n")
    project.write("work/net/fit.py", "from data.load import load\nload()\n")
    launched = launch_script(project, "net.fit", cwd=project.folder / "work", module=True)
    assert launched.run["crash"]["location"] == ["data/load.py", 2, "return 1 / 0"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("net.trian", "There is no module 'net.trian' in the package 'net'; check the name."),
        ("nett", "There is no module 'nett' in this folder or on Python's path; check the name."),
        ("net.train.more", "'net.train' is a module, not a package with 'net.train.more' in it."),
        ("net", "'net' is a package without a __main__.py; name the module in it that trains."),
        ("net/train.py", "'net/train.py' is not the name of a module; without -m, 'net/train.py' would be a file."),
        ("math", "The module 'math' has no Python source that could be run."),
    ],
)
def test_what_is_no_module(project: Any, name: str, sentence: str) -> None:
    """One sentence, before anything is started or imported."""
    launched = launch_script(project, name, cwd=project.folder / "work", module=True)
    assert (launched.result["slug"], launched.result["error"]) == ("no-such-module", sentence)
    assert launched.run == {} and launched.process.stdout == ""
