"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])

#: As `doctor.reporters.FORMATS`, which would cost the import of NumPy (a test compares them).
FORMATS = ("terminal", "json", "sarif", "markdown", "html", "github")

run_argument = click.argument("run", type=click.Path(path_type=Path), metavar="RUN")


def report_options(function: Function) -> Function:
    """--format and --output."""
    function = click.option(
        "--output",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Write the report to FILE.",
    )(function)
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(FORMATS),
        default="terminal",
        show_default=True,
        help="Format of the report.",
    )(function)


def fail_option(function: Function) -> Function:
    """--fail-on."""
    return click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "never"]),
        default="error",
        show_default=True,
        help="Exit with status 1 from this severity on.",
    )(function)
