"""How a launched script is ended from outside: --timeout, --steps, Ctrl-C, SIGTERM."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import Any

import pytest

from launching import driver_command, launch_script, outcome

HANDLERS = "import atexit, time\natexit.register(print, 'atexit')\n"


@pytest.mark.parametrize(
    "body",
    [
        "time.sleep(60)",
        "while time: sum(range(1000))",
        "try:\n    time.sleep(60)\nexcept Exception: print('swallowed')",
    ],
    ids=["sleep", "busy", "except Exception"],
)
def test_timeout_is_a_clean_end(run_script: Any, body: str) -> None:
    """The script stops without a traceback, its handlers run, and the status says why."""
    source = f"{HANDLERS}\ntry:\n    {body.replace(chr(10), chr(10) + '    ')}\nfinally: print('finally')\n"
    launched = launch_script(run_script, run_script.write("train.py", source), timeout=0.7)
    assert launched.process.stdout == "finally\natexit\n"
    assert launched.process.stderr == ""
    assert (launched.run["status"], launched.run["exit_code"], launched.run["crash"]) == ("timeout", 0, None)
    assert 0.7 <= launched.run["seconds"] < 5


def test_timeout_leaves_the_scripts_alarm_alone(run_script: Any) -> None:
    """The script's own SIGALRM still works, and does not stop the clock."""
    source = """
import signal, time
signal.signal(signal.SIGALRM, lambda *a: print("alarm", flush=True))
signal.setitimer(signal.ITIMER_REAL, 0.1)
time.sleep(60)
"""
    launched = launch_script(run_script, run_script.write("train.py", source), timeout=0.8)
    assert launched.process.stdout == "alarm\n"
    assert launched.result["status"] == "timeout"


