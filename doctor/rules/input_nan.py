"""Rule: NaN or infinity in the inputs or the targets."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import ClassVar, Iterator

from doctor.findings import Confidence, Evidence, Fix, Severity
from doctor.reading.chains import Step, made_at, made_of_line, reads
from doctor.reading.step_kinds import may_leave_numbers
from doctor.reading.table_columns import computed_column, only_maker, stacked_column
from doctor.rules.base import Result, Rule
from doctor.rules.columns import array_names, columns_text, file_text, input_names
from doctor.rules.view import SubjectView
from doctor.types import Location, Site


@dataclass(frozen=True)
class InputNan(Rule):
    """NaN or infinity in the inputs or the targets.

    What it is:
        Missing values, a division by a zero spread or the logarithm of zero left numbers in
        the data that are not finite.

    Why it matters:
        One such number makes the loss of its batch NaN, the gradients NaN, and with the next
        update every weight NaN, for good.

    How it is measured:
        The counts of NaN and infinite values at the inputs and labels of the observed steps,
        and in the arrays that are handed to fit, evaluate or from_tensor_slices. Any count
        above zero is an error by construction, unless the weights were already NaN before
        (inputs that another model computes).

    Example:
        x = (x - x.mean(axis=0)) / x.std(axis=0)  # a constant column divides 0 by 0

    Use instead:
        x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-8)

    References:
        https://numpy.org/doc/stable/reference/generated/numpy.nan_to_num.html
    """

    fault: ClassVar[str] = "input-nan"

    def check(self, view: SubjectView) -> Iterator[Result]:
        observed = 0
        for kind, name in (("input", "inputs"), ("label", "labels")):
            for site in view.sites(kind):
                nan = view.series(kind, site, "nan_count", sound=False)
                inf = view.series(kind, site, "inf_count", sound=False)
                observed += len(nan)
                bad = nan.values + inf.values
                if not bad.any() or kind == "label" and view.fed_finite(site):
                    continue
                index = int((bad > 0).argmax())
                step = int(nan.steps[index])
                if self._weights_first(view, step):
                    continue
                array = self._array(view, kind, evaluation=False)
                where = self._where(array) or self._columns_of_batch(view, site, step)
                yield self.finding(
                    view,
                    severity=Severity.ERROR,
                    confidence=Confidence.CERTAIN,
                    title=f"The {name} hold NaN or infinity",
                    message=(
                        f"At step {step} {bad[index]:.0f} of "
                        f"{view.series(kind, site, 'size', sound=False).values[index]:.0f} "
                        f"values of `{site.name}` are not finite{where}. Everything computed from them is NaN as well."
                    ),
                    site=site,
                    location=_place(view, array)
                    or (array.location if array is not None else None)
                    or made_of_line(view.recording, site.location, may_leave_numbers)
                    or site.location,
                    onset=step,
                    evidence=(Evidence(f"{kind}/{site.name}/nonfinite", step, float(bad[index]), 0.0),),
                    fixes=self._fixes(kind),
                )
                return
        for array in view.sites("array", None):
            count = array.attributes.get("nonfinite") or 0
            if not count:
                continue
            role = str(array.attributes.get("role") or "")
            evaluation = role.partition("[")[0].endswith("_val")
            labels = role.startswith("y")
            if labels and self._unharmed(view) if evaluation else self._masked(view, array):
                yield self.ruled_out(f"`{array.name}` holds NaN, and the loss of all its rows is finite: it is masked")
                continue
            yield self.finding(
                view,
                # The evaluation cannot harm the training, only its own figures.
                severity=Severity.WARNING if evaluation else Severity.ERROR,
                confidence=Confidence.CERTAIN,
                title=f"The array `{array.name}` holds NaN or infinity",
                message=f"{count} values of `{array.name}` are not finite{self._where(array)}.",
                site=array,
                location=_place(view, array) or array.location,
                evidence=(Evidence(f"array/{array.name}/nonfinite", None, float(count), 0.0),),
                fixes=self._fixes("label" if labels else "input"),
            )
            return
        if observed:
            yield self.ruled_out("the inputs and labels of every observed step are finite")
        else:
            yield self.not_checked(view, "neither inputs nor labels were recorded")

    def _unharmed(self, view: SubjectView) -> bool:
        """Whether the loss of every evaluation within `fit` is a number although its data hold NaN: they are masked."""
        seen = view.recording.scalars(view.subject.key, "epoch/val_loss")
        return len(seen) > 0 and len(seen.finite()) == len(seen)

    def _masked(self, view: SubjectView, array: Site) -> bool:
        """Whether every row was trained on and the loss stayed finite: what is not finite is left out on the way."""
        rows = (array.attributes.get("shape") or [0])[0]
        seen = view.judgement.steps * (view.batch_size or 0)
        # A ReLU on a processor turns NaN into 0: the loss is finite then, and the weights before it are not.
        spoilt = any(view.series("weight", site, "nan_count", sound=False).values.any() for site in view.variables)
        return view.judgement.nonfinite_step is None and not spoilt and seen >= 2 * rows > 0

    def _weights_first(self, view: SubjectView, step: int) -> bool:
        """Whether weights or losses were already not finite before `step`."""
        if view.sound_until < step:
            return True
        for kernel in view.kernels:
            bad = view.series("weight", kernel, "nan_count", sound=False)
            if len(bad) and bool((bad.values[bad.steps < step] > 0).any()):
                return True
        return False

    def _array(self, view: SubjectView, kind: str, *, evaluation: bool) -> Site | None:
        wanted = ("x" if kind == "input" else "y") + ("_val" if evaluation else "")
        for array in view.sites("array", None):
            role = array.attributes.get("role")
            # "x['age']": one array of a dict, with a name of its own.
            ours = role in (wanted, None) or str(role).startswith(f"{wanted}[")
            if ours and array.attributes.get("nonfinite"):
                return array
        return None

    def _columns_of_batch(self, view: SubjectView, site: Site, step: int) -> str:
        """The columns of a batch that are not finite, in words, where no array tells."""
        for seen, counts in view.recording.vectors(site.key, "column_nonfinite"):
            if seen == step and counts.any():
                numbers = [number for number, count in enumerate(counts) if count > 0]
                return f", in {columns_text(numbers, input_names(view, site))}"
        return ""

    def _where(self, array: Site | None) -> str:
        """The rows and columns of an array that are not finite, in words."""
        if array is None:
            return ""
        member = str(array.attributes.get("role") or "").partition("['")[2].removesuffix("']")
        rows = list(array.attributes.get("nonfinite_rows") or ())
        columns = [
            number
            for number, column in enumerate(array.attributes.get("columns") or ())
            if (column or {}).get("nonfinite")
        ]
        text = f", in `{member}`" if member else ""
        if rows:
            text += f", in row{'s' if len(rows) > 1 else ''} {', '.join(map(str, rows))}" + (
                " ..." if len(rows) == 10 else ""
            )
        if columns:
            text += f", in {columns_text(columns, array_names(array))}"
        return text + (f", {file_text(array).strip()}" if file_text(array) else "")

    def _fixes(self, kind: str) -> tuple[Fix, ...]:
        name = "x" if kind == "input" else "y"
        return (
            Fix(
                "Leave out the rows that are not finite",
                f"keep = np.isfinite({name}.reshape(len({name}), -1)).all(axis=1)",
            ),
            Fix("Or fill them, and guard divisions by a spread of zero", f"{name} = np.nan_to_num({name})"),
        )


def _place(view: SubjectView, array: Site | None) -> Location | None:
    """The line that made the values, or read them: a file says so itself, unless a whole column was lost."""
    if array is None or not array.attributes.get("nonfinite"):
        return None
    origin = Location.of((array.attributes.get("origin") or {}).get("location"))
    rows = list(array.attributes.get("shape") or (0,))[0]
    lost = any(column.get("nonfinite") == rows for column in array.attributes.get("columns") or ())
    known = array.attributes.get("names") or array_names(array)
    spoilt = [number for number, column in enumerate(array.attributes.get("columns") or ())
              if (column or {}).get("nonfinite")]  # fmt: skip
    names = [str(known[number]) for number in spoilt if number < len(known) and known[number]]
    own = computed_column(view.recording, names) or stacked_column(view.recording, array, spoilt)
    if own is not None:
        return own
    computed = made_at(view.recording, array, may_leave_numbers)
    if origin is not None and not (lost and computed is not None):
        return origin
    return computed or only_maker(view.recording) or made_at(view.recording, array, _read)


def _read(step: Step) -> bool:
    return isinstance(step.value, ast.Call) and reads(step.value)
