"""Rule: copies of a model that begin with weights of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.clones import cloned_anew
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView


@dataclass(frozen=True)
class ClonedAnew(Rule):
    """Copies of a model are made by `clone_model`, which draws new weights, and trained for it.

    What it is:
        `clone_model` copies the layers and not their weights. A loop copies the model, trains the copies, as those
        of the members of a federation or of the tasks of a meta-learner, and gives their weights to the model.

    Why it matters:
        Every round begins with random weights. What the model had learned is in none of the copies, and the mean of
        copies that began apart is no better than any of them.

    How it is measured:
        In the source: a loop gives weights to a model in every round, and copies that model by `clone_model`, itself
        or in a function that it calls, where nothing gives the copy weights. In the run: at least `min_copies`
        models were trained.

    Example:
        local = keras.models.clone_model(server)

    Use instead:
        local = keras.models.clone_model(server)
        local.set_weights(server.get_weights())

    References:
        https://keras.io/api/models/model_saving_apis/model_config_serialization/
        McMahan et al. 2017, Communication-Efficient Learning of Deep Networks, algorithm 1,
        https://arxiv.org/abs/1602.05629
    """

    fault: ClassVar[str] = "update-missing"
    needs: ClassVar[frozenset[str]] = frozenset({"losses"})

    #: Models that a loop has trained which makes one in every round.
    min_copies: int = 2

    def check(self, view: SubjectView) -> Iterator[Result]:
        subjects = view.recording.subjects
        if view.subject.key != subjects[0].key or len(subjects) < self.min_copies:
            return
        place = cloned_anew(view.recording)
        if place is None:
            return
        yield self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="`clone_model` draws new weights: every copy begins anew",
            message=(
                f"{len(subjects)} models were trained. The loop gives a model the weights that come of its copies, and "
                "the copies begin with random ones: what the model had learned is in none of them."
            ),
            site=view.subject,
            location=place,
            onset=0,
            evidence=(Evidence("models trained", None, float(len(subjects)), float(self.min_copies)),),
            fixes=(Fix("Give the copy the weights of the model", "copy.set_weights(model.get_weights())", place),),
        )
