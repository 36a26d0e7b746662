"""Scores that the script computes itself of what its model predicts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from doctor.reading.scored import labels_of
from doctor.rules.row_sets import names_training
from doctor.rules.view import SubjectView
from doctor.types import Location, Site


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


def scores(view: SubjectView, function: str) -> list[Score]:
    """The scores of the only model of a run, after its training, by this function of scikit-learn."""
    model = _model(view)
    if model is None or len(view.recording.subjects) != 1:
        return []
    trained = {list(site.attributes.get("shape") or (0,))[0] for site in view.sites("array", None)
               if site.attributes.get("role") in ("x", "y")}  # fmt: skip
    found = []
    for site in view.sites("score", None):
        facts = site.attributes
        if site.name != function or int(facts.get("steps") or 0) < view.judgement.steps - 1:
            continue
        told = labels_of(view.recording, site, model)
        if told is not None:
            rows = int(facts["rows"])
            on_training = rows in trained or names_training(told[0])
            found.append(Score(site, float(facts["value"]), rows, facts.get("majority"), facts.get("variance"),
                               on_training, told[1]))  # fmt: skip
    return found


def _model(view: SubjectView) -> str | None:
    """The name of the model that the script fits."""
    fit = view.first_site("fit")
    match = re.search(r"([\w.]+)\.fit\(", fit.location.code) if fit is not None and fit.location is not None else None
    return match[1] if match is not None else None
