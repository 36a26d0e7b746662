"""Fixtures that all tests share."""

from __future__ import annotations

import compileall
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Iterator

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: The import path of child processes: see lean/kept_from_keras.py.
CHILD_PATH = os.pathsep.join([str(ROOT / "tests" / "lean"), str(ROOT)])

# Tests never touch the data sets that the user has downloaded, nor download any: set
# before anything imports Keras, and inherited by the child processes of the tests.
_KERAS_HOME = tempfile.TemporaryDirectory(prefix="doctor-keras-")
os.environ["KERAS_HOME"] = _KERAS_HOME.name
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

# Shells start background jobs with SIGINT ignored, which the scripts of the tests would inherit.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


class ScriptRunner:
    """Runs Python scripts in child processes that find this source tree's `doctor`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, source: str | bytes) -> Path:
        """Write a script below the test's folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source if isinstance(source, bytes) else source.encode())
        return path

    def __call__(
        self,
        *command: str | Path,
        stdin: str = "",
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
        timeout: float = 300,
    ) -> subprocess.CompletedProcess[str]:
        """Run `python *command` and wait for it."""
        return subprocess.run(
            [sys.executable, *map(str, command)],
            input=stdin,
            cwd=cwd or self.folder,
            env=self.environment(env),
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    def start(self, *command: str | Path, **options: Any) -> subprocess.Popen[str]:
        """Start `python *command` in a session of its own, so that signals reach no one else."""
        return subprocess.Popen(
            [sys.executable, *map(str, command)],
            cwd=self.folder,
            env=self.environment(None),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **options,
        )

    @staticmethod
    def environment(extra: dict[str, str] | None) -> dict[str, str]:
        """This process's environment with the source tree on the import path."""
        return {**os.environ, "PYTHONPATH": CHILD_PATH, **(extra or {})}


@pytest.fixture
def run_script(tmp_path: Path) -> ScriptRunner:
    """Runs Python scripts in child processes, by default in the test's own folder."""
    return ScriptRunner(tmp_path)


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder that holds setup.cfg."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Iterator[Path]:
    """The folder with whole data sets, which is not part of the project."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the whole data sets are not beside the project (../shared/data)")
    yield folder


def pytest_configure(config: pytest.Config) -> None:
    """Compile doctor once, as an installation does: scripts that are watched write no bytecode."""
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(ROOT / "doctor", quiet=2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that run whole scripts go first: at the end of the run short ones keep all workers busy."""
    long = ("test_broken_scripts.py", "test_reports.py", "test_corpus.py")
    folders = ("capture", "browser", "cli", "proof", "reference")
    items.sort(key=lambda item: (item.path.name not in long, item.path.parent.name not in folders))
