"""Reads the files of a recording one by one, and tells what is no recording."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterator, Mapping

import numpy as np

from doctor.errors import RecordingError
from doctor.types import Location, RunFacts, Site

_NOTHING = type(None)
_TEXT, _NUMBER, _LIST, _OBJECT = (str,), (int, float), (list,), (dict,)

#: What stands where in "run" of run.json. A field that is missing has its default.
_RUN_TYPES: Mapping[str, tuple[type, ...]] = {
    "path": _TEXT,
    "argv": _LIST,
    "module": (str, _NOTHING),
    "sha256": _TEXT,
    "status": _TEXT,
    "exit_code": (int, _NOTHING),
    "seconds": _NUMBER,
    "capture_seconds": _NUMBER,
    "versions": _OBJECT,
    "frameworks": _LIST,
    "data": _LIST,
    "crash": (dict, _NOTHING),
    "not_captured": _LIST,
    "worker": (dict, _NOTHING),
    "folder": _TEXT,
    "limits": _OBJECT,
    "data_dir": (str, _NOTHING),
}
_ITEM_TYPES: Mapping[str, tuple[type, ...]] = {
    "argv": _TEXT, "frameworks": _TEXT, "data": _OBJECT, "not_captured": _OBJECT,
}  # fmt: skip
_SITE_TYPES: Mapping[str, tuple[type, ...]] = {
    "key": _TEXT, "kind": _TEXT, "name": _TEXT, "subject": _TEXT, "phase": _TEXT, "attributes": _OBJECT,
}  # fmt: skip


def read_run(folder: Path, newest: int) -> RunFacts:
    """The facts of the run in run.json.

    Args:
        folder: the run folder.
        newest: the format that is read.

    Raises:
        RecordingError: there is no recording, doctor did not write it, or another version did.
    """
    path = folder / "run.json"
    if not path.is_file():
        what = "holds no recording (there is no run.json in it)"
        if not folder.is_dir():
            what = "is a file" if folder.exists() else "does not exist"
        raise RecordingError(
            f"The run folder {str(folder)!r} {what}; give the folder that `doctor diagnose` printed.",
            slug="no-recording",
        )
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecordingError(f"The file {str(path)!r} cannot be read: {error.strerror}.", slug="no-recording") from None
    except (ValueError, RecursionError):
        raise _foreign(path, "it is cut off or no JSON") from None
    if not isinstance(facts, dict) or not isinstance(facts.get("run"), dict) or "format" not in facts:
        raise _foreign(path, 'it has no "format" or no "run"')
    number = facts["format"]
    if number != newest:
        advice = "upgrade doctor" if isinstance(number, int) and number > newest else "record the run again"
        raise RecordingError(
            f"The recording in {str(folder)!r} has format {number!r} and this doctor reads {newest}; {advice}.",
            slug="recording-format",
        )
    return _run_of(path, facts["run"])


def _foreign(path: Path, why: str) -> RecordingError:
    return RecordingError(
        f"The file {str(path)!r} is not doctor's, or was damaged: {why}; give the folder of another run.",
        slug="foreign-recording",
    )


def _run_of(path: Path, facts: Mapping[str, Any]) -> RunFacts:
    values = {name: value for name, value in facts.items() if name in _RUN_TYPES}
    if "path" not in values:
        raise _foreign(path, "it does not name the script")
    for name, value in values.items():
        items = value if name in _ITEM_TYPES and isinstance(value, list) else ()
        if not _is(value, _RUN_TYPES[name]) or not all(_is(item, _ITEM_TYPES[name]) for item in items):
            raise _foreign(path, f'the value of "{name}" is of another type')
    for name in _ITEM_TYPES:
        values[name] = tuple(values.get(name) or ())
    return RunFacts(**values)


def _is(value: Any, types: tuple[type, ...]) -> bool:
    return isinstance(value, types) and not (isinstance(value, bool) and bool not in types)


def read_sites(path: Path) -> dict[str, Site]:
    """Sites by key, in the order of first appearance; what was said last of each."""
    sites: dict[str, Site] = {}
    for line in read_lines(path):
        if all(_is(line.get(name), types) for name, types in _SITE_TYPES.items()):
            sites[line["key"]] = Site(
                location=_location(line.get("location")), **{name: line[name] for name in _SITE_TYPES}
            )
    return sites


def _location(value: Any) -> Location | None:
    try:
        return Location.of(value)
    except (TypeError, ValueError):
        return None


def read_vectors(path: Path) -> list[dict[str, Any]]:
    """Lines of vectors.jsonl, values as they are stored."""
    return [
        line
        for line in read_lines(path)
        if _is_observed(line, "site") and isinstance(line.get("values"), list) and all(map(_is_value, line["values"]))
    ]


def read_scalars(path: Path) -> list[dict[str, Any]]:
    """Lines of scalars.jsonl, values as they are stored."""
    return [line for line in read_lines(path) if _is_observed(line, "subject") and _is_value(line.get("value"))]


def read_sources(path: Path) -> dict[str, str]:
    """Source texts in sources.jsonl by the path that locations have."""
    found = ((line.get("path"), line.get("text")) for line in read_lines(path))
    return {name: text for name, text in found if isinstance(name, str) and isinstance(text, str)}


def _is_observed(line: Mapping[str, Any], owner: str) -> bool:
    return _is(line.get("step"), (int,)) and _is(line.get("name"), _TEXT) and _is(line.get(owner), _TEXT)


def _is_value(value: Any) -> bool:
    return _is(value, _NUMBER) or value in ("NaN", "Infinity", "-Infinity")


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Lines of a JSON Lines file; one that is cut off or damaged is left out."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for text in file:
            try:
                line = json.loads(text)
            except (ValueError, RecursionError):
                continue
            if isinstance(line, dict):
                yield line


def read_rows(path: Path, dtype: np.dtype) -> np.ndarray:
    """Whole rows of a binary file; a last row that is cut off is left out."""
    if not path.is_file():
        return np.empty(0, dtype)
    data = path.read_bytes()
    whole = len(data) // dtype.itemsize
    return np.frombuffer(data, dtype=dtype, count=whole)
