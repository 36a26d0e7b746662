"""Rule: the script raised."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Fix, Severity
from doctor.rules.base import Result, Rule
from doctor.rules.crash_causes import explain
from doctor.rules.crash_explained import Crash
from doctor.rules.crash_essence import essence
from doctor.rules.view import SubjectView
from doctor.types import Location

_CUT = "\u2026"
#: A tensor or an op that doctor's capture put into a graph, as TensorFlow names it.
_OWN = re.compile(r"(?<![\w/])doctor(_\d+)?/\w")


@dataclass(frozen=True)
class ScriptCrash(Rule):
    """The script ended with an exception.

    What it is:
        An error that the script itself did not catch.

    Why it matters:
        Whatever comes after the line did not happen. What was seen of the training before is
        judged all the same.

    How it is measured:
        The exception, its message and the last line of the user's code in its traceback, or in
        the calls that TensorFlow's message quotes. Typical messages are put in plain words. Where the message names
        a tensor of doctor's own instruments, it is they that failed and the finding says so.

    Example:
        model.fit(x_train, y_train[:-1])

    Use instead:
        model.fit(x_train, y_train)

    References:
        https://docs.python.org/3/tutorial/errors.html
    """

    fault: ClassVar[str] = "script-crash"
    scope: ClassVar[str] = "run"

    def check(self, view: SubjectView) -> Iterator[Result]:
        crash = view.recording.run.crash
        if not crash:
            return
        full, message = str(crash.get("type") or "an exception"), str(crash.get("message") or "").strip()
        name, text = full.rpartition(".")[2].lstrip("_"), essence(message)
        location = Location.of(crash.get("location"))
        code = location.code if location else ""
        known = explain(Crash(name, text, message, code, str(crash.get("traceback") or "")))
        steps = view.recording.steps
        when = f"after {steps} training step{'s' if steps != 1 else ''}" if steps else "before the first training step"
        what = "was ended by" if name.startswith("SIG") else "raised"
        told = text if name.startswith("SIG") else f"{name}: {text}" if text else name
        if known.text:
            told = f"{told}{'' if told.endswith(('.', '!', '?', _CUT)) else '.'} {known.text}"
        fixes = known.fixes
        if _OWN.search(message):
            told += " The message names a tensor of doctor's own instruments: they broke it, not the script."
            fixes = (Fix("Record losses only, and report this script to doctor's makers", "--overhead 0"),)
        found = self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title=f"The script {what} {name} {when}",
            message=told,
            location=location,
            onset=steps or None,
            fixes=fixes,
        )
        yield replace(found, stands_alone=known.alone)
