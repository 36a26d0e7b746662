"""Scores that the script computes itself of what its model predicts."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from doctor.reading.chains import history
from doctor.reading.source import called, module_of, nodes
from doctor.rules.view import SubjectView
from doctor.types import Location, Site

#: How people name what they train on.
_TRAINED_ON = re.compile(r"train|(?<![a-z])[xy]?_?tr(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True)
class Score:
    """A score of predictions of the model that is judged.

    Attributes:
        site: of kind "score".
        value: the larger the better, 1 for perfect predictions.
        rows: of the labels.
        chance: what a constant prediction scores.
        trained_on: whether the labels are of rows that the model is trained on, by their name or number.
    """

    site: Site
    value: float
    rows: int
    chance: float
    trained_on: bool

    @property
    def location(self) -> Location | None:
        """The line that computes it."""
        return self.site.location

    @property
    def gain(self) -> float:
        """Share of the way from chance to perfect predictions."""
        return (self.value - self.chance) / max(1 - self.chance, 1e-12)


def scores(view: SubjectView, *functions: str) -> list[Score]:
    """The scores of the only model of a run, after its training, by these functions of scikit-learn."""
    model = _model(view)
    if model is None or len(view.recording.subjects) != 1:
        return []
    trained = {list(site.attributes.get("shape") or (0,))[0] for site in view.sites("array", None)
               if site.attributes.get("role") in ("x", "y")}  # fmt: skip
    found = []
    for site in view.sites("score", None):
        if site.name not in functions or int(site.attributes.get("steps") or 0) < view.judgement.steps - 1:
            continue
        call = _call(view, site)
        if call is None or len(call.args) < 2 or not _predicted(view, site, call.args[1], model):
            continue
        majority = site.attributes.get("majority")
        chance = float(majority) if site.name == "accuracy_score" and majority is not None else 0.0
        rows = int(site.attributes["rows"])
        named = bool(_TRAINED_ON.search(ast.unparse(call.args[0])))
        found.append(Score(site, float(site.attributes["value"]), rows, chance, named or rows in trained))
    return found


def _model(view: SubjectView) -> str | None:
    """The name of the model that the script fits."""
    fit = view.first_site("fit")
    match = re.search(r"([\w.]+)\.fit\(", fit.location.code) if fit is not None and fit.location is not None else None
    return match[1] if match is not None else None


def _call(view: SubjectView, site: Site) -> ast.Call | None:
    module = module_of(view.recording, site.location)
    if module is None or site.location is None:
        return None
    calls = [node for node in nodes(module.tree) if isinstance(node, ast.Call) and called(node) == site.name]
    found = [one for one in calls if one.lineno <= site.location.line <= (one.end_lineno or one.lineno)]
    return found[0] if len(found) == 1 else None


def _predicted(view: SubjectView, site: Site, value: ast.expr, model: str) -> bool:
    """Whether a value is what the model predicts, or was made of that."""
    if _asks(value, model):
        return True
    return any(_asks(step.value, model) for step in history(view.recording, ast.unparse(value), site.location))


def _asks(value: ast.expr, model: str) -> bool:
    asking = (model, f"{model}.predict", f"{model}.predict_on_batch")
    return any(isinstance(node, ast.Call) and ast.unparse(node.func) in asking for node in ast.walk(value))
