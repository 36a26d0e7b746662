"""The HTML pages: whole, self-contained, and safe with what a run may contain."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from doctor.comparison import Run, compare
from doctor.reporters import html, markdown
from doctor.reporters.comparison import html as comparison_html

VOID = {"meta", "br"}


class Tags(HTMLParser):
    """Collects tags and attributes; fails where a tag is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.seen.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def values(self, name: str) -> list[str]:
        return [value for _, own, value in self.attributes if own == name]


def check(page: str) -> Tags:
    """Every tag closed, nothing loaded from elsewhere, every id once, every link within the page leads somewhere."""
    tags = Tags(page)
    assert tags.open == [] and not tags.seen & {"script", "link", "img", "iframe", "object"}
    ids = tags.values("id")
    assert len(ids) == len(set(ids))
    links = [*tags.values("href"), *tags.values("xlink:href")]
    links += [f"#{one}" for one in re.findall(r"url\(#([^)]+)\)", page)]
    assert set(links) <= {f"#{one}" for one in ids}
    assert "@import" not in page and not re.search(r"url\((?!#)", page) and not tags.values("src")
    return tags


@pytest.mark.parametrize("verdict", ["faulty", "healthy", "unclear"])
def test_the_page_is_whole_and_needs_nothing_else(verdict: str, request: Any) -> None:
    tags = check(html.report(*request.getfixturevalue(verdict)))
    assert {"svg", "main", "nav", "h1"} <= tags.seen
    drawings = [dict((name, value) for tag, name, value in tags.attributes if tag == "svg")]
    assert drawings[0]["role"] == "img" and drawings[0]["aria-label"]


def test_what_the_page_says(faulty: Any) -> None:
    """Verdict, line, evidence with its limit drawn, the change, and what was not checked."""
    page = html.report(*faulty)
    assert '<span class="verdict faulty">Faulty</span> The initial weights are too large' in page
    assert '<a href="#line-7">train.py:7</a>' in page and 'id="line-7"' in page
    assert "the dashed line is the limit" in page and "where it was first seen" not in page
    old, new = re.findall(r'class="row old">(.*?)</span>', page), re.findall(r'class="row new">(.*?)</span>', page)
    assert old and new and "minval=-0.4" in old[0] and "limit = (6.0 / n_in)" in new[0]
    assert "Not checked" in page and "Not captured" in page and "Ruled out" in page


def test_the_line_is_marked_in_the_source(faulty: Any) -> None:
    page = html.report(*faulty)
    (marked,) = re.findall(r'<span class="row here" id="line-(\d+)">', page)
    assert marked == "7" and "← large-initial-weights" in page


@pytest.mark.parametrize("reporter", [html, markdown])
def test_markup_from_a_run_stays_text(reporter: Any, faulty: Any) -> None:
    diagnosis, recording = faulty
    evil = "<script>alert(1)</script>"
    cause = dataclasses.replace(diagnosis.findings[0], title=evil, message=evil, rule=evil)
    run = dataclasses.replace(diagnosis.run, path=evil)
    page = reporter.report(dataclasses.replace(diagnosis, findings=(cause,), run=run), recording)
    outside_code = re.sub(r"```.*?```|`[^`]*`", "", page, flags=re.DOTALL) if reporter is markdown else page
    assert evil not in outside_code


def test_names_and_source_of_a_run_stay_text(faulty: Any) -> None:
    """A layer called like a tag, a script that holds one, in the report and in a comparison."""
    diagnosis, recording = faulty
    evil = "</code><script>alert(1)</script>"
    recording.sites = {key: dataclasses.replace(site, name=evil) for key, site in recording.sites.items()}
    recording.source = recording.sources[recording.run.path] = f"x = '{evil}'\n" * 20
    check(html.report(diagnosis, recording))
    other = dataclasses.replace(diagnosis.findings[0], title=evil)
    changed = dataclasses.replace(diagnosis, findings=(other,))
    check(comparison_html.report(compare([Run(evil, recording, diagnosis), Run("b", recording, changed)])))


def test_a_run_without_curve_has_a_page(healthy: Any) -> None:
    diagnosis, recording = healthy
    recording._losses = recording._losses[:1]
    assert "<svg" not in html.report(diagnosis, recording)


def test_a_comparison(faulty: Any, healthy: Any) -> None:
    page = comparison_html.report(compare([Run("broken", faulty[1], faulty[0]), Run("mended", healthy[1], healthy[0])]))
    tags = check(page)
    assert {"svg", "table"} <= tags.seen and "broken <span" in page
    assert page.count(">gone</td>") == len(faulty[0].findings)
