"""Rule: held-out labels that are numbered by another list than the training labels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.chains import made_at
from doctor.reading.numbered import numbered_at
from doctor.reading.step_kinds import transforms
from doctor.rules.base import Result, Rule, share
from doctor.rules.row_sets import arrays_and_batches
from doctor.rules.view import SubjectView
from doctor.types import Site

#: A list, or several, that begin empty.
_EMPTY = re.compile(r"=\s*(\[\]|list\(\))")


@dataclass(frozen=True)
class RenamedLabels(Rule):
    """The held-out labels number the classes otherwise than the training labels do.

    What it is:
        Training and held-out labels were encoded by two lists: an encoder that was fitted twice,
        folders read in another order, a mapping of another version of the data.

    Why it matters:
        The model is right and is marked wrong: validation stays at chance or below, and its loss
        rises the better the model gets. It looks like overfitting, and no regularisation helps.

    How it is measured:
        Nearest training rows, and the nearest class mean, guess the labels of held-out rows. It
        fires where these guesses and the labels agree for at least `min_renamed` of the rows once
        the classes are renamed one by one, and by `min_gained` less as they are, in a run that does
        no better on what is held out than the labels as they are allow.

    Example:
        y_val = LabelEncoder().fit_transform(val_names)

    Use instead:
        y_val = encoder.transform(val_names)  # the encoder of the training labels

    References:
        https://scikit-learn.org/stable/common_pitfalls.html#inconsistent-preprocessing
    """

    fault: ClassVar[str] = "label-mismatch"
    needs: ClassVar[frozenset[str]] = frozenset({"label"})

    #: Share of the held-out rows whose labels must fit under other names. Of 30 rows of two classes
    #: drawn at random the better naming fits 0.8 once in seven hundred.
    min_renamed: float = 0.8
    #: What renaming must gain: two of ten classes that were swapped gain a fifth.
    min_gained: float = 0.3

    def check(self, view: SubjectView) -> Iterator[Result]:
        found = next(
            (site for site in view.sites("rows", "eval") if isinstance(site.attributes.get("renaming"), dict)), None
        )
        if found is None:
            return
        facts: dict[str, Any] = found.attributes["renaming"]
        agree, renamed = float(facts["agree"]), float(facts["renamed"])
        if renamed < self.min_renamed or renamed - agree < self.min_gained:
            yield self.ruled_out(f"training rows tell {share(agree)} of the held-out labels as they are")
            return
        reached = view.judgement.eval_accuracy
        if reached is not None and reached > (agree + renamed) / 2:
            return  # the model does well on these labels: they are not wrong
        place = self._labels(view)
        line = (made_at(view.recording, place, transforms) or place.location) if place else found.location
        if line is None or _EMPTY.search(line.code):
            line = numbered_at(view.recording) or line  # a list that is filled later says nothing
        names = ", ".join(f"{held} where training has {trained}" for trained, held in facts["names"][:4])
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.HIGH,
            title="The held-out labels number the classes otherwise than the training labels",
            message=(
                f"Training rows that lie nearest tell {share(agree)} of {facts['rows']} held-out labels as they are, "
                f"and {share(renamed)} once classes are renamed: {names}."
            ),
            site=place or found,
            location=line,
            evidence=(
                Evidence("held-out labels as training rows tell them", None, agree, renamed, "share",
                         "the limit is their share once classes are renamed"),
            ),
            fixes=(Fix("Encode held-out labels by the list that was made for the training labels"),),
        )  # fmt: skip

    def _labels(self, view: SubjectView) -> Site | None:
        """The array of the held-out labels."""
        for rows in arrays_and_batches(view, "eval")[0]:
            for key in rows.site.attributes.get("labels") or ():
                if key in view.recording.sites:
                    return view.recording.sites[key]
        return None
