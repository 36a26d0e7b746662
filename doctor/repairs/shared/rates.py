"""The expressions of a script that hold its learning rate, and how they are multiplied."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import libcst as cst

from doctor.repairs.base import CannotWrite, Case
from doctor.repairs.shared.computed_rates import RATE, computed, simple
from doctor.repairs.edits import Edits
from doctor.repairs.shared.named import named_values, numbers_on
from doctor.repairs.shared.origins import origin
from doctor.repairs.source import Source, argument, last_name, number, text

#: Names of classes that are optimisers, by their end ("AdamW", "LegacyAdam", "MomentumOptimizer").
OPTIMISERS = re.compile(r"(SGD|Adam|AdamW|Adamax|Nadam|RMSprop|RMSProp|Adagrad|Adadelta|Ftrl|Lion|Muon|Lamb|Adafactor"
                        r"|Optimi[sz]er)$")  # fmt: skip
#: Names of classes of Keras's schedules, by their end.
SCHEDULES = re.compile(r"(Decay|Restarts|Schedule)$")
#: What a string in `compile(optimizer=...)` stands for.
BY_NAME = {
    "sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "adamax": "Adamax", "nadam": "Nadam", "rmsprop": "RMSprop",
    "adagrad": "Adagrad", "adadelta": "Adadelta", "ftrl": "Ftrl", "lion": "Lion",
}  # fmt: skip
#: Rates of Keras's optimisers where none is given.
_DEFAULTS = {"SGD": 0.01}
_DEFAULT = 0.001
#: Arguments of a schedule that its rates are multiples of.
_FIRST = ("initial_learning_rate", "warmup_target", "values", "learning_rate", "peak", "peak_lr", "base_lr", "lr")
#: What is beside it.
_NO_RATE = re.compile(r"decay|drop|momentum|(?<![a-z])(wd|eps|epsilon|min|keep)(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True)
class Rate:
    """A learning rate as the script has it.

    Attributes:
        source: the file.
        node: the number, list of numbers or expression; the call that takes the rate, where none is given to it.
        kind: "number", "list", "computed" (it is multiplied), "given" (it is replaced by a number, where one is known),
            "default" (an optimiser without one), "named" (an optimiser as a string, or none, in `compile`).
    """

    source: Source
    node: cst.CSTNode
    kind: str

    def scaled(self, factor: float, measured: float | None) -> tuple[Edits, float | None]:
        """The edit that multiplies it, and the new rate; None where it is multiplied unseen.

        Args:
            factor: a power of ten.
            measured: the rate in use, where that is known.
        """
        edits = Edits(self.source)
        known = measured if measured is not None and measured > 0 else None
        if self.kind in ("default", "named"):
            assert isinstance(self.node, cst.Call)
            return edits, self._written(edits, self.node, factor)
        assert isinstance(self.node, cst.BaseExpression)
        if self.kind == "list":
            numbers: list[cst.BaseExpression] = [*self.source.inside(self.node, cst.Float)]
            numbers = [one for one in (*numbers, *self.source.inside(self.node, cst.Integer)) if number(one)]
            for one in numbers:
                edits.replace(one, f"{rounded((number(one) or 0.0) * factor):g}")
            return edits, rounded((number(numbers[0]) or 0.0) * factor)
        written = number(self.node) if self.kind == "number" else known if self.kind == "given" else None
        if written is not None:
            value = rounded(abs(written) * factor) if written else 0.01 * factor
            edits.replace(self.node, f"{value:g}")
            return edits, value
        inner = self.source.code(self.node)
        edits.replace(self.node, f"{factor:g} * {inner}" if simple(self.node) else f"{factor:g} * ({inner})")
        return edits, None

    def set_to(self, value: float) -> Edits:
        """The edit that puts a number in its place."""
        edits = Edits(self.source)
        edits.replace(self.node, f"{value:g}")
        return edits

    def _written(self, edits: Edits, call: cst.Call, factor: float) -> float:
        """Give an optimiser its own default, multiplied."""
        if self.kind == "default":
            value = rounded(_DEFAULTS.get(last_name(call.func), _DEFAULT) * factor)
            edits.set_argument(call, "learning_rate", f"{value:g}")
            return value
        named = argument(call, "optimizer", 0)
        name = BY_NAME[(text(named.value) or "rmsprop").lower()] if named is not None else "RMSprop"
        value = rounded(_DEFAULTS.get(name, _DEFAULT) * factor)
        edits.set_argument(call, "optimizer", f"{edits.keras(f'optimizers.{name}')}(learning_rate={value:g})", 0)
        return value


def rounded(value: float) -> float:
    """Two digits are enough for a rate."""
    return float(f"{value:.2g}")


def rate_at(case: Case, source: Source, line: int, measured: float | None) -> Rate:
    """The rate that is chosen on a line, or that is given to the optimiser there.

    Raises:
        CannotWrite: there is none.
    """
    for call in source.calls(line=line):
        found = _of_call(case, source, call, measured)
        if found is not None:
            return _set_later(case, found, measured) or found
    literal = _literal(source, line, measured)
    if literal is not None:
        kind = "list" if isinstance(literal, (cst.List, cst.Tuple)) else "number"
        return Rate(source, literal, kind)
    try:
        return Rate(source, computed(source, line), "computed")
    except CannotWrite:
        made = [(one, call) for one in case.sources() for call in one.calls() if makes_optimiser(one, call)]
        if len(made) == 1:
            return rate_of_optimiser(case, *made[0], measured)
        entry = _entry(case, measured)
        given = [arg.value for call in source.calls(line=line) for arg in call.args if RATE.search(source.code(arg))]
        plain = [value for value in given if isinstance(value, (cst.Name, cst.Attribute, cst.Subscript))]
        if entry is None and not plain:
            raise
        return entry or Rate(source, plain[0], "given")


def makes_optimiser(source: Source, call: cst.Call) -> bool:
    """Whether a call makes an optimiser that is no class of the file's own."""
    name = last_name(call.func)
    return OPTIMISERS.search(name) is not None and all(one.name.value != name for one in source.all(cst.ClassDef))


