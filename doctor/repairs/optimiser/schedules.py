"""Schedules that use up the learning rate long before the training ends, or raise it without bound."""

from __future__ import annotations

import math
import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.shared.computed_rates import computed
from doctor.repairs.edits import Edits
from doctor.repairs.optimiser.lengths import EPOCH, epochs, name_in_all, name_per_epoch, steps_of_run, steps_per_epoch
from doctor.repairs.shared.named import numbers_on
from doctor.repairs.shared.origins import Origin, origin
from doctor.repairs.shared.rates import SCHEDULES, rounded
from doctor.repairs.optimiser.scheduled import fallen
from doctor.repairs.source import Source, argument, last_name, number

#: Arguments that say how far a schedule of Keras reaches, and their places.
_LENGTHS = {"decay_steps": 1, "first_decay_steps": 1, "boundaries": 0}
#: The same of schedules of the script's own.
_OWN = re.compile(r"total|steps?$|decay_(steps|every|after)|epochs?|period|horizon|length|until|iters?|warm_?up", re.I)


class ScheduleLength(Repair):
    """Lets a schedule reach over the whole run: its length was given in epochs, or far too small.

    Where the script has a name for the steps of an epoch the length is multiplied by that; else the number is
    written that was measured.
    """

    id = "schedule-length"
    faults = ("lr-too-low",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if fallen(case) is None:
            return
        found = _schedule(case)
        if found is None:
            return
        source, call = found
        lengths = _lengths(source, call)
        if not lengths:
            edits = _within_class(case, last_name(call.func))
            if edits is None:
                raise CannotWrite("the schedule says nowhere how long it is")
            yield self.patch("Let the schedule last for the whole training", edits)
            return
        for title, edits in _ways(case, source, lengths):
            yield self.patch(title, edits)


def _within_class(case: Case, name: str) -> Edits | None:
    """The length as a class of the script's own has it within: a number that is kept, or one of epochs for steps."""
    for source in case.sources():
        for klass in (one for one in source.all(cst.ClassDef) if one.name.value == name):
            edits = Edits(source)
            for node in source.inside(klass, cst.Assign):
                target = node.targets[0].target
                kept = isinstance(target, cst.Attribute) and _OWN.search(target.attr.value) is not None
                if kept and (number(node.value) or 0) > 1 and steps_of_run(case):
                    edits.replace(node.value, str(steps_of_run(case)))
                    return edits
            called = next((one for one in source.inside(klass, cst.FunctionDef) if one.name.value == "__call__"), None)
            each = steps_per_epoch(case)
            if called is not None and each and len(called.params.params) == 2:
                step = called.params.params[1].name.value
                tf, first = edits.tensorflow(), called.body.body[0]
                if isinstance(first, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
                    edits.insert_before(first, f"{step} = {tf}.cast({step}, {tf}.float32) / {each}  # in epochs")
                    return edits
    return None


def _schedule(case: Case) -> tuple[Source, cst.Call] | None:
    """The call that makes the schedule: on the finding's line, else the only one in the script."""
    line = case.location.line
    here = [call for call in case.source.calls(line=line) if _is_schedule(case, call)]
    if here:
        return case.source, here[0]
    everywhere = [(source, call) for source in case.sources() for call in source.calls() if _is_schedule(case, call)]
    return everywhere[0] if len(everywhere) == 1 else None


def _is_schedule(case: Case, call: cst.Call) -> bool:
    name = last_name(call.func)
    if any(argument(call, word) is not None for word in _LENGTHS):
        return True
    if SCHEDULES.search(name) and len(call.args) > 1 and not name.startswith("WeightDecay"):
        return True
    return any(one.name.value == name and "LearningRateSchedule" in "".join(source.code(b.value) for b in one.bases)
               for source in case.sources() for one in source.all(cst.ClassDef))  # fmt: skip


def _lengths(source: Source, call: cst.Call) -> list[cst.BaseExpression]:
    """The arguments that say how long a schedule is, the most important first."""
    known = [argument(call, name, place if last_name(call.func).startswith("Piecewise") == (name == "boundaries")
                      else None) for name, place in _LENGTHS.items()]  # fmt: skip
    own = not SCHEDULES.search(last_name(call.func)) or any(
        one.name.value == last_name(call.func) for one in source.all(cst.ClassDef)
    )
    if own or not any(known):
        named = [arg for arg in call.args if arg.keyword is not None and _OWN.search(arg.keyword.value)]
        plain = [arg for arg in call.args if arg.keyword is None and EPOCH.search(source.code(arg.value))]
        found = [arg.value for arg in (*named, *plain) if "*" not in source.code(arg.value)]
        if found:
            counted = [value for value in found if EPOCH.search(source.code(value))]
            return counted or found[-1:]
    return [next(arg for arg in known if arg is not None).value] if any(known) else []


def _ways(case: Case, source: Source, lengths: list[cst.BaseExpression]) -> Iterator[tuple[str, Edits]]:
    """The lengths in steps instead of epochs, and then all steps of the run."""
    total = steps_of_run(case)
    in_all = name_in_all(source, lengths[0])
    each, count = name_per_epoch(source, lengths[0]), steps_per_epoch(case)
    chosen = origin(case, source, lengths[-1])
    if in_all is not None and len(lengths) == 1 and in_all != source.code(lengths[0]):
        edits = Edits(source)
        edits.replace(lengths[0], in_all)
        yield "Let the schedule last for the whole training", edits
    elif (each is not None or count is not None) and _may_be_epochs(case, chosen):
        edits = Edits(source)
        for length in lengths:
            _multiply(edits, length, origin(case, source, length), each or str(count))
        yield "Give the schedule its length in steps", edits
    if total and not isinstance(chosen.node, (cst.List, cst.Tuple)) and len(lengths) == 1:
        plain = chosen.number is not None and not EPOCH.search(source.code(lengths[0]))
        edits = Edits(chosen.source if plain else source)
        edits.replace(chosen.node if plain else lengths[0], str(total))
        yield f"Let the schedule last for all {total} steps", edits


def _may_be_epochs(case: Case, length: Origin) -> bool:
    """Whether a number is one of epochs rather than of steps."""
    count = epochs(case)
    return length.number is None or count is None or length.number <= 2 * count


def _multiply(edits: Edits, length: cst.BaseExpression, chosen: Origin, each: str) -> None:
    source = edits.source
    if isinstance(chosen.node, (cst.List, cst.Tuple)) and chosen.source is source:
        for one in chosen.node.elements:
            edits.replace(one.value, f"{source.code(one.value)} * {each}")
        return
    written = number(length)
    if written is not None and each.isdigit():
        edits.replace(length, f"{written * int(each):g}")
    elif written == 1:
        edits.replace(length, each)
    else:
        code = source.code(length)
        edits.replace(length, f"{code} * {each}" if not isinstance(length, cst.BinaryOperation) or "//" not in code
                      else f"({code}) * {each}")  # fmt: skip


class SlowerDecay(Repair):
    """Lets a rate that a function or a loop of the script's own lowers fall to a tenth in the whole run.

    A factor between 0 and 1 that is written out is brought nearer to 1, the factor in an exponent nearer to 0.
    """

    id = "slower-decay"
    faults = ("lr-too-low",)

    def patches(self, case: Case) -> Iterator[Patch]:
        fall = fallen(case)
        if fall is None or _schedule(case) is not None:
            return
        source, line = case.source, case.location.line
        # The rate falls by `fall` where it is to fall by ten: so many times as slowly.
        slower = math.log(10) / math.log(fall)
        for kind in (_is_base, _is_exponent, _is_factor):
            for node in numbers_on(source, line):
                value, outer = number(node) or 0.0, source.parent(node)
                if outer is None or value <= 0 or not kind(source, node, outer):
                    continue
                edits = Edits(source)
                if kind is _is_exponent:
                    edits.replace(node, f"{rounded(value * slower):g}")
                elif value < 1:
                    edits.replace(node, f"{value**slower:.4g}")
                else:
                    continue
                yield self.patch("Let the rate fall to a tenth in the whole run", edits)
                return
        yield from self._bounded(case, source, line)

    def _bounded(self, case: Case, source: Source, line: int) -> Iterator[Patch]:
        """Keep the rate at a tenth of its largest, where how it falls is not known."""
        peak = float(case.view.recording.scalars(case.view.subject.key, "learning_rate").finite().values.max())
        value = computed(source, line)
        edits = Edits(source)
        owner = next((one for one in source.around(value) if isinstance(one, cst.ClassDef)), None)
        tensors = owner is not None and any("Schedule" in source.code(base) for base in owner.bases)
        larger = f"{edits.tensorflow()}.maximum" if tensors else "max"
        edits.wrap(value, f"{larger}(", f", {rounded(peak / 10):g})")
        yield self.patch(f"Keep the rate at {rounded(peak / 10):g} at least", edits, value=rounded(peak / 10))


def _is_base(source: Source, node: cst.CSTNode, outer: cst.CSTNode) -> bool:
    """Whether a number is the base of a power, by itself or in tf.pow."""
    if isinstance(outer, cst.Arg):
        call = source.parent(outer)
        return isinstance(call, cst.Call) and last_name(call.func) in ("pow", "power") and call.args[0] is outer
    return isinstance(outer, cst.BinaryOperation) and isinstance(outer.operator, cst.Power) and outer.left is node


def _is_exponent(source: Source, node: cst.CSTNode, outer: cst.CSTNode) -> bool:
    """Whether a number is a factor in an exponent of e."""
    within = any(isinstance(one, cst.Call) and last_name(one.func) == "exp" for one in source.around(node))
    product = outer if isinstance(outer, cst.BinaryOperation) else source.parent(outer)
    return within and isinstance(product, cst.BinaryOperation) and isinstance(product.operator, cst.Multiply)


def _is_factor(source: Source, node: cst.CSTNode, outer: cst.CSTNode) -> bool:
    """Whether a number multiplies what is lowered."""
    if isinstance(outer, cst.AugAssign):
        return isinstance(outer.operator, cst.MultiplyAssign)
    return isinstance(outer, cst.BinaryOperation) and isinstance(outer.operator, cst.Multiply)
