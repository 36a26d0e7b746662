"""Runs TensorBoard in a process of its own."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Iterator, Mapping

from doctor.errors import ConfigError

HOST = "127.0.0.1"

#: TensorBoard falls back to its own reader of event files where TensorFlow is not to be imported: that takes seconds.
_START = """\
import sys, types
sys.modules["tensorboard.compat.notf"] = types.ModuleType("tensorboard.compat.notf")
from tensorboard.main import run_main
run_main()
"""
_ADDRESS = re.compile(r"(http://\S+)")
#: Lines that are kept for the message where TensorBoard does not start.
_KEPT = 20


class Server:
    """A running TensorBoard.

    Attributes:
        address: where it answers.
    """

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address

    def wait(self) -> int:
        """Wait until it ends by itself; gives its exit status."""
        return self.process.wait()


@contextlib.contextmanager
def serve(runs: Mapping[str, Path], port: int | None = None, reload: float = 5.0) -> Iterator[Server]:
    """Start TensorBoard on some folders of event files, and stop it at the end of the block.

    Args:
        runs: folder of event files by the name that it is shown under; it may not be there yet.
        port: to listen on; by default 6006, or another that is free.
        reload: seconds between two looks for new data.

    Raises:
        ConfigError: it does not start, for example because the port is taken.
    """
    with tempfile.TemporaryDirectory(prefix="doctor-board-") as name:
        for title, folder in runs.items():
            (Path(name) / title).symlink_to(folder.resolve(), target_is_directory=True)
        command = [sys.executable, "-c", _START, "--logdir", name, "--host", HOST, "--reload_interval", f"{reload:g}"]
        command += ["--port", str(port)] if port is not None else []
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", start_new_session=os.name != "nt",
        )  # fmt: skip
        try:
            yield Server(process, _address(process, port))
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _address(process: subprocess.Popen[str], port: int | None) -> str:
    """The address that TensorBoard prints; what it prints later is read and dropped."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        found = _ADDRESS.search(line)
        if found is not None and "TensorBoard" in line:
            threading.Thread(target=_drop, args=(process,), daemon=True).start()
            return found[1].replace("localhost", HOST)
        said = [*said[-_KEPT:], line.strip()]
    wanted = f" on port {port}" if port is not None else ""
    reason = next((line for line in reversed(said) if line), "it printed nothing")
    raise ConfigError(
        f"TensorBoard did not start{wanted}: {reason}; give another --port, or reinstall the package `tensorboard`.",
        slug="board-failed",
    )


def _drop(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for _ in process.stdout:
        pass
