"""Which findings are gone, new, or still there."""

from __future__ import annotations

from typing import Iterator, Sequence

from doctor.comparison.types import FindingChange, Run
from doctor.findings import Finding

#: What is told first.
_ORDER = ("gone", "new", "remaining")


def changes(runs: Sequence[Run]) -> Iterator[FindingChange]:
    """From the first run to each of the others: what is gone, then what is new, then what remains."""
    before = runs[0].diagnosis.findings
    for number, run in enumerate(runs[1:], start=1):
        after = list(run.diagnosis.findings)
        found = []
        for finding in before:
            same = _same(finding, after)
            if same is not None:
                after.remove(same)
            found.append(FindingChange("gone" if same is None else "remaining", number, same or finding))
        found += [FindingChange("new", number, finding) for finding in after]
        yield from sorted(found, key=lambda change: _ORDER.index(change.status))


def _same(finding: Finding, others: Sequence[Finding]) -> Finding | None:
    """The finding of another run that says the same: of the same rule, at the same site where there are several."""
    alike = [other for other in others if other.rule == finding.rule]
    alike.sort(key=lambda other: (other.site != finding.site, other.subject != finding.subject))
    return alike[0] if alike else None
