"""What a reference training came to, in a small file that ships with doctor.

The file holds a thinned recording: enough to set any run beside it, not enough to judge it
again. `write` makes it from a training, `recording` reads it.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence

import numpy as np

from doctor.comparison.layers import MEASURES, sites_of_measure
from doctor.errors import RecordingError
from doctor.findings import Diagnosis
from doctor.jsonable import decode_number, encode_number, site_to_dict
from doctor.recording import LOSS_ROW, OBSERVATION_ROW, Recording
from doctor.reference import Reference
from doctor.types import ROLES, STAT_FIELDS, STAT_INDEX, FloatArray, Location, RunFacts, Series, Site

FORMAT = 1

#: Points that are kept of each curve: as many as a chart can show, and as few as a table needs.
_LOSSES, _POINTS = 250, 40
#: Kinds of sites that a comparison speaks of.
_KINDS = ("subject", "variable", "activation", "input", "label", "output", "loss", "optimizer", "fit")
#: Attributes of these that only rules read, and long lists among them.
_LONGEST = 300


def figures(reference: Reference) -> dict[str, Any] | None:
    """Accuracy, seconds, epochs, weights and seed of the run that ships, or None where there is none."""
    stored = _read(reference)
    return None if stored is None else dict(stored["figures"])


def epochs(reference: Reference) -> list[dict[str, float]]:
    """What each epoch of the run that ships came to; empty where there is none."""
    stored = _read(reference)
    return [] if stored is None else list(stored["epochs"])


def recording(reference: Reference) -> tuple[Recording, Diagnosis]:
    """The run that ships, as far as it can be set beside another, and what was said of it.

    Raises:
        RecordingError: none ships.
    """
    stored = _read(reference)
    if stored is None:
        raise RecordingError(
            f"No run of {reference.name} ships with this doctor; train one with "
            f"`doctor reference train {reference.name}` and compare with its folder.",
            slug="reference-not-recorded",
        )
    sites = {site.key: site for site in map(_site, stored["sites"])}
    numbers = {key: number for number, key in enumerate(sites)}
    run = RunFacts(**{**stored["run"], "argv": tuple(stored["run"]["argv"]), "data": tuple(stored["run"]["data"])})
    read = Recording(
        run=run,
        sites=sites,
        losses=_losses(stored["losses"]),
        observations=_observations(stored["series"], numbers),
        vectors=stored["vectors"],
        scalars=[
            {"step": step, "subject": entry["subject"], "name": entry["name"], "value": decode_number(value)}
            for entry in stored["scalars"]
            for step, value in zip(entry["steps"], entry["values"])
        ],
    )
    # The last step that is kept, not the number of those that are.
    steps = max(stored["losses"]["steps"], default=-1) + 1
    return read, Diagnosis(run, steps, stored["verdict"], stored["reason"])


def write(path: Path, seen: Recording, diagnosis: Diagnosis, training: Path) -> None:
    """Thin a recording and write it.

    Args:
        path: the JSON file.
        seen: the recording of a training that was done in one sitting.
        diagnosis: of it.
        training: the folder of the training, with `figures.json` and `history.json`.
    """
    subject = seen.subjects[0]
    losses = seen.losses(subject.key)
    kept = _binned(losses, _LOSSES)
    facts = asdict(seen.run)
    stored = {
        "format": FORMAT,
        "figures": json.loads((training / "figures.json").read_text(encoding="utf-8")),
        "epochs": json.loads((training / "history.json").read_text(encoding="utf-8")),
        "verdict": diagnosis.verdict,
        "reason": diagnosis.reason,
        "run": {
            **{name: facts[name] for name in ("argv", "status", "seconds", "versions", "data")},
            "path": Path(seen.run.path).name,
        },
        "sites": [_site_entry(site) for site in seen.sites.values() if site.kind in _KINDS],
        "losses": {
            "steps": kept.steps.tolist(),
            "values": _short(kept.values),
            "seconds": _short(np.interp(kept.steps, losses.steps, seen.loss_seconds(subject.key))),
        },
        "scalars": list(_scalars(seen, subject.key)),
        "series": list(_series(seen, subject.key)),
        "vectors": list(_counts(seen, subject.key)),
    }
    path.parent.mkdir(exist_ok=True)
    text = _without_folders(json.dumps(stored, separators=(",", ":")), seen, training)
    path.write_text(text + "\n", encoding="utf-8")


def _without_folders(text: str, seen: Recording, training: Path) -> str:
    """JSON without the folders of the machine on which was trained: files go by their names."""
    folders = {Path(seen.run.path).parent, training, training.absolute()}
    folders |= {Path(file).parent for one in seen.run.data
                for file in re.findall(r"from (\S+\.npz)", str(one.get("sentence")))}  # fmt: skip
    for folder in sorted(map(str, folders), key=len, reverse=True):
        if folder != ".":
            text = text.replace(f"{folder}/", "").replace(folder, training.name)
    return text


def _read(reference: Reference) -> dict[str, Any] | None:
    if not reference.recorded.is_file():
        return None
    stored: dict[str, Any] = json.loads(reference.recorded.read_text(encoding="utf-8"))
    return stored


def _site(entry: Mapping[str, Any]) -> Site:
    return Site(**{**entry, "location": Location.of(entry["location"])})


def _site_entry(site: Site) -> dict[str, Any]:
    """Without attributes that would fill a page, and with the name of the script for its path."""
    entry = site_to_dict(site)
    entry["attributes"] = {
        name: value for name, value in site.attributes.items() if len(json.dumps(value, default=str)) <= _LONGEST
    }
    if site.location is not None:
        entry["location"] = [Path(site.location.path).name, site.location.line, site.location.code]
    return entry


def _binned(series: Series, points: int) -> Series:
    """A curve as the means of equally many steps each, at the last step of each; the first step stands alone."""
    if len(series) <= points:
        return series
    edges = np.unique(np.linspace(1, len(series), points).astype(int))
    spans = [(0, 1), *zip(edges[:-1], edges[1:])]
    steps = [int(series.steps[end - 1]) for _, end in spans]
    values = [float(series.values[start:end].mean()) for start, end in spans]
    return Series(series.name, np.asarray(steps, dtype=np.int64), np.asarray(values))


def _thinned(series: Series) -> Series:
    """Some of the points, closer together at the start, where most happens."""
    if len(series) <= _POINTS:
        return series
    wanted = np.unique(np.geomspace(1, len(series), _POINTS).astype(int)) - 1
    return Series(series.name, series.steps[wanted], series.values[wanted])


def _short(values: Sequence[float] | FloatArray) -> list[float | str]:
    """Five digits are more than a chart shows."""
    return [encode_number(float(f"{value:.5g}") if math.isfinite(value) else float(value)) for value in values]


def _scalars(seen: Recording, subject: str) -> Iterator[dict[str, Any]]:
    for name in seen.scalar_names(subject):
        if name.startswith("epoch/") or name == "learning_rate":
            points = seen.scalars(subject, name)
            points = points if name.startswith("epoch/") else _thinned(points)
            yield {"subject": subject, "name": name, "steps": points.steps.tolist(), "values": _short(points.values)}


def _series(seen: Recording, subject: str) -> Iterator[dict[str, Any]]:
    for measure in MEASURES:
        for site in sites_of_measure(seen, subject, measure):
            points = _thinned(seen.series(measure.role, site.key, measure.statistic))
            yield {
                "site": site.key,
                "role": measure.role,
                "statistic": measure.statistic,
                "steps": points.steps.tolist(),
                "values": _short(points.values),
            }
    for site in seen.sites_of("input", subject):
        first = seen.stats("input", site.key)
        for statistic in ("min", "max", "mean", "std"):
            if first is not None:
                yield {"site": site.key, "role": "input", "statistic": statistic, "steps": [0],
                       "values": _short([first[statistic]])}  # fmt: skip


def _counts(seen: Recording, subject: str) -> Iterator[dict[str, Any]]:
    """Right predictions and predictions, which the curves of accuracy are made of."""
    for site in seen.sites_of("output", phase=None):
        if site.subject not in ("", subject):
            continue
        rows = list(seen.vectors(site.key, "correct"))
        every = max(1, len(rows) // (4 * _POINTS))
        for step, values in rows[::every]:
            yield {"step": step, "site": site.key, "name": "correct", "values": values.tolist()}


def _losses(entry: Mapping[str, Sequence[Any]]) -> np.ndarray:
    rows = np.zeros(len(entry["steps"]), LOSS_ROW)
    rows["step"], rows["seconds"] = entry["steps"], [decode_number(value) for value in entry["seconds"]]
    rows["loss"] = [decode_number(value) for value in entry["values"]]
    return rows


def _observations(series: Sequence[Mapping[str, Any]], numbers: Mapping[str, int]) -> np.ndarray:
    """One row a site, role and step; statistics that were not kept are NaN."""
    rows: dict[tuple[int, int, int], FloatArray] = {}
    for entry in series:
        for step, value in zip(entry["steps"], entry["values"]):
            key = (numbers[entry["site"]], ROLES.index(entry["role"]), step)
            stats = rows.setdefault(key, np.full(len(STAT_FIELDS), np.nan))
            stats[STAT_INDEX[entry["statistic"]]] = decode_number(value)
    found = np.zeros(len(rows), OBSERVATION_ROW)
    for row, ((site, role, step), stats) in zip(found, rows.items()):
        row["site"], row["role"], row["step"], row["stats"] = site, role, step, stats
    return found
