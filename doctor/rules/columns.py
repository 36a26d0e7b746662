"""Words for columns of the data and for the files that arrays came from."""

from __future__ import annotations

from typing import Iterable

from doctor.rules.view import SubjectView
from doctor.types import Location, Site

#: Columns that are named in one sentence.
MOST = 10


def input_names(view: SubjectView, site: Site) -> list[str | None]:
    """Names of the columns of an input, [] where they are not known."""
    names = site.attributes.get("columns")
    return list(names) if isinstance(names, list) else []


def array_names(array: Site) -> list[str | None]:
    """Names of the columns of an array that was handed over, [] where they are not known."""
    return [(column or {}).get("name") for column in array.attributes.get("columns") or ()]


def column_text(number: int, names: list[str | None]) -> str:
    """"column 3 (`income`)", or "column 3" where it has no known name."""
    name = names[number] if number < len(names) else None
    return f"column {number} (`{name}`)" if name else f"column {number}"


def columns_text(numbers: Iterable[int], names: list[str | None]) -> str:
    """"column 3 (`income`)" or "columns 3 (`income`), 5 (`rooms`)" for the first few of them."""
    shown = list(numbers)[:MOST]
    texts = [column_text(number, names) for number in shown]
    if len(texts) == 1:
        return texts[0]
    return "columns " + ", ".join(text.removeprefix("column ") for text in texts)


def file_text(array: Site | None) -> str:
    """" of `houses.csv` (read at train.py:11)" for an array that came from a file, else ""."""
    origin = (array.attributes.get("origin") if array is not None else None) or {}
    source = origin.get("file")
    if not source:
        return ""
    if origin.get("member"):
        source = f"{source}[{origin['member']}]"
    where = Location.of(origin.get("location"))
    return f" of `{source}`" + (f" (read at {where.path}:{where.line})" if where else "")


def training_file(view: SubjectView) -> str:
    """"`houses.csv` (read at train.py:11)" where all training inputs came from this one file, else ""."""
    arrays = [one for one in view.sites("array") if str(one.attributes.get("role") or "x").split("[")[0] == "x"]
    files = {file_text(one).removeprefix(" of ") for one in arrays}
    return files.pop() if len(files) == 1 else ""
