"""Reporters turn a diagnosis into text. They decide nothing."""

from __future__ import annotations

import importlib
from typing import Protocol

from doctor.findings import Diagnosis
from doctor.recording import Recording

#: Names of the formats, the default first. Each is a module of this package with a `report`.
FORMATS: tuple[str, ...] = ("terminal", "json", "sarif", "markdown", "html", "github")


class Reporter(Protocol):
    """Makes the whole report, ending in a newline."""

    def __call__(self, diagnosis: Diagnosis, recording: Recording) -> str: ...


def reporter(name: str) -> Reporter:
    """The reporter of a format; only its own module is imported."""
    found: Reporter = importlib.import_module(f"doctor.reporters.{name}").report
    return found
