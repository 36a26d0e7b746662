"""Callbacks after an import leave the import as it is, and capture's failures leave the script running."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Iterator

import pytest

from doctor.capture.importing import _finder, stop_waiting, when_imported
from launching import launch_script


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An importable package `patient` with a submodule that is not imported with it."""
    folder = tmp_path / "patient"
    folder.mkdir()
    (folder / "__init__.py").write_text("value = 1\n")
    (folder / "lazy.py").write_text("value = 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield folder
    stop_waiting()
    for name in [name for name in sys.modules if name.partition(".")[0] == "patient"]:
        del sys.modules[name]


def test_called_once_after_the_import(package: Path) -> None:
    """The module is complete, its spec and loader are Python's own, and the finder is gone."""
    seen: list[ModuleType] = []
    when_imported("patient", seen.append)
    assert seen == [] and sys.meta_path[0] is _finder
    import patient  # type: ignore[import-not-found]

    assert seen == [patient] and patient.value == 1
    assert type(patient.__loader__).__name__ == "SourceFileLoader"
    assert patient.__spec__.loader is patient.__loader__ and "exec_module" not in vars(patient.__loader__)
    assert _finder not in sys.meta_path
    importlib.reload(patient)
    assert len(seen) == 1


def test_submodule_that_is_imported_later(package: Path) -> None:
    """A lazy submodule is waited for by its full name."""
    seen: list[str] = []
    when_imported("patient.lazy", lambda module: seen.append(module.__name__))
    importlib.import_module("patient")
    assert seen == []
    importlib.import_module("patient.lazy")
    assert seen == ["patient.lazy"]


def test_already_imported(package: Path) -> None:
    """What has been imported needs no waiting."""
    module = importlib.import_module("patient")
    seen: list[ModuleType] = []
    when_imported("patient", seen.append)
    assert seen == [module]


def test_failed_import_is_tried_again(package: Path) -> None:
    """An import that fails does not use the callback up."""
    seen: list[ModuleType] = []
    when_imported("patient", seen.append)
    (package / "__init__.py").write_text("raise ValueError('broken')\n")
    with pytest.raises(ValueError, match="broken"):
        importlib.import_module("patient")
    assert seen == [] and "patient" not in sys.modules
    (package / "__init__.py").write_text("value = 3  # whole again\n")
    importlib.invalidate_caches()
    assert importlib.import_module("patient").value == 3
    assert len(seen) == 1


def test_failing_callback(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The import succeeds, the next callback is called, and one line says what failed."""
    seen: list[ModuleType] = []
    when_imported("patient", lambda module: 1 / 0)  # type: ignore[arg-type,return-value]
    when_imported("patient", seen.append)
    assert importlib.import_module("patient").value == 1
    assert len(seen) == 1
    assert capsys.readouterr().err == "doctor: a hook on `patient` failed (ZeroDivisionError: division by zero)\n"


def test_spec_looked_up_but_not_loaded(package: Path) -> None:
    """`find_spec`, and Python's own lazy loader, which executes the module at its first use."""
    seen: list[ModuleType] = []
    when_imported("patient", seen.append)
    assert importlib.util.find_spec("patient") is not None and seen == []
    spec = importlib.util.find_spec("patient")
    assert spec is not None and spec.loader is not None
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules["patient"] = module
    spec.loader.exec_module(module)
    assert seen == []
    assert module.value == 1 and len(seen) == 1


def test_missing_module(package: Path) -> None:
    """The error of a missing module is Python's."""
    when_imported("patient.missing", lambda module: None)
    with pytest.raises(ModuleNotFoundError, match="No module named 'patient.missing'"):
        importlib.import_module("patient.missing")


# In a launched script, with stand-ins for TensorFlow and for the session.

FAKE = """
import sys, types
class StopTraining(BaseException):
    status = "stopped"
class Locator:
    script = "?"
    def of_stack(self, frames): return None
class Session:
    stop_exception = StopTraining
    locator = Locator()
    notes = []
    @classmethod
    def start(cls, **options):
        print("start", sorted(options), options["script"], options["argv"], options["steps"], options["overhead"])
        return cls()
    def run_fact(self, **facts): print("fact", facts)
    def not_captured(self, part, reason): print("not captured", part, reason)
    def finish(self, status, exit_code, crash): print("finish", status, exit_code, crash and crash["traceback"])
session = types.ModuleType("doctor.capture.session")
session.Session = Session
capture = types.ModuleType("doctor.capture.tensorflow")
capture.install = lambda session: print("install", type(session).__name__)
capture.install_keras = lambda session: print("install_keras")
sys.modules["doctor.capture.session"] = session
sys.modules["doctor.capture.tensorflow"] = capture
"""


def _launch(
    run_script: Any, source: str, *args: str, tensorflow: str = "print('tensorflow is imported')", **options: Any
) -> Any:
    run_script.write("fake.py", FAKE)
    run_script.write("tensorflow.py", tensorflow)
    run_script.write("keras.py", "import tensorflow\nprint('keras is imported')")
    run_script.write("train.py", "import fake\n" + source)
    return launch_script(run_script, "train.py", *args, **options)


def test_capture_starts_with_the_import(run_script: Any) -> None:
    """TensorFlow first, then Keras, one session; both after the module and before the script goes on."""
    launched = _launch(run_script, "print('go')\nimport keras, sys\nprint('end', len(sys.meta_path))", "a", steps=3)
    lines = launched.process.stdout.splitlines()
    assert lines[:8] == [
        "go",
        "tensorflow is imported",
        "start ['argv', 'data_dir', 'module', 'overhead', 'project', 'run_dir', 'script', 'steps'] "
        "train.py ['a'] 3 0.05",
        f"fact {{'folder': {str(run_script.folder)!r}, 'limits': {{'steps': 3, 'seconds': None}}, 'data_dir': None}}",
        "fact {'path': 'train.py'}",
        "install Session",
        "keras is imported",
        "install_keras",
    ]
    assert lines[-1] == "finish completed None None"
    assert launched.process.stderr == ""


def test_failing_capture(run_script: Any) -> None:
    """The script runs on; stderr has one line and the recording a reason."""
    failing = "def install(session):\n    raise RuntimeError('no such op')\nfake.capture.install = install\n"
    launched = _launch(run_script, failing + "import tensorflow\nprint('trained')")
    assert "trained" in launched.process.stdout
    assert "not captured TensorFlow RuntimeError: no such op" in launched.process.stdout
    assert launched.process.stderr == (
        "doctor: TensorFlow is not watched (RuntimeError: no such op); the script runs on\n"
    )


def test_failing_capture_on_a_newer_tensorflow(run_script: Any) -> None:
    """Beside the reason stands what doctor was tested with; where nothing fails nothing is said."""
    failing = "def install(session):\n    raise RuntimeError('no such op')\nfake.capture.install = install\n"
    tested = "doctor was tested with TensorFlow 2.16 to 2.21, and this is 3.0.1"
    said = f"doctor: TensorFlow is not watched (RuntimeError: no such op; {tested}); the script runs on\n"
    for source, expected in ((failing, said), ("", "")):
        launched = _launch(run_script, source + "import tensorflow", tensorflow="__version__ = '3.0.1'")
        assert launched.process.stderr == expected


def test_failing_session(run_script: Any) -> None:
    """Without a session the reason still gets into run.json."""
    failing = "def start(**options):\n    raise OSError(28, 'No space left')\nfake.Session.start = start\n"
    launched = _launch(run_script, failing + "import tensorflow\nprint('trained')")
    assert launched.run["status"] == "completed"
    assert launched.run["not_captured"] == [{"part": "TensorFlow", "reason": "OSError: [Errno 28] No space left"}]


def test_keras_on_another_backend(run_script: Any) -> None:
    """Told once, and also where TensorFlow is imported later or before."""
    for number, imports in enumerate(("import keras, tensorflow", "import tensorflow, keras")):
        run_script.write("tensorflow.py", "")
        run_script.write("keras.py", "class config:\n    backend = staticmethod(lambda: 'jax')\n")
        run_script.write("fake.py", FAKE)
        run_script.write("train.py", f"import fake\n{imports}\n")
        process = launch_script(run_script, "train.py", run_dir=str(run_script.folder / f"run {number}")).process
        reason = "Keras computes with jax, and doctor watches TensorFlow"
        assert process.stderr == f"doctor: Keras is not watched ({reason}); the script runs on\n"
        assert process.stdout.splitlines().count(f"not captured Keras {reason}") == 1
        assert "install Session" in process.stdout and "install_keras" not in process.stdout


@pytest.mark.parametrize("exception", ["fake.StopTraining", "doctor.capture.stopping.StopTraining"])
def test_stop_training(run_script: Any, exception: str) -> None:
    """--steps: no traceback, exit status 0, handlers run."""
    source = "import atexit, tensorflow, doctor.capture.stopping\natexit.register(print, 'atexit')\n"
    launched = _launch(run_script, f"{source}raise {exception}()")
    assert launched.process.stdout.splitlines()[-2:] == ["atexit", "finish stopped 0 None"]
    assert launched.process.stderr == ""
    assert (launched.result["exit_code"], launched.result["signal"]) == (0, None)


def test_frames_of_doctor_are_peeled(run_script: Any) -> None:
    """Wrappers of doctor in the middle of a call leave no line in any traceback of the chain."""
    wrapped = """
import sys, threading, doctor
code = compile("def wrap(function):\\n    return function()", doctor.__path__[0] + "/capture/wrapper.py", "exec")
exec(code)
"""
    crash = """
def inner():
    wrap(lambda: 1 / 0)
try:
    wrap(inner)
except ZeroDivisionError as error:
    first = error
def outer():
    raise ValueError("second") from first
thread = threading.Thread(target=lambda: wrap(outer))
thread.start()
thread.join()
wrap(outer)
"""
    launched = launch_script(run_script, run_script.write("train.py", wrapped + crash))
    bare = "import sys, threading, doctor\n\n\nwrap = lambda function: function()\n" + crash
    expected = run_script(run_script.write("train.py", bare)).stderr.splitlines()
    # The plain twin has the stand-in's own frame of two lines (and carets) wherever doctor's was.
    kept = [line for line in launched.process.stderr.splitlines() if "^" not in line]
    plain = [line for line in expected if "^" not in line]
    without = []
    for number, line in enumerate(plain):
        if not line.endswith("in <lambda>") or "function()" not in plain[number + 1]:
            if "wrap = lambda" not in line:
                without.append(line)
    assert [line.split(", line")[0] for line in kept] == [line.split(", line")[0] for line in without]
    assert "wrapper.py" not in launched.process.stderr + launched.run["crash"]["traceback"]
    assert launched.run["crash"]["type"] == "ValueError"


@pytest.mark.slow
def test_environment_set_before_the_import_is_honoured(run_script: Any) -> None:
    """Doctor imports TensorFlow, NumPy and Keras no earlier than the script does."""
    source = """
import os, sys
assert not {"tensorflow", "keras", "numpy", "tensorboard"} & set(sys.modules)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_DETERMINISTIC_OPS"] = "1"
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["OMP_NUM_THREADS"] = "1"
import tensorflow as tf
print(tf.add(1, 2).numpy(), tf.keras.backend.backend())
"""
    launched = launch_script(run_script, run_script.write("train.py", source))
    assert launched.process.stdout == "3 tensorflow\n"
    assert launched.run["status"] == "completed"
    assert not launched.result["imported_tensorflow"]
