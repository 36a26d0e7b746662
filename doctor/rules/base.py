"""What a rule is: one fault, how it is measured, and what it says about a subject."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Iterable, Iterator

from doctor.findings import Confidence, Evidence, Finding, Fix, NotChecked, RuledOut, Severity
from doctor.rules.view import SubjectView
from doctor.types import Location, Series, Site

#: Headings that the docstring of every rule has, in this order.
HEADINGS: tuple[str, ...] = (
    "What it is",
    "Why it matters",
    "How it is measured",
    "Example",
    "Use instead",
    "References",
)

Result = Finding | NotChecked | RuledOut


@dataclass(frozen=True)
class Rule(ABC):
    """One fault: what is measured, against which limit, and what to say.

    The fields of a rule are its thresholds: `Rule(field=value)` changes one.
    """

    #: The name of the fault in FAULTS that its findings carry.
    fault: ClassVar[str]
    #: What must have been recorded: roles ("weight"), kinds of sites ("loss") or "losses".
    needs: ClassVar[frozenset[str]] = frozenset()
    #: "subject": once for every model or training loop; "run": once for the run;
    #: "head": once for every output of a subject, which sees no other output, labels and loss than its own;
    #: "last": once for every subject, after all others, with what they found in `view.found`.
    scope: ClassVar[str] = "subject"
    #: How bad it is at worst.
    worst: ClassVar[Severity] = Severity.ERROR

    @property
    def id(self) -> str:
        """The class name in kebab case: DeadRelu is dead-relu."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", type(self).__name__).lower()

    @abstractmethod
    def check(self, view: SubjectView) -> Iterator[Result]:
        """What this rule says about a subject; nothing where it is clean."""

    def finding(
        self,
        view: SubjectView,
        *,
        severity: Severity,
        confidence: Confidence,
        title: str,
        message: str,
        site: Site | None = None,
        location: Location | None = None,
        onset: int | None = 0,
        evidence: Iterable[Evidence] = (),
        fixes: Iterable[Fix] = (),
    ) -> Finding:
        """A finding of this rule about the subject of `view`."""
        if location is None and site is not None:
            location = site.location
        return Finding(
            rule=self.id,
            fault=self.fault,
            severity=severity,
            confidence=confidence,
            title=title,
            message=message,
            subject=view.subject.key,
            site=site.key if site is not None else "",
            location=location or view.subject.location,
            onset_step=onset,
            evidence=tuple({(one.series, one.step): one for one in reversed(tuple(evidence))}.values())[::-1],
            fixes=tuple(fixes),
        )

    def not_checked(self, view: SubjectView, reason: str) -> NotChecked:
        """This rule could not judge the subject."""
        return NotChecked(self.id, reason, view.subject.key)

    def ruled_out(self, why: str, fault: str | None = None) -> RuledOut:
        """The number that speaks against this rule's fault, or another one."""
        return RuledOut(fault or self.fault, why)


def point(series: Series, index: int, limit: float | None = None, unit: str = "", note: str = "") -> Evidence:
    """One point of a series as evidence."""
    return Evidence(series.name, int(series.steps[index]), float(series.values[index]), limit, unit, note)


def number(value: float) -> str:
    """`value` to three significant digits, as people write it."""
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": "NaN", "inf": "infinity", "-inf": "-infinity"}[str(value)]
    size = abs(value)
    if size != 0 and (size < 1e-3 or size >= 1e6):
        return re.sub(r"e([+-])0*(\d+)$", lambda m: f"e{m[1].strip('+')}{m[2]}", f"{value:.1e}")
    if size >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"


def multiple(value: float) -> str:
    """A ratio in words: "62 % of", "1.2 times"."""
    return f"{share(value)} of" if value < 1 else f"{number(value)} times"


def share(value: float) -> str:
    """A share as a percentage that does not round a rest away."""
    if 0.995 <= value < 1:
        return f"{100 * value:.2f} %"
    return f"{100 * value:.0f} %" if value >= 0.1 or value == 0 else f"{100 * value:.2g} %"
