"""Measures of the layers of the runs, side by side at the same steps."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Iterator, Sequence

import numpy as np

from doctor.comparison.types import Layer
from doctor.recording import Recording
from doctor.types import Series, Site

#: At so many steps the runs are set side by side: the first, the last that all have, and two between.
_STEPS = 4
#: A run was observed "at" a step where it was within this share of it.
_NEAR = 0.25


@dataclass(frozen=True)
class Measure:
    """Something that is measured of every layer of a kind."""

    name: str
    unit: str
    kind: str
    role: str
    statistic: str
    functions: tuple[str, ...] = ()


#: In the order in which they are told.
MEASURES = (
    Measure("gradient norm", "", "variable", "gradient", "norm"),
    Measure("weight spread", "", "variable", "weight", "std"),
    Measure("activation spread", "", "activation", "activation", "std"),
    Measure("dead units", "share", "activation", "activation", "dead_unit_share", ("relu", "relu6")),
    Measure("saturated sigmoid units", "share", "activation", "activation", "stuck_sigmoid_share", ("sigmoid",)),
    Measure("saturated tanh units", "share", "activation", "activation", "stuck_tanh_share", ("tanh",)),
)


def layers(recordings: Sequence[Recording], subjects: Sequence[str | None]) -> Iterator[Layer]:
    """Every measure of every layer that at least one run has, in the order of the forward pass."""
    for measure in MEASURES:
        sites = [
            sites_of_measure(recording, subject, measure) if subject is not None else []
            for recording, subject in zip(recordings, subjects)
        ]
        for group in _aligned(sites):
            curves = tuple(
                None if site is None else recording.series(measure.role, site.key, measure.statistic)
                for recording, site in zip(recordings, group)
            )
            if not any(curve is not None and len(curve) for curve in curves):
                continue
            names = tuple(None if site is None else site.name for site in group)
            steps = common_steps([curve for curve in curves if curve is not None and len(curve)])
            values = tuple(tuple(_near(curve, step) for step in steps) for curve in curves)
            yield Layer(measure.name, measure.unit, names, curves, steps, values)


def common_steps(curves: Sequence[Series]) -> tuple[int, ...]:
    """Steps that all curves reach: the first, the last, and some between, closer at the start."""
    first = max(int(curve.steps[0]) for curve in curves)
    last = min(int(curve.steps[-1]) for curve in curves)
    if last <= first:
        return (first,) if last == first else ()
    span = last - first
    wanted = first + np.concatenate([[0], np.geomspace(max(1, span / 100), span, _STEPS - 1)])
    steps = curves[0].steps
    steps = steps[(steps >= first) & (steps <= last)]
    return tuple(dict.fromkeys(int(steps[int(np.argmin(np.abs(steps - at)))]) for at in wanted))


def _near(curve: Series | None, step: int) -> float:
    """The value at the observed step closest to a step; NaN where that is too far."""
    if curve is None or not len(curve):
        return float("nan")
    index = int(np.argmin(np.abs(curve.steps - step)))
    return float(curve.values[index]) if abs(int(curve.steps[index]) - step) <= _NEAR * step else float("nan")


def sites_of_measure(recording: Recording, subject: str, measure: Measure) -> list[Site]:
    """The layers of a model that have a measure, in the order of the forward pass."""
    sites = [
        site
        for site in recording.sites_of(measure.kind, subject)
        if (not measure.functions or site.attributes.get("function") in measure.functions)
        and site.attributes.get("order") is not None
        and (measure.kind != "variable" or site.attributes.get("role") in ("kernel", "embedding"))
    ]
    return sorted(sites, key=lambda site: int(site.attributes["order"]))


def _aligned(sites: Sequence[list[Site]]) -> Iterator[tuple[Site | None, ...]]:
    """Layers that stand for each other: by name where names agree, else in the order of the forward pass."""
    first = next((group for group in sites if group), [])
    names = [site.name for site in first]
    columns: list[dict[int, Site]] = []
    extra: list[tuple[int, Site]] = []
    for number, group in enumerate(sites):
        own = [site.name for site in group]
        column: dict[int, Site] = {}
        if len(group) == len(first):
            column = dict(enumerate(group))
        else:
            matcher = difflib.SequenceMatcher(None, names, own, autojunk=False)
            blocks = matcher.get_matching_blocks()
            column = {block.a + at: group[block.b + at] for block in blocks for at in range(block.size)}
            if not column:
                column = dict(enumerate(group[: len(first)]))
        taken = {site.key for site in column.values()}
        extra += [(number, site) for site in group if site.key not in taken]
        columns.append(column)
    for index in range(len(first)):
        yield tuple(column.get(index) for column in columns)
    for number, site in extra:
        yield tuple(site if number == at else None for at in range(len(sites)))
