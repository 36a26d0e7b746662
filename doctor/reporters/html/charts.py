"""The charts of a report: what the evidence was measured on, the training, the layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator

import numpy as np

from doctor.comparison.curves import accuracy
from doctor.comparison.layers import MEASURES, sites_of_measure
from doctor.findings import Evidence, Finding
from doctor.numbers import number
from doctor.recording import Recording
from doctor.reporters import measured, proof, story
from doctor.reporters.plots import Line, bars, chart
from doctor.types import Series

#: So many layers of a measure are drawn: first and last ones, and some between.
MOST_LAYERS = 24
#: So many pieces of evidence of a finding.
MOST_EVIDENCE = 6


@dataclass(frozen=True)
class Drawing:
    """A chart with the sentence under it.

    Attributes:
        svg: trusted.
        caption: text, code in back quotes.
    """

    svg: str
    caption: str


def evidence(recording: Recording, finding: Finding, name: str) -> Iterator[Drawing]:
    """A chart for each number that proves a finding: its curve with the limit, or a bar beside the limit."""
    shown: set[str] = set()
    for index, entry in enumerate(finding.evidence[: 2 * MOST_EVIDENCE]):
        if len(shown) >= MOST_EVIDENCE or entry.series in shown:
            continue
        drawing = _evidence(recording, finding, entry, f"{name}-{index}")
        if drawing is not None:
            shown.add(entry.series)
            yield drawing


def _evidence(recording: Recording, finding: Finding, entry: Evidence, name: str) -> Drawing | None:
    title = story.measured(entry, finding)
    limit = "" if entry.limit is None else f", limit {number(entry.limit, entry.unit)}"
    series = measured.curve(recording, finding, entry)
    told = f"`{title}`: {number(entry.observed, entry.unit)}"
    if series is not None:
        part = story.told_part(series)
        onset = None if finding.onset_step in (None, 0) else float(finding.onset_step or 0)
        svg = chart(
            [line("", part)], title=f"{title} by step, {span(part)}{limit}", name=name, limit=entry.limit, onset=onset,
            share=entry.unit == "share",
        )  # fmt: skip
        at = "" if entry.step is None else f" at step {entry.step:,}"
        marked = "" if onset is None else f"; the dotted line is step {finding.onset_step:,}, where it was first seen"
        dashed = f"; the dashed line is the limit {number(entry.limit, entry.unit)}" if limit else ""
        if svg:
            return Drawing(svg, f"{told}{at}{dashed}{marked}")
    if entry.limit is not None:
        svg = bars(entry.observed, entry.limit, title=f"{title}{limit}", name=name, labels=("observed", "limit"))
        if svg:
            return Drawing(svg, f"{told}{limit}")
    return None


def training(recording: Recording, subject: str, onset: int | None, name: str) -> Iterator[Drawing]:
    """Loss and accuracy of a model, in training and in evaluations."""
    mark = float(onset) if onset else None
    losses = story.told_part(recording.losses(subject))
    held_out = recording.scalars(subject, "epoch/val_loss")
    drawn = [line("training", losses)] + ([line("evaluation", held_out, 1)] if len(held_out) > 1 else [])
    svg = chart(drawn, title=f"loss by step, {span(losses)}", name=f"{name}-loss", onset=mark)
    if svg:
        yield Drawing(svg, f"Loss: {story.loss_facts(recording.losses(subject))}")
    found = [(phase, accuracy(recording, subject, phase)) for phase in ("train", "eval")]
    drawn = [
        line({"train": "training", "eval": "evaluation"}[phase], series, index)
        for index, (phase, series) in enumerate(found)
        if len(series) > 1
    ]
    told = story.accuracy_facts(recording, subject)
    svg = chart(drawn, title=f"accuracy by step: {told}", name=f"{name}-accuracy", onset=mark, share=True)
    if svg:
        yield Drawing(svg, f"Accuracy: {told}")
    rates = recording.scalars(subject, "learning_rate")
    if len(rates) > 2 and np.ptp(rates.values) > 0:
        svg = chart([line("", rates)], title=f"learning rate by step, {span(rates)}", name=f"{name}-rate")
        yield Drawing(svg, f"Learning rate, {span(rates)}")


def experiment(recording: Recording, finding: Finding, name: str) -> Iterator[Drawing]:
    """Control and treated on common axes, a chart for each measure that both have."""
    for index, pair in enumerate(proof.pairs(recording, finding)):
        share = pair.name != "loss"
        unit = "share" if share else ""
        drawn = [line(proof.CONTROL, pair.control), line(proof.TREATED, pair.treated, 1)]
        told = f"control {span(pair.control, unit)}, treated {span(pair.treated, unit)}"
        svg = chart(drawn, title=f"{pair.name} by step: {told}", name=f"{name}-{index}", share=share)
        if svg:
            yield Drawing(svg, f"{pair.name.capitalize()}: {told}")


def layers(recording: Recording, subject: str, name: str) -> Iterator[tuple[str, list[Drawing], int]]:
    """(measure, small charts in the order of the forward pass, layers that were left out)."""
    for number_of_measure, measure in enumerate(MEASURES):
        curves = [
            (site.name, recording.series(measure.role, site.key, measure.statistic))
            for site in sites_of_measure(recording, subject, measure)
        ]
        curves = [(title, series) for title, series in curves if len(series) > 1]
        if not any(np.any(series.values) for _, series in curves):
            continue
        chosen = np.unique(np.linspace(0, len(curves) - 1, min(MOST_LAYERS, len(curves))).astype(int))
        drawings = []
        for index in chosen:
            title, series = curves[int(index)]
            unit = measure.unit
            svg = chart(
                [line("", series)], title=f"{measure.name} of {title} by step, {span(series, unit)}",
                name=f"{name}-{number_of_measure}-{index}", small=True, share=unit == "share",
            )  # fmt: skip
            if svg:
                drawings.append(Drawing(svg, f"`{title}`: {span(series, unit)}"))
        yield measure.name, drawings, len(curves) - len(chosen)


def line(label: str, series: Series, number_of_series: int = 0) -> Line:
    """A series as a line of a chart."""
    return Line(label, series.steps.astype(np.float64), series.values, number_of_series)


def span(series: Series, unit: str = "") -> str:
    """From where to where a series goes."""
    if not len(series):
        return "never seen"
    return f"{number(float(series.values[0]), unit)} to {number(float(series.values[-1]), unit)}"
