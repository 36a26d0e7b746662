"""The gallery under reports/ is whole, and as today's doctor would write it; only figures may be older."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from doctor.engine import diagnose
from doctor.recording import Recording
from doctor.reporters import markdown
from tests.conftest import ROOT, ScriptRunner

REPORTS = ROOT / "reports"
NAMES = ("exploding_init", "vanishing_sigmoid", "dead_relu", "noisy_inputs", "double_softmax")


def skeleton(page: str) -> list[str]:
    """Headings and what stands in blocks of code, without commands, numbers and paths."""
    found, inside = [], ""
    for line in page.splitlines():
        if line.startswith("```"):
            inside = "" if inside else line[3:] or "text"
        elif (inside and inside != "sh") or line.startswith("#"):
            found.append(re.sub(r"\S*broken_scripts/\S+|[-+]?\d[\d,.e-]*", "...", line).strip())
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_lesson_is_there(name: str) -> None:
    page = (REPORTS / "README.md").read_text(encoding="utf-8")
    for kind in ("broken", "fixed", "comparison"):
        assert f"({kind}/{name}.md)" in page and (REPORTS / kind / f"{name}.md").is_file()
    for picture in (REPORTS / "pictures").glob(f"{name}_*.svg"):
        lines = ElementTree.parse(picture).getroot().findall(".//{http://www.w3.org/2000/svg}path")
        assert len(lines) > 10, picture


def test_links_lead_somewhere() -> None:
    for page in REPORTS.rglob("*.md"):
        for link in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page}: {link}"


def test_the_lesson_is_that_of_its_template() -> None:
    """Every line of the template that says the same for every run stands in the page, in order."""
    page = (REPORTS / "README.md").read_text(encoding="utf-8").splitlines()
    template = (REPORTS / "lesson.md.jinja").read_text(encoding="utf-8")
    own = template[template.index("# Five ways") :].splitlines()
    fixed = [line for line in own if line.strip() and "{" not in line]
    at = 0
    for line in fixed:
        assert line in page[at:], f"`make reports` was not run since this was written: {line}"
        at += page[at:].index(line)


@pytest.mark.slow
def test_a_report_is_written_as_today(run_script: ScriptRunner) -> None:
    """One of the scripts, run now, gives a page of the same structure."""
    folder = run_script.folder / "run"
    script = Path("broken_scripts") / "vanishing_sigmoid.py"
    run_script("-m", "doctor", "diagnose", "--quiet", "--run-dir", folder, script, cwd=ROOT)
    recording = Recording.open(folder)
    stored = (REPORTS / "broken" / "vanishing_sigmoid.md").read_text(encoding="utf-8")
    assert skeleton(markdown.report(diagnose(recording), recording)) == skeleton(stored), "run `make reports`"
