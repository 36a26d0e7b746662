"""Rule: numbers that stand for missing values are fed as if they were measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.rules.base import Result, Rule, number
from doctor.rules.columns import array_names, column_text, columns_text
from doctor.rules.view import SubjectView
from doctor.types import Location, Site


@dataclass(frozen=True)
class MissingCodes(Rule):
    """Numbers that stand for missing values, such as -999, are fed as if they were measured.

    What it is:
        Instruments and exports write a number where they have none. A reader that is not told takes it for a value.

    Why it matters:
        Mean and spread of the column are those of the code. After standardising all that was measured lies within a
        hundredth of a unit, and the network sees little more than which values are missing.

    How it is measured:
        In a table: the smallest or largest value of a column occurs three times or more, in at most 40 % of the
        rows, and lies more than eight standard deviations of the other values from the nearest of them; of those
        there are twenty different ones or more. Scaling changes nothing about it. Several columns have such a
        number, or it is one that people write for nothing: -1, 99, -999, 9999. It is a warning; columns of which
        fewer than `min_share` are coded are left alone.

    Example:
        table = pd.read_csv("air.csv")

    Use instead:
        table = pd.read_csv("air.csv", na_values=[-9999])

    References:
        https://pandas.pydata.org/docs/user_guide/io.html#na-and-missing-data-handling
    """

    fault: ClassVar[str] = "input-scale"
    scope: ClassVar[str] = "run"

    #: Share of the rows of a column from which on its codes matter.
    min_share: float = 0.005

    def check(self, view: SubjectView) -> Iterator[Result]:
        for array in view.sites("array", None):
            role = str(array.attributes.get("role")).split("[")[0]
            rows = list(array.attributes.get("shape") or (0,))[0]
            coded = [
                (index, column["code"])
                for index, column in enumerate(array.attributes.get("columns") or ())
                if (column or {}).get("code") and column["code"]["count"] >= self.min_share * rows
            ]
            # One column of which a number that says nothing is far from all others may be as it is: sums that are 0.
            told = len(coded) > 1 or any(_is_code(float(code["value"])) for _, code in coded)
            if role == "x" and coded and told:
                yield self._coded(view, array, rows, coded)
                return

    def _coded(self, view: SubjectView, array: Site, rows: int, coded: list[tuple[int, dict[str, Any]]]) -> Result:
        index, code = coded[0]
        names = array_names(array)
        several = len(coded) > 1
        return self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
            title=f"{'Some columns hold' if several else 'A column holds'} a number that looks like a code for missing",
            message=(
                f"{column_text(index, names).capitalize()} of `{array.name}` is {number(code['value'])} in "
                f"{code['count']} of {rows} rows, and far from that in all others."
                + (f" So it is in {columns_text([one for one, _ in coded], names)}." if several else "")
                + " If it stands for a missing value, mean and spread are those of the code."
            ),
            site=array,
            location=self._place(view, array) or array.location,
            onset=0,
            evidence=(
                Evidence(f"array/{array.name}/rows with that number", None, float(code["count"]),
                         self.min_share * rows),
            ),
            fixes=(Fix("Tell the reader which numbers are none, and fill or leave out these rows",
                       f"na_values=[{number(code['value'])}]" if _is_code(float(code["value"])) else ""),),
        )  # fmt: skip

    def _place(self, view: SubjectView, array: Site) -> Location | None:
        """Where the file was read: that of the array, else the only one that the script reads."""
        origin = Location.of((array.attributes.get("origin") or {}).get("location"))
        files = [site for site in view.sites("file", None) if site.location is not None]
        return origin or (files[0].location if len(files) == 1 else None)


def _is_code(value: float) -> bool:
    """Whether a number is one that people write where they have none: -1, and nines alone."""
    text = f"{abs(value):.0f}"
    return value == int(value) and (value == -1 or len(text) >= 2 and set(text) == {"9"})
