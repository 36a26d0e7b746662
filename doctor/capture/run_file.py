"""Writes `run.json`, whole or not at all."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # this module is loaded before the script, which may have its own typing.py
if TYPE_CHECKING:
    from typing import Any, Mapping

    PathLike = str | os.PathLike[str]


def read_run(run_dir: PathLike) -> dict[str, Any]:
    """The contents of `run.json`: "format", "run" and what else it holds.

    Raises:
        OSError, ValueError: it is missing, or not what doctor writes.
    """
    import json

    with open(os.path.join(run_dir, "run.json"), encoding="utf-8") as file:
        facts = json.load(file)
    if not isinstance(facts, dict) or not isinstance(facts.get("run"), dict):
        raise ValueError("run.json holds no run")
    return facts


def write_run(run_dir: PathLike, facts: Mapping[str, Any]) -> None:
    """Replace `run.json`; a reader sees the old file or the new one, never half of one."""
    import json

    path = os.path.join(run_dir, "run.json")
    draft = f"{path}.{os.getpid()}"
    try:
        with open(draft, "w", encoding="utf-8") as file:
            json.dump(facts, file, indent=1)
        os.replace(draft, path)
    except OSError:
        if os.path.exists(draft):
            os.unlink(draft)
        raise


def update_run(run_dir: PathLike, **changes: Any) -> None:
    """Change fields of the run (see `doctor.types.RunFacts`) in `run.json`."""
    facts = read_run(run_dir)
    facts["run"].update(changes)
    write_run(run_dir, facts)
