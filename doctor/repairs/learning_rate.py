"""Another learning rate, at the place where the rate is chosen."""

from __future__ import annotations

import math
import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, last_name, number, text
from doctor.rules.updates import learning_rate

#: Names of classes that are optimisers, by their end ("AdamW", "LegacyAdam", "MomentumOptimizer").
_OPTIMISERS = re.compile(r"(SGD|Adam|AdamW|Adamax|Nadam|RMSprop|Adagrad|Adadelta|Ftrl|Lion|Muon|Lamb|Adafactor"
                         r"|Optimizer)$")  # fmt: skip
#: What a string in `compile(optimizer=...)` stands for.
_BY_NAME = {
    "sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "adamax": "Adamax", "nadam": "Nadam", "rmsprop": "RMSprop",
    "adagrad": "Adagrad", "adadelta": "Adadelta", "ftrl": "Ftrl", "lion": "Lion",
}  # fmt: skip
#: Rates of Keras's optimisers where none is given.
_DEFAULTS = {"SGD": 0.01}
_DEFAULT = 0.001
#: The argument of a schedule that its rates are multiples of.
_FIRST = ("initial_learning_rate", "warmup_target", "learning_rate", "lr")
#: Factors that are tried, in this order: the suggested one first, then its neighbours.
TRIED = 4


class LearningRate(Repair):
    """Lowers or raises the rate by powers of ten; which of them is right is found by trying.

    A rate that is written out is replaced. One that comes from elsewhere (an argument, a configuration) is
    replaced where it enters the optimiser, one that is computed is multiplied.
    """

    id = "learning-rate"
    faults = ("lr-too-high", "lr-too-low")

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        rate = learning_rate(case.view)
        down = case.finding.fault == "lr-too-high"
        for factor in _factors(rate, _suggested(case), down):
            edits = Edits(source)
            value = change_rate(edits, line, rate, factor)
            if value is not None:
                yield self.patch(f"Set the learning rate to {value:g}", edits, value=value)
            else:
                yield self.patch(f"Multiply the learning rate by {factor:g}", edits, value=factor)


def _suggested(case: Case) -> float | None:
    """The rate that the rule proposes."""
    for fix in case.finding.fixes:
        found = re.search(r"learning_rate\s*=\s*([0-9.e+-]+)", fix.code)
        if found:
            return float(found[1])
    return None


def _factors(rate: float | None, suggested: float | None, down: bool) -> list[float]:
    """By what the rate is multiplied, the likeliest factor first."""
    best = -1 if down else 1
    if rate and suggested and rate > 0:
        best = round(math.log10(suggested / rate)) or best
    sign = -1 if down else 1
    powers = [best, best + sign, best - sign, best + 2 * sign]
    return [10.0**power for power in dict.fromkeys(powers) if power * sign > 0][:TRIED]


def change_rate(edits: Edits, line: int, rate: float | None, factor: float) -> float | None:
    """Change the rate that is chosen on a line; the new rate, or None where it is multiplied unseen.

    Raises:
        CannotWrite: no rate is chosen there.
    """
    source = edits.source
    wanted = None if rate is None or rate <= 0 else _round(rate * factor)
    literal = _literal(source, line, rate)
    if literal is not None:
        value = wanted if wanted is not None else _round((number(literal) or 0.0) * factor)
        edits.replace(literal, f"{value:g}")
        return value
    for call in source.calls(line=line):
        if _OPTIMISERS.search(last_name(call.func)):
            return _in_optimiser(edits, call, wanted, factor)
        if last_name(call.func) == "compile":
            named = argument(call, "optimizer", 0)
            name = _BY_NAME.get((text(named.value) or "").lower()) if named is not None else None
            if named is None or name is not None:
                name = name or "RMSprop"
                value = wanted or _round(_DEFAULTS.get(name, _DEFAULT) * factor)
                made = f"{edits.keras(f'optimizers.{name}')}(learning_rate={value:g})"
                edits.set_argument(call, "optimizer", made, 0)
                return value
    _multiply(edits, line, factor)
    return None


def _literal(source: Source, line: int, rate: float | None) -> cst.BaseExpression | None:
    """The number on a line that is the rate; of several numbers the one that has its value."""
    numbers = [node for kind in (cst.Float, cst.Integer) for node in source.on(line, kind) if source.line(node) == line]
    if rate is not None:
        same = [node for node in numbers if math.isclose(number(node) or 0.0, rate, rel_tol=1e-5)]
        if same:
            return same[0]
    for statement in source.on(line, cst.Assign):
        if len(statement.targets) == 1 and number(statement.value) is not None and source.line(statement) == line:
            return statement.value
    return None


def _in_optimiser(edits: Edits, call: cst.Call, wanted: float | None, factor: float) -> float | None:
    """Change the rate in the call that makes an optimiser."""
    given = argument(call, "learning_rate") or argument(call, "lr") or argument(call, "learning_rate", 0)
    if given is None:
        value = wanted or _round(_DEFAULTS.get(last_name(call.func), _DEFAULT) * factor)
        edits.set_argument(call, "learning_rate", f"{value:g}")
        return value
    behind = edits.source.followed(given.value, edits.source.line(call))
    for schedule in (given.value, behind):
        if isinstance(schedule, cst.Call) and last_name(schedule.func).endswith(("Decay", "Restarts", "Schedule")):
            first = next((arg for arg in (argument(schedule, name) for name in _FIRST) if arg is not None), None)
            first = first or argument(schedule, "initial_learning_rate", 0)
            if first is None:
                break
            known = number(first.value)
            scaled = _round(known * factor) if known else None
            edits.replace(first.value, f"{scaled:g}" if scaled else f"{factor:g} * {edits.source.code(first.value)}")
            return scaled
    if wanted is None:
        edits.replace(given.value, f"{factor:g} * ({edits.source.code(given.value)})")
        return None
    edits.replace(given.value, f"{wanted:g}")
    return wanted


def _multiply(edits: Edits, line: int, factor: float) -> None:
    """Multiply what a line returns, assigns, or takes off the weights."""
    source = edits.source
    values: list[cst.BaseExpression] = []
    values += [node.value for node in source.on(line, cst.Return) if node.value is not None]
    values += [node.value for node in source.on(line, cst.Assign)]
    values += [node.args[0].value for node in source.calls("assign_sub", "assign_add", line=line) if node.args]
    values += [node.default for node in source.on(line, cst.Param) if node.default is not None]
    for value in values:
        if not isinstance(value, (cst.Tuple, cst.List, cst.Dict, cst.SimpleString)):
            inner = source.code(value)
            edits.replace(value, f"{factor:g} * {inner}" if _simple(value) else f"{factor:g} * ({inner})")
            return
    raise CannotWrite(f"no learning rate is written on line {line}")


def _simple(value: cst.BaseExpression) -> bool:
    """Whether an expression can be multiplied without parentheses around it."""
    product = isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Multiply)
    return product or isinstance(value, (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.Float, cst.Integer))


def _round(value: float) -> float:
    """Two digits are enough for a rate."""
    return float(f"{value:.2g}")
