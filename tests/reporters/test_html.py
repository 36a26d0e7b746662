"""The HTML page: whole, self-contained, and safe with what a run may contain."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest

from doctor.reporters import html, markdown

VOID = {"meta", "polyline", "line"}


class Tags(HTMLParser):
    """Collects the tags; fails where one is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("verdict", ["faulty", "healthy", "unclear"])
def test_tags_are_closed_and_nothing_is_loaded(verdict, request):
    page = html.report(*request.getfixturevalue(verdict))
    tags = Tags()
    tags.feed(page)
    assert tags.open == [] and "svg" in tags.seen
    assert not tags.seen & {"script", "link", "img", "iframe"}
    assert not re.search(r"(?:src|href)=|url\(|@import", page)


@pytest.mark.parametrize("reporter", [html, markdown])
def test_markup_from_a_run_stays_text(reporter, faulty):
    diagnosis, recording = faulty
    evil = "<script>alert(1)</script>"
    cause = dataclasses.replace(diagnosis.findings[0], title=evil, message=evil, rule=evil)
    run = dataclasses.replace(diagnosis.run, path=evil)
    page = reporter.report(dataclasses.replace(diagnosis, findings=(cause,), run=run), recording)
    outside_code = re.sub(r"```.*?```|`[^`]*`", "", page, flags=re.DOTALL) if reporter is markdown else page
    assert evil not in outside_code


def test_a_run_without_curve_has_a_page(healthy):
    diagnosis, recording = healthy
    recording._losses = recording._losses[:1]
    assert "<svg" not in html.report(diagnosis, recording)
