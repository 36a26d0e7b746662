"""A longer training."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.shared.named import named_values, numbers_on
from doctor.repairs.shared.origins import Origin, origin
from doctor.repairs.source import Source, argument, last_name, number

#: Factors that are tried.
_FACTORS = (10, 40)
#: How people call the length of a training.
_LENGTH = re.compile(r"epoch|step|iter|round|updates|^n$|^it$|batches|pass|limit|until|budget", re.IGNORECASE)
#: Functions that count, and the place of the number in them.
_COUNTS = {"range": -1, "trange": 0, "take": 0, "islice": -1, "arange": -1, "repeat": 0}


class TrainingLength(Repair):
    """Trains ten times as long, at the number that says how long: of epochs, of steps, of rounds of a loop."""

    id = "training-length"
    faults = ("too-few-steps",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if any(fix.code.startswith("mode=") for fix in case.finding.fixes):
            return  # it is stopped too early
        source, line = case.source, case.location.line
        for factor in _FACTORS:
            edits = _longer(case, source, line, factor)
            _wait_longer(edits, factor)
            yield self.patch(f"Train {factor} times as long", edits, value=float(factor))


def _longer(case: Case, source: Source, line: int, factor: int) -> Edits:
    for call in source.calls("fit", "fit_generator", line=line):
        given = argument(call, "epochs", 3)
        if given is None:
            edits = Edits(source)
            edits.set_argument(call, "epochs", str(factor))
            return edits
        return _multiplied(origin(case, source, given.value), Origin(source, given.value), factor)
    count = _count_on(case, source, line)
    if count is None:
        return _repeated(source, line, factor)
    return _multiplied(origin(case, count.source, count.node), count, factor)


def _multiplied(found: Origin, given: Origin, factor: int) -> Edits:
    """A number multiplied where it is written; an expression where it enters."""
    if found.number is not None:
        edits = Edits(found.source)
        edits.replace(found.node, f"{found.number * factor:g}" if found.number * factor < 1e5
                      else str(int(found.number * factor)))  # fmt: skip
        return edits
    edits = Edits(given.source)
    code = given.source.code(given.node)
    if isinstance(given.node, (cst.Name, cst.Attribute, cst.Call, cst.Subscript)):
        edits.replace(given.node, f"{factor} * {code}")
    else:
        edits.replace(given.node, f"{factor} * ({code})")
    return edits


def _count_on(case: Case, source: Source, line: int) -> Origin | None:
    """The expression on a line that says how often: in the header of a loop, else a number of such a name."""
    for endless in source.on(line, cst.While):
        if source.line(endless) == line:
            bounds = [one.comparator for one in source.inside(endless.test, cst.ComparisonTarget)]
            for branch in source.inside(endless, cst.If):  # while True: ... if step >= 30: break
                if not bounds and source.inside(branch.body, cst.Break):
                    bounds = [one.comparator for one in source.inside(branch.test, cst.ComparisonTarget)]
            return Origin(source, bounds[0]) if bounds else None
    for loop in source.on(line, cst.For):
        if source.line(loop) == line:
            return _count_in(source, loop.iter, line)
    for call in source.calls(*_COUNTS, line=line):
        count = _count_in(source, call, line)
        if count is not None:
            return count
    values = [(name, value) for name, value in named_values(source, line) if _LENGTH.search(name)]
    written = [value for _, value in values if number(value) is not None]
    if written or values:
        return Origin(source, (written or [value for _, value in values])[0])
    alone = numbers_on(source, line)
    return Origin(source, alone[0]) if len(alone) == 1 else None


def _count_in(source: Source, value: cst.BaseExpression, line: int) -> Origin | None:
    """The number in `range(n)`, `enumerate(data.take(n))`, `itertools.islice(batches, n)`, also behind a name."""
    value = source.followed(value, line)
    for call in source.inside(value, cst.Call):
        name = last_name(call.func)
        plain = [arg for arg in call.args if arg.keyword is None and not arg.star]
        if name not in _COUNTS or not plain:
            continue
        if name == "range" and len(plain) > 1:
            return Origin(source, plain[1].value)
        if name == "islice" and len(plain) > 2:
            return Origin(source, plain[2].value)
        return Origin(source, plain[_COUNTS[name]].value)
    return None


def _repeated(source: Source, line: int, factor: int) -> Edits:
    """A loop that goes through a tf.data pipeline: that is repeated."""
    for loop in source.on(line, cst.For):
        inner: cst.BaseExpression = loop.iter
        while isinstance(inner, cst.Call) and last_name(inner.func) in ("enumerate", "tqdm", "iter") and inner.args:
            inner = inner.args[0].value
        behind = source.code(source.followed(inner, line))
        if "Dataset" in behind or ".batch(" in behind:
            edits = Edits(source)
            edits.replace(inner, f"{source.code(inner)}.repeat({factor})")
            return edits
    raise CannotWrite(f"no number on line {line} says how long the training is")


def _wait_longer(edits: Edits, factor: int) -> None:
    """Early stopping is not to end a longer training just as soon."""
    for call in edits.source.calls("EarlyStopping"):
        patience = argument(call, "patience")
        if patience is None or number(patience.value) is None or (number(patience.value) or 0) < 10:
            edits.set_argument(call, "patience", "10")