def _set_later(case: Case, found: Rate, measured: float | None) -> Rate | None:
    """Where an optimiser is given another rate than the one in use: the number that is set as its rate later."""
    if found.kind not in ("given", "default", "named") or measured is None:
        return None
    written = number(found.node)
    if found.kind == "given" and written is None:
        return None
    for source in case.sources():
        for node in source.all(cst.Assign):
            target = node.targets[0].target
            if isinstance(target, cst.Attribute) and target.attr.value in ("learning_rate", "lr"):
                behind = origin(case, source, node.value)
                if behind.number is not None and math.isclose(behind.number, measured, rel_tol=1e-3):
                    return Rate(behind.source, behind.node, "number")
        for call in source.calls("assign", "set_value"):
            if call.args and "learning_rate" in source.code(call) or ".lr" in source.code(call):
                behind = origin(case, source, call.args[-1].value)
                if behind.number is not None and math.isclose(behind.number, measured, rel_tol=1e-3):
                    return Rate(behind.source, behind.node, "number")
    return None


def rate_of_optimiser(case: Case, source: Source, call: cst.Call, measured: float | None = None) -> Rate:
    """The rate that an optimiser is given where it is made.

    Raises:
        CannotWrite: it is given within `**options` that cannot be followed.
    """
    given = argument(call, "learning_rate") or argument(call, "lr") or argument(call, "learning_rate", 0)
    if given is None and any(arg.star for arg in call.args):
        entry = _entry(case, measured)
        if entry is None:
            raise CannotWrite(f"the learning rate on line {source.line(call)} is one of several options")
        return entry
    if given is None:
        return Rate(source, call, "default")
    behind = origin(case, source, given.value)
    if isinstance(behind.node, cst.Call):
        schedule = of_schedule(case, behind.source, behind.node)
        if schedule is not None:
            return schedule
    if behind.number is not None and _agrees(behind.number, measured):
        return Rate(behind.source, behind.node, "number")
    numeric = isinstance(behind.node, cst.BinaryOperation)
    if numeric and RATE.search(source.code(given.value)):
        return Rate(behind.source, behind.node, "computed")
    return Rate(source, given.value, "given")


