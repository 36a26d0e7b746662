"""Scripts that train, and are disturbed: what is lost, what is said, and the exit status."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, Callable

import pytest

from doctor.recording import Recording
from tests.cli.recordings import write_recording
from tests.conftest import ScriptRunner
from tests.diagnosing import diagnose

#: Defines `train`; what each test adds follows it.
TRAINING = """
import os, sys, time
import tensorflow as tf
w = tf.Variable(1.0)
def train(steps, pause=0.0):
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = (w - 3.0) ** 2
        w.assign_sub(0.01 * tape.gradient(loss, w))
        time.sleep(pause)
"""


def steps(recording: Recording) -> list[int]:
    """Steps whose loss was recorded."""
    return recording.losses(recording.subjects[0].key).steps.tolist()


def test_a_model_that_is_never_trained(run_script: ScriptRunner) -> None:
    run_script.write(
        "train.py", "import keras, numpy\nm = keras.Sequential([keras.layers.Dense(1)])\nm(numpy.ones((2, 3)))\n"
    )
    done = run_script("-m", "doctor", "diagnose", "train.py")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "doctor: The script 'train.py' never computed a gradient, so there is no training to judge; doctor sees Keras "
        "fit, tf.GradientTape and optimisers of TensorFlow 2 in the script's own process. "
        "(docs/messages.md#no-training)"
    )


def test_a_crash_after_the_training(run_script: ScriptRunner) -> None:
    """With what was recorded before it, a process that was forked meanwhile notwithstanding."""
    forked = "if os.fork() == 0:\n    train(5)\n    os._exit(0)\nos.wait()\n"
    source = f"{TRAINING}train(20)\n{forked}train(20)\nprint(los)\n"
    found = diagnose(run_script, run_script.write("train.py", source))
    assert found.status == 1 and steps(found.recording) == list(range(40))
    assert found.primary["title"] == "The script raised NameError after 40 training steps"
    assert found.primary["location"]["code"] == "print(los)" and found.primary["onset_step"] == 40


def test_os_exit_keeps_every_loss(run_script: ScriptRunner) -> None:
    found = diagnose(run_script, run_script.write("train.py", TRAINING + "train(40)\nos._exit(7)\n"))
    assert (found.status, found.report["run"]["status"], found.report["run"]["exit_code"]) == (0, "completed", 7)
    assert steps(found.recording) == list(range(40))


AGAIN = "import os, sys\nif 'SEED' not in os.environ:\n    os.environ['SEED'] = '1'\n    "


@pytest.mark.parametrize(
    "how",
    [
        "os.execv(sys.executable, [sys.executable] + sys.argv)",
        "import tensorflow; os.execvpe('python', ['python', '-W', 'ignore', *sys.argv], dict(os.environ))",
    ],
)
def test_a_script_that_starts_itself_again(how: str, run_script: ScriptRunner) -> None:
    """To set a variable that Python or TensorFlow reads at the start: it is watched from there."""
    path = str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]
    source = f"{AGAIN}{how}\n{TRAINING}train(40)\nprint(sys.argv[1:], os.environ.get('DOCTOR_CHILD'))\n"
    run_script.write("train.py", source)
    done = run_script("-m", "doctor", "diagnose", "--run-dir", "run", "train.py", "--x", "1", env={"PATH": path})
    assert (done.returncode, done.stdout) == (0, "['--x', '1'] None\n")
    recording = Recording.open(run_script.folder / "run")
    assert steps(recording) == list(range(40)) and recording.run.not_captured == ()


def test_a_script_that_another_program_replaces(run_script: ScriptRunner) -> None:
    source = TRAINING + "train(40)\nos.execlp('echo', 'echo', 'trained')\n"
    found = diagnose(run_script, run_script.write("train.py", source))
    assert found.status == 0 and found.report["run"]["status"] == "completed"
    assert steps(found.recording) == list(range(40))
    assert [dict(entry) for entry in found.recording.run.not_captured] == [
        {"part": "echo", "reason": "the script replaced itself by it after 40 steps"}
    ]


def test_a_run_folder_that_the_script_removes(run_script: ScriptRunner) -> None:
    """The training goes on."""
    source = TRAINING + "import shutil\ntrain(10)\nshutil.rmtree('run')\ntrain(30)\nprint(round(float(w), 3))\n"
    run_script.write("train.py", source)
    done = run_script("-m", "doctor", "diagnose", "--run-dir", "run", "train.py")
    assert (done.returncode, done.stdout) == (2, "2.109\n")
    assert done.stderr.splitlines()[-1] == (
        "doctor: The run folder 'run' was removed while the script ran, so there is nothing to judge; give one with "
        "--run-dir that the script does not clean up. (docs/messages.md#run-dir-removed)"
    )


LIMIT = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))
"""


