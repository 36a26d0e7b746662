"""The pages of the studies, made anew of the figures that are kept in reports/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import pytest

from doctor.reporters.studies import pipelines, sweep

REPORTS = Path(__file__).resolve().parents[2] / "reports"


@pytest.mark.parametrize(("name", "write"), [("pipelines", pipelines.write_page), ("sweep", sweep.write_page)])
def test_pages_say_what_was_measured(name: str, write: Callable[[Path, dict[str, Any]], None], tmp_path: Path) -> None:
    kept = REPORTS / name / f"{name}.json"
    write(tmp_path, json.loads(kept.read_text(encoding="utf-8")))
    page = (tmp_path / f"{name}.md").read_text(encoding="utf-8")
    assert page == kept.with_suffix(".md").read_text(encoding="utf-8")
    assert "object at 0x" not in page and (tmp_path / f"{name}.svg").stat().st_size > 10_000
