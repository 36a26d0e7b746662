"""Sets of rows that the script trains on and evaluates on, as far as their hashes were kept."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from doctor.array_uses import uses_by_datasets
from doctor.reading.source import keyword
from doctor.types import Location, Site

if TYPE_CHECKING:
    from doctor.rules.view import SubjectView

#: How people name what they hold out, and what they train on.
_HELD_OUT = re.compile(r"val|test|dev(?![a-z])|hold|held|eval|unseen|oos|(?<![a-z])[xy]?(va|vl|te|tst)(?![a-z])")
_TRAINED_ON = re.compile(r"train|fit|seen|whole|full|all|(?<![a-z])[xy]?trn?(?![a-z])")
#: Words that hold these letters and mean neither.
_OTHER_WORDS = re.compile(
    r"value|interval|(re)?trieval|arrival|approval|(sur)?vival|rival|festival|latest|fastest|greatest|contest|protest|"
    r"threshold|(house|share|foot)hold|holder|withheld|choose|loose|profit|benefit|outfit|small|fall|call|ball|wall"
)
#: Rows wider than this, or with a column of so many values, coincide only where one was copied.
_WIDE = 32
#: Different values of a column that are symbols or answers rather than measurements.
_FEW = 50


@dataclass(frozen=True)
class RowSet:
    """Rows of one array, or of the batches that were observed.

    Attributes:
        site: of kind "rows".
        array: the array of the inputs, None for batches.
        inputs, both: hashes of the rows that are not blank.
        share_bits: only rows whose hash ends in so many zero bits are among them.
        rows: of the whole array.
    """

    site: Site
    array: Site | None
    inputs: np.ndarray
    both: np.ndarray
    share_bits: int
    rows: int

    @property
    def name(self) -> str:
        """As the script calls it."""
        return f"`{self.array.name}`" if self.array is not None else "the batches"

    @property
    def deviations(self) -> float | None:
        """By how many standard errors labels are guessed better from the inputs than by chance, None where unknown."""
        relation = self.site.attributes.get("relation")
        return float(relation["deviations"]) if isinstance(relation, dict) else None

    @property
    def held_out(self) -> bool | None:
        """Whether its name says that it is held out, or that it is trained on; None where it says neither."""
        if self.array is None:
            return None
        facts = self.array.attributes
        # A role is what the call makes of it, not what the script says: `evaluate(*train)` gives an "x_val" too.
        own = self.array.name if self.array.name != facts.get("role") else ""
        name = _OTHER_WORDS.sub(" ", str(facts.get("variable") or own).lower())
        if _HELD_OUT.search(name):
            return True
        return False if _TRAINED_ON.search(name) else None

    def at(self, share_bits: int) -> np.ndarray:
        """Hashes of the inputs, thinned out to those that end in so many zero bits."""
        found: np.ndarray = self.inputs[self.inputs & np.uint64((1 << share_bits) - 1) == 0]
        return found

    def twins(self) -> float:
        """Share of the rows that occur once more in the same set."""
        _, counts = np.unique(self.inputs, return_counts=True)
        return float(counts[counts > 1].sum() / counts.sum()) if len(counts) else 0.0

    def continuous(self) -> bool:
        """Whether equal rows can only be copies: many values, or columns with very many different ones."""
        columns = (self.array.attributes.get("columns") if self.array is not None else None) or ()
        if columns and max(column.get("distinct") or 1000 for column in columns) <= 2:
            return False  # pictures of black and white, answers of yes and no
        if int(self.site.attributes.get("width") or 0) > _WIDE:
            return True
        if not columns:
            return False
        if max(column.get("distinct") or 1000 for column in columns) <= min(_FEW, self.rows - 1):
            return False  # symbols: short words are often equal
        kinds = sum(math.log10(column.get("distinct") or 1000) for column in columns)
        # A hundred times as many combinations as there are pairs of rows.
        return kinds > 2 * math.log10(max(self.rows, 10)) + 2


def names_training(name: str) -> bool:
    """Whether a name, as it is written, says that rows are trained on and not that they are held out."""
    plain = _OTHER_WORDS.sub(" ", name.lower())
    return _TRAINED_ON.search(plain) is not None and _HELD_OUT.search(plain) is None


def row_sets(view: SubjectView, phase: str, *, used: bool = False) -> list[RowSet]:
    """The sets of rows of a phase, "train" or "eval": arrays where they are known, else what batches showed.

    Args:
        view: the subject.
        phase: "train" or "eval".
        used: leave out arrays of which only some rows may be used.
    """
    arrays, batches = arrays_and_batches(view, phase, used=used)
    return arrays or batches


def arrays_and_batches(view: SubjectView, phase: str, *, used: bool = False) -> tuple[list[RowSet], list[RowSet]]:
    """The sets of rows of a phase, those of arrays and those that batches showed apart; as `row_sets`."""
    recording = view.recording
    uses = uses_by_datasets(view.sites("dataset", None))
    arrays, batches = [], []
    for site in view.sites("rows", None):
        rows = recording.rows(site.key)
        rows = rows[rows["flags"] == 0]
        if not len(rows):
            continue
        if site.attributes.get("of") == "batches":
            if site.phase == phase:
                batches.append(RowSet(site, None, rows["inputs"], rows["both"], 0, len(rows)))
            continue
        keys = [str(key) for key in site.attributes.get("inputs") or ()]
        use = site.attributes.get("used_for") or (uses.get(keys[0]) if keys else None)
        if use == phase and not (used and site.attributes.get("found")):
            array = recording.sites.get(keys[0]) if keys else None
            bits = int(site.attributes.get("share_bits") or 0)
            count = int(site.attributes.get("rows") or len(rows))
            arrays.append(RowSet(site, array, rows["inputs"], rows["both"], bits, count))
    return arrays, batches


def validation_line(view: SubjectView, rows: RowSet) -> Location | None:
    """The line of `validation_data=` or `validation_split=` where the rows were handed to fit so, else None."""
    for fit in view.sites("fit"):
        if fit.location is not None and rows.site.location != fit.location:
            given = keyword(view.recording, fit.location, "validation_data")
            if given is not None and _given_as(view, rows, given):
                return given
        if fit.location is None or rows.site.location != fit.location:
            continue
        for name in ("validation_data", "validation_split"):
            found = keyword(view.recording, fit.location, name)
            if found is not None and found != fit.location:
                return found
        return fit.location
    return None


def _given_as(view: SubjectView, rows: RowSet, place: Location) -> bool:
    """Whether the name of a dataset of these rows stands as `validation_data=` on a line."""
    if rows.array is None:
        return False
    for dataset in view.sites("dataset", None):
        keys = {key for stage in dataset.attributes.get("chain") or () for key in stage.get("arrays") or ()}
        name = re.match(r"(\w+)\s*=[^=]", dataset.location.code if dataset.location is not None else "")
        if rows.array.key in keys and name is not None:
            if re.search(rf"validation_data\s*=\s*{name[1]}\b", place.code):
                return True
    return False
