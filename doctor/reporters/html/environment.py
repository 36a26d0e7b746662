"""The templates of the pages, and what they share: escaping, code in back quotes, coloured source."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

import jinja2
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The templates beside this package; everything that comes from a run is escaped."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("doctor.reporters", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters["words"] = words
    return made


def words(text: str) -> Markup:
    """Escaped text, in which `back quotes` mark code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))  # noqa: S704  escaped just before


def coloured(source: str) -> list[Markup]:
    """Python source line by line, with the classes of Pygments."""
    formatter = HtmlFormatter(nowrap=True, classprefix="py-")
    lines = highlight(source, PythonLexer(stripnl=False, ensurenl=True), formatter).split("\n")
    return [Markup(line) for line in lines[: len(source.splitlines())]]  # noqa: S704  Pygments escapes