@pytest.mark.parametrize(("limit", "whose"), [(4096, "script"), (700, "script"), (1500, "both")])
def test_a_full_disk(limit: int, whose: str, run_script: ScriptRunner) -> None:
    """Files may grow no more: the training goes on, and doctor says what it lacks, with or without a run.json."""
    mine, doctors = (LIMIT.format(limit), "") if whose == "script" else ("", LIMIT.format(limit))
    run_script.write("train.py", TRAINING + mine + "train(40, 0.02)\nprint(round(float(w), 3))\n")
    run_script.write("start.py", f"{doctors}\nfrom doctor.cli.main import main\nmain()\n")
    done = run_script("start.py", "diagnose", "--run-dir", "run", "train.py")
    assert (done.returncode, done.stdout) == (0, "2.109\n")
    notices = [line for line in done.stderr.splitlines() if line.startswith("doctor: ")]
    folder = str(run_script.folder / "run")
    assert notices[0].startswith(f"doctor: the run folder {folder!r} cannot be written any more (")
    assert notices[0].endswith("); the script runs on, what follows is not recorded")
    assert notices[1:] == (
        []
        if whose == "script"
        else [
            f"doctor: the end of the run was not recorded in {folder!r} (File too large)",
            "doctor: diagnosis.json could not be written to 'run' (File too large)",
        ]
    )
    assert "UNCLEAR: the recording breaks off after " in done.stderr and "NOT CAPTURED\n  recording  it" in done.stderr
    kept = Recording.open(run_script.folder / "run")
    assert kept.run.status == ("completed" if whose == "script" else "running")
    assert steps(kept) == list(range(kept.steps)) and kept.steps < 40


def test_a_recording_that_breaks_off_before_the_training(tmp_path: Path, doctor: Callable[..., Any]) -> None:
    lost = {"part": "recording", "reason": "it breaks off, because the run folder could not be written"}
    result = doctor("check", write_recording(tmp_path / "run", losses=(), not_captured=(lost,)))
    assert result.status == 2
    assert result.err == (
        "doctor: The recording of 'train.py' holds no training: it breaks off, because the run folder could not be "
        "written; make room, or give another --run-dir. (docs/messages.md#recording-broken)\n"
    )


INTERRUPTED = TRAINING + """
done = 0
try:
    while True:
        train(1, 0.002)
        done += 1
        if done == 50:
            print("ready", flush=True)
finally:
    print(done, flush=True)
    time.sleep({pause})
"""


@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c(presses: int, run_script: ScriptRunner) -> None:
    """Once: the script stops and doctor reports. Twice: both leave at once. Nothing recorded is lost."""
    run_script.write("train.py", INTERRUPTED.format(pause=0 if presses == 1 else 60))
    process = run_script.start("-m", "doctor", "diagnose", "--run-dir", "run", "train.py")
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for number in range(presses):
        time.sleep(0.2)  # closer ones count as one
        os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    kept = Recording.open(run_script.folder / "run")
    assert kept.run.status == "interrupted" and kept.run.crash is None
    # The interrupt may fall between the recording of a step and the counting of it.
    assert steps(kept) == list(range(kept.steps)) and kept.steps - int(out) in (0, 1)
    if presses == 1:
        assert process.returncode == 0 and "steps in" in err and ", interrupted\n" in err
    else:
        assert process.returncode == 130
        assert err.endswith("doctor: left at once; `doctor check run` judges what was recorded\n\n")


def test_a_parent_that_is_killed(run_script: ScriptRunner) -> None:
    """The script trains on to its end, and the recording has every step of it."""
    run_script.write("train.py", TRAINING + "train(40)\nopen('begun', 'w')\ntrain(60, 0.02)\nopen('ended', 'w')\n")
    process = run_script.start("-m", "doctor", "diagnose", "--run-dir", "run", "train.py")
    folder = run_script.folder
    wait_for(folder / "begun")
    process.kill()
    process.communicate(timeout=60)
    wait_for(folder / "ended")
    for _ in range(100):  # the end of the run is written a moment later
        if Recording.open(folder / "run").run.status == "completed":
            break
        time.sleep(0.1)
    kept = Recording.open(folder / "run")
    assert kept.run.status == "completed" and steps(kept) == list(range(100))


def wait_for(path: Path) -> None:
    """Until a file is there, for a minute at most."""
    for _ in range(600):
        if path.exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"{path.name} never came")
