"""Labels and outputs given one shape in the loss, and reductions over the right axis."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.loss.operands import is_label, is_output
from doctor.repairs.source import Source, argument, last_name, number

#: Functions of two arguments that broadcast, beside the operators.
_PAIRED = ("subtract", "squared_difference", "multiply", "equal", "maximum", "minimum")
_NORMALISERS = ("softmax", "log_softmax")
_Pair = tuple[cst.BaseExpression, cst.BaseExpression]


class LossShape(Repair):
    """Gives the labels the shape of the outputs where they meet, or the outputs that of the labels.

    A reduction over the examples of a batch goes over the last axis instead.
    """

    id = "loss-shape"
    faults = ("loss-shape",)

    def patches(self, case: Case) -> Iterator[Patch]:
        told = " ".join(fix.code for fix in case.finding.fixes)
        if case.finding.rule == "posterior-collapse":
            return
        if "logsumexp" in told:
            yield self._other_axis(case, ("reduce_logsumexp", "logsumexp"))
        elif "softmax" in told:
            yield self._normalised(case)
        elif "weights" in told:
            yield self._weights(case)
        else:
            yield from self._met(case)

    def _met(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        misplaced = self._misplaced(case)
        if misplaced is not None:
            yield misplaced
            return
        pair = _pair(source, line, (cst.Subtract, cst.Multiply, cst.Divide, cst.Add))
        if pair is None:
            raise CannotWrite(f"no two values that may be labels and outputs meet on line {line}")
        labels, output = _told_apart(source, pair, line)
        shapes = (case.view.loss.attributes.get("broadcast") or {}) if case.view.loss is not None else {}
        ranks = [len(shapes.get(name) or ()) for name in ("labels", "output")]
        if labels is None or output is None:
            first, second = pair
            yield self._alike(source, first, second)
            return
        yield self._labels(source, labels, output, ranks)
        # Where the label is the longer one, or its rank is not known, the other way round says nothing new.
        if ranks[0] < ranks[1]:
            edits = Edits(source)
            _squeeze(edits, output)
            yield self.patch("Drop the last axis of the outputs", edits)

    def _labels(
        self, source: Source, labels: cst.BaseExpression, output: cst.BaseExpression, ranks: list[int]
    ) -> Patch:
        edits = Edits(source)
        if ranks == [1, 2]:
            code, title = f"{_atom(source, labels)}[:, None]", "Give the labels an axis"
        elif ranks == [2, 1]:
            _squeeze(edits, labels)
            return self.patch("Drop the last axis of the labels", edits)
        else:
            return self._alike(source, labels, output)
        if not isinstance(labels, cst.Name) or _mentions(source, labels) == 1:
            edits.replace(labels, code)
        else:
            edits.insert_before(labels, f"{labels.value} = {code}")
        return self.patch(title, edits)

    def _alike(self, source: Source, labels: cst.BaseExpression, output: cst.BaseExpression) -> Patch:
        edits = Edits(source)
        tensorflow = edits.tensorflow()
        code = f"{tensorflow}.reshape({source.code(labels)}, {tensorflow}.shape({source.code(output)}))"
        if not isinstance(labels, cst.Name) or _mentions(source, labels) == 1:
            edits.replace(labels, code)
        else:
            edits.insert_before(labels, f"{labels.value} = {code}")
        return self.patch("Give labels and outputs one shape", edits)

    def _misplaced(self, case: Case) -> Patch | None:
        """An axis that is given to the labels on the line, at another place than the last."""
        source = case.source
        for call in source.calls("expand_dims", line=case.location.line):
            axis = argument(call, "axis", 1)
            if axis is not None and number(axis.value) not in (None, -1):
                edits = Edits(source)
                edits.replace(axis.value, "-1")
                return self.patch("Give the labels their new axis at the end", edits)
        return None

    def _weights(self, case: Case) -> Patch:
        source, line = case.source, case.location.line
        pair = _pair(source, line, (cst.Multiply,))
        if pair is None:
            raise CannotWrite(f"no weights are multiplied on line {line}")
        losses, weights = pair
        if re.search(r"weight|mask|adv|return", source.code(losses)) and not isinstance(weights, cst.Call):
            losses, weights = weights, losses
        edits = Edits(source)
        tensorflow = edits.tensorflow()
        shape = f"{tensorflow}.shape({source.code(losses)})"
        edits.replace(weights, f"{tensorflow}.reshape({source.code(weights)}, {shape})")
        return self.patch("Give the weights the shape of the losses", edits)

    def _other_axis(self, case: Case, names: tuple[str, ...]) -> Patch:
        source, line = case.source, case.location.line
        for call in source.calls(*names, line=line):
            edits = Edits(source)
            edits.set_argument(call, "axis", "-1", 1)
            return self.patch("Reduce over the last axis", edits)
        raise CannotWrite(f"no reduction is written on line {line}")

    def _normalised(self, case: Case) -> Patch:
        """A softmax over the examples, by name or by hand."""
        for source, line in [(case.source, case.location.line), *((one, None) for one in case.sources())]:
            for call in source.calls(*_NORMALISERS, line=line):
                axis = argument(call, "axis", 1)
                if axis is not None and number(axis.value) not in (None, -1, 1):
                    edits = Edits(source)
                    edits.replace(axis.value, "-1")
                    return self.patch("Take the softmax over the last axis", edits)
            operations = source.on(line, cst.BinaryOperation) if line is not None else source.all(cst.BinaryOperation)
            for division in operations:
                total = source.followed(division.right, source.line(division))
                if isinstance(total, cst.Call) and _sums(source, division):
                    edits = Edits(source)
                    edits.set_argument(total, "axis", "-1", 1)
                    edits.set_argument(total, "keepdims", "True")
                    return self.patch("Divide by the sum over the classes of each example", edits)
        raise CannotWrite("no softmax over another axis is written out")


def _pair(source: Source, line: int, operators: tuple[type[cst.BaseBinaryOp], ...]) -> _Pair | None:
    """The two values that meet on a line: of the operators given the first, innermost."""
    found: list[_Pair] = []
    for kind in operators:
        for operation in source.on(line, cst.BinaryOperation):
            if isinstance(operation.operator, kind):
                found.append((operation.left, operation.right))
    for call in source.calls(*_PAIRED, line=line):
        plain = [arg.value for arg in call.args if not arg.star][:2]
        if len(plain) == 2:
            found.insert(0, (plain[0], plain[1]))
    kept = [pair for pair in found if all(_is_value(source, one, line) for one in pair)]
    known = [pair for pair in kept if any(is_label(source, one, line) for one in pair)]
    return next(iter(known or kept), None)


def _is_value(source: Source, node: cst.BaseExpression, line: int) -> bool:
    """Whether a node may be a tensor of a value for each example: no number, and no mean of all."""
    if number(node) is not None or isinstance(node, cst.SimpleString):
        return False
    if isinstance(node, cst.UnaryOperation):
        return _is_value(source, node.expression, line)
    if isinstance(node, cst.BinaryOperation):
        return _is_value(source, node.left, line) or _is_value(source, node.right, line)
    mean = isinstance(node, cst.Call) and last_name(node.func) in ("reduce_mean", "mean")
    behind = source.followed(node, line)
    return not mean and number(behind) is None


def _told_apart(source: Source, pair: _Pair, line: int) -> tuple[cst.BaseExpression | None, cst.BaseExpression | None]:
    """(labels, outputs) of two values, or (None, None) where neither can be told."""
    first, second = pair
    if is_output(source, second, line) or is_label(source, first, line):
        return first, second
    if is_output(source, first, line) or is_label(source, second, line):
        return second, first
    return None, None


def _sums(source: Source, division: cst.BinaryOperation) -> bool:
    """Whether an operation divides by a sum of what is divided, without an axis or over the first."""
    if not isinstance(division.operator, cst.Divide):
        return False
    total = source.followed(division.right, source.line(division))
    if not isinstance(total, cst.Call) or last_name(total.func) not in ("reduce_sum", "sum") or not total.args:
        return False
    axis = argument(total, "axis", 1)
    return source.code(total.args[0].value) == source.code(division.left) and (
        axis is None or number(axis.value) not in (1, -1)
    )


def _squeeze(edits: Edits, node: cst.BaseExpression) -> None:
    edits.wrap(node, f"{edits.tensorflow()}.squeeze(", ", axis=-1)")


def _mentions(source: Source, name: cst.Name) -> int:
    """How often the statement of a name mentions it."""
    return sum(one.value == name.value for one in source.inside(source.statement(name), cst.Name))


def _atom(source: Source, node: cst.BaseExpression) -> str:
    """An expression that an index can follow."""
    code = source.code(node)
    return code if isinstance(node, (cst.Name, cst.Attribute, cst.Call, cst.Subscript)) or node.lpar else f"({code})"
