"""The six orders of shuffle, batch and repeat: a table, a picture, a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping, Sequence, TextIO

import numpy as np

from doctor.numbers import number, percent
from doctor.reporters.page import Page
from doctor.reporters.plots import as_svg, colour, panels
from doctor.reporters.studies import mean_and_spread, write

KINDS = ("as stored", "sorted by label")
MIXING = ("order", "buffer", "recurs", "blends", "frozen", "together", "mixed", "short")
COST = ("order", "buffer", "images/s", "MB")
ACCURACY = ("order", "buffer", *KINDS, "classes in a batch")


def mixing_rows(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """What becomes of the items."""
    return [
        (
            row["order"], number(row["buffer"]),
            *(percent(round(row[name], 4)) for name in ("recurring", "blended", "frozen", "neighbours")),
            f"{100 * row['distance']:.0f} %",
            number(row["short"]),
        )
        for row in rows
    ]  # fmt: skip


def cost_rows(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Throughput and memory."""
    return [
        (row["order"], number(row["buffer"]), f"{row['items_per_second']:,.0f}",
         "-" if row["megabytes"] is None else f"{row['megabytes']:,.0f}")
        for row in rows
    ]


def accuracy_rows(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """What the same perceptron reaches, as the images are stored and sorted by label."""
    return [
        (row["order"], number(row["buffer"]), *(mean_and_spread(row[kind]["accuracies"]) for kind in KINDS),
         f"{row[KINDS[1]]['classes']:.1f}")
        for row in rows
    ]


def page(measured: Mapping[str, Any], stream: TextIO) -> Page:
    """The tables, as wide as the stream is."""
    made = Page.for_stream(stream)
    rows = measured["rows"]
    made.paragraph(
        f"{measured['images']:,} images of {measured['data']}, batches of {measured['batch']}, "
        f"{measured['epochs']} epochs", indent=0, style="bold",
    )  # fmt: skip
    made.heading("WHAT BECOMES OF THE ITEMS")
    # Without arrows, the table is no wider than a page.
    made.table(MIXING, [(row[0].replace(" →", ""), *row[1:]) for row in mixing_rows(rows)])
    made.heading("WHAT IT COSTS")
    made.table(COST, cost_rows(rows))
    made.heading("VALIDATION ACCURACY")
    made.table(ACCURACY, accuracy_rows(rows))
    return made


def picture(measured: Mapping[str, Any]) -> str:
    """For each order: which item comes when, and the accuracies."""
    shown = measured["picture"]
    figure, axes = panels((9.0, 6.6), 3, 3)
    for index, (chart, (name, draws)) in enumerate(zip(axes, shown["draws"].items())):
        chart.scatter(np.arange(len(draws)), draws, s=2, color=colour(index), linewidths=0)
        chart.set_title(name, fontsize=8)
        for epoch in range(1, shown["epochs"]):
            chart.axvline(epoch * shown["items"], color=colour(3), linewidth=0.8, linestyle=":")
        chart.tick_params(length=0, labelsize=7)
        chart.set_xticks([])
        chart.set_ylabel("item" if index % 3 == 0 else "", fontsize=8)
        chart.set_xlabel("draw" if index >= 3 else "", fontsize=8)
    grid = axes[6].get_gridspec()
    assert grid is not None  # of charts made together
    axes[6].set_subplotspec(grid[2, :])
    for chart in axes[7:]:
        chart.remove()
    _dots(axes[6], measured["rows"])
    orders = len(shown["draws"])
    return as_svg(figure, f"Which item comes when in each of {orders} orders, and validation accuracies", "pipelines")


def _dots(chart: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """An accuracy a training: one column for each order, buffer and kind of storage."""
    names = list(dict.fromkeys(row["order"] for row in rows))
    marks = {("whole", "as stored"): "o", ("small", "as stored"): "s", ("whole", "sorted by label"): "^",
             ("small", "sorted by label"): "x"}  # fmt: skip
    for column, ((size, kind), mark) in enumerate(marks.items()):
        points = [
            (names.index(row["order"]) + 0.16 * (column - 1.5), accuracy)
            for row in rows if row["size"] == size for accuracy in row[kind]["accuracies"]
        ]  # fmt: skip
        x, y = zip(*points)
        chart.scatter(x, y, marker=mark, s=14, color=colour(column), label=f"{kind}, {size} buffer", linewidths=1)
    chart.set_xticks(range(len(names)), [name.replace(" → ", "\n→ ") for name in names], fontsize=7)
    chart.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    chart.tick_params(length=0, labelsize=7)
    chart.set_title("validation accuracy", fontsize=8)
    chart.legend(frameon=False, fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))


def write_page(folder: Path, measured: dict[str, Any]) -> None:
    """Write pipelines.json, pipelines.svg and pipelines.md."""
    rows = measured["rows"]
    whole = {row["order"]: row for row in rows if row["size"] == "whole"}
    tables = [(MIXING, mixing_rows(rows)), (COST, cost_rows(rows)), (ACCURACY, accuracy_rows(rows))]
    write(folder, "pipelines", measured, picture(measured), whole=whole, tables=tables, percent=percent)
