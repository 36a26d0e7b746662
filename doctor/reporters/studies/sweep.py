"""A perceptron that is varied: a table, a picture, a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping, Sequence, TextIO

import numpy as np

from doctor.numbers import number
from doctor.reporters.page import Page
from doctor.reporters.plots import as_svg, colour, panels
from doctor.reporters.studies import mean_and_spread, write

TITLES = {
    "units": "units of each hidden layer",
    "depth": "hidden layers",
    "activation": "activation",
    "initialiser": "initial weights",
    "rate": "learning rate",
}
HEADER = ("", "validation accuracy", "loss")

#: A part of the sweep: the values of the factor, and the row of each.
Part = Sequence[tuple[str, Mapping[str, Any]]]


def parts(measured: Mapping[str, Any]) -> dict[str, Part]:
    """The rows in which one factor is varied, by factor."""
    return {
        factor: [(_value(row[factor]), row) for row in measured["factors"][factor]] for factor in measured["factors"]
    }


def table(part: Part, base: str) -> list[tuple[str, ...]]:
    """Accuracy and loss for each value; the one that the other parts keep is marked."""
    return [(f"{value} *" if value == base else value, accuracy(row), _loss(row)) for value, row in part]


def accuracy(row: Mapping[str, Any]) -> str:
    """Mean and spread over the seeds."""
    return mean_and_spread([training["accuracy"] for training in row["trainings"]])


def page(measured: Mapping[str, Any], stream: TextIO) -> Page:
    """The tables, as wide as the stream is."""
    made = Page.for_stream(stream)
    made.paragraph(
        f"{measured['images']:,} images of {measured['data']}, {measured['steps']:,} steps of gradient descent, "
        f"batches of {measured['batch']}, {measured['seeds']} seeds; * is what the other tables keep",
        indent=0, style="bold",
    )  # fmt: skip
    for factor, part in parts(measured).items():
        made.heading(TITLES[factor].upper())
        made.table(HEADER, table(part, _value(measured["base"][factor])))
    made.heading("DEPTH, ACTIVATION AND INITIAL WEIGHTS TOGETHER")
    header, rows = together(measured)
    made.table(header, rows)
    return made


def together(measured: Mapping[str, Any]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Mean accuracies: a line for each depth and activation, a column for each initialiser."""
    names = list(dict.fromkeys(row["initialiser"] for row in measured["together"]))
    lines: dict[str, list[str]] = {}
    for row in measured["together"]:
        lines.setdefault(f"{row['depth']} × {row['activation']}", []).append(accuracy(row))
    return ("", *names), [(name, *cells) for name, cells in lines.items()]


def picture(measured: Mapping[str, Any]) -> str:
    """Accuracy against each factor, a dot a training; and the deepest of the joint settings."""
    figure, axes = panels((9.0, 4.8), 2, 3, sharey=True)
    for chart, (factor, part) in zip(axes, parts(measured).items()):
        values, rows = zip(*part)
        if not isinstance(part[0][1][factor], str):
            chart.plot(range(len(values)), [_mean(row) for row in rows], color=colour(0), linewidth=1)
        for place, row in enumerate(rows):
            dots = [training["accuracy"] for training in row["trainings"]]
            chart.scatter([place] * len(dots), dots, s=8, color=colour(0), linewidths=0)
        _label(chart, TITLES[factor], values)
    chart = axes[len(measured["factors"])]
    deepest = max(row["depth"] for row in measured["together"])
    joint = [row for row in measured["together"] if row["depth"] == deepest]
    names = list(dict.fromkeys(row["initialiser"] for row in joint))
    for series, activation in enumerate(dict.fromkeys(row["activation"] for row in joint)):
        means = [_mean(row) for row in joint if row["activation"] == activation]
        chart.plot(
            range(len(names)), means, color=colour(series), label=activation, linewidth=1,
            linestyle=("-", "--", "-.", ":")[series % 4], marker=".",
        )  # fmt: skip
    chart.legend(frameon=False, fontsize=7)
    _label(chart, f"initial weights of {deepest} layers", names)
    return as_svg(figure, "Validation accuracy against each factor of a perceptron", "sweep")


def write_page(folder: Path, measured: dict[str, Any]) -> None:
    """Write sweep.json, sweep.svg and sweep.md."""
    tables = [
        (TITLES[factor], table(part, _value(measured["base"][factor]))) for factor, part in parts(measured).items()
    ]
    write(folder, "sweep", measured, picture(measured), tables=tables, header=HEADER, together=together(measured),
          number=number)  # fmt: skip


def _label(chart: Any, title: str, values: Sequence[str]) -> None:
    chart.set_title(title, fontsize=8)
    chart.set_xticks(range(len(values)), values, fontsize=7)
    chart.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    chart.tick_params(length=0, labelsize=7)


def _value(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _mean(row: Mapping[str, Any]) -> float:
    return float(np.mean([training["accuracy"] for training in row["trainings"]]))


def _loss(row: Mapping[str, Any]) -> str:
    """Over the seeds; not finite where it was not for one of them."""
    losses = [training["loss"] for training in row["trainings"]]
    return "not finite" if None in losses else number(float(np.mean(losses)))
