"""Rule: inputs that are the same for every example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.buffers import cut_to_whole
from doctor.reading.chains import made_at
from doctor.reading.idioms import column_set_at
from doctor.reading.step_kinds import centred_at, may_empty
from doctor.reading.table_columns import emptied_column
from doctor.rules.base import Result, Rule, number, share
from doctor.rules.columns import array_names, columns_text, file_text
from doctor.rules.frozen_model import silent_frozen_layer
from doctor.rules.unknown_tokens import UnknownTokens, looked_up
from doctor.rules.view import SQUASHING, SubjectView
from doctor.rules.wording import data_line, window_line
from doctor.types import Location, Site


#: Layers that take the mean of what they are given off.
_TAKES_MEAN = ("LayerNormalization", "GroupNormalization")


@dataclass(frozen=True)
class DegenerateFeature(Rule):
    """The inputs carry no signal: they are constant, zeroed or cut in the wrong place.

    What it is:
        An integer division turns all values to zero, a mask removes what matters, a slice takes the
        padding instead of the data, a file holds an empty column.

    Why it matters:
        Where all examples look alike the best answer is the same for all of them. No model can do
        better, and the loss stops at that of a constant prediction.

    How it is measured:
        The standard deviation over the examples of a batch, mean over the columns. It fires where
        that is zero, by construction, or below `min_spread` of the size of the values at every
        observed step while the run fails. Where the run fails, it also fires when at least `max_constant`
        of the columns of a table are constant, and the table is `narrow` or the labels cannot be guessed from
        the inputs by nearest neighbours or class means; and when the values of a layer whose weights
        differ are the same for every example, by the same measure, and those of the inputs are not.
        Single constant columns (the corners of digits) are nothing.

    Example:
        x = images // 256

    Use instead:
        x = images / 255.0

    References:
        https://developers.google.com/machine-learning/crash-course/numerical-data
    """

    fault: ClassVar[str] = "degenerate-feature"
    needs: ClassVar[frozenset[str]] = frozenset({"input"})

    #: Deviation over the examples as a share of the size of the values: 1e-6 is rounding.
    min_spread: float = 1e-5
    #: Deviation over the examples, as a share of the size, of what lies before a layer that hides them at once.
    min_before: float = 0.01
    #: Share of constant columns beyond which little can be left, where labels cannot be guessed.
    max_constant: float = 0.5
    #: Standard errors above chance from which on labels have to do with their inputs.
    related: float = 3.5
    #: Tables of at most so many columns have each for a reason.
    narrow: int = 32
    #: Observed batches in which an input of several has to have one and the same value.
    min_steps: int = 5
    #: Examples in a batch that can be compared.
    min_batch: int = 4

    def check(self, view: SubjectView) -> Iterator[Result]:
        if view.batch_size is None or view.batch_size < self.min_batch:
            yield self.not_checked(view, "batches of several examples are needed to compare their inputs")
            return
        inputs = [site for site in view.sites("input") if not site.attributes.get("random_ops")]
        flat = []
        for site in inputs:
            # Single numbers (the row of a table of words) have no columns.
            columns = len(site.attributes.get("shape") or ()) != 1
            spread = view.series("input", site, "unit_std" if columns else "std", sound=False).finite()
            size = view.series("input", site, "abs_mean", sound=False).finite()
            bad = view.series("input", site, "nan_count", sound=False).values
            if len(bad) and bad.max() > 0:
                return  # what is left of such inputs tells nothing
            if len(spread) and len(size) and len(spread) == len(size):
                flat.append((site, float(spread.values.max()), float(size.values.max())))
        if not flat:
            return
        empty = [one for one in flat if one[1] <= self.min_spread * max(one[2], 1e-30)]
        if len(empty) == len(flat) and silent_frozen_layer(view) is not None:
            return  # see dead-relu
        if len(empty) == len(flat):
            yield self._alike(view, *empty[0])
            return
        for site, deviation, _ in empty:
            value = self._one_value(view, site) if deviation == 0 else None
            if value is not None:
                yield self._lone(view, site, value)
                return
        array = self._mostly_constant(view)
        if array is not None and view.degree is Severity.ERROR:
            yield self._constant_columns(view, array)
            return
        lost = self._lost(view)
        if lost is not None and view.degree is Severity.ERROR:
            yield lost
            return
        yield self.ruled_out(f"inputs vary by {number(flat[0][1])} between examples")

    def _lost(self, view: SubjectView) -> Result | None:
        """The first layer that puts out the same for every example, right behind values that differ.

        In a deep stack that fades the values become alike by and by, and flat units are alike by nature.
        """
        words = looked_up(view, UnknownTokens.min_words)
        if words is not None and float(words[2].values.max()) <= UnknownTokens.max_number:
            return None  # see unknown-tokens: what is the same word everywhere is alike behind any layer
        before = 1.0
        for site in view.activations:
            kernel = view.kernel_before(site)
            drawn = view.initial("weight", kernel) if kernel is not None else None
            spread, size = (view.series("activation", site, name).finite() for name in ("unit_std", "abs_mean"))
            if len(spread) < self.min_steps or len(spread) != len(size):
                continue
            # Units that are all dead hide the inputs as well: see dead-relu.
            told, before = before, float(spread.values[0] / size.values[0]) if size.values[0] > 0 else 0.0
            alike = size.values[0] > 0 and (spread.values <= self.min_spread * size.values).all()
            flat = site.attributes.get("function") in SQUASHING
            if not alike or flat or told < self.min_before or drawn is None or drawn["std"] <= abs(drawn["mean"]):
                continue
            return self.finding(
                view,
                severity=Severity.ERROR,
                confidence=Confidence.HIGH,
                title=f"What reaches `{site.name}` is the same for every example",
                message=(
                    f"The inputs differ from example to example, and the values of `{site.name}` do not: they vary by "
                    f"{number(float(spread.values[0]))}, at a size of {number(float(size.values[0]))}. Something "
                    "between the two hides the inputs: a mask turned round, a product with zero, a slice."
                ),
                site=site,
                location=site.location,
                onset=0,
                evidence=(Evidence(spread.name, int(spread.steps[0]), float(spread.values[0]),
                                   self.min_spread * float(size.values[0])),),
                fixes=(Fix("Print what goes into this layer for two different examples, and follow it back"),),
            )  # fmt: skip
        return None

    def _alike(self, view: SubjectView, site: Site, spread: float, size: float) -> Result:
        zero = size == 0
        return self.finding(
            view,
            severity=Severity.ERROR if spread == 0 or view.judgement.failing else Severity.WARNING,
            confidence=Confidence.CERTAIN if spread == 0 else Confidence.HIGH,
            title=f"{self._how_many(view)} inputs are zero" if zero else "All examples have the same inputs",
            message=(
                f"The inputs vary by {number(spread)} between the examples of a batch, with values of about "
                f"{number(size)}: the model cannot tell one example from another{self._but_for(view)}."
            ),
            site=site,
            location=(self._levelling_layer(view) if zero else None)
            or self._line(view, zero) or window_line(view, "x") or data_line(view, site),
            evidence=(Evidence(f"input/{site.name}/unit_std", 0, spread, self.min_spread * size),),
            fixes=(Fix("Print a few rows of the inputs just before the training, and mend what empties them"),),
        )

    def _levelling_layer(self, view: SubjectView) -> Location | None:
        """The layer without weights, before the first that has any, that takes the mean off: over an axis of length one
        it leaves nothing."""
        for model in view.sites("model", None):
            for layer in model.attributes.get("layers") or ():
                if layer["class"] in _TAKES_MEAN and not layer["weights"][1]:
                    return Location.of(layer["location"])
                if layer["weights"][1]:
                    break
        return None

    def _one_value(self, view: SubjectView, site: Site) -> float | None:
        """The value of an input of one column, where it is the same in all batches; wider ones may be states."""
        shape = list(site.attributes.get("shape") or ())
        low, high = (view.series("input", site, name, sound=False).finite().values for name in ("min", "max"))
        if len(shape) > 2 or len(shape) == 2 and shape[1] != 1 or len(low) < self.min_steps or low.min() != high.max():
            return None
        # One is what masks, units of bias and the seeds of an inner gradient are made of.
        return float(low[0]) if low[0] != 1 else None

    def _lone(self, view: SubjectView, site: Site, value: float) -> Result:
        arrays = [one for one in view.sites("array") if str(one.attributes.get("role") or "").startswith("x[")]
        same = [one for one in arrays if one.attributes.get("min") == one.attributes.get("max") == value]
        key = str(same[0].attributes["role"])[2:-1].strip("'\"") if len(same) == 1 else None
        name = key or site.name
        return self.finding(
            view,
            severity=Severity.ERROR if view.judgement.failing else Severity.WARNING,
            confidence=Confidence.HIGH,
            title=f"The input `{name}` is {number(value)} in all examples",
            message=f"`{name}` is one of {len(view.sites('input'))} inputs of the model, and never anything but "
            f"{number(value)}: it carries no signal.",
            site=site,
            location=(column_set_at(view.recording, key) if key else None)
            or (same[0].location if same else None) or data_line(view, site),
            evidence=(Evidence(f"input/{site.name}/std", 0, 0.0, 0.0),),
            fixes=(Fix("Look at what makes this input, or leave it out"),),
        )  # fmt: skip

    def _line(self, view: SubjectView, zero: bool) -> Location | None:
        """The step in the making of the only array of inputs that may have emptied it."""
        arrays = [array for array in view.sites("array") if array.attributes.get("role") == "x"]
        _, same = self._entries(view)
        if same:
            return emptied_column(view.recording, [str(one.attributes["role"])[3:-2] for one in same])
        if len(arrays) != 1:
            return None
        return (
            (centred_at(view.recording, arrays[0]) if zero else None)
            or cut_to_whole(view.recording, arrays[0])
            or made_at(view.recording, arrays[0], may_empty)
        )

    @staticmethod
    def _entries(view: SubjectView) -> tuple[list[Site], list[Site]]:
        """The arrays of a dict of inputs, and those of them that hold one number."""
        named = [array for array in view.sites("array") if str(array.attributes.get("role")).startswith("x['")]
        ends = [(one, one.attributes.get("min"), one.attributes.get("max")) for one in named]
        return named, [one for one, low, high in ends if low is not None and low == high]

    def _but_for(self, view: SubjectView) -> str:
        """" but by `hour`": the entries of a dict that do vary."""
        named, same = self._entries(view)
        other = [str(one.attributes["role"])[3:-2] for one in named if one not in same]
        return f" but by {', '.join(f'`{name}`' for name in other[:3])}" if same and other else ""

    def _how_many(self, view: SubjectView) -> str:
        """"All", or the number of entries of a dict of which others are not the same everywhere."""
        named, same = self._entries(view)
        return f"{len(same)} of {len(named)}" if 0 < len(same) < len(named) else "All"

    def _mostly_constant(self, view: SubjectView) -> Site | None:
        """A training table of which most columns are constant and whose labels cannot be guessed from it."""
        for rows in view.sites("rows", None):
            relation = rows.attributes.get("relation")
            if rows.phase == "eval":
                continue
            told = relation is not None and relation["deviations"] >= self.related
            for key in rows.attributes.get("inputs") or ():
                array = view.recording.sites.get(str(key))
                columns = (array.attributes.get("columns") if array is not None else None) or ()
                constant = [one for one in columns if one.get("constant")]
                if columns and len(constant) >= self.max_constant * len(columns):
                    # Most of a few columns are missed even where the rest tells a little; pictures have margins.
                    if not told or len(columns) <= self.narrow:
                        return array
        return None

    def _constant_columns(self, view: SubjectView, array: Site) -> Result:
        columns = list(array.attributes.get("columns") or ())
        constant = [number for number, one in enumerate(columns) if one.get("constant")]
        names = [columns[number].get("name") for number in constant]
        part = len(constant) / len(columns)
        return self.finding(
            view,
            severity=Severity.ERROR,
            confidence=Confidence.MEDIUM,
            title=f"{share(part)} of the columns are constant",
            message=(
                f"{len(constant)} of {len(columns)} columns{file_text(array)} have one value only: "
                f"{columns_text(constant, array_names(array))}. What is left does not tell the labels."
            ),
            site=array,
            # A step that makes one column leaves the others as they are.
            location=made_at(view.recording, array, lambda step: may_empty(step) and step.column in (None, *names))
            or array.location,
            evidence=(Evidence(f"array/{array.name}/constant columns", None, part, self.max_constant, "share"),),
            fixes=(Fix("Look at what fills these columns"),),
        )