def test_timeout_of_a_script_that_will_not_stop(run_script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """First asked, then terminated, then killed; the recording still says what happened."""
    from doctor.capture import supervisor

    monkeypatch.setattr(supervisor, "GRACE", 0.3)
    monkeypatch.setattr(supervisor, "KILL_GRACE", 0.3)
    from pathlib import Path

    from doctor.capture.launcher import LaunchOptions, launch
    from doctor.recording import Recording

    source = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    try: time.sleep(60)
    except BaseException: pass
"""
    script = run_script.write("train.py", source)
    run_dir = Path(run_script.folder) / "run"
    result = launch(LaunchOptions(script=str(script), run_dir=run_dir, timeout=1.0))
    assert (result.status, result.exit_code, result.signal) == ("timeout", None, signal.SIGKILL)
    run = Recording.open(run_dir).run
    assert (run.status, run.exit_code, run.crash) == ("timeout", None, None)


def test_finishing_in_time_is_not_a_timeout(run_script: Any) -> None:
    """A timeout that is not reached changes nothing."""
    launched = launch_script(run_script, run_script.write("train.py", "print('x')"), timeout=60)
    assert (launched.result["status"], launched.process.stdout) == ("completed", "x\n")


def _wait_for(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    assert process.stdout.readline().strip() == word
    time.sleep(0.3)  # the script has left its print by then


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(word) for word in listed.split()]


COUNTING = """
import sys, time
print("ready", flush=True)
count = 0
end = time.monotonic() + 2
while time.monotonic() < end:
    try:
        time.sleep(0.05)
    except KeyboardInterrupt:
        count += 1
print("interrupts", count)
"""


@pytest.mark.parametrize("to", ["parent", "child", "group", "child then group"])
def test_one_interrupt_arrives_once(run_script: Any, to: str) -> None:
    """Whoever received SIGINT, the script sees exactly one KeyboardInterrupt."""
    script = run_script.write("train.py", COUNTING)
    process = run_script.start(*driver_command(run_script.folder, script))
    _wait_for(process, "ready")
    if to == "group":
        os.killpg(process.pid, signal.SIGINT)
    elif to == "parent":
        os.kill(process.pid, signal.SIGINT)
    elif to == "child":
        os.kill(_children(process.pid)[0], signal.SIGINT)
    else:  # as timeout(1) does: the process it started, then the group
        os.kill(process.pid, signal.SIGINT)
        os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    assert (stdout, stderr) == ("interrupts 1\n", "")
    assert outcome(run_script.folder)[0]["status"] == "completed"


def test_interrupted_script(run_script: Any) -> None:
    """Without a handler the script dies by SIGINT with Python's traceback, and doctor goes on."""
    script = run_script.write("train.py", HANDLERS + "print('ready', flush=True)\ntime.sleep(60)\n")
    process = run_script.start(*driver_command(run_script.folder, script))
    _wait_for(process, "ready")
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    assert stdout == "atexit\n"
    assert [line for line in stderr.splitlines() if "~" not in line] == [  # Python 3.13 underlines the call
        "Traceback (most recent call last):",
        f'  File "{script}", line 4, in <module>',
        "    time.sleep(60)",
        "KeyboardInterrupt",
    ]
    result, run = outcome(run_script.folder)
    assert (result["status"], result["signal"], run["status"]) == ("interrupted", 2, "interrupted")
    assert process.returncode == 0


def test_two_interrupts_far_apart_both_arrive(run_script: Any) -> None:
    """A script that goes on after the first Ctrl-C can be sent another."""
    source = COUNTING.replace("+ 2", "+ 60").replace("count += 1", "count += 1; print('seen', flush=True)")
    source = source.replace("time.monotonic() < end", "count < 2 and time.monotonic() < end")
    process = run_script.start(*driver_command(run_script.folder, run_script.write("train.py", source)))
    _wait_for(process, "ready")
    os.kill(process.pid, signal.SIGINT)
    _wait_for(process, "seen")  # the launcher has passed it on by then, however slow the machine
    time.sleep(1.4)
    os.kill(process.pid, signal.SIGINT)
    assert process.communicate(timeout=60)[0] == "seen\ninterrupts 2\n"


def test_two_quick_interrupts_leave(run_script: Any) -> None:
    """Ctrl-C twice ends doctor and the script, and the recording says interrupted."""
    script = run_script.write("train.py", COUNTING.replace("+ 2", "+ 60"))
    process = run_script.start(*driver_command(run_script.folder, script))
    _wait_for(process, "ready")
    child = _children(process.pid)[0]
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    result, run = outcome(run_script.folder)
    assert result["left"] and run["status"] == "interrupted"
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


@pytest.mark.parametrize("to", ["parent", "group"])
def test_sigterm(run_script: Any, to: str) -> None:
    """SIGTERM ends the script, and doctor reports on what there is."""
    script = run_script.write("train.py", HANDLERS + "print('ready', flush=True)\ntime.sleep(60)\n")
    process = run_script.start(*driver_command(run_script.folder, script))
    _wait_for(process, "ready")
    (os.kill if to == "parent" else os.killpg)(process.pid, signal.SIGTERM)
    process.communicate(timeout=30)
    result, run = outcome(run_script.folder)
    assert (result["status"], result["signal"], run["status"]) == ("interrupted", 15, "interrupted")


def test_ignored_interrupt_stays_ignored(run_script: Any) -> None:
    """`nohup`-like: who starts doctor with SIGINT ignored means the script too."""
    script = run_script.write("train.py", COUNTING)
    command = driver_command(run_script.folder, script)
    process = run_script.start(*command, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    _wait_for(process, "ready")
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=30)[0] == "interrupts 0\n"


def test_ticks(run_script: Any) -> None:
    """`on_tick` is called about twice a second, and its failure ends nothing but itself."""
    from doctor.capture.launcher import LaunchOptions, launch

    script = run_script.write("train.py", "import time\ntime.sleep(1.8)")
    seen = []
    options = LaunchOptions(script=str(script), run_dir=run_script.folder / "run", on_tick=seen.append)
    assert launch(options).status == "completed"
    assert 2 <= len(seen) <= 4 and set(seen) == {run_script.folder / "run"}

    def fail(run_dir: object) -> None:
        seen.clear()
        raise ValueError(run_dir)

    assert launch(LaunchOptions(script=str(script), run_dir=run_script.folder / "run", on_tick=fail)).exit_code == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows tells every process of a console")
@pytest.mark.parametrize(("echoed", "passed_on"), [(True, []), (False, [signal.SIGINT])])
def test_a_parent_that_stood_still(echoed: bool, passed_on: list[int]) -> None:
    """On a busy machine the echo of a signal may wait in the pipe for longer than the parent waits for it."""
    from doctor.capture.supervisor import SAME_SIGNAL, Supervisor

    class Child:
        """Ends at the second look."""

        returncode = 0

        def __init__(self) -> None:
            self.signals: list[int] = []
            self.looks = iter((None, 0))

        def poll(self) -> int | None:
            return next(self.looks)

        def send_signal(self, number: int) -> None:
            self.signals.append(number)

    child, supervisor = Child(), Supervisor(stop_signal=0, timeout=None, on_tick=None)
    read_end, write_end = os.pipe()
    if echoed:
        os.write(write_end, bytes([signal.SIGINT]))
    supervisor._arrived.append((signal.SIGINT, time.monotonic() - 2 * SAME_SIGNAL))
    supervisor._wait(child, read_end)  # type: ignore[arg-type]
    assert child.signals == passed_on
    assert supervisor.reason == "interrupted"
    os.close(write_end)
    os.close(read_end)
