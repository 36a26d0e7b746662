"""Rule: labels and predictions come from two passes over a dataset that is shuffled at each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.passes import labels_of_another_pass
from doctor.reading.shuffled_predictions import compared_with_given, shuffled_predictions
from doctor.rules.base import Result, Rule
from doctor.rules.view import SubjectView
from doctor.types import Location


@dataclass(frozen=True)
class TwoPasses(Rule):
    """Labels and predictions are gathered in two passes over a dataset that is shuffled anew at each.

    What it is:
        `predict` goes through the dataset once, the labels are read off it another time. A dataset that shuffles has
        another order each time, so that a prediction stands beside the label of another example. So with the
        iterators of Keras: `flow` and `flow_from_directory` shuffle unless they are told not to, and `classes` is in
        the order of the files.

    Why it matters:
        The report after the training shows chance, of a model that works. People then look for the fault in the
        model.

    How it is measured:
        A pass that predicts goes over a pipeline with a shuffle behind which nothing keeps the order (no cache, and
        `reshuffle_each_iteration` is not False). In the source labels are gathered from the same dataset in another
        pass, and a later line uses both. Or what is predicted is used beside what the dataset was made of. Or
        predictions over an iterator that was made without shuffle=False are used beside its `classes`, or beside the
        labels that it was given.

    Example:
        y_prob = model.predict(shuffled)
        y_true = np.concatenate([y for _, y in shuffled])

    Use instead:
        pairs = [(y, model.predict_on_batch(x)) for x, y in shuffled]

    References:
        https://www.tensorflow.org/api_docs/python/tf/data/Dataset#shuffle
    """

    fault: ClassVar[str] = "metric-wrong"
    worst: ClassVar[Severity] = Severity.WARNING

    def check(self, view: SubjectView) -> Iterator[Result]:
        if view.subject != view.recording.subjects[0]:
            return  # a fault of the script, told once
        for site in view.recording.sites_of("dataset"):
            chain = list(site.attributes.get("chain") or ())
            anew, shuffle = shuffled_anew(chain), next(filter(_shuffles, chain), None)
            for place in (Location(*one) for one in site.attributes.get("passes") or ()):
                labels = labels_of_another_pass(view.recording, place) if anew is not None else None
                if anew is not None and labels is not None:
                    yield self._finding(view, anew, place, labels)
                    return
                # An order that stays is another one than that of the labels, too.
                compared = compared_with_given(view.recording, place) if shuffle is not None else None
                if shuffle is not None and compared is not None:
                    yield self._of_order(view, Location.of(shuffle.get("location")), place, compared)
                    return
        shuffled = shuffled_predictions(view.recording)
        if shuffled is not None:
            yield self._of_order(view, shuffled.made, shuffled.predicted, shuffled.compared)

    def _finding(self, view: SubjectView, shuffle: dict[str, Any], place: Location, labels: Location) -> Result:
        made = Location.of(shuffle.get("location"))
        accuracy = view.judgement.eval_accuracy
        return self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.CERTAIN,
            title="Predictions are compared with the labels of another order",
            message=(
                f"Line {place.line} predicts in one pass over the dataset, line {labels.line} gathers the labels in "
                f"another. It is shuffled anew at each pass{f' (line {made.line})' if made is not None else ''}: "
                "what stands side by side is not of the same example."
            ),
            site=view.subject,
            location=labels,
            onset=None,
            evidence=(
                Evidence("passes over the shuffled dataset", None, 2.0, 1.0),
                *((Evidence("accuracy in evaluation", None, accuracy, None, "share", "as doctor counted it"),)
                  if accuracy is not None else ()),
            ),
            fixes=(
                Fix("Do not shuffle what is evaluated", "", made),
                Fix("Or take labels and predictions in one pass",
                    "for x, y in data:\n    y_true.append(y)\n    y_prob.append(model.predict_on_batch(x))"),
            ),
        )  # fmt: skip

    def _of_order(self, view: SubjectView, made: Location | None, predicted: Location, compared: Location) -> Result:
        accuracy = view.judgement.eval_accuracy
        return self.finding(
            view,
            severity=Severity.WARNING,
            confidence=Confidence.HIGH,
            title="Predictions over shuffled data are compared with labels in order",
            message=(
                (f"Line {made.line} shuffles the data, line" if made is not None else "The data is shuffled. Line")
                + f" {predicted.line} predicts over it, and line {compared.line} holds the predictions against labels "
                "in their first order: what stands side by side is not of the same example."
            ),
            site=view.subject,
            location=made or predicted,
            evidence=(
                Evidence("passes over shuffled data that are compared in order", None, 1.0, 0.0),
                *((Evidence("accuracy in evaluation", None, accuracy, None, "share", "as doctor counted it"),)
                  if accuracy is not None else ()),
            ),
            fixes=(Fix("Keep the order of what is evaluated",
                       "" if made is not None and ".shuffle(" in made.code else "shuffle=False", made),),
        )  # fmt: skip


def _shuffles(stage: dict[str, Any]) -> bool:
    """Whether a stage changes the order: a buffer of one element keeps it."""
    return stage.get("stage") == "shuffle" and (stage.get("arguments") or {}).get("buffer_size") != 1


def shuffled_anew(chain: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The stage of a pipeline that gives every pass another order, or None."""
    for place, stage in enumerate(chain):
        arguments = stage.get("arguments") or {}
        # A buffer of one element keeps the order.
        again = arguments.get("reshuffle_each_iteration") is not False and arguments.get("buffer_size") != 1
        kept = any(later.get("stage") in ("cache", "snapshot", "save") for later in chain[place:])
        if stage.get("stage") == "shuffle" and again and not kept:
            return stage
    return None
