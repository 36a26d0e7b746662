"""TensorBoard itself, started for real."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from doctor.board.server import serve
from doctor.errors import ConfigError
from doctor.eventfile import EventFile


def fetched(address: str, path: str) -> object:
    with urllib.request.urlopen(f"{address}{path}", timeout=30) as answer:  # noqa: S310  the address is our own
        return json.load(answer)


def seen_runs(address: str, wanted: int) -> set[str]:
    """The runs that TensorBoard has found, once there are so many."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = fetched(address, "data/runs")
        assert isinstance(found, list)
        if len(found) >= wanted:
            return set(found)
        time.sleep(0.5)
    raise AssertionError("TensorBoard has not found the runs")


def free_port() -> int:
    """Of this test alone: TensorBoard's own choice, 6006, is taken by a board of another test as soon as it is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_runs_under_their_names_also_those_that_come_later(tmp_path: Path) -> None:
    """A folder that is not there yet is that of a script that has just begun."""
    EventFile(tmp_path / "first" / "train").scalar("1_training/loss", 0, 1.0)
    runs = {"first (healthy)": tmp_path / "first", "second": tmp_path / "second"}
    with serve(runs, reload=1.0) as server:
        assert server.address.startswith("http://127.0.0.1:")
        assert seen_runs(server.address, 1) == {"first (healthy)/train"}
        EventFile(tmp_path / "second" / "train").scalar("1_training/loss", 0, 2.0)
        assert seen_runs(server.address, 2) == {"first (healthy)/train", "second/train"}
        process = server.process
    assert process.poll() is not None, "it is gone with the block"


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConfigError, match=f"TensorBoard did not start on port {port}"):
            with serve({"a": tmp_path}, port):
                pass


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    """Address on stdout; after Ctrl-C, or being ended, nothing is left running."""
    run = tmp_path / "run"
    EventFile(run / "tensorboard" / "train").scalar("1_training/loss", 0, 1.0)
    (run / "run.json").write_text("{}")
    command = [sys.executable, "-u", "-m", "doctor", "board", str(run), "--no-browser", "--port", str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "  run\n"
        address = process.stdout.readline().split()[1]
        fetched(address, "data/runs")
        process.send_signal(number)
        assert process.wait(20) == 0
    with pytest.raises(OSError):
        fetched(address, "data/runs")
