"""Rule: the script raised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Severity
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.types import Location


@dataclass(frozen=True)
class ScriptCrash(Rule):
    """The script ended with an exception.

    What it is:
        An error that the script itself did not catch.

    Why it matters:
        Whatever comes after the line did not happen. What was seen of the training before is
        judged all the same.

    How it is measured:
        The exception, its message and the last line of the user's code in its traceback.

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
        name, text = str(crash.get("type") or "an exception"), str(crash.get("message") or "").strip()
        first = text.splitlines()[0] if text else ""
        steps = view.recording.steps
        when = f"after {steps} training steps" if steps else "before the first training step"
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title=f"The script raised {name.rsplit('.', 1)[-1]} {when}",
            message=f"{name}: {first}" if first else name,
            location=Location.of(crash.get("location")),
            onset=steps or None,
        )
