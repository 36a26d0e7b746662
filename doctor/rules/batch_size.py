"""Rule: a batch far too large or too small for the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.loss_facts import loss_is
from doctor.reading.fed import fed_from
from doctor.reading.values import argument
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.row_sets import row_sets
from doctor.rules.view import SubjectView
from doctor.types import Location, Site

#: Losses that are 0 where all is right.
_FROM_ZERO = ("softmax_cross_entropy", "sigmoid_cross_entropy", "squared_error", "absolute_error", "log_probability")


@dataclass(frozen=True)
class BatchSize(Rule):
    """The batch is far too large, or far too small, for the data.

    What it is:
        A batch of all the data, so that an epoch is a single update; or one example at a time under
        batch normalisation, which then has nothing to compare with.

    Why it matters:
        Training is counted in epochs but learns by updates: ten epochs of one update each are ten
        updates. With one example batch normalisation subtracts the example from itself.

    How it is measured:
        Rows of the training data over rows of a batch. It fires where the run is not clearly better
        than a constant prediction, still falling, after at most `max_updates` updates, each with at
        least `max_part` of the data (a warning where it is better, but closed less than `good_gain` of
        the gap to perfect prediction); and where the run fails on batches of at most `min_batch`
        examples with batch normalisation.

    Example:
        model.fit(x, y, batch_size=len(x), epochs=10)

    Use instead:
        model.fit(x, y, batch_size=32, epochs=10)

    References:
        Masters and Luschi 2018, Revisiting Small Batch Training, https://arxiv.org/abs/1804.07612
    """

    fault: ClassVar[str] = "batch-size"

    #: Part of the data in one batch from which on an epoch is hardly more than an update.
    max_part: float = 0.25
    #: More updates are plenty, also with all the data in each.
    max_updates: int = 300
    #: Share of the gap to perfect prediction from which on the updates were enough.
    good_gain: float = 0.5
    #: So few updates are hardly any,
    hardly_any: int = 30
    #: of so large a part of the data in each,
    most: float = 0.5
    #: and enough only where they close so much of that gap.
    fully: float = 0.9
    #: Gap between training and evaluation that averages of a normalisation make which have not settled.
    unsettled_gap: float = 0.3
    #: Smaller data sets fit into one batch by right.
    min_rows: int = 256
    #: Batches that batch normalisation cannot work with.
    min_batch: int = 2

    def check(self, view: SubjectView) -> Iterator[Result]:
        batch = round(view.batch_size or 0)
        if batch < 1:
            yield self.not_checked(view, "the size of the batches is not known")
            return
        judgement = view.judgement
        rows = max((one.rows for one in row_sets(view, "train") if one.array is not None), default=0)
        fit = view.first_site("fit")
        place = fit if fit is not None else view.subject
        line = _batched_at(view) or argument(view.recording, place.location, ("batch_size",))
        if view.normalised and batch <= self.min_batch and judgement.failing:
            yield self.finding(
                view,
                severity=view.degree_of_learning or Severity.WARNING,
                confidence=Confidence.HIGH if batch < 2 else Confidence.MEDIUM,
                title="Batch normalisation on " + (f"batches of {batch}" if batch > 1 else "single examples"),
                message="Mean and variance of so few examples say nothing: what is left of them is noise or zero.",
                site=place,
                location=line,
                evidence=(Evidence("batch size", None, float(batch), float(self.min_batch)),),
                fixes=(Fix("Use larger batches", "batch_size=32"),),
            )
            return
        if rows and rows < self.min_rows or view.recording.run.ended_early:
            return
        fed = [(site.attributes.get("shape") or (None,))[0] for site in view.sites("input")]
        if any(isinstance(one, int) and one > batch and one >= rows > 0 for one in fed):
            return  # a graph of which some nodes have labels: all of it goes through the network by right
        if not rows:
            epochs = int(fit.attributes.get("epochs") or 0) if fit is not None else 0
            if self._one_an_epoch(view, batch, epochs):
                yield self._few(view, place, line, batch)
            return
        part = batch / rows
        wanted = self.good_gain
        if judgement.steps <= self.hardly_any and part >= self.most and view.optimizer is not None:
            wanted = self.fully  # nobody means so few updates of all rows
        enough = judgement.training and not (judgement.falling and (judgement.gain or 1.0) < wanted)
        if part < self.max_part or judgement.steps > self.max_updates or enough:
            of_data = share(min(part, 1.0))
            yield self.ruled_out(f"a batch has {of_data} of the data, {judgement.steps} updates were made")
            return
        hardly_falls = judgement.late_loss >= 0.98 * judgement.first_loss
        if not judgement.falling and (hardly_falls or judgement.by == "curve"):
            return  # nothing says that there is more to learn
        yield self.finding(
            view,
            severity=self._severity(view),
            confidence=Confidence.MEDIUM,
            title=f"The batch of {batch} leaves {judgement.steps} updates in all",
            message=(
                f"A batch has {share(min(part, 1.0))} of the {rows} rows, so that an epoch is "
                f"{max(1, round(rows / batch))} update{'s' if rows / batch >= 1.5 else ''}; "
                + ("the loss was still falling when the training ended." if judgement.falling else
                   f"the loss fell from {number(judgement.first_loss)} to {number(judgement.late_loss)}.")
            ),
            site=place,
            location=line,
            onset=0,
            evidence=(
                Evidence("batch size", None, float(batch), self.max_part * rows),
                Evidence("updates", None, float(judgement.steps), float(self.max_updates)),
            ),
            fixes=(Fix("Use smaller batches", "batch_size=32"),),
        )

    def _severity(self, view: SubjectView) -> Severity:
        """Averages of a batch normalisation that have had so few updates make the evaluation worthless."""
        averages = any("BatchNorm" in str(one.attributes.get("class")) for one in view.sites("modal", None))
        if averages and (view.gap or 0.0) >= self.unsettled_gap:
            return Severity.ERROR
        return view.degree_of_learning or Severity.WARNING

    def _one_an_epoch(self, view: SubjectView, batch: int, epochs: int) -> bool:
        """Whether batches of a generator hold so much that an epoch is hardly more than an update, to no good end."""
        judgement = view.judgement
        few = 0 < judgement.steps <= min(2 * epochs, self.max_updates // 3) and batch >= self.min_rows
        if not few or epochs <= 1 or judgement.gain is None:
            return False
        # Hits come early: while the loss falls, what is left of it tells how much there was to learn.
        baseline, closed = judgement.baseline or 0.0, judgement.gain
        if baseline > 0 and any(loss_is(view.recording, view.subject, one) for one in _FROM_ZERO):
            closed = 1 - judgement.late_loss / baseline
        return judgement.gain < self.good_gain or (judgement.falling and closed < self.good_gain)

    def _few(self, view: SubjectView, place: Site, line: Location | None, batch: int) -> Result:
        steps = view.judgement.steps
        return self.finding(
            view,
            severity=self._severity(view),
            confidence=Confidence.MEDIUM,
            title=f"The batch of {batch} leaves {steps} update{'s' if steps > 1 else ''} in all",
            message=f"An epoch is hardly more than one update of {batch} rows; the loss goes from "
            f"{number(view.judgement.first_loss)} to {number(view.judgement.late_loss)}.",
            site=place,
            location=fed_from(view.recording, place.location) or line,
            onset=0,
            evidence=(Evidence("updates", None, float(steps), float(self.max_updates)),),
            fixes=(Fix("Use smaller batches", "batch_size=32"),),
        )


def _batched_at(view: SubjectView) -> Location | None:
    """Where the size of the batches of a training dataset was chosen, or None where no dataset makes them."""
    for dataset in view.sites("dataset", None):
        for stage in dataset.attributes.get("chain") or () if dataset.attributes.get("used_for") == "train" else ():
            if stage.get("stage") == "batch" and stage.get("location"):
                return argument(view.recording, Location.of(stage["location"]), ("batch_size",), 0, "batch")
    return None
