"""Names that are bound anew where a variable was to be changed, counters, and conditions that never come true."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.shared.origins import origin
from doctor.repairs.source import Source, dotted, number

_OPERATORS = {cst.AddAssign: "assign_add", cst.SubtractAssign: "assign_sub"}


class AssignedInPlace(Repair):
    """Assigns to the variable, where the script only gives its own name another value."""

    id = "assigned-in-place"
    faults = ("update-missing",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if case.finding.location is None or case.finding.rule not in ("update-missing", "stale-evaluation"):
            return
        source, line = case.source, case.location.line
        edits = Edits(source)
        for node in source.on(line, cst.Assign):
            target, value = node.targets[0].target, node.value
            if not isinstance(target, cst.Name) or source.loop(node) is None or not _bound(source, node, target.value):
                continue
            left = value.left if isinstance(value, cst.BinaryOperation) else None
            if isinstance(value, cst.BinaryOperation) and dotted(left or value) == target.value and isinstance(
                value.operator, (cst.Add, cst.Subtract)
            ):
                name = "assign_sub" if isinstance(value.operator, cst.Subtract) else "assign_add"
                new = f"{target.value}.{name}({source.code(value.right)})"
            else:
                new = f"{target.value}.assign({source.code(value)})"
            edits.replace_statement(node, new)
            yield self.patch(f"Assign to `{target.value}` itself", edits)
            return
        for augmented in source.on(line, cst.AugAssign):
            name = next((to for kind, to in _OPERATORS.items() if isinstance(augmented.operator, kind)), "")
            if isinstance(augmented.target, cst.Name) and name and _bound(source, augmented, augmented.target.value):
                code = f"{augmented.target.value}.{name}({source.code(augmented.value)})"
                edits.replace_statement(augmented, code)
                yield self.patch(f"Assign to `{augmented.target.value}` itself", edits)
                return


def _bound(source: Source, node: cst.CSTNode, name: str) -> bool:
    """Whether a name is that of the loop around a statement: `for p, g in zip(params, grads)`."""
    loop = source.loop(node)
    return isinstance(loop, cst.For) and any(one.value == name for one in source.inside(loop.target, cst.Name))


class CountedVariable(Repair):
    """Counts in a tf.Variable: a Python number in a tf.function counts once, when the function is traced."""

    id = "counted-variable"
    faults = ("update-missing",)
    rules = ("update-missing",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if not any("assign_add(1)" in fix.code for fix in case.finding.fixes) or case.finding.location is None:
            return
        source, line = case.source, case.location.line
        for augmented in source.on(line, cst.AugAssign):
            counter = source.code(augmented.target)
            starts = [node for node in source.all(cst.Assign)
                      if source.code(node.targets[0].target) == counter and number(node.value) is not None]  # fmt: skip
            if not starts:
                raise CannotWrite(f"where `{counter}` starts is not seen")
            edits = Edits(source)
            scopes = [source.scope(node) for node in starts]
            first = starts[0]
            edits.replace(first.value, f"{edits.tensorflow()}.Variable({source.code(first.value)}, trainable=False)")
            for node, _ in list(zip(starts, scopes))[1:]:
                edits.replace_statement(node, f"{counter}.assign({source.code(node.value)})")
            step = "assign_sub" if isinstance(augmented.operator, cst.SubtractAssign) else "assign_add"
            edits.replace_statement(augmented, f"{counter}.{step}({source.code(augmented.value)})")
            yield self.patch(f"Count in a variable: `{counter}`", edits)
            return


class ReachableCondition(Repair):
    """Changes the number in a condition, on which the gradients are applied, so that it comes true."""

    id = "reachable-condition"
    faults = ("update-missing",)
    rules = ("update-missing",)

    def patches(self, case: Case) -> Iterator[Patch]:
        if not any("condition" in fix.title for fix in case.finding.fixes) or case.finding.location is None:
            return
        source, line = case.source, case.location.line
        pairs = list(_compared(source, line))
        for left, right in pairs:
            if self._wrapped(source, left, right):
                edits = Edits(source)
                edits.replace(right, "0")
                yield self.patch(f"Compare with 0, where `{source.code(left)}` begins anew", edits)
                return
        for left, right in pairs:
            modulo = isinstance(left, cst.BinaryOperation) and isinstance(left.operator, cst.Modulo)
            count = left.right if isinstance(left, cst.BinaryOperation) and modulo else right
            found = origin(case, source, count)
            if found.number is None or found.number < 2:
                continue
            for smaller in dict.fromkeys((max(1, round(found.number / 8)), 1)):
                edits = Edits(found.source)
                edits.replace(found.node, str(smaller))
                yield self.patch(f"Apply the gradients after {smaller} batches", edits, value=float(smaller))
            return
        raise CannotWrite(f"no number of the condition on line {line} is written out")

    @staticmethod
    def _wrapped(source: Source, left: cst.BaseExpression, right: cst.BaseExpression) -> bool:
        """Whether a counter is compared with what it is divided by, which its rest never reaches."""
        name, limit = source.code(left), source.code(right)
        for node in source.all(cst.BinaryOperation):
            if isinstance(node.operator, cst.Modulo) and source.code(node.right) == limit:
                statement = source.statement(node)
                if name in source.code(statement) and node is not left:
                    return True
                if node is left:
                    return True  # step % N == N
        return False


def _compared(source: Source, line: int) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """The two sides of equations on a line: of `a == b` and of tf.equal(a, b)."""
    for node in source.on(line, cst.Comparison):
        if isinstance(node.comparisons[0].operator, (cst.Equal, cst.GreaterThan, cst.GreaterThanEqual)):
            yield node.left, node.comparisons[0].comparator
    for call in source.calls("equal", line=line):
        if len(call.args) == 2:
            yield call.args[0].value, call.args[1].value
