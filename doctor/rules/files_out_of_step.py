"""Rule: two files whose rows belong together by a name, and are put together by their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.dropped_keys import dropped_at
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.types import Site


@dataclass(frozen=True)
class FilesOutOfStep(Rule):
    """Two files hold the same rows in another order, and the script goes by their place.

    What it is:
        Inputs and labels lie in files of their own, each with a column that names the row. One file is sorted by
        number, the other as text (paper10 before paper2), or by date; the names are thrown away.

    Why it matters:
        Nearly every example gets the label of another one. The network learns them by heart, and is at chance on
        what is held out.

    How it is measured:
        Of the text files that the script reads, the columns of which no two rows have the same value, as hashes of
        their values and of their order. It fires where two files have the same values in another order, the source
        makes no use of that column in one of them, and the run fails, learns little, or keeps on held-out rows less
        than `max_kept` of what it gains in training.

    Example:
        labels = [kind for _, kind in csv.reader(open("kinds.csv"))]

    Use instead:
        kind_of = dict(csv.reader(open("kinds.csv")))
        labels = [kind_of[name] for name in names]

    References:
        https://pandas.pydata.org/docs/user_guide/merging.html
    """

    fault: ClassVar[str] = "label-mismatch"

    #: A model that has understood its data keeps most of what it gains.
    max_kept: float = 0.5

    def check(self, view: SubjectView) -> Iterator[Result]:
        pairs = list(self._pairs(view))
        if not pairs or not self._suffers(view):
            if pairs:
                yield self.ruled_out("files in another order do no harm: the run learns, on held-out rows too")
            return
        for one, other, key in pairs:
            place = dropped_at(view.recording, one, key["position"], key["name"])
            if place is None:
                continue
            yield self.finding(
                view,
                severity=Severity.ERROR,
                confidence=Confidence.HIGH,
                title=f"`{one.name}` and `{other.name}` hold their rows in another order",
                message=(
                    f"Both name their {key['rows']:,} rows in the column `{key['name']}`, by the same names in another "
                    "order. The script takes them by their place: examples get the values of other examples."
                ),
                site=one,
                location=place,
                onset=0,
                evidence=(Evidence(f"rows named in {one.name} and {other.name}", None, float(key["rows"])),),
                fixes=(Fix(f"Put the rows together by `{key['name']}`: a merge, or a dictionary", "", place),),
            )
            return
        yield self.ruled_out("files that hold the same rows in another order are put together by name")

    def _pairs(self, view: SubjectView) -> Iterator[tuple[Site, Site, dict[str, Any]]]:
        """Two files with the same names in another order; the one that was read last comes first."""
        files = [site for site in view.sites("file", None) if site.attributes.get("keys")]
        for number, one in reversed(list(enumerate(files))):
            for other in files[:number]:
                for key in one.attributes["keys"]:
                    for known in other.attributes["keys"]:
                        if key["values"] == known["values"] and key["order"] != known["order"]:
                            yield one, other, key

    def _suffers(self, view: SubjectView) -> bool:
        judgement = view.judgement
        if judgement.state != "training":
            return True
        gains = judgement.accuracy, judgement.eval_accuracy, judgement.majority
        if None not in gains:
            trained, held, chance = (float(one or 0.0) for one in gains)
            return held - chance < self.max_kept * (trained - chance)
        if judgement.explained is not None and judgement.eval_explained is not None:
            return judgement.eval_explained < self.max_kept * judgement.explained
        return False
