"""Every reporter against its gold files: one hand-built diagnosis of each verdict feeds them all.

After a change that is meant, write the gold files anew and read the difference:

    DOCTOR_UPDATE_GOLD=1 python -m pytest tests/reporters && git diff tests/reporters/gold
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from doctor.reporters import FORMATS, reporter

GOLD = Path(__file__).parent / "gold"
SUFFIXES = {"terminal": "txt", "json": "json", "sarif": "sarif", "markdown": "md", "github": "github"}
#: The page holds drawings, which are not the same with every version of Matplotlib: test_html.py looks at it.
NO_GOLD = {"html"}


@pytest.mark.parametrize("verdict", ["faulty", "healthy", "unclear"])
@pytest.mark.parametrize("name", [name for name in FORMATS if name not in NO_GOLD])
def test_report_equals_its_gold_file(name, verdict, request):
    diagnosis, recording = request.getfixturevalue(verdict)
    text = reporter(name)(diagnosis, recording)
    path = GOLD / f"{verdict}.{SUFFIXES[name]}"
    if os.environ.get("DOCTOR_UPDATE_GOLD"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert text.endswith("\n") and not text.endswith("\n\n")


def test_every_format_has_a_suffix():
    assert set(SUFFIXES) | NO_GOLD == set(FORMATS)
