"""Columns of text files that name their rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctor.capture.key_columns import KeyBook, key_columns
from doctor.capture.recorder import Recorder
from doctor.types import RunFacts, Site


def written(path: Path, rows: list[str]) -> str:
    path.write_text("\n".join(["name,kind", *rows]) + "\n", encoding="utf-8")
    return str(path)


def test_values_and_their_order(tmp_path: Path) -> None:
    rows = [f"p{number},{number % 3}" for number in range(30)]
    (one,) = key_columns(written(tmp_path / "a.csv", rows))
    (other,) = key_columns(written(tmp_path / "b.csv", sorted(rows)))
    assert (one["position"], one["name"], one["rows"]) == (0, "name", 30)
    assert one["values"] == other["values"] and one["order"] != other["order"]
    (again,) = key_columns(written(tmp_path / "c.csv", [row.replace(",", ",k") for row in rows]))
    assert again == one, "other columns are nothing to it"


@pytest.mark.parametrize("rows", [["p%d,1" % n for n in range(19)], ["p%d,1" % (n % 7) for n in range(30)]])
def test_what_names_no_rows(tmp_path: Path, rows: list[str]) -> None:
    """Too few rows, values that repeat."""
    assert key_columns(written(tmp_path / "a.csv", rows)) == []


def test_files_of_a_run(tmp_path: Path) -> None:
    """A file that is the only one tells nothing."""
    recorder = Recorder(tmp_path, RunFacts(path="train.py"))
    book = KeyBook(recorder)
    for name in ("a.csv", "b.csv"):
        recorder.describe(Site(key=f"file:{name}", kind="file", name=name, attributes={"reader": "csv.reader"}))
        book.note(f"file:{name}", written(tmp_path / name, [f"p{number},1" for number in range(30)]))
        book.describe()
        keys = [recorder.site(f"file:{one}") for one in ("a.csv", name)]
        assert all(bool(site and site.attributes.get("keys")) is (name == "b.csv") for site in keys)
    book.note("file:gone", str(tmp_path / "gone.csv"))
    book.describe()  # what is not there any more says nothing
