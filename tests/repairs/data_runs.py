"""Recordings of arrays and pipelines for tests of repairs of the data."""

from __future__ import annotations

from typing import Any

from doctor.findings import Evidence
from tests.builders import SCRIPT, Run

#: What an array of pixels, of a table in mixed units, and of targets in dollars has.
PIXELS = {"min": 0.0, "max": 255.0, "mean": 70.0, "std": 80.0, "dtype": "float32"}
TABLE = {"min": 0.0, "max": 9000.0, "mean": 900.0, "std": 2000.0, "dtype": "float32"}


class Arrays(Run):
    """A run that hands arrays over, each found in the script by a piece of its line."""

    def __init__(self, source: str, style: str = "fit", **subject: Any) -> None:
        super().__init__(source)
        self.subject("model", style=style, **subject)

    def array(self, role: str, variable: str, on: str, shape: tuple[int, ...] = (100, 4), **facts: Any) -> Arrays:
        """An array of a role, as it is written in the call on the line that holds `on`."""
        line = next(number for number, text in enumerate(self.source.splitlines(), 1) if on in text)
        facts = {"dtype": "float32", "nonfinite": 0, **facts}
        self.site("array", f"{role} {variable}", line=line, role=role, variable=variable, shape=list(shape), **facts)
        return self

    def pipeline(self, *stages: tuple[str, str, dict[str, Any]], used_for: str = "train", loop: str = "") -> Arrays:
        """A dataset: (stage, piece of its line, other facts) each, and a piece of the line that runs through it."""
        lines = self.source.splitlines()

        def place(on: str) -> list[Any]:
            number = next(number for number, text in enumerate(lines, 1) if on in text)
            return [SCRIPT, number, lines[number - 1].strip()]

        chain = []
        for stage, on, facts in stages:
            defined = {"defined": place(facts["defined"])} if "defined" in facts else {}
            chain.append({"stage": stage, "arguments": {}, "location": place(on), **facts, **defined})
        passes = [place(loop)] if loop else []
        self.site("dataset", f"dataset {len(self.sites)}", chain=chain, used_for=used_for, passes=passes)
        return self


def measured(rms: float, low: float = 0.0, high: float = 255.0) -> tuple[Evidence, ...]:
    """What the rule of the scale of inputs measured."""
    return (Evidence("input/x/rms", None, rms), Evidence("input/x/min", None, low), Evidence("input/x/max", None, high))