def of_schedule(case: Case, source: Source, call: cst.Call) -> Rate | None:
    """The rate, or rates, that a schedule goes out from; None of other calls."""
    name = last_name(call.func)
    own = any(isinstance(one, cst.ClassDef) and one.name.value == name and _is_schedule(source, one)
              for one in source.all(cst.ClassDef))  # fmt: skip
    if not own and not SCHEDULES.search(name):
        return None
    given = next((arg for arg in (argument(call, word) for word in _FIRST) if arg is not None), None)
    given = given or argument(call, "", 1 if name == "PiecewiseConstantDecay" else 0)
    if given is None:
        return None
    behind = origin(case, source, given.value)
    if isinstance(behind.node, (cst.List, cst.Tuple)):
        return Rate(behind.source, behind.node, "list")
    return Rate(behind.source, behind.node, "number" if behind.number is not None else "computed")


def _is_schedule(source: Source, klass: cst.ClassDef) -> bool:
    return any("LearningRateSchedule" in source.code(base.value) for base in klass.bases)


def _of_call(case: Case, source: Source, call: cst.Call, measured: float | None) -> Rate | None:
    name = last_name(call.func)
    if makes_optimiser(source, call):
        return rate_of_optimiser(case, source, call, measured)
    if OPTIMISERS.search(name):  # a class of the script's own: only what is called a rate
        given = argument(call, "learning_rate") or argument(call, "lr")
        return _plainly(case, source, given.value) if given is not None else None
    if name == "compile":
        given = argument(call, "optimizer", 0)
        if given is None or (text(given.value) or "").lower() in BY_NAME:
            return Rate(source, call, "named")
        behind = origin(case, source, given.value)
        if isinstance(behind.node, cst.Call) and OPTIMISERS.search(last_name(behind.node.func)):
            return rate_of_optimiser(case, behind.source, behind.node, measured)
    return of_schedule(case, source, call)


def _plainly(case: Case, source: Source, node: cst.BaseExpression) -> Rate:
    behind = origin(case, source, node)
    return Rate(behind.source, behind.node, "number") if behind.number is not None else Rate(source, node, "given")


def _agrees(written: float, measured: float | None) -> bool:
    """Whether a number that was found may be the rate in use; a schedule may have changed it a little by then."""
    return measured is None or math.isclose(written, measured, rel_tol=0.02)


def _entry(case: Case, measured: float | None) -> Rate | None:
    """The number behind a key like "learning_rate" that has the value of the rate in use, in any of the files."""
    for source in case.sources():
        named = [(text(node.key), node.value) for node in source.all(cst.DictElement)]
        named += [(arg.keyword.value, arg.value) for arg in source.all(cst.Arg) if arg.keyword is not None]
        for name, value in named:
            known = number(value)
            if name and RATE.search(name) and known is not None and measured and math.isclose(known, measured):
                return Rate(source, value, "number")
    return None


def _literal(source: Source, line: int, measured: float | None) -> cst.BaseExpression | None:
    """The number on a line that is the rate: the one of its value, one that is called so, or the only one."""
    numbers = numbers_on(source, line)
    if measured is not None:
        same = [node for node in numbers if math.isclose(number(node) or 0.0, measured, rel_tol=1e-3)]
        if same:
            return same[0]
    for name, value in named_values(source, line):
        if number(value) is not None and RATE.search(name) and not _NO_RATE.search(name):
            return value
        if isinstance(value, (cst.List, cst.Tuple)) and name in _FIRST:
            return value
    named = named_values(source, line)
    alone = [value for name, value in named if number(value) is not None and not _NO_RATE.search(name)]
    return alone[0] if len(alone) == len(named) == 1 else None
