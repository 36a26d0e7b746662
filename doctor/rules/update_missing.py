"""Rule: gradients that never reach the weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.idioms import applied_rarely, read_twice
from doctor.reading.loops import applied_at, counted_in_python, never_due, rebound
from doctor.reading.scopes import constructed_at
from doctor.rules.base import Result, Rule
from doctor.rules.updates import learning_rate
from doctor.rules.view import SubjectView
from doctor.types import Location, Site

#: Optimisers whose state is lost when they are made anew.
_STATEFUL = ("adam", "rmsprop", "adagrad", "adadelta", "nadam", "ftrl", "lion", "momentum")


@dataclass(frozen=True)
class UpdateMissing(Rule):
    """Gradients are computed and never applied, or not to all variables.

    What it is:
        The call that applies the gradients is missing, is made on copies of the weights, gets
        a zip that was read before, or the optimiser is made anew in each step and forgets its
        state.

    Why it matters:
        The weights stay as they were drawn; the loss only moves with the batches.

    How it is measured:
        By construction: no update of any variable in the whole run although gradients were
        computed, and no weights that differ between two observed steps; or a variable with a
        gradient that was never assigned, and never changed, while others were. An
        optimiser with state of which at least `min_instances` were made, one for every two
        steps or more, is an error only where the run fails. `min_discarded` gradients and more for each
        update are thrown away where the script applies them in some rounds of its loop and adds nothing
        up in the others.

    Example:
        grads = tape.gradient(loss, model.trainable_variables)  # and nothing more

    Use instead:
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))

    References:
        https://www.tensorflow.org/guide/keras/writing_a_training_loop_from_scratch
    """

    fault: ClassVar[str] = "update-missing"

    #: Fewer optimisers than this may serve several models or phases.
    min_instances: int = 5
    #: As many are made anew in any case; capture stops counting soon after.
    many: int = 50
    #: Gradients for each update from which on these are said to be thrown away, where nothing adds them up.
    min_discarded: int = 4
    #: Observations of weights that never change: an update may come only after several gradients.
    min_kept: int = 20
    #: A step or two are no training.
    max_steps: int = 2

    def check(self, view: SubjectView) -> Iterator[Result]:
        again = self._models_made_anew(view)
        if again:
            if view.subject == again[0]:
                yield self._new_models(view, again)
            return
        computed = view.subject.attributes.get("gradient_steps") or 0
        applied = view.subject.attributes.get("applied_steps")
        moved, seen = self._moved(view)
        if computed == 1 and applied == 0 and view.recording.run.crash:
            yield self.not_checked(view, "the script crashed before its first update")
            return
        changed = {site.key for site in view.variables if self._changed(view, site)}
        if computed and applied == 0 and not moved and not changed:
            yield self._never(view, f"{computed} gradients were computed and none was applied.", float(computed))
            return
        rate = learning_rate(view)
        if seen and not moved and not changed and self._pulled(view) and (rate is None or rate > 0):
            text = f"At all {seen} observed steps every weight is the same after the update as before."
            yield self._never(view, text, float(seen))
            return
        kept = self._kept(view)
        if not seen and kept and self._pulled(view) and (rate is None or rate > 0):
            yield self._never(view, f"At {kept} observed steps the weights are the same as at the first.", float(kept))
            return
        still = [
            site
            for site in view.variables
            if site.attributes.get("assigned") is False
            and site.attributes.get("connected") is not False
            and site.attributes.get("in_sources") is True
            and site.key not in changed
        ]
        if still and len(still) < len(view.variables) and view.judgement.steps > self.max_steps:
            yield self._partly(view, still)
            return
        optimizer = view.optimizer
        instances = (optimizer.attributes.get("instances") or 1) if optimizer is not None else 1
        if optimizer is not None and instances >= max(self.min_instances, min(view.judgement.steps / 2, self.many)):
            yield from self._made_anew(view, optimizer, int(instances))
            return
        calls = view.subject.attributes.get("gradient_calls") or 0
        if applied and calls >= self.min_discarded * applied and (place := applied_rarely(view.recording)) is not None:
            yield self._rarely(view, int(calls), int(applied), place)
            return
        if seen:
            yield self.ruled_out(f"weights moved at {moved} of {seen} observed steps")

    def _rarely(self, view: SubjectView, calls: int, applied: int, place: Location) -> Result:
        return self.finding(
            view,
            severity=Severity.WARNING if view.judgement.training else Severity.ERROR,
            confidence=Confidence.HIGH,
            title=f"Of {calls} gradients {applied} are applied",
            message=f"A gradient is computed {calls} times and applied {applied} times; the others are thrown away, as "
            "nothing in the loop adds them up.",
            site=view.optimizer or view.subject,
            location=place,
            evidence=(Evidence("gradients for each update", None, calls / applied, 1.0),),
            fixes=(Fix("Apply the gradients in every round of the loop"),),
        )

    def _models_made_anew(self, view: SubjectView) -> list[Site]:
        """Subjects that start training on this one's line and take a step or two each."""
        line = view.subject.location
        same = [one for one in view.recording.subjects if line is not None and one.location == line]
        short = all(len(view.recording.losses(one.key)) <= self.max_steps for one in same)
        return same if short and len(same) >= self.min_instances else []

    def _new_models(self, view: SubjectView, models: list[Site]) -> Result:
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="The model is made anew for every step",
            message=f"{len(models)} models were trained"
            + (f" on line {view.subject.location.line}" if view.subject.location is not None else "")
            + ", each for a step or two: what one learns the next has forgotten.",
            site=view.subject,
            location=constructed_at(view.recording, next((one.location for one in view.variables), None))
            or view.subject.location,
            evidence=(Evidence("models made", None, float(len(models)), 1.0),),
            fixes=(Fix("Make the model once, before the loop"),),
        )

    def _moved(self, view: SubjectView) -> tuple[int, int]:
        """(steps at which any variable moved, steps observed)."""
        steps: dict[int, bool] = {}
        for site in view.variables:
            norm = view.series("update", site, "norm", sound=False)
            for step, value in zip(norm.steps.tolist(), norm.values.tolist()):
                steps[step] = steps.get(step, False) or value != 0
        return sum(steps.values()), len(steps)

    def _changed(self, view: SubjectView, site: Site) -> bool:
        """Whether the weights themselves were seen to change, by whatever update."""
        return any(len(np.unique(view.series("weight", site, one, sound=False).values)) > 1 for one in ("norm", "mean"))

    def _kept(self, view: SubjectView) -> int:
        """Observed steps of a run whose weights never changed, where no update itself was seen; 0 where one did."""
        counts = [len(view.series("weight", site, "norm", sound=False)) for site in view.variables]
        if not counts or min(counts) < self.min_kept or any(self._changed(view, site) for site in view.variables):
            return 0
        return min(counts)

    def _pulled(self, view: SubjectView) -> bool:
        """Whether any gradient was other than zero."""
        return any(bool((view.series("gradient", site, "norm").values > 0).any()) for site in view.variables)

    def _never(self, view: SubjectView, text: str, count: float) -> Result:
        code = (
            "optimizer.apply_gradients(zip(grads, model.trainable_variables))"
            if view.keras or view.optimizer is not None
            else "variable.assign_sub(learning_rate * gradient)"
        )
        spent = read_twice(view.recording)
        lost = None if spent else rebound(view.recording)
        done = view.subject.attributes.get("applied_steps")
        applied = applied_at(view.recording) if done else None
        counted = None if done or spent or lost else counted_in_python(view.recording)
        due = never_due(view.recording) if not done and not spent and not lost and not counted else None
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.CERTAIN,
            title="The gradients are never applied",
            message=f"{text} The weights stay as they were drawn."
            + (" The zip of gradients and variables was read before: the second time it is empty." if spent else "")
            + (" The loop only gives its own name another value." if lost else "")
            + (f" `{counted.code}` counts in Python, which runs once, when the function is traced." if counted else "")
            + (f" They are to be applied on a condition that never came true: `{due.code}`" if due else ""),
            site=view.subject,
            location=spent or lost or counted or due or applied,
            evidence=(Evidence("steps with an update", None, 0.0, count),),
            fixes=(Fix("Choose the numbers in the condition so that it comes true within the loop") if due else
                   Fix("Count in a tf.Variable", "self.count.assign_add(1)") if counted else
                   Fix("Apply the gradients after computing them", code),),
        )  # fmt: skip

    def _partly(self, view: SubjectView, still: list[Site]) -> Result:
        names = ", ".join(f"`{site.name}`" for site in still[:4]) + (" ..." if len(still) > 4 else "")
        return self.finding(
            view,
            severity=Severity.ERROR if view.judgement.failing else Severity.WARNING,
            confidence=Confidence.HIGH,
            title=f"`{still[0].name}` is never updated",
            message=f"The gradient of {names} is computed, but nothing is ever assigned there.",
            site=still[0],
            evidence=(Evidence("variables never updated", None, float(len(still)), 0.0),),
            fixes=(Fix("Apply the gradients of all variables"),),
        )

    def _made_anew(self, view: SubjectView, optimizer: Site, instances: int) -> Iterator[Result]:
        name = str(optimizer.attributes.get("class") or "").lower()
        stateful = bool(optimizer.attributes.get("momentum")) or any(word in name for word in _STATEFUL)
        severity = view.degree or Severity.WARNING
        if not stateful:
            return
        yield self.finding(
            view,
            severity=severity,
            confidence=Confidence.MEDIUM,
            title="The optimiser is made anew in every step",
            message=(
                f"{instances} optimisers were made in {view.judgement.steps} steps: each forgets "
                "what the last one learned."
            ),
            site=optimizer,
            evidence=(Evidence("optimisers made", None, float(instances), 1.0),),
            fixes=(Fix("Make the optimiser once, before the loop"),),
        )
