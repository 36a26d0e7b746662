"""What a script's exception asks for, where the message says it: names, types, shapes of what it was given."""

from __future__ import annotations

import re
from typing import Callable, Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.shared.heads import WEIGHTED
from doctor.repairs.shared.losses import Chosen, chosen, chosen_on, put
from doctor.repairs.source import Source, argument, last_name, number

_OPERATORS: dict[str, type[cst.BaseBinaryOp]] = {
    "MatMul": cst.MatrixMultiply, "BatchMatMulV2": cst.MatrixMultiply, "Mul": cst.Multiply, "Sub": cst.Subtract,
    "AddV2": cst.Add, "RealDiv": cst.Divide,
}  # fmt: skip
_FUNCTIONS = {"MatMul": "matmul", "Mul": "multiply", "Sub": "subtract", "AddV2": "add", "RealDiv": "divide"}
_FLOATS = {"float": 32, "float32": 32, "double": 64, "float64": 64}


class Crash(Repair):
    """Repairs what an exception names: a cast, a loss for the labels that are there, an axis, a width."""

    id = "crash"
    faults = ("script-crash",)

    def patches(self, case: Case) -> Iterator[Patch]:
        crash = case.recording.run.crash or {}
        message = str(crash.get("message") or "") + "\n" + case.finding.message
        for pattern, write in self._known():
            match = re.search(pattern, message)
            if match is not None:
                yield write(case, match)
                return

    def _known(self) -> list[tuple[str, Callable[[Case, re.Match[str]], Patch]]]:
        return [
            (r"cannot compute (?P<op>\w+) as input #(?P<at>\d+)\(zero-based\) was expected to be an? (?P<other>\w+) "
             r"tensor but is an? (?P<this>\w+) tensor", self._cast),
            (r"Input '\w+' of '(?P<op>\w+)' Op has type (?P<this>\w+) that does not match type (?P<other>\w+)",
             self._cast),
            (r"target\.shape=\((.*?)\), output\.shape=\((.*?)\)", self._targets),
            (r"expected (?:min_)?ndim=(\d+), found ndim=(\d+)", self._axis),
            (r"expected axis (-?\d+) of input shape to have value (\d+), but received input with shape [\[(](.*?)[\])]",
             self._width),
            (r"dtype='?string'? is not a valid dtype", self._metrics),
            (r"Received a label value of (\d+) which is outside the valid range of \[0, (\d+)\)", self._classes),
        ]  # fmt: skip

    def _cast(self, case: Case, match: re.Match[str]) -> Patch:
        """The operand that is not in single precision is cast."""
        source, line, found = case.source, case.location.line, match.groupdict()
        at = int(found.get("at") or 1)
        pairs = [(one.left, one.right) for one in source.on(line, cst.BinaryOperation)
                 if isinstance(one.operator, _OPERATORS.get(found["op"], cst.MatrixMultiply))]  # fmt: skip
        pairs += [(call.args[0].value, call.args[1].value)
                  for call in source.calls(_FUNCTIONS.get(found["op"], "matmul"), line=line) if len(call.args) > 1]
        if not pairs or at > 1:
            raise CannotWrite(f"the operation {found['op']} is not written on line {line}")
        # The message names the second of two: in double precision, or a whole number, it is the one to be cast.
        wrong = at if _FLOATS.get(found["this"]) != 32 else 1 - at
        edits = Edits(source)
        tensorflow = edits.tensorflow()
        edits.wrap(pairs[0][wrong], f"{tensorflow}.cast(", f", {tensorflow}.float32)")
        return self.patch("Cast to single precision", edits)

    def _targets(self, case: Case, match: re.Match[str]) -> Patch:
        labels, outputs = ([part.strip() for part in one.split(",") if part.strip()] for one in match.groups())
        told = " ".join(fix.code for fix in case.finding.fixes)
        wanted = re.search(r"losses\.(\w+)", told)
        if wanted is not None:
            source, found = _loss(case)
            if "categorical" not in found.name:
                raise CannotWrite("the loss is none of classes: labels and outputs lack an axis, or have one too many")
            edits = Edits(source)
            put(edits, found, wanted[1])
            return self.patch(f"Use the loss {wanted[1]}", edits)
        if len(labels) == len(outputs) and labels[-1].isdigit() and outputs[-1].isdigit():
            return self._units(case, int(outputs[-1]), int(labels[-1]))
        raise CannotWrite("neither another loss nor another width of the output fits the labels")

    def _classes(self, case: Case, match: re.Match[str]) -> Patch:
        return self._units(case, int(match[2]), int(match[1]) + 1)

    def _units(self, case: Case, old: int, new: int) -> Patch:
        """Another number of units for the last layer that has the old one."""
        for source in case.sources():
            layers = [call for call in source.calls(*WEIGHTED)
                      if (given := argument(call, "units", 0) or argument(call, "filters", 0)) is not None
                      and number(source.followed(given.value, source.line(call))) == old]  # fmt: skip
            if layers:
                given = argument(layers[-1], "units", 0) or argument(layers[-1], "filters", 0)
                assert given is not None
                edits = Edits(source)
                edits.replace(given.value, str(new))
                return self.patch(f"Give the output {new} units", edits)
        raise CannotWrite(f"no layer of {old} units is written out")

    def _metrics(self, case: Case, match: re.Match[str]) -> Patch:
        """The third argument of `compile` is named: it would be weights of losses."""
        for source in case.sources():
            for call in source.calls("compile"):
                third = argument(call, "loss_weights", 2)
                if third is not None and third.keyword is None:
                    edits = Edits(source)
                    edits.change(third, _as_metrics)
                    return self.patch("Name the metrics", edits)
        raise CannotWrite("text is fed where numbers are needed")

    def _axis(self, case: Case, match: re.Match[str]) -> Patch:
        """All arrays that are fed to the model get the axis that they lack (of channels, say), before the first is."""
        if int(match[1]) != int(match[2]) + 1:
            raise CannotWrite("more than one axis is missing, or one is too many")
        source, line = case.source, case.location.line
        here = [one for one in source.on(line, cst.SimpleStatementLine)]
        if not here:
            raise CannotWrite(f"no statement begins on line {line}")
        names: dict[str, None] = {}
        for call in source.calls("fit", "evaluate", "predict"):
            if source.scope(call) is not source.scope(here[0]) or not call.args:
                continue
            given = [call.args[0].value]
            held = argument(call, "validation_data")
            if held is not None and isinstance(held.value, cst.Tuple):
                given.append(held.value.elements[0].value)
            names.update((one.value, None) for one in given if isinstance(one, cst.Name))
        if not names:
            raise CannotWrite("what is fed to the model has no name")
        edits = Edits(source)
        calls = source.calls("fit", "evaluate", "predict")
        fed = next(call for call in calls if source.scope(call) is source.scope(here[0]))
        for name in names:
            edits.insert_before(fed, f"{name} = {name}[..., None]")
        return self.patch("Add the last axis that the model wants", edits)

    def _width(self, case: Case, match: re.Match[str]) -> Patch:
        """The width for which the model is made, where it is written out."""
        wanted = int(match[2])
        got = match[3].split(",")[int(match[1])].strip()
        if not got.isdigit():
            raise CannotWrite("the width of what the model was fed is not known")
        for source in case.sources():
            for call in source.calls():
                places = [argument(call, name) for name in ("input_shape", "shape", "input_dim", "batch_shape")]
                if last_name(call.func) in ("Input", "InputLayer"):
                    places.append(argument(call, "shape", 0))
                for given in places:
                    inside = source.inside(given.value, cst.Integer) if given is not None else []
                    same = [one for one in inside if number(one) == wanted]
                    if same:
                        edits = Edits(source)
                        edits.replace(same[-1], got)
                        return self.patch(f"Make the model for inputs of {got} values", edits)
        raise CannotWrite(f"no input of {wanted} values is written out")


def _as_metrics(node: cst.CSTNode) -> cst.CSTNode:
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return node.with_changes(keyword=cst.Name("metrics"), equal=equal)


def _loss(case: Case) -> tuple[Source, Chosen]:
    """The loss that is compiled: that of the finding, or the only one that the script names."""
    try:
        return chosen(case)
    except CannotWrite:
        for source in case.sources():
            found = [one for call in source.calls("compile") for one in chosen_on(source, source.line(call))]
            if found:
                return source, found[0]
        raise
