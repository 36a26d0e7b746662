"""Charts as SVG that stands inside a page and takes its colours from it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any, Sequence

import numpy as np

from doctor.numbers import number
from doctor.types import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: A curve has no more points than a screen has columns to show them.
MOST_POINTS = 400

#: Matplotlib draws in these colours, and the page says what they are: (in the drawing, in the page).
_INK, _GRID, _LIMIT = "#010101", "#010102", "#010103"
_SERIES = tuple(f"#0102{index:02x}" for index in range(6))
_COLOURS = {
    _INK: "var(--ink)", _GRID: "var(--line)", _LIMIT: "var(--bad)",
    **{colour: f"var(--series-{index})" for index, colour in enumerate(_SERIES)},
}  # fmt: skip

#: Width and height in inches of 72 units: a chart is as wide as a phone's screen at least.
_SIZE = (5.0, 2.4)
_SMALL = (3.4, 1.5)

#: From this ratio of largest to smallest value on an axis is logarithmic.
_DECADES = 100

#: Lines are told apart without colour, too.
_DASHES = ("-", "--", "-.", ":")


@dataclass(frozen=True)
class Line:
    """A curve of a chart.

    Attributes:
        label: for the legend; "" for none.
        x, y: shape (n,); y may hold NaN and infinities, where the line is broken.
        series: number of its colour.
    """

    label: str
    x: FloatArray
    y: FloatArray
    series: int = 0


def chart(
    lines: Sequence[Line],
    *,
    title: str,
    name: str,
    x_label: str = "step",
    limit: float | None = None,
    onset: float | None = None,
    small: bool = False,
    share: bool = False,
) -> str:
    """Curves on common axes as an SVG element, or "" where there is nothing to draw.

    Args:
        lines: the curves.
        title: what a screen reader says, with the figures that the chart shows.
        name: unique on the page.
        x_label: of the horizontal axis.
        limit: drawn as a dashed horizontal line.
        onset: drawn as a dotted vertical line.
        small: of a row of small charts.
        share: the values are shares from 0 to 1, drawn as per cent.
    """
    drawn = [_thinned(line) for line in lines]
    values = np.concatenate([line.y[np.isfinite(line.y)] for line in drawn]) if drawn else np.empty(0)
    if not len(values) or max(len(line.x) for line in drawn) < 2:
        return ""
    figure, (axes,) = panels(_SMALL if small else _SIZE)
    for line in drawn:
        axes.plot(
            line.x, line.y, color=_SERIES[line.series % len(_SERIES)], label=line.label or "_",
            linestyle=_DASHES[line.series % len(_DASHES)], linewidth=1.3, marker="" if len(line.x) > 8 else ".",
        )  # fmt: skip
        _mark_broken(axes, line)
    if limit is not None and np.isfinite(limit):
        axes.axhline(limit, color=_LIMIT, linestyle="--", linewidth=1)
    if onset is not None:
        axes.axvline(onset, color=_LIMIT, linestyle=":", linewidth=1)
    shown = np.append(values, limit) if limit is not None and np.isfinite(limit) else values
    if shown.min() > 0 and shown.max() / shown.min() > _DECADES:
        axes.set_yscale("log")
    axes.set_xlabel(x_label)
    _ticks(axes, share, small)
    if any(line.label for line in drawn):
        axes.legend(frameon=False, fontsize=8, labelcolor=_INK)
    return as_svg(figure, title, name)


def bars(observed: float, limit: float, *, title: str, name: str, labels: tuple[str, str]) -> str:
    """A measured value as a bar beside its limit, as an SVG element, or "" where one of the two is not finite."""
    if not (np.isfinite(observed) and np.isfinite(limit)):
        return ""
    figure, (axes,) = panels((5.0, 0.9))
    axes.barh([1, 0], [observed, limit], color=[_SERIES[0], _GRID], height=0.6)
    axes.axvline(limit, color=_LIMIT, linestyle="--", linewidth=1)
    axes.set_yticks([1, 0], labels)
    if observed > 0 and limit > 0 and max(observed, limit) / min(observed, limit) > _DECADES:
        axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: number(float(value)))
    axes.tick_params(length=0)
    return as_svg(figure, title, name)


def standalone(svg: str, width: int = 560) -> str:
    """A chart as a file of its own, `width` pixels wide, with the page's colours, light and dark."""
    palette = resources.files("doctor.reporters.templates").joinpath("palette.css").read_text(encoding="utf-8")
    style = f"<style>\n{palette}svg {{ background: var(--paper); }}\n</style>"
    opening, inside = svg.split(">", 1)
    return f'{opening} width="{width}">\n{style}{inside}\n'


