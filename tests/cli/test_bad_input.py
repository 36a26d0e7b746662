"""What doctor is handed by mistake, or cannot see: one clear sentence and the right exit status.

Crashes that TensorFlow raises stand in test_crash_messages.py, trainings that are disturbed in
test_disturbed.py, runs that are ended from outside in ../capture/test_launcher_ends.py.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Callable

import pytest

from tests.cli.recordings import write_recording
from tests.conftest import ScriptRunner
from tests.diagnosing import diagnose

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'

#: (argument, content of that file or None, sentence, heading in docs/messages.md)
FILES: list[tuple[str, bytes | None, str, str]] = [
    ("gone.py", None, "There is no script 'gone.py'; check the path.", "no-such-script"),
    ("train", None, "There is no script 'train'; perhaps 'train.py' is meant.", "no-such-script"),
    ("train.py --lr 3", None,
     "There is no script 'train.py --lr 3'; give its arguments as words of their own, outside the quotes.",
     "no-such-script"),
    ("", None, "The name of the script is empty; name the file that trains.", "no-such-script"),
    (".", None, "'.' is a folder; name the training script in it.", "script-is-folder"),
    ("/dev/null", None, "'/dev/null' is not a regular file; save the script to one.", "script-unreadable"),
    ("x.ipynb", NOTEBOOK,
     "'x.ipynb' is a notebook; make a script of it with `jupyter nbconvert --to script x.ipynb` and name 'x.py'.",
     "script-is-notebook"),
    ("x.csv", b"a,b\n1,2\n", "'x.csv' is a .csv file, not a Python script; name the Python script that trains.",
     "script-not-python"),
    ("model.keras", b"PK\3\4\0", "'model.keras' is a .keras file, not a Python script; name the Python script that "
     "trains.", "script-not-python"),
    ("x.py", b"\x7fELF\0\1", "'x.py' is a binary file, not a Python script; name the source file that trains.",
     "script-not-python"),
    ("x.py", "print('x')".encode("utf-16"), "'x.py' is text in UTF-16; save it as UTF-8.", "script-syntax"),
    ("x.py", b"x = 1\nif x\n", "'x.py', line 2: expected ':'; `python x.py` must be able to run it.", "script-syntax"),
    ("x.py", b"import os\n!pip install keras\n",
     "'x.py', line 2: '!pip install keras' is a command of notebooks, not Python; delete the line.", "script-syntax"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "sentence", "slug"), FILES)
def test_a_file_that_cannot_be_run(
    name: str, content: bytes | None, sentence: str, slug: str, script: Path, doctor: Callable[..., Any]
) -> None:
    """Told before anything is started, and no folder is left behind."""
    if content is not None:
        Path(name).write_bytes(content)
    before = sorted(os.listdir())
    result = doctor("diagnose", name)
    assert (result.status, result.out) == (2, "")
    assert result.err == f"doctor: {sentence} (docs/messages.md#{slug})\n"
    assert sorted(os.listdir()) == before


def test_a_file_that_cannot_be_decoded(script: Path, doctor: Callable[..., Any]) -> None:
    Path("latin.py").write_bytes(b"x = '\xe9'\n")
    result = doctor("diagnose", "latin.py")
    assert result.status == 2
    assert result.err.startswith("doctor: 'latin.py'")
    assert result.err.endswith("; save the file as UTF-8. (docs/messages.md#script-syntax)\n")


def test_a_script_that_cannot_be_read(
    script: Path, doctor: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for every file, the system's reason is named."""

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    result = doctor("diagnose", "train.py")
    assert result.status == 2
    assert result.err == (
        "doctor: The script 'train.py' cannot be read: Permission denied. (docs/messages.md#script-unreadable)\n"
    )


