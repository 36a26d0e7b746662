"""Rule: windows of a series that are validated on overlap those that are trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.chains import split_at
from doctor.reading.shuffles import mixed_in
from doctor.rules.base import Result, Rule, share
from doctor.rules.row_sets import row_sets, validation_line
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class OverlappingWindows(Rule):
    """Windows were cut from a series so that they overlap, and then split at random.

    What it is:
        Each window shares most of its moments with its neighbours. A random split puts neighbours on
        both sides.

    Why it matters:
        The model has seen the moments, and often the answers, that it is validated on: validation tells
        how well it remembers, and early stopping stops too late.

    How it is measured:
        Groups of three moments in a row are hashed in the training windows and in the held-out ones. It
        fires where at least `min_shared` of the different groups of the held-out windows occur in training.
        A split in time shares only the windows beside the border: less than half, as long as there
        are more windows than a window is long.

    Example:
        x = windows(series)
        x_train, x_val = train_test_split(x)

    Use instead:
        x_train, x_val = windows(series[:cut]), windows(series[cut:])

    References:
        Kapoor and Narayanan 2023, Leakage and the reproducibility crisis,
        https://doi.org/10.1016/j.patter.2023.100804
    """

    fault: ClassVar[str] = "leakage"
    worst: ClassVar[Severity] = Severity.WARNING

    #: Windows that overlap by half share 0.8 of their moments when a fifth is held out, a border less than 0.5.
    min_shared: float = 0.65

    def check(self, view: SubjectView) -> Iterator[Result]:
        trained = {one.site.key: one for one in row_sets(view, "train", used=True)}
        for held in row_sets(view, "eval"):
            if held.array is None or (validation_line(view, held) is None and held.held_out is not True):
                continue
            overlaps = held.site.attributes.get("overlaps") or {}
            known = {key: float(part) for key, part in overlaps.items() if key in trained}
            if not known:
                continue
            key = max(known, key=lambda one: known[one])
            if known[key] < self.min_shared:
                yield self.ruled_out(f"{share(known[key])} of the moments of {held.name} occur in training")
                continue
            name = str(held.array.attributes.get("variable") or held.array.name)
            place = split_at(view.recording, name, held.array.location) if held.array.location is not None else None
            place = mixed_in(view.recording, place)
            yield self.finding(
                view,
                severity=Severity.WARNING,
                confidence=Confidence.HIGH,
                title="The held-out windows overlap the training windows",
                message=(
                    f"{share(known[key])} of the moments in {held.name} stand in windows of {trained[key].name} "
                    "too: the windows were cut before they were split."
                ),
                site=held.array,
                location=place or validation_line(view, held) or held.array.location,
                evidence=(Evidence(f"moments of {held.name} trained on", None, known[key], self.min_shared, "share"),),
                fixes=(
                    Fix("Split the series in time first, and cut windows of each part", "series[:cut], series[cut:]"),
                ),
            )
            return
