"""The curve behind a measured number: what the name of a piece of evidence stands for in the recording."""

from __future__ import annotations

import numpy as np

from doctor.findings import Evidence, Finding
from doctor.recording import Recording
from doctor.types import ROLES, STAT_INDEX, Series, Site


def curve(recording: Recording, finding: Finding, evidence: Evidence) -> Series | None:
    """The series that a piece of evidence is a point of, or None where it is no point of one.

    Names are `loss`, `learning_rate`, `epoch/NAME`, `gradient/norm` (of all variables together) and
    `ROLE/SITE/STATISTIC`.
    """
    name, subject = evidence.series.removesuffix(f"/{finding.subject}"), finding.subject
    if name == "loss":
        found = recording.losses(subject)
    elif name == "gradient/norm":
        found = total_gradient(recording, subject)
    elif name == "learning_rate" or name.startswith("epoch/"):
        found = recording.scalars(subject, name)
    else:
        found = _observed(recording, subject, name) or Series(name, np.empty(0, np.int64), np.empty(0))
    return found if len(found) > 1 else None


def total_gradient(recording: Recording, subject: str) -> Series:
    """Euclidean norm of the gradients of all variables together, at the steps at which all were observed."""
    parts = [recording.series("gradient", site.key, "norm") for site in recording.sites_of("variable", subject)]
    parts = [part for part in parts if len(part)]
    if not parts:
        return Series("gradient/norm", np.empty(0, np.int64), np.empty(0))
    steps = parts[0].steps
    for part in parts[1:]:
        steps = np.intersect1d(steps, part.steps)
    squares = sum(part.values[np.isin(part.steps, steps)] ** 2 for part in parts)
    return Series("gradient/norm", steps, np.sqrt(squares))


def _observed(recording: Recording, subject: str, name: str) -> Series | None:
    role, _, rest = name.partition("/")
    site_name, _, statistic = rest.rpartition("/")
    if role not in ROLES or not site_name:
        return None
    sites = [site for site in recording.sites.values() if site.name == site_name and site.subject in ("", subject)]
    for site in sorted(sites, key=lambda one: one.phase != "train"):
        found = _statistic(recording, role, site, statistic)
        if found is not None and len(found):
            return found
    return None


def _statistic(recording: Recording, role: str, site: Site, statistic: str) -> Series | None:
    if statistic in STAT_INDEX:
        return recording.series(role, site.key, statistic)
    if statistic == "rms":
        mean, std = (recording.series(role, site.key, field) for field in ("mean", "std"))
        return Series(mean.name, mean.steps, np.hypot(mean.values, std.values))
    return None