RUN_DIRS = [
    ("full", "The run folder 'full' is not empty; give a new one with --run-dir, or delete it.", "run-dir-not-empty"),
    ("used", "The run folder 'used' holds the recording of another run; give a new one with --run-dir, or delete it.",
     "run-dir-not-empty"),
    ("train.py", "The run folder 'train.py' is a file; give another with --run-dir.", "run-dir-unwritable"),
    ("train.py/run",
     "The run folder 'train.py/run' cannot be made: Not a directory; give another with --run-dir.",
     "run-dir-unwritable"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sentence", "slug"), RUN_DIRS)
def test_a_run_folder_that_cannot_be_used(
    name: str, sentence: str, slug: str, script: Path, doctor: Callable[..., Any]
) -> None:
    Path("full").mkdir()
    Path("full/file").touch()
    write_recording(Path("used"))
    result = doctor("diagnose", "--run-dir", name, "train.py")
    assert (result.status, result.out) == (2, "")
    assert result.err == f"doctor: {sentence} (docs/messages.md#{slug})\n"


def facts(**changes: Any) -> str:
    """A run.json with other values than doctor's."""
    return json.dumps({"format": 1, "run": {"path": "train.py", "status": "completed"}, **changes})


DAMAGED = "The file 'run/run.json' is not doctor's, or was damaged: {}; give the folder of another run."

#: (content of run.json, sentence, heading in docs/messages.md)
RECORDINGS: list[tuple[str | None, str, str]] = [
    (None, "The run folder 'run' holds no recording (there is no run.json in it); give the folder that `doctor "
     "diagnose` printed.", "no-recording"),
    ("", DAMAGED.format("it is cut off or no JSON"), "foreign-recording"),
    (facts()[:-20], DAMAGED.format("it is cut off or no JSON"), "foreign-recording"),
    ("[1]", DAMAGED.format('it has no "format" or no "run"'), "foreign-recording"),
    (facts(run={}), DAMAGED.format("it does not name the script"), "foreign-recording"),
    (facts(run={"path": "x", "crash": "boom"}), DAMAGED.format('the value of "crash" is of another type'),
     "foreign-recording"),
    (facts(format=2, run={"script": "x"}),
     "The recording in 'run' has format 2 and this doctor reads 1; upgrade doctor.", "recording-format"),
    (facts(format=0), "The recording in 'run' has format 0 and this doctor reads 1; record the run again.",
     "recording-format"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sentence", "slug"), RECORDINGS)
@pytest.mark.parametrize("command", ["check", "report"])
def test_a_recording_that_cannot_be_read(
    command: str, content: str | None, sentence: str, slug: str, script: Path, doctor: Callable[..., Any]
) -> None:
    Path("run").mkdir()
    if content is not None:
        Path("run/run.json").write_text(content)
    result = doctor(command, "run")
    assert (result.status, result.out) == (2, "")
    assert result.err == f"doctor: {sentence} (docs/messages.md#{slug})\n"


def test_a_run_folder_that_is_a_file(script: Path, doctor: Callable[..., Any]) -> None:
    result = doctor("check", "train.py")
    assert result.status == 2
    assert result.err == (
        "doctor: The run folder 'train.py' is a file; give the folder that `doctor diagnose` printed. "
        "(docs/messages.md#no-recording)\n"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sites.jsonl", b'\0garbage\n{}\n[]\n{"key": 1}\n'),
        ("vectors.jsonl", b'{"values": 3}\n{"values": ["x"], "site": "a", "name": "b", "step": 1}\n'),
        ("scalars.jsonl", b'{"value": "x"}\n{"value": [1]}\n{"step": 1'),
        ("observations.bin", bytes(range(256)) * 20),
        ("losses.bin", bytes(range(256))),
        ("script.py", b"\xff\xfe\0"),
    ],
)
def test_a_part_that_is_damaged_is_left_out(
    name: str, content: bytes, script: Path, doctor: Callable[..., Any]
) -> None:
    """The rest of the recording is judged."""
    folder = write_recording(Path("run"))
    with (folder / name).open("ab") as file:
        file.write(content)
    result = doctor("check", "run")
    assert result.status == 0 and result.out.startswith("UNCLEAR: ") and result.err == ""


# Scripts without TensorFlow: what they use, how they end.

#: Packages that stand in for those that the tests do not need in earnest.
PACKAGES = {
    "torch": "",
    "jax": "",
    "sklearn": "",
    "old/tensorflow": '__version__ = "2.12.0"\n',
    "missing/tensorflow": "raise ModuleNotFoundError(\"No module named 'tensorflow'\", name='tensorflow')\n",
    "jaxed/keras": "import types, sklearn\nconfig = types.SimpleNamespace(backend=lambda: 'jax')\n",
}
OLD = "TensorFlow 2.12.0 is older than 2.16, the oldest release that doctor watches"
WATCHED = "doctor watches no other library than TensorFlow 2 with its Keras."

#: (source, folders of packages, standard output, notice, last sentence, heading)
UNWATCHED: dict[str, tuple[str, str, str, str, str, str]] = {
    "nothing": ("print('x')", "", "x\n", "",
                "The script 'train.py' never imported TensorFlow or Keras, so there is no training to judge; name the "
                "script that trains.", "no-tensorflow"),
    "exit": ("raise SystemExit(3)", "", "", "",
             "The script 'train.py' never imported TensorFlow or Keras and ended with exit status 3, so there is no "
             "training to judge.", "no-tensorflow"),
    "os._exit": ("import os\nos._exit(7)", "", "", "",
                 "The script 'train.py' never imported TensorFlow or Keras and ended with exit status 7, so there is "
                 "no training to judge.", "no-tensorflow"),
    "stdin": ("print(input(), input())", "", "first second\n", "",
              "The script 'train.py' never imported TensorFlow or Keras, so there is no training to judge; name the "
              "script that trains.", "no-tensorflow"),
    "PyTorch": ("import torch\nprint('trained')", "", "trained\n", "",
                f"The script 'train.py' uses PyTorch and trained nothing with TensorFlow; {WATCHED}",
                "other-framework"),
    "JAX": ("def train():\n    import jax\ntrain()", "", "", "",
            f"The script 'train.py' uses JAX and trained nothing with TensorFlow; {WATCHED}", "other-framework"),
    "scikit-learn": ("import sklearn, torch", "", "", "",
                     f"The script 'train.py' uses PyTorch and scikit-learn and trained nothing with TensorFlow; "
                     f"{WATCHED}", "other-framework"),
    "Keras on JAX": ("import keras\nprint('trained')", "jaxed", "trained\n",
                     "doctor: Keras is not watched (Keras computes with jax, and doctor watches TensorFlow); the "
                     "script runs on\n",
                     "The script 'train.py' trains on another backend: Keras computes with jax, and doctor watches "
                     "TensorFlow; run it with KERAS_BACKEND=tensorflow where its code allows that.", "other-backend"),
    "old TensorFlow": ("import tensorflow\nprint('trained')", "old", "trained\n",
                       f"doctor: TensorFlow is not watched ({OLD}); only how the script ends is recorded; upgrade with "
                       "`pip install --upgrade tensorflow`\n",
                       f"The training of 'train.py' was not watched, so there is nothing to judge: {OLD}.",
                       "not-watched"),
}  # fmt: skip


@pytest.fixture
def packages(run_script: ScriptRunner) -> Callable[[str], dict[str, str]]:
    """Writes PACKAGES; gives the environment in which those of a folder are found too."""
    for name, source in PACKAGES.items():
        folder, _, module = name.rpartition("/")
        run_script.write(f"{folder or 'plain'}/site-packages/{module}/__init__.py", source)

    def environment(folder: str) -> dict[str, str]:
        own = os.pathsep.join(
            str(run_script.folder / one / "site-packages") for one in ("plain", *([folder] if folder else []))
        )
        return {"PYTHONPATH": os.pathsep.join([own, run_script.environment(None)["PYTHONPATH"]])}

    return environment


@pytest.mark.parametrize("name", UNWATCHED)
def test_a_script_whose_training_is_not_seen(
    name: str, run_script: ScriptRunner, packages: Callable[[str], dict[str, str]]
) -> None:
    """The script runs as it would, and doctor says why there is no verdict."""
    source, folder, out, notice, sentence, slug = UNWATCHED[name]
    run_script.write("train.py", source)
    done = run_script("-m", "doctor", "diagnose", "train.py", env=packages(folder), stdin="first\nsecond\n")
    assert (done.returncode, done.stdout) == (2, out)
    assert done.stderr == f"{notice}doctor: {sentence} (docs/messages.md#{slug})\n"


NOT_INSTALLED = "is not installed in the Python that doctor runs with, which also runs the script."
NATIVE = "Not the script but a compiled library failed, and Python could say no more."
KILL = "import os, signal\nos.kill(os.getpid(), signal.{})"

#: (source, folder of packages, title without "The script", message, line, code of what to change, exit code)
CRASHES: dict[str, tuple[str, str, str, str, int | None, str, int | None]] = {
    "a package": (
        "import os\nimport pandas_not_there", "", "raised ModuleNotFoundError",
        f"ModuleNotFoundError: No module named 'pandas_not_there'. The package `pandas_not_there` {NOT_INSTALLED} If "
        "`pandas_not_there` is a file of yours, it must stand beside the script or on PYTHONPATH.",
        2, "pip install pandas_not_there", 1,
    ),
    "TensorFlow": (
        "import tensorflow as tf", "missing", "raised ModuleNotFoundError",
        f"ModuleNotFoundError: No module named 'tensorflow'. The package `tensorflow` {NOT_INSTALLED}",
        1, "pip install tensorflow", 1,
    ),
    "out of memory": (
        "x = bytearray(1 << 60)", "", "raised MemoryError", "MemoryError. The memory does not hold it.", 1, "", 1,
    ),
    "SIGKILL": (
        KILL.format("SIGKILL"), "", "was ended by SIGKILL",
        "The process was ended by SIGKILL. The system kills a process so when memory runs out.", None, "", None,
    ),
    "SIGTERM": (
        KILL.format("SIGTERM"), "", "was ended by SIGTERM",
        "The process was ended by SIGTERM. Another process told it to end.", None, "", None,
    ),
    "SIGSEGV": (
        KILL.format("SIGSEGV"), "", "was ended by SIGSEGV", f"The process was ended by SIGSEGV. {NATIVE}", None,
        "python -X faulthandler SCRIPT", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CRASHES)
def test_a_script_that_crashes_before_it_trains(
    name: str, run_script: ScriptRunner, packages: Callable[[str], dict[str, str]]
) -> None:
    """A crash is a finding, with status 1."""
    source, folder, title, message, line, code, exit_code = CRASHES[name]
    script = run_script.write("train.py", source)
    found = diagnose(run_script, script, env=packages(folder))
    assert (found.status, found.errors) == (1, ["script-crash"])
    assert found.primary["title"] == f"The script {title} before the first training step"
    assert found.primary["message"] == message
    assert (found.primary["location"] or {}).get("line") == line
    assert [fix["code"] for fix in found.primary["fixes"]][:1] == ([] if name == "SIGTERM" else [code])
    assert (found.report["run"]["status"], found.report["run"]["exit_code"]) == ("crashed", exit_code)
