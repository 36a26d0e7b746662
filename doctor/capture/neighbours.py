"""Keeps the source of the user's other files, as it was when the run used them."""

from __future__ import annotations

import linecache
import sys

from doctor.capture.locator import Locator
from doctor.capture.recorder import Recorder

#: Most files that are kept, and most characters of one: more is no training program.
MAX_FILES = 100
MAX_CHARACTERS = 500_000


class Neighbours:
    """Hands the recorder every user's file but the script, once.

    Args:
        recorder: writes the recording.
        locator: tells the user's files from everybody else's.
    """

    def __init__(self, recorder: Recorder, locator: Locator) -> None:
        self._recorder = recorder
        self._locator = locator
        self._kept: set[str] = set()

    def keep(self, path: str) -> None:
        """Keep the file of a code object that runs."""
        if path in self._kept or len(self._kept) >= MAX_FILES:
            return
        self._kept.add(path)
        shown = self._locator.shown(path)
        text = "".join(linecache.getlines(path)) if shown != self._locator.script else ""
        if 0 < len(text) <= MAX_CHARACTERS:
            self._recorder.source(shown, text)

    def keep_imported(self) -> None:
        """Keep the files of the modules that the script imported from its own folder or project."""
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            if isinstance(path, str) and path.endswith(".py") and self._locator.is_near(path):
                self.keep(path)
