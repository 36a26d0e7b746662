"""Which recordings TensorBoard shows, and under which names."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Sequence

from doctor.errors import RecordingError
from doctor.run_names import run_names

#: What cannot be in a name of a folder on all systems.
_UNSAFE = re.compile(r'[<>:"\\|?*\x00-\x1f]')


def newest(parent: Path) -> Path:
    """The run folder in `parent` that was started or ended last.

    Raises:
        RecordingError: there is none.
    """
    found = sorted(parent.glob("*/run.json"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise RecordingError(
            f"There is no recording in {str(parent)!r}; diagnose a script first, or give the folder of a run.",
            slug="no-recording",
        )
    return found[-1].parent


def runs_in(folder: Path) -> list[Path]:
    """The run folders in a folder, by name."""
    return sorted(path.parent for path in folder.glob("*/run.json"))


def chosen(folders: Sequence[Path]) -> list[Path]:
    """The run folders that were given; of a folder that holds run folders all of these.

    Raises:
        RecordingError: a folder is none and holds none.
    """
    found: list[Path] = []
    for folder in folders:
        inner = runs_in(folder)
        if not (folder / "run.json").is_file() and not inner:
            what = "holds no recording (there is no run.json in it)" if folder.is_dir() else "does not exist"
            raise RecordingError(
                f"The run folder {str(folder)!r} {what}; give the folder that `doctor diagnose` printed.",
                slug="no-recording",
            )
        found += [folder] if (folder / "run.json").is_file() else inner
    return list(dict.fromkeys(found))


def titles(folders: Sequence[Path]) -> list[str]:
    """One name a run, all different: its folder, and what was found in it where it has been judged."""
    return [
        _UNSAFE.sub("_", f"{name} ({found})" if (found := _verdict(folder)) else name).replace("/", " ")
        for name, folder in zip(run_names(folders), folders)
    ]


def _verdict(folder: Path) -> str:
    """The fault that was found, "healthy", "unclear", or "" where there is no diagnosis."""
    try:
        diagnosis = json.loads((folder / "diagnosis.json").read_text(encoding="utf-8"))
        primary = next((finding for finding in diagnosis["findings"] if finding["primary"]), None)
        return str(primary["fault"] if primary is not None else diagnosis["verdict"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
