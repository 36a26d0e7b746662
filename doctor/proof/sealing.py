"""Keeps a process from writing anywhere but in a few folders: Linux's Landlock.

A trial runs somebody's script a second time. What that writes by a relative path goes into its scratch copy;
an absolute path, a link or a home folder would lead out of it. Landlock is what the kernel offers to processes
without privileges: from `restrict` on, no call of this process and its children can change a file elsewhere,
whether it comes from Python or from a C library. Reading stays as it was.

https://docs.kernel.org/userspace-api/landlock.html has the numbers below.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import Callable, Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1  # flag of landlock_create_ruleset that asks for the version
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38  # prctl

_WRITE_FILE = 1 << 1
#: Removing of folders and files; making of devices, folders, files, sockets, pipes, block devices and links.
_CHANGES = sum(1 << bit for bit in range(4, 13))
_REFER = 1 << 13  # renaming into another folder, from version 2 on
_TRUNCATE = 1 << 14  # from version 3 on


class _Ruleset(ctypes.Structure):
    _fields_ = [("handled_access_fs", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def version() -> int:
    """The version of Landlock that the kernel has, 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    found = _library().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    return max(0, int(found))


def seal(writable: Iterable[Path]) -> Callable[[], None] | None:
    """What a child process has to call so that it can write below these folders only; None where that is impossible.

    Everything is prepared here: between fork and exec little is safe.

    Args:
        writable: folders and devices; those that do not exist are left out.
    """
    known = version()
    if known == 0:
        return None
    library = _library()
    rights = _WRITE_FILE | _CHANGES | (_REFER if known >= 2 else 0) | (_TRUNCATE if known >= 3 else 0)
    ruleset = _Ruleset(rights)
    rules = library.syscall(
        _CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(ctypes.sizeof(ruleset)), ctypes.c_uint32(0)
    )
    if rules < 0:
        return None
    for path in writable:
        if not path.exists():
            continue
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            allowed = rights if path.is_dir() else rights & (_WRITE_FILE | _TRUNCATE)
            rule = _PathBeneath(allowed, folder)
            library.syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.byref(rule), ctypes.c_uint32(0))
        finally:
            os.close(folder)

    def restrict() -> None:
        library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        library.syscall(_RESTRICT_SELF, rules, ctypes.c_uint32(0))

    return restrict


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
