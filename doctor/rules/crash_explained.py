"""An exception, and what it means: what the readers of exceptions share."""

from __future__ import annotations

from dataclasses import dataclass

from doctor.findings import Fix


@dataclass(frozen=True)
class Explanation:
    """What an exception means.

    Attributes:
        text: one or two plain sentences, or "" where the message says it all.
        fixes: what to change; their code is advice, and no line that could stand for the user's.
        alone: nothing that happened in the training before can have brought it about.
    """

    text: str = ""
    fixes: tuple[Fix, ...] = ()
    alone: bool = False


@dataclass(frozen=True)
class Crash:
    """An exception.

    Attributes:
        name: its class, without the module.
        text: its essential sentence.
        message: its whole message.
        code: the user's line.
        traceback: as Python prints it; it ends with what Python itself suggests.
    """

    name: str
    text: str
    message: str = ""
    code: str = ""
    traceback: str = ""
