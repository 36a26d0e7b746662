"""TensorBoard on recorded runs, in a browser: each dashboard shows what was recorded, in a sensible order."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator

import pytest

from doctor.board.server import serve


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
