"""How doctor ends a script early."""

from __future__ import annotations

TYPE_CHECKING = False  # this module is loaded before the script, which may have its own typing.py
if TYPE_CHECKING:
    from typing import ClassVar


class StopTraining(SystemExit):
    """Ends the script as `sys.exit(0)` would, wherever it stands.

    A SystemExit and not a BaseException of our own, so that the interpreter, threads,
    absl's `app.run` and hooks of the script treat it as an ordinary clean exit.

    Attributes:
        first: the first one made in this process, or None. A script may swallow it.
        status: "stopped" (--steps) or "timeout" (--timeout).
    """

    first: ClassVar[StopTraining | None] = None

    def __init__(self, status: str = "stopped") -> None:
        super().__init__(0)
        self.status = status
        if StopTraining.first is None:
            StopTraining.first = self
