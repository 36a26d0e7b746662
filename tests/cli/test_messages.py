"""docs/messages.md against the code: every slug has its heading, every heading its slug."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_slugs_and_headings_are_the_same():
    used = set()
    for path in (ROOT / "doctor").rglob("*.py"):
        used |= set(re.findall(r"slug=[\"']([a-z0-9-]+)[\"']", path.read_text(encoding="utf-8")))
    headings = re.findall(r"^## (\S+)$", (ROOT / "docs/messages.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(headings) == len(set(headings))
    assert used - set(headings) == set(), "used in the code, missing in docs/messages.md"
    assert set(headings) - used == set(), "in docs/messages.md, used nowhere"
