"""A real browser, and two recorded runs to look at."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Iterator

import pytest

from tests.conftest import ROOT, ScriptRunner

#: Debian's, Ubuntu's and others' names of the browser; playwright's own is a download.
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: It runs in containers and as root, and calls nobody.
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium."""
    path = next((found for found in map(shutil.which, _NAMES) if found), None)
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(_NAMES)} is installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield found
        found.close()


class Watched:
    """A page that remembers what went wrong on it.

    Attributes:
        page: of playwright.
        errors: of scripts, and messages of the console of that severity.
        addresses: of everything that was loaded.
    """

    def __init__(self, page: Any) -> None:
        self.page = page
        self.errors: list[str] = []
        self.addresses: list[str] = []
        page.set_default_timeout(60_000)
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.addresses.append(request.url))


@pytest.fixture
def watched(browser: Any) -> Iterator[Watched]:
    """An empty page, 1280 pixels wide."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield Watched(context.new_page())
    context.close()


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Run folders of `dead_relu` and of its repaired twin, by the names "broken" and "fixed".

    The scripts lie as deep as those of people do: a long path must not make a page wide. They take a quarter of
    their steps, which shows all there is to see.
    """
    folder = tmp_path_factory.mktemp("runs")
    scripts = folder / "a_folder_of_a_project_with_a_long_name" / "experiments_of_the_second_term"
    shutil.copytree(ROOT / "broken_scripts", scripts)
    found = {}
    for name, script in (("broken", "dead_relu.py"), ("fixed", "fixed/dead_relu.py")):
        found[name] = folder / name
        text = (scripts / script).read_text(encoding="utf-8")
        assert "num_steps = 2000" in text
        (scripts / script).write_text(text.replace("num_steps = 2000", "num_steps = 500"), encoding="utf-8")
        done = ScriptRunner(folder)(
            *("-m", "doctor", "diagnose", "--quiet", "--format", "html", "--output", folder / f"{name}.html"),
            *("--run-dir", folder / name, scripts / script),
        )
        assert done.returncode == (1 if name == "broken" else 0), done.stderr
    return found
