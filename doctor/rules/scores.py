"""Scores that the script computes itself of what its model predicts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Sequence

from doctor.reading.scored import labels_of
from doctor.rules.row_sets import names_training, row_sets
from doctor.rules.view import SubjectView
from doctor.types import Location, Site

#: What a score is called that the script computes by hand -> the function of scikit-learn that gives the same.
_BY_HAND = {"accuracy": "accuracy_score", "r2": "r2_score"}
#: Rows that must be comparable, and the share of them that makes a training set.
_FEW_ROWS, _MANY = 5, 0.1


@dataclass(frozen=True)
class Score:
    """A score of predictions of the model that is judged.

    Attributes:
        site: of kind "score".
        value: the larger the better, 1 for perfect predictions.
        rows: of the labels.
        majority: share of the most frequent class among them, None of values and of several labels to a row.
        variance: of the labels.
        trained_on: whether the labels are of rows that the model is trained on, by their name or number.
        made: the latest step between predicting and scoring, or None.
    """

    site: Site
    value: float
    rows: int
    majority: float | None
    variance: float | None
    trained_on: bool
    made: Location | None

    @property
    def by_hand(self) -> bool:
        """Whether the script computes it in NumPy, and not with scikit-learn."""
        return bool(self.site.attributes.get("by_hand"))

    @property
    def best(self) -> float:
        """What the model can be said to reach, whatever the script makes of its answers."""
        return max(self.value, float(self.site.attributes.get("plain") or self.value))

    @property
    def name(self) -> str:
        """For a message: the function, or where the script compares."""
        if not self.by_hand:
            return f"`{self.site.name}`"
        return f"compared at line {self.made.line}" if self.made is not None else "compared by the script"

    @property
    def measure(self) -> str:
        """For a message: what is measured."""
        if self.site.name not in ("r2", "r2_score"):
            return "The accuracy"
        # The script may make something of an answer that is not followed, and print another figure.
        return "The best R2 of any scale" if self.site.attributes.get("at_best") else "R2"


def scores(view: SubjectView, function: str) -> list[Score]:
    """The scores of the only model of a run, after its training.

    Args:
        view: the subject.
        function: of scikit-learn; what the script computes by hand is counted to "accuracy_score" and "r2_score".
    """
    if len(view.recording.subjects) != 1:
        return []
    model = _model(view)
    trained = {list(site.attributes.get("shape") or (0,))[0] for site in view.sites("array", None)
               if site.attributes.get("role") in ("x", "y")}  # fmt: skip
    found = []
    for site in view.sites("score", None):
        facts = site.attributes
        if int(facts.get("steps") or 0) < view.judgement.steps - 1:
            continue
        rows = int(facts["rows"])
        if _BY_HAND.get(site.name) == function:
            known = among(view, facts.get("seen") or (), "train")
            text = str(facts.get("labels") or "")
            on_training = names_training(text) or (rows in trained if known is None else known)
            found.append(Score(site, float(facts["value"]), rows, facts.get("majority"), facts.get("variance"),
                               on_training, site.location))  # fmt: skip
        if site.name != function or model is None:
            continue
        told = labels_of(view.recording, site, model)
        if told is not None:
            on_training = rows in trained or names_training(told[0])
            found.append(Score(site, float(facts["value"]), rows, facts.get("majority"), facts.get("variance"),
                               on_training, told[1]))  # fmt: skip
    return found


def among(view: SubjectView, seen: Sequence[int], phase: str) -> bool | None:
    """Whether rows that were predicted for are among those of a phase, by their hashes; None where none were seen."""
    told = None
    # Of an array that batches were found to be among, some rows may be held out.
    for rows in row_sets(view, phase, used=phase == "train"):
        known = set(rows.inputs.tolist())
        # Of large arrays only rows are kept whose hash ends in so many zeros.
        chosen = [one for one in seen if one & ((1 << rows.share_bits) - 1) == 0]
        if len(chosen) < _FEW_ROWS:
            continue
        # Batches show some of the rows only; of what is held out there is none, or few copies.
        hits = sum(one in known for one in chosen)
        told = hits > _MANY * len(chosen) if rows.array is not None else hits > 1
        if told:
            return True
    return told


def _model(view: SubjectView) -> str | None:
    """The name of the model that the script fits."""
    fit = view.first_site("fit")
    match = re.search(r"([\w.]+)\.fit\(", fit.location.code) if fit is not None and fit.location is not None else None
    return match[1] if match is not None else None
