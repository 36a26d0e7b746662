"""What is shown in a browser: the HTML report and the comparison, opened from disk, and TensorBoard on recorded runs.

One file, so that one worker makes the runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator

import numpy as np
import pytest

from doctor.board.server import serve
from doctor.engine import diagnose
from doctor.reporters import html
from tests.builders import classifier
from tests.conftest import ScriptRunner


@pytest.fixture(scope="session")
def pages(runs: dict[str, Path], browser: Any) -> dict[str, str]:
    """Addresses of the report on the broken run and of the comparison with the fixed one."""
    folder = runs["broken"].parent
    done = ScriptRunner(folder)(
        *("-m", "doctor", "compare", "--format", "html", "--output", folder / "comparison.html"),
        *(runs["broken"], runs["fixed"]),
    )
    assert done.returncode == 0, done.stderr
    return {name: (folder / f"{name}.html").as_uri() for name in ("broken", "comparison")}


def widths(page: Any) -> tuple[int, int]:
    """Of the content and of the window, in pixels."""
    return tuple(page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]"))


@pytest.mark.parametrize("name", ["broken", "comparison"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_stands_alone_and_fits(name: str, width: int, watched: Any, pages: dict[str, str]) -> None:
    """No error, nothing loaded from elsewhere, no sideways scrolling, every chart that is open has a drawn curve."""
    watched.page.set_viewport_size({"width": width, "height": 800})
    watched.page.goto(pages[name])
    assert watched.errors == []
    assert watched.addresses == [pages[name]]
    content, window = widths(watched.page)
    assert content <= window
    charts = watched.page.locator("main svg:visible")
    assert charts.count() >= 4
    for index in range(charts.count()):
        curves = charts.nth(index).locator("path").evaluate_all(
            "paths => paths.map(path => path.getBoundingClientRect()).filter(box => box.width > 100).length"
        )
        assert curves >= 1, charts.nth(index).get_attribute("aria-label")


def test_the_line_that_is_blamed_is_marked_in_the_source(watched: Any, pages: dict[str, str]) -> None:
    watched.page.goto(pages["broken"])
    marked = watched.page.locator("#source .here, #source [id^=line-].here")
    assert marked.count() == 1
    assert "minval=-0.1, maxval=0.0" in marked.inner_text()
    paper, behind = (
        watched.page.evaluate("element => getComputedStyle(element).backgroundColor", element.element_handle())
        for element in (watched.page.locator("body"), marked)
    )
    assert paper != behind


def test_the_link_of_the_cause_leads_to_the_line(watched: Any, pages: dict[str, str]) -> None:
    watched.page.goto(pages["broken"])
    watched.page.locator("#cause-1 a[href^='#line-']").first.click()
    line = watched.page.locator(":target")
    assert "minval=-0.1" in line.inner_text() and line.is_visible()


def test_the_repair_stands_in_the_comparison(watched: Any, pages: dict[str, str]) -> None:
    watched.page.goto(pages["comparison"])
    assert "maxval=0.0" in watched.page.locator(".row.old").first.inner_text()
    assert "maxval=0.1" in watched.page.locator(".row.new").first.inner_text()
    assert watched.page.get_by_text("gone").first.is_visible()


def test_dark(watched: Any, pages: dict[str, str]) -> None:
    """Ink and paper change places."""
    watched.page.goto(pages["broken"])
    colours = []
    for scheme in ("light", "dark"):
        watched.page.emulate_media(color_scheme=scheme)
        colours.append(watched.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    light, dark = ([int(part) for part in colour[4:-1].split(",")] for colour in colours)
    assert min(light) > 200 and max(dark) < 60


def test_print_shows_what_is_folded(watched: Any, pages: dict[str, str]) -> None:
    """On paper nothing can be unfolded or followed."""
    watched.page.goto(pages["broken"])
    watched.page.emulate_media(media="print")
    assert not watched.page.locator("nav").is_visible()
    folded = watched.page.locator("details:not([open]) > *:not(summary)")
    assert folded.count() > 0
    assert all(folded.nth(index).is_visible() for index in range(folded.count()))


def test_keyboard_and_screen_reader(watched: Any, pages: dict[str, str]) -> None:
    watched.page.goto(pages["broken"])
    watched.page.keyboard.press("Tab")
    assert watched.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    charts = watched.page.locator("main svg")
    assert all("by step" in (charts.nth(index).get_attribute("aria-label") or "") or "limit" in
               (charts.nth(index).get_attribute("aria-label") or "") for index in range(charts.count()))  # fmt: skip
    levels = watched.page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map(each => +each.tagName[1])")
    assert levels[0] == 1 and all(after - before <= 1 for before, after in zip(levels, levels[1:]))


def test_names_and_source_of_a_run_are_never_markup(watched: Any, tmp_path: Path) -> None:
    """A layer, a metric, a path and a comment of the script that would run code if the page let them."""
    evil = '<img src=x onerror="window.hit = 1"><script>window.hit = 1</script>'
    run = classifier(np.linspace(1.4, 1.39, 300), source=f"# {evil}\nlayer = 'a'\n")
    run.facts["path"] = f"{evil}.py"
    run.site("variable", f"{evil}/kernel", shape=[4, 4], role="kernel", order=0)
    for step in range(5):
        run.scalar(f"epoch/{evil}", 60 * step, 1.0)
    recording = run.build()
    page = tmp_path / "page.html"
    page.write_text(html.report(diagnose(recording), recording), encoding="utf-8")
    dialogs: list[str] = []
    watched.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    watched.page.goto(page.as_uri())
    assert watched.page.evaluate("window.hit === undefined")
    assert watched.page.locator("main img, main script").count() == 0 and dialogs == []
    assert watched.page.get_by_text("window.hit = 1", exact=False).count() > 0


# TensorBoard: each dashboard shows what was recorded, in a sensible order.


@pytest.fixture(scope="module")
def address(runs: dict[str, Path], browser: Any) -> Iterator[str]:
    """Of TensorBoard on both runs. A browser is needed first."""
    with serve({name: folder / "tensorboard" for name, folder in runs.items()}) as server:
        yield server.address


@pytest.fixture
def dashboard(watched: Any, address: str) -> Iterator[Any]:
    """Opens a dashboard by its name in the address; nothing may go wrong in it."""

    def opened(name: str) -> Any:
        watched.page.goto(f"{address}#{name}")
        return watched.page

    yield opened
    # TensorBoard asks for an icon font that it does not have offline.
    assert [error for error in watched.errors if "fonts" not in error] == []


def top(locator: Any) -> float:
    """How far from the top of the window something is shown, in pixels."""
    locator.wait_for(state="visible")
    box = locator.bounding_box()
    assert box is not None and box["width"] > 0 and box["height"] > 0
    return float(box["y"])


def test_the_dying_layer_is_on_the_first_screen_of_the_scalars(dashboard: Any) -> None:
    page = dashboard("scalars")
    proof = page.locator("tf-scalar-card", has_text="activation/h1/dead_unit_share").first
    loss = page.locator("tf-scalar-card", has_text="1_training/loss").first
    assert top(proof) < 300 < top(loss) < 800
    proof.locator("svg.line-chart, canvas, vz-line-chart2").first.wait_for(state="visible")
    assert page.get_by_text("broken/limit", exact=True).first.is_visible()


def test_the_time_series_come_in_order(dashboard: Any) -> None:
    page = dashboard("timeseries")
    proof, training = (page.get_by_text(words, exact=True).first for words in ("0_dead-relu", "1_training"))
    assert top(proof) < top(training)


def test_the_graph_of_bare_variables_has_readable_names(dashboard: Any) -> None:
    page = dashboard("graphs")
    page.locator("svg g.node").first.wait_for(state="attached")
    names = set(page.locator("svg g.node").evaluate_all("nodes => nodes.map(node => node.dataset.name)"))
    assert {"h1", "h2", "loss", "input", "labels", "weights"} <= names


@pytest.mark.parametrize("name", ["histograms", "distributions"])
def test_histograms_of_activations_gradients_and_weights(name: str, dashboard: Any) -> None:
    page = dashboard(name)
    first = page.get_by_text("activations/00_h1").first
    assert top(first) < top(page.get_by_text("gradients/00_w1").first)
    card = page.locator("tf-histogram-loader, tf-distribution-loader").first
    card.locator("path").first.wait_for(state="attached")


def test_images_as_they_were_fed(dashboard: Any) -> None:
    page = dashboard("images")
    image = page.locator("tf-image-loader img").first
    assert top(image) < 800
    assert image.evaluate("image => image.naturalWidth") == 28


def test_findings_as_text(dashboard: Any) -> None:
    page = dashboard("text")
    assert top(page.get_by_text("The ReLU units of h1 are dead").first) < 800
    link = page.get_by_role("link", name="activation/h1/dead_unit_share").first
    link.wait_for(state="visible")
    assert "#timeseries" in link.get_attribute("href")


def test_runs_line_up_in_a_table(dashboard: Any) -> None:
    page = dashboard("hparams")
    for words in ("faulty", "healthy", "dead-relu"):
        page.get_by_text(words, exact=True).first.wait_for(state="visible")


def test_custom_scalars_begin_with_the_proof(dashboard: Any) -> None:
    page = dashboard("custom_scalars")
    proof, training = (page.get_by_text(words, exact=True).first for words in ("What proves dead-relu", "Training"))
    assert top(proof) < top(page.get_by_text("activation/h1/dead_unit_share", exact=True).first) < 300 < top(training)
