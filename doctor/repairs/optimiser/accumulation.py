"""Gradients that are added up over several batches, and applied as a sum."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, dotted, last_name, number


class MeanOfGradients(Repair):
    """Divides each gradient by the number of batches that are added up before an update."""

    id = "mean-of-gradients"
    faults = ("lr-too-high",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for source in case.sources():
            for node, gradient in _added(source):
                count = _count(source)
                if count is None or _divided(source, count):
                    continue
                edits = Edits(source)
                # A quotient binds more strongly than the sum around it.
                edits.replace(gradient, f"{source.code(gradient)} / {count}")
                yield self.patch(f"Divide the gradients that are added up by {count}", edits)
                return


def _gradients(source: Source) -> set[str]:
    """Names of lists of gradients, and of what goes through them in a loop or a comprehension."""
    names = {"grads", "gradients"}
    for node in source.all(cst.Assign):
        if isinstance(node.value, cst.Call) and last_name(node.value.func) in ("gradient", "compute_gradients"):
            names |= {one.target.value for one in node.targets if isinstance(one.target, cst.Name)}
    return names


def _pairs(source: Source, gradients: set[str]) -> Iterator[tuple[cst.CSTNode, str]]:
    """(loop, name of one gradient) of loops and comprehensions that zip gradients with something."""
    loops: list[cst.For | cst.CompFor] = [*source.all(cst.For), *source.all(cst.CompFor)]
    for loop in loops:
        if not isinstance(loop.iter, cst.Call):
            continue
        if last_name(loop.iter.func) != "zip" or not isinstance(loop.target, cst.Tuple):
            continue
        for one, given in zip(loop.target.elements, loop.iter.args):
            value = given.value
            asked = isinstance(value, cst.Call) and last_name(value.func) == "gradient"
            if isinstance(one.value, cst.Name) and (asked or last_name(value) in gradients):
                yield loop, one.value.value


def _added(source: Source) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression]]:
    """(addition, gradient) of `[b + g for b, g in zip(buffers, grads)]` and `buffer.assign_add(g)`."""
    for loop, name in _pairs(source, _gradients(source)):
        whole = source.parent(loop) if isinstance(loop, cst.CompFor) else loop
        if whole is None:
            continue
        for call in source.inside(whole, cst.Call):
            if last_name(call.func) == "assign_add" and len(call.args) == 1 and dotted(call.args[0].value) == name:
                yield call, call.args[0].value
        for sum_ in source.inside(whole, cst.BinaryOperation):
            if isinstance(sum_.operator, cst.Add) and not isinstance(source.parent(sum_), cst.Arg):
                for part, other in ((sum_.right, sum_.left), (sum_.left, sum_.right)):
                    if dotted(part) == name and isinstance(other, cst.Name):
                        yield sum_, part
        for augmented in source.inside(whole, cst.AugAssign):
            if isinstance(augmented.operator, cst.AddAssign) and dotted(augmented.value) == name:
                yield augmented, augmented.value


def _count(source: Source) -> str | None:
    """The number of batches before an update: of `(step + 1) % ACCUM == 0`, or of `filled == ACCUM`."""
    for node in source.all(cst.Comparison):
        branch = source.parent(node)
        if not isinstance(branch, cst.If) or not any(
            last_name(call.func) in ("apply_gradients", "apply", "assign_sub")
            for call in source.inside(branch.body, cst.Call)
        ):
            continue
        if isinstance(node.left, cst.BinaryOperation) and isinstance(node.left.operator, cst.Modulo):
            count = node.left.right
        else:
            count = node.comparisons[0].comparator
        if isinstance(node.comparisons[0].operator, (cst.Equal, cst.GreaterThanEqual)):
            if dotted(count) or (number(count) or 0) > 1:
                return source.code(count)
    return None


def _divided(source: Source, count: str) -> bool:
    """Whether something is divided by the count already: the gradients, their sum, or the loss."""
    return any(isinstance(node.operator, cst.Divide) and source.code(node.right) in (count, f"float({count})")
               for node in source.all(cst.BinaryOperation))  # fmt: skip
