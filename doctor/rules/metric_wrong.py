"""Rule: the metric that is shown does not say how well the model does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Iterator

import numpy as np

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.metrics import fed_at, reset_uncalled
from doctor.reading.source import keyword
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.labels import label_values
from doctor.rules.row_sets import row_sets
from doctor.rules.view import SubjectView
from doctor.types import Location, Series, Site

#: Names of Keras's accuracies in its logs.
ACCURACY = re.compile(r"(^|_|/)(binary_|categorical_|sparse_categorical_)?acc(uracy)?(_\d+)?$", re.I)


@dataclass(frozen=True)
class MetricWrong(Rule):
    """The metric that is shown is the wrong one, or is never reset.

    What it is:
        An accuracy of a regression, a binary accuracy of one-hot rows, a threshold of 0.5 on
        logits, or a metric that averages over all epochs because nothing resets it.

    Why it matters:
        The model trains and the figure says otherwise, or the figure is fine and the model is not.
        Everything that is chosen by it is chosen wrongly.

    How it is measured:
        An accuracy of measured values (squared or absolute error, labels that are no classes) is wrong by
        construction, and so is a comparison of (N, 1) predictions with (N,) labels. Else the accuracy that
        `fit` reports for an epoch is compared with the share of correct predictions that was counted in the
        same epoch's batches: a median difference of `max_difference` and more says that they are not the
        same thing. An evaluation that rounds logits of a binary cross-entropy is wrong by construction. A
        metric of a hand-written loop is asked for several times while its count only grows, an epoch at a
        time; the mean of its last epoch differs from what it shows by `min_drift` of its size.

    Example:
        model.compile(loss="mse", metrics=["accuracy"])  # y is a price

    Use instead:
        model.compile(loss="mse", metrics=["mae"])

    References:
        https://keras.io/api/metrics/
    """

    fault: ClassVar[str] = "metric-wrong"
    worst: ClassVar[Severity] = Severity.WARNING

    #: Accuracies of the same batches differ by less, also while an epoch learns fast.
    max_difference: float = 0.12
    #: Predictions counted in an epoch that make its accuracy known to a few percent.
    min_predictions: int = 200
    #: Rows of a comparison in NumPy: fewer are a look at some examples.
    min_rows: int = 30
    #: The same of the last half of all epochs together, where twice the difference is asked for.
    min_pooled: int = 100
    #: Batches in which they were counted.
    min_counts: int = 3
    #: Part of the metric's size by which the average of all epochs is off.
    min_drift: float = 0.02
    #: Times that a metric was asked for, an epoch each.
    min_results: int = 3

    def check(self, view: SubjectView) -> Iterator[Result]:
        found = (
            self._accuracy_of_values(view)
            or self._yes_or_no(view)
            or self._another_accuracy(view)
            or self._rounded_logits(view)
            or self._all_pairs(view)
            or self._never_reset(view)
        )
        if found is not None:
            yield found

    def _metrics(self, view: SubjectView) -> list[tuple[Site, str]]:
        return [
            (fit, str(one))
            for fit in view.fits
            for one in (fit.attributes.get("compile") or {}).get("metrics") or ()
        ]

    def _accuracy_of_values(self, view: SubjectView) -> Result | None:
        function = view.loss.attributes.get("function") if view.loss is not None else None
        values = label_values(view)
        asked = [(fit, name) for fit, name in self._metrics(view) if "acc" in name.lower()]
        if not asked or function not in ("squared_error", "absolute_error", "other") or values is None or values.whole:
            return None
        if len(view.sites("label")) > 1 or view.output is None or (view.output.attributes.get("units") or 1) > 1:
            return None  # another output may be the one, and rows of shares may be smoothed classes
        fit, name = asked[0]
        return self._found(
            view, fit, "An accuracy is asked for where values are predicted",
            f"`{name}` counts how many predictions equal the label exactly. The labels are measured values between "
            f"{number(values.low)} and {number(values.high)}: it stays near zero however good the model is.",
            Evidence("label/whole numbers", None, 0.0, 1.0), Fix("Ask for a mean absolute error", 'metrics=["mae"]'),
            Confidence.CERTAIN,
        )  # fmt: skip

    def _yes_or_no(self, view: SubjectView) -> Result | None:
        """A binary accuracy of one choice among several, with no other accuracy beside it."""
        one_hot = view.label is not None and view.label.attributes.get("encoding") == "one-hot"
        units = int(view.output.attributes.get("units") or 0) if view.output is not None else 0
        softmax = view.loss is not None and view.loss.attributes.get("function") == "softmax_cross_entropy"
        asked = [(fit, name) for fit, name in self._metrics(view) if ACCURACY.search(name)]
        if not one_hot or not softmax or units < 3 or len(view.sites("output")) > 1:
            return None
        if not asked or not all(name == "binary_accuracy" for _, name in asked):
            return None
        shown = view.recording.scalars(view.subject.key, "epoch/binary_accuracy").finite()
        if not len(shown):
            return None
        return self._found(
            view, asked[0][0], "A binary accuracy is asked for where one of several classes is chosen",
            f"`binary_accuracy` takes each of the {units} numbers of an answer for a question of its own, and "
            f"{units - 1} of them are no: an answer that never exceeds a half is right in {share(1 - 1 / units)} of "
            "them.",
            Evidence("epoch/binary_accuracy", None, float(shown.values[-1]), 1 - 1 / units, "share",
                     "the limit is that of no answer"),
            Fix("Count the answers that are right", 'metrics=["categorical_accuracy"]'),
            Confidence.CERTAIN,
        )  # fmt: skip

    def _another_accuracy(self, view: SubjectView) -> Result | None:
        if view.output is None or len(view.sites("output")) > 1:
            return None
        if any(fit.attributes.get("sample_weight") for fit in view.fits):
            return None  # a weighted metric leaves out what has no weight (padding), and hits are counted everywhere
        masked = view.loss is not None and view.loss.attributes.get("weighted_by") == "data"
        shape = list((view.label.attributes.get("shape") if view.label is not None else None) or ())
        fed = next((site.attributes.get("shape") or () for site in view.sites("input")), ())
        if masked and (len(shape) > 1 or (shape and fed and shape[0] and fed[0] and shape[0] > fed[0])):
            return None  # the same by hand: places of a sequence whose losses are multiplied by a mask
        for name in view.recording.scalar_names(view.subject.key):
            if not name.startswith("epoch/") or name.startswith("epoch/val_") or not ACCURACY.search(name):
                continue
            shown = view.recording.scalars(view.subject.key, name).finite()
            pairs = self._counted(view, shown) or self._pooled(view, shown)
            if not pairs:
                continue
            apart = [one - other for one, other in pairs]
            middle = float(np.median(apart))
            if abs(middle) < self.max_difference:
                continue
            fit = view.fits[0] if view.fits else None
            last, counted = pairs[-1]
            return self._found(
                view, fit, f"`{name.removeprefix('epoch/')}` is not the accuracy of the predictions",
                f"It says {share(last)} in an epoch in which {share(counted)} of the predictions seen were right.",
                Evidence(name, None, last, counted, "share", "the limit is the share of correct predictions"),
                Fix("Use the accuracy that fits the labels", 'metrics=["sparse_categorical_accuracy"]'),
                Confidence.HIGH,
            )  # fmt: skip
        return None

    def _counted(self, view: SubjectView, shown: Series) -> list[tuple[float, float]]:
        """(what the metric says, share of correct predictions) of each epoch with enough of them."""
        assert view.output is not None
        counts = [one for one in view.recording.vectors(view.output.key, "correct") if len(one[1]) >= 2]
        pairs, begin, before = [], -1, None
        for step, value in zip(shown.steps.tolist(), shown.values.tolist()):
            settled, before = before is not None and abs(value - before) < self.max_difference / 2, value
            rows = [(at, values) for at, values in counts if begin < at <= step]
            right, total = (float(sum(values[number] for _, values in rows)) for number in (0, 1))
            # The accuracy rises within an epoch: what was counted must lie about its middle, and little change.
            middle = float(np.mean([(at - begin) / (step - begin) for at, _ in rows])) if rows else 0.0
            if settled and total >= self.min_predictions and len(rows) >= self.min_counts and 0.35 <= middle <= 0.65:
                pairs.append((value, right / total))
            begin = step
        return pairs[len(pairs) // 2 :]

    def _pooled(self, view: SubjectView, shown: Series) -> list[tuple[float, float]]:
        """The same for the last half of the epochs together, where few predictions were seen in each of them.

        Only what is far from all that the metric said there, and hardly changes itself, is believed.
        """
        assert view.output is not None
        late = shown.tail(len(shown) // 2)
        if len(late) < self.min_counts:
            return []
        counts = [
            values[:2]
            for at, values in view.recording.vectors(view.output.key, "correct")
            if len(values) >= 2 and at > int(late.steps[0])
        ]
        halves = [np.sum(part, axis=0) for part in (counts[: len(counts) // 2], counts[len(counts) // 2 :]) if part]
        if len(halves) < 2 or sum(half[1] for half in halves) < self.min_pooled:
            return []
        first, last = (float(right / total) for right, total in halves)
        whole = float(sum(half[0] for half in halves) / sum(half[1] for half in halves))
        nearest = float(np.clip(whole, late.values.min(), late.values.max()))
        if abs(first - last) > self.max_difference or abs(nearest - whole) < 2 * self.max_difference:
            return []
        return [(float(late.values[-1]), whole)]

    def _rounded_logits(self, view: SubjectView) -> Result | None:
        """An evaluation that rounds what the loss takes for logits."""
        trained = view.loss.attributes.get("function") if view.loss is not None else None
        for site in view.sites("decision", "eval"):
            if site.name != "rounded" or site.attributes.get("takes") != "logits":
                continue
            if trained != "sigmoid_cross_entropy":
                continue
            accuracy = view.judgement.eval_accuracy
            return self._found(
                view, site, "The accuracy rounds logits",
                "The loss takes the output for a logit, which is 0 where both answers are equally likely. Rounding it "
                "answers 1 from 0.5 to 1.5 only, and never equals the label beyond."
                + (f" With the sign of the logit {share(accuracy)} are right." if accuracy is not None else ""),
                Evidence("threshold of the answer", None, 0.5, 0.0),
                Fix("Compare the logit with 0", "guess = tf.cast(logits > 0, tf.float32)"), Confidence.CERTAIN,
            )  # fmt: skip
        return None

    def _all_pairs(self, view: SubjectView) -> Result | None:
        """A hand-written accuracy or error that compares every prediction with every label."""
        found = self._paired(view)
        if found is None:
            return None
        site, shapes, right, fix = found
        texts = ["(N, 1)" if len(shape) == 2 else "(N,)" for shape in shapes]
        of_values = site.kind == "score" and site.name == "r2"
        told = "The right pairs have an R2 of" if of_values else "Of the right pairs this share is equal:"
        return self._found(
            view, site,
            f"The {'error' if of_values else 'accuracy'} compares predictions {texts[0]} with labels {texts[1]}",
            "Broadcasting makes (N, N) of them: every prediction is compared with every label, and the mean is that of "
            "all pairs." + (f" {told} {number(float(right))}." if right is not None else ""),
            Evidence("axes of predictions and labels", None, float(len(shapes[0])), float(len(shapes[1]))),
            Fix("Give both the same shape", fix), Confidence.CERTAIN,
        )  # fmt: skip

    def _paired(self, view: SubjectView) -> tuple[Site, list[list[int]], float | None, str] | None:
        """(site, shapes of predictions and labels, what the right pairs give, repair) of a comparison of all pairs."""
        compared = next(iter(view.sites("comparison", None)), None)
        if compared is not None:
            shapes = [list(compared.attributes.get(name) or ()) for name in ("output", "labels")]
            return compared, shapes, view.judgement.eval_accuracy, "labels = tf.reshape(labels, tf.shape(predictions))"
        for site in view.sites("score", None) if len(view.recording.subjects) == 1 else ():
            facts = site.attributes
            late = int(facts.get("steps") or 0) >= view.judgement.steps - 1
            if facts.get("broadcast") and late and int(facts["rows"]) >= self.min_rows:
                return site, facts["broadcast"], facts["value"], "predictions = predictions.reshape(labels.shape)"
        return None

    def _never_reset(self, view: SubjectView) -> Result | None:
        rows = max((one.rows for one in row_sets(view, "train") if one.array is not None), default=0)
        for site in view.sites("metric"):
            known = [one for one in site.attributes.get("results") or () if None not in one]
            # Asked for twice in a row, a metric says the same.
            results = [one for one, before in zip(known, [None, *known]) if before is None or one[2] != before[2]]
            if len(results) < self.min_results:
                continue
            shown = np.array([one[1] for one in results], dtype=float)
            taken = np.array([one[2] for one in results], dtype=float)
            added = np.diff(taken)
            if (added <= 0).any() or added.max() > 1.5 * added.min():
                continue
            per_epoch = rows and abs(float(np.median(added)) - rows) < 0.1 * rows
            if not per_epoch and "epoch" not in view.recording.source.lower():
                continue
            # A mean over all: what the last part of it alone would be.
            latest = float((taken[-1] * shown[-1] - taken[-2] * shown[-2]) / added[-1])
            drift = abs(latest - shown[-1]) / max(abs(latest), abs(shown[-1]), 1e-12)
            if drift < self.min_drift:
                continue
            return self._found(
                view, site, f"`{variable_of(site)}` is never reset: it averages over all epochs",
                f"It was asked for {len(results)} times and its count only grew, to {number(float(taken[-1]))}. It "
                f"shows {number(float(shown[-1]))}; over the last epoch alone it is {number(latest)}.",
                Evidence(f"metric/{site.name}", int(results[-1][0]), float(shown[-1]), latest, "",
                         "the limit is the mean of the last epoch"),
                Fix("Reset it at the start of every epoch", f"{variable_of(site)}.reset_state()"), Confidence.HIGH,
                reset_uncalled(view.recording) or fed_at(view.recording, variable_of(site)),
            )  # fmt: skip
        return None

    def _found(
        self, view: SubjectView, site: Site | None, title: str, text: str, evidence: Evidence, fix: Fix,
        confidence: Confidence, place: Location | None = None,
    ) -> Result:  # fmt: skip
        compiled = (site.attributes.get("compile") or {}) if site is not None else {}
        return self.finding(
            view,
            severity=Severity.WARNING,
            confidence=confidence,
            title=title,
            message=text,
            site=site,
            location=place or keyword(view.recording, Location.of(compiled.get("location")), "metrics"),
            onset=None,
            evidence=(evidence,),
            fixes=(fix,),
        )


def variable_of(metric: Site) -> str:
    """What the script calls a metric, Keras's name where that is not known."""
    assigned = re.match(r"([A-Za-z_][\w.]*)\s*=[^=]", metric.location.code if metric.location is not None else "")
    return assigned[1] if assigned else metric.name
