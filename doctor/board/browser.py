"""Opens a page in the user's browser, where there is one with windows."""

from __future__ import annotations

import os
import sys
import webbrowser

#: Browsers that would take the terminal over.
_IN_A_TERMINAL = frozenset({"www-browser", "lynx", "w3m", "links", "elinks"})


def open_browser(address: str) -> bool:
    """Open an address; False where nothing can show it: no screen, a pipe, no browser."""
    windows = os.name == "nt" or sys.platform == "darwin"
    screen = windows or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if not screen or not sys.stdout.isatty():
        return False
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if getattr(browser, "name", "") in _IN_A_TERMINAL:
        return False
    return browser.open(address)
