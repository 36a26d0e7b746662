"""Rule: the script raised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Severity
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.types import Location

#: Longest message that is told whole; labels and shapes can be thousands.
_LONGEST = 300

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_OP_NAMES = re.compile(r"^\{\{function_node [^}]*\}\}\s*|\s*\[Op:\w+\](\s*name:.*)?$", re.DOTALL)


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
        first = essence(text)
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


def essence(text: str) -> str:
    """The sentence of an exception's message that says what is wrong, on one line.

    Keras puts the layer's name before it and the arguments behind it; TensorFlow the
    calls that built the failing op before it, and the op's name around it.
    """
    text = _COLOURS.sub("", text).strip()
    if text.startswith("Exception encountered when calling"):
        text = text.partition("\n")[2].partition("Arguments received by")[0].strip() or text
    elif text.startswith("Graph execution error"):
        before, node, _ = text.partition("[[{{node")
        text = (before.strip().splitlines()[-1] if node else text).strip()
    text = _OP_NAMES.sub("", text).strip()
    first = text.splitlines()[0].strip() if text else ""
    return first if len(first) <= _LONGEST else first[: _LONGEST - 1].rstrip() + "\u2026"