#: How Matplotlib draws: text as text, in the page's colours, with a grid and no frame.
_DRAWN: dict[Any, Any] = {
    "svg.fonttype": "none", "svg.hashsalt": "doctor", "font.size": 9, "text.color": _INK, "axes.edgecolor": _GRID,
    "axes.labelcolor": _INK, "xtick.color": _INK, "ytick.color": _INK, "axes.spines.top": False,
    "axes.spines.right": False, "axes.grid": True, "grid.color": _GRID, "grid.linewidth": 0.5,
    "axes.axisbelow": True,
}  # fmt: skip


def colour(series: int) -> str:
    """That Matplotlib draws a series in; the page says what it is."""
    return _SERIES[series % len(_SERIES)]


def panels(size: tuple[float, float], rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, list[Axes]]:
    """Charts beside each other, to be drawn in and given to `as_svg`; `options` are those of Matplotlib's `subplots`.

    Args:
        size: of all of them, in inches.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_DRAWN):
        made = Figure(figsize=size, layout="constrained")
        return made, list(made.subplots(rows, columns, squeeze=False, **options).flat)


def _ticks(axes: Axes, share: bool, small: bool) -> None:
    from matplotlib.ticker import MaxNLocator, NullFormatter

    unit = "share" if share else ""
    if axes.get_yscale() == "linear":
        axes.yaxis.set_major_locator(MaxNLocator(3 if small else 5))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(lambda value, _: number(float(value), unit))
    axes.xaxis.set_major_locator(MaxNLocator(3 if small else 6, integer=axes.get_xlabel() in ("step", "layer")))
    axes.xaxis.set_major_formatter(lambda value, _: number(float(value)))
    axes.tick_params(length=0, labelsize=8)


def _mark_broken(axes: Axes, line: Line) -> None:
    """A cross at the foot of the chart where a curve begins to be NaN or infinite."""
    broken = np.flatnonzero(~np.isfinite(line.y))
    if len(broken):
        axes.plot(
            [line.x[broken[0]]], [0], transform=axes.get_xaxis_transform(), color=_LIMIT, marker="x", clip_on=False
        )


def _thinned(line: Line) -> Line:
    """At most MOST_POINTS points: the extremes of equal stretches, so that no spike is lost."""
    count = len(line.x)
    if count <= MOST_POINTS:
        return line
    edges = np.linspace(0, count, MOST_POINTS // 2 + 1).astype(int)
    keep: set[int] = {0, count - 1}
    for low, high in zip(edges[:-1], edges[1:]):
        stretch = line.y[low:high]
        if np.isfinite(stretch).all():
            keep |= {low + int(np.argmin(stretch)), low + int(np.argmax(stretch))}
        else:
            keep.add(low + int(np.argmax(~np.isfinite(stretch))))
    index = np.array(sorted(keep))
    return Line(line.label, line.x[index], line.y[index], line.series)


def as_svg(figure: Figure, title: str, name: str) -> str:
    """What was drawn, as an SVG element in the page's colours; `title` is for screen readers, `name` is unique."""
    from matplotlib import rc_context

    file = io.StringIO()
    with rc_context(_DRAWN):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*|<!--.*?-->\s*", "", text, flags=re.DOTALL)
    for colour, variable in _COLOURS.items():
        text = text.replace(colour, variable)
    # Matplotlib writes sizes as it draws them; the page scales. Ids have to be unique on the page.
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font: \1 system-ui, sans-serif", text)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", text)
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", text)
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1).strip()
