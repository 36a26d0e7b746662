"""Adds the verdict to the event files of a run: findings as text, hyperparameters and outcome, a layout of charts."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Iterator, Mapping
from urllib.parse import quote

from doctor import chart_tags
from doctor.comparison.settings import describe
from doctor.findings import Diagnosis, Evidence, Finding
from doctor.hits import late_accuracy
from doctor.numbers import number
from doctor.recording import Recording
from doctor.reporters import code, measured, proof, story
from doctor.reporters.markdown import fence, text
from doctor.types import ROLES, Series, Site

if TYPE_CHECKING:
    from doctor.eventfile import EventFile

#: Hyperparameters in the table that lines runs up: by their names in `doctor compare`.
_NUMBERS = ("learning rate", "batch size", "epochs")
_TEXTS = ("optimizer", "loss", "gradient clipping", "weight decay", "learning rate schedule")
#: Final figures in that table.
_OUTCOMES = ("accuracy in training", "accuracy in evaluation", "loss at the end")

#: Groups of curves by statistic of a role.
_GROUPS = {
    ("gradient", "norm"): chart_tags.GRADIENT_NORM,
    ("weight", "std"): chart_tags.WEIGHT_STD,
    ("activation", "std"): chart_tags.ACTIVATION_STD,
    ("activation", "dead_unit_share"): chart_tags.DEAD_UNITS,
    ("activation", "stuck_sigmoid_share"): chart_tags.SATURATED_UNITS,
    ("activation", "stuck_tanh_share"): chart_tags.SATURATED_UNITS,
}
#: So many curves of the evidence leave room for the loss on the first screen of the Scalars dashboard.
_FIRST_SCREEN = 2
#: Evidence that is about all layers.
_OF_ALL = {
    "gradient/norm": chart_tags.GRADIENT_NORM,
    "update over weight": chart_tags.UPDATE_RATIO,
    "update over weight, median": chart_tags.UPDATE_RATIO,
    "update over weight, whole run": chart_tags.UPDATE_RATIO,
}


def write(diagnosis: Diagnosis, recording: Recording, folder: Path) -> None:
    """Write an event file beside the runs `train` and `eval` in `folder`, and charts of the evidence into `train`.

    Raises:
        OSError: it cannot be written.
    """
    # TensorBoard's helpers import TensorFlow where it is installed, which takes seconds, unless told not to.
    sys.modules.setdefault("tensorboard.compat.notf", types.ModuleType("tensorboard.compat.notf"))
    from doctor.eventfile import EventFile

    file = EventFile(folder)
    try:
        for tag, words in _texts(diagnosis, recording):
            file.text(f"findings/{tag}", 0, words)
        file.layout(layout(diagnosis, recording))
        _hyperparameters(file, diagnosis, recording)
    finally:
        file.close()
    if diagnosis.primary is not None:
        _evidence(EventFile, folder, recording, diagnosis.primary)
        _experiment(EventFile, folder, recording, diagnosis.primary)


def _evidence(event_file: type[EventFile], folder: Path, recording: Recording, primary: Finding) -> None:
    """Draw the curves of the evidence once more, in a group that comes first, with their limits as a run of its own."""
    curves: dict[str, tuple[Series, float | None]] = {}
    for entry in primary.evidence:
        name = story.measured(entry, primary)
        found = measured.curve(recording, primary, entry)
        # The loss has the first chart of the next group.
        if found is not None and name != "loss" and (name in curves or len(curves) < _FIRST_SCREEN):
            curves.setdefault(name, (found, entry.limit))
    for run, drawn in (
        ("train", {name: list(zip(found.steps, found.values)) for name, (found, _) in curves.items()}),
        ("limit", {name: [(step, limit) for step in (found.steps[0], found.steps[-1])]
                   for name, (found, limit) in curves.items() if limit is not None}),
    ):  # fmt: skip
        if not drawn:
            continue
        file = event_file(folder / run)
        try:
            for name, points in drawn.items():
                for step, value in points:
                    file.scalar(chart_tags.evidence(primary.fault, name), int(step), float(value))
        finally:
            file.close()


def _experiment(event_file: type[EventFile], folder: Path, recording: Recording, primary: Finding) -> None:
    """Draw control and treated as runs of their own under one tag each, in the group of the evidence."""
    found = list(proof.pairs(recording, primary))
    for run, drawn in (
        (proof.CONTROL, [(pair.name, pair.control) for pair in found]),
        (proof.TREATED, [(pair.name, pair.treated) for pair in found]),
    ):
        if not drawn:
            continue
        file = event_file(folder / run)
        try:
            for name, series in drawn:
                for step, value in zip(series.steps, series.values):
                    file.scalar(chart_tags.evidence(primary.fault, f"proof/{name}"), int(step), float(value))
        finally:
            file.close()


def tags_of(recording: Recording, finding: Finding, entry: Evidence) -> list[str]:
    """Regular expressions of the tags that a piece of evidence is drawn under; [] where it is not drawn."""
    prefix = re.escape(_prefix(recording, finding.subject))
    name = story.measured(entry, finding)
    if name == "loss" or name.startswith("epoch/"):
        own = "loss" if name == "loss" else name.removeprefix("epoch/").removeprefix("val_")
        return [f"^{prefix}{chart_tags.TRAINING}/{re.escape(own)}$"]
    if name.startswith("accuracy"):
        return [f"^{prefix}{chart_tags.TRAINING}/accuracy$"]
    if name == "learning_rate":
        return [f"^{prefix}{chart_tags.LEARNING_RATE}/.*"]
    if name in _OF_ALL:
        return [f"^{prefix}{_OF_ALL[name]}/.*"]
    role, _, rest = name.partition("/")
    title, _, statistic = rest.rpartition("/")
    group = _GROUPS.get((role, statistic))
    site = _site(recording, finding.subject, title) if role in ROLES else None
    if group is None or site is None:
        return []
    return [f"^{prefix}{group}/{re.escape(chart_tags.site_name(site))}$"]


def layout(diagnosis: Diagnosis, recording: Recording) -> Mapping[str, Mapping[str, list[str]]]:
    """The charts of the custom-scalars dashboard: what proves the primary finding comes first."""
    found: dict[str, dict[str, list[str]]] = {}
    primary = diagnosis.primary
    if primary is not None:
        charts: dict[str, list[str]] = {}
        for entry in primary.evidence:
            tags = tags_of(recording, primary, entry)
            if tags:
                charts[story.measured(entry, primary)] = tags
        charts.setdefault("loss", [f"^{re.escape(_prefix(recording, primary.subject))}{chart_tags.TRAINING}/loss$"])
        found[f"What proves {primary.fault}"] = charts
    found["Training"] = {
        "loss": [rf".*{chart_tags.TRAINING}/loss$"],
        "accuracy": [rf".*{chart_tags.TRAINING}/.*acc.*"],
        "learning rate": [rf".*{chart_tags.LEARNING_RATE}/.*"],
    }
    found["Layers"] = {
        "gradient norm": [rf".*{chart_tags.GRADIENT_NORM}/.*"],
        "update over weight": [rf".*{chart_tags.UPDATE_RATIO}/.*"],
        "dead units": [rf".*{chart_tags.DEAD_UNITS}/.*"],
        "saturated units": [rf".*{chart_tags.SATURATED_UNITS}/.*"],
        "activation spread": [rf".*{chart_tags.ACTIVATION_STD}/.*"],
        "weight spread": [rf".*{chart_tags.WEIGHT_STD}/.*"],
    }
    return found


def _texts(diagnosis: Diagnosis, recording: Recording) -> Iterator[tuple[str, str]]:
    """(tag, Markdown) of what is shown, in the order of the dashboard."""
    lines = [f"**{diagnosis.verdict.upper()}: {text(story.headline(diagnosis))}**", "", story.ran(diagnosis)]
    lines += ["", f"Rules: {story.coverage(diagnosis)}"]
    yield "0_verdict", "\n".join(lines)
    for index, case in enumerate(story.cases(diagnosis), start=1):
        yield f"{index}_{case.cause.fault}", _finding(case.cause, recording)
        if case.explained:
            entries = (f"- `{finding.rule}`: {text(finding.title)}" for finding in case.explained)
            yield f"{index}_{case.cause.fault}_explains", "\n".join(entries)
    for index, finding in enumerate(story.other_findings(diagnosis), start=1):
        yield f"other_{index}_{finding.fault}", _finding(finding, recording)
    if diagnosis.ruled_out:
        yield "ruled_out", "\n".join(f"- `{entry.fault}`: {text(entry.why)}" for entry in diagnosis.ruled_out)


def _finding(finding: Finding, recording: Recording) -> str:
    place = story.where(finding)
    parts = [f"**{text(finding.title)}** ({finding.severity.value}{', ' + place if place else ''})"]
    lines = code.excerpt(recording, finding.location) if finding.location else []
    if lines:
        parts.append(fence("\n".join(f"{line.mark} {line.number:4d}  {line.text}".rstrip() for line in lines)))
    parts.append(text(finding.message))
    if finding.evidence:
        rows = ["| measured | step | observed | limit |", "| --- | --- | --- | --- |"]
        for entry in finding.evidence:
            cells = [
                _linked(recording, finding, entry),
                "" if entry.step is None else f"{entry.step:,}",
                number(entry.observed, entry.unit),
                "" if entry.limit is None else number(entry.limit, entry.unit),
            ]
            rows.append("| " + " | ".join(cells) + " |")
        parts.append("\n".join(rows))
    for fix in finding.fixes:
        parts.append(text(fix.title))
        lines = code.change(recording, finding, fix)
        if lines:
            parts.append(fence("\n".join(f"{line.mark} {line.text}" for line in lines)))
    if finding.proof is not None:
        parts.append(f"**{proof.heading(finding.proof)}**: {text(finding.proof.reason)}")
        parts += [fence(finding.proof.diff.rstrip("\n"))] if finding.proof.diff else []
    return "\n\n".join(parts)


def _linked(recording: Recording, finding: Finding, entry: Evidence) -> str:
    """The name of what was measured, with a link to its chart where it has one."""
    name = text(story.measured(entry, finding)).replace("|", "\\|")
    tags = tags_of(recording, finding, entry)
    return f"[{name}](?tagFilter={quote(tags[0], safe='')}#timeseries)" if tags else name


def _hyperparameters(file: EventFile, diagnosis: Diagnosis, recording: Recording) -> None:
    """A row of the HParams dashboard: what the first model was given, what came out."""
    from tensorboard.plugins.hparams import summary_v2

    subject = recording.subjects[0] if recording.subjects else None
    given = {name: value for _, name, value in (describe(recording, subject) if subject is not None else ())}
    primary = diagnosis.primary
    known: dict[str, float | str] = {
        "verdict": diagnosis.verdict,
        "finding": primary.fault if primary is not None else "none",
        **{name: _number(given.get(name)) for name in _NUMBERS},
        **{name: given.get(name, "") for name in _TEXTS},
        "script": diagnosis.run.path,
    }
    # The dashboard sorts by name, and shows the first five.
    numbered = {f"{at} {name}" if at < 10 else name: value for at, (name, value) in enumerate(known.items(), 1)}
    values = {name: value for name, value in numbered.items() if value == value and value != ""}
    file.summary(
        summary_v2.hparams_config_pb(
            [summary_v2.HParam(name) for name in values],
            [summary_v2.Metric(_outcome_tag(name), display_name=name) for name in _OUTCOMES],
        )
    )
    name = recording.folder.name if recording.folder is not None else diagnosis.run.path
    file.summary(summary_v2.hparams_pb(values, trial_id=name))
    for name, value in _outcome(recording, subject):
        file.scalar(_outcome_tag(name), recording.steps, value)


def _outcome_tag(name: str) -> str:
    return f"outcome/{name.replace(' ', '_')}"


def _outcome(recording: Recording, subject: Site | None) -> Iterator[tuple[str, float]]:
    """The final figures of a model, by their names in `_OUTCOMES`."""
    losses = recording.losses(subject.key) if subject is not None else None
    if subject is None or losses is None or not len(losses):
        return
    yield "loss at the end", float(losses.tail(max(1, len(losses) // 20)).values.mean())
    for phase, name in (("train", "accuracy in training"), ("eval", "accuracy in evaluation")):
        accuracy = late_accuracy(recording, subject.key, phase)
        if accuracy is not None:
            yield name, accuracy[0]


def _number(value: str | None) -> float:
    try:
        return float((value or "").replace(",", ""))
    except ValueError:
        return float("nan")


def _prefix(recording: Recording, key: str) -> str:
    keys = [subject.key for subject in recording.subjects]
    return chart_tags.subject_prefix(keys.index(key), recording.sites[key]) if key in keys else ""


def _site(recording: Recording, subject: str, name: str) -> Site | None:
    sites = [site for site in recording.sites.values() if site.name == name and site.subject in ("", subject)]
    sites.sort(key=lambda site: site.phase != "train")
    return sites[0] if sites else None
