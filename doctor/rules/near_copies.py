"""Rule: held-out rows are slightly changed copies of training rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.chains import split_at
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class NearCopies(Rule):
    """Most held-out rows lie beside training rows as changed copies do.

    What it is:
        The data is augmented, or measured several times, and then split by rows: of each original some versions are
        trained on and others are held out.

    Why it matters:
        The validation measures what the model remembers of its neighbours. It looks excellent, early stopping never
        sees overfitting, and on new data the model is worse.

    How it is measured:
        The distances of held-out rows to their nearest training rows. Rows that were drawn one by one have
        neighbours at gradually growing distances; a copy is much closer than everything else. It fires where at least
        `min_near` of the rows have a gap that has a chance of one in a thousand in as many dimensions as the rows
        fill, and the median gap is at least `min_gap`. Of rows that were really split up to 0.26 have such a gap, and
        the median is at most 1.6 (one dimension); of copies 0.76 and more, and 2.9 and more.

    Example:
        x, y = augmented(x, y)
        x_train, x_val, y_train, y_val = train_test_split(x, y)

    Use instead:
        x_train, x_val, y_train, y_val = train_test_split(x, y)
        x_train, y_train = augmented(x_train, y_train)

    References:
        Kapoor and Narayanan 2023, Leakage and the reproducibility crisis,
        https://doi.org/10.1016/j.patter.2023.100804
    """

    fault: ClassVar[str] = "leakage"
    worst: ClassVar[Severity] = Severity.WARNING

    #: Share of the held-out rows with a gap.
    min_near: float = 0.5
    #: Ratio of distances at the widest gap, median over the rows.
    min_gap: float = 1.8

    def check(self, view: SubjectView) -> Iterator[Result]:
        if any(finding.fault == self.fault for finding in view.found):
            return
        compared = [*view.sites("fit", None), *view.sites("held_out", None)]
        for fit in compared:
            facts = fit.attributes.get("near_copies")
            if not facts or facts["near"] < self.min_near * facts["rows"] or facts["gap"] < self.min_gap:
                continue
            arrays = view.sites("array", None)
            held = view.recording.sites.get(str(fit.attributes.get("array")))
            held = held or next((one for one in arrays if one.attributes.get("role") == "x_val"), None)
            used = held or next((one for one in arrays if one.attributes.get("role") == "x"), fit)
            name = str(used.attributes.get("variable") or used.name)
            line = split_at(view.recording, name, used.location) if used.location is not None else None
            yield self.finding(
                view,
                severity=Severity.WARNING,
                confidence=Confidence.HIGH,
                title=f"{share(facts['near'] / facts['rows'])} of the held-out rows are near-copies of training rows",
                message=(
                    f"Of {facts['rows']} held-out rows {facts['near']} have training rows much closer than all others: "
                    f"{number(facts['gap'])} times as close as the next. So lie changed copies of one original: the "
                    "evaluation shows what the model remembers."
                ),
                site=used,
                location=line or fit.location,
                onset=0,
                evidence=(
                    Evidence("held-out rows with a gap behind their nearest training rows", None,
                             facts["near"] / facts["rows"], self.min_near, "share"),
                    Evidence("ratio of distances at the gap, median", None, facts["gap"], self.min_gap),
                ),
                fixes=(Fix("Split the originals first, by person or object where there are several rows of one; "
                           "augment only the training part"),),
            )  # fmt: skip
            return
        if any(fit.attributes.get("near_copies") for fit in compared):
            yield self.ruled_out("held-out rows lie no closer to training rows than these to each other")
