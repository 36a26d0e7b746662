"""Keeps a process from writing anywhere but in a few folders: Linux's Landlock.

A trial runs somebody's script a second time. What that writes by a relative path goes into its scratch copy;
an absolute path, a link or a home folder would lead out of it. Landlock is what the kernel offers to processes
without privileges: once it is on, no call of this process and its children can write, cut, make, rename or remove
a file elsewhere, whether it comes from Python or from a C library. Reading, the network, and changes of modes and
times of files stay as they were.

https://docs.kernel.org/userspace-api/landlock.html has the numbers below.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1  # flag of landlock_create_ruleset that asks for the version
#: Older versions let files be cut, and forbid renames between folders: Linux 6.2 is the first with all.
_LEAST = 3
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38  # prctl

_WRITE_FILE = 1 << 1
#: Removing of folders and files; making of devices, folders, files, sockets, pipes, block devices and links.
_CHANGES = sum(1 << bit for bit in range(4, 13))
_REFER = 1 << 13  # renaming into another folder
_TRUNCATE = 1 << 14
_RIGHTS = _WRITE_FILE | _CHANGES | _REFER | _TRUNCATE


class _Ruleset(ctypes.Structure):
    _fields_ = [("handled_access_fs", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def available() -> bool:
    """Whether the kernel has what is needed."""
    if not sys.platform.startswith("linux"):
        return False
    found = _library().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    return int(found) >= _LEAST


class Seal:
    """Confines child processes to some folders and files; `close` it when they have started.

    Args:
        writable: folders and devices that they may write to; those that do not exist are left out.

    Raises:
        OSError: the kernel refuses.
    """

    def __init__(self, writable: Iterable[Path]) -> None:
        self._system = _library()
        ruleset = _Ruleset(_RIGHTS)
        size = ctypes.c_size_t(ctypes.sizeof(ruleset))
        self._rules = self._done(
            self._system.syscall(_CREATE_RULESET, ctypes.byref(ruleset), size, ctypes.c_uint32(0))
        )
        try:
            for path in writable:
                if path.exists():
                    self._allow(path)
        except OSError:
            self.close()
            raise

    def _allow(self, path: Path) -> None:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            rule = _PathBeneath(_RIGHTS if path.is_dir() else _WRITE_FILE | _TRUNCATE, place)
            arguments = (self._rules, _PATH_BENEATH, ctypes.byref(rule), ctypes.c_uint32(0))
            self._done(self._system.syscall(_ADD_RULE, *arguments))
        finally:
            os.close(place)

    def restrict(self) -> None:
        """To be called in the child process before its program starts; ends it where it cannot be confined.

        Between fork and exec little is safe: everything is prepared, and nothing is raised.
        """
        confined = self._system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
        if not confined or self._system.syscall(_RESTRICT_SELF, self._rules, ctypes.c_uint32(0)) != 0:
            os._exit(126)

    def close(self) -> None:
        """Give back what the kernel keeps for it."""
        os.close(self._rules)

    @staticmethod
    def _done(result: int) -> int:
        if result < 0:
            code = ctypes.get_errno()
            raise OSError(code, f"Landlock: {os.strerror(code)}")
        return int(result)


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
