"""Arithmetic that has no answer for some numbers, guarded where it stands."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, dotted, last_name, number

#: Smallest spread that is divided by.
_LEAST = "1e-8"
#: What keeps a divisor or an argument away from zero.
_GUARDS = ("maximum", "clip", "where", "eps", "1e-", "+ 1", "fillna", "replace(", "len(")


class GuardedArithmetic(Repair):
    """Guards what can make a number that is not finite: divisions by a spread, logarithms, roots, quotients.

    That of the line that the finding points at; where the values may have been spoilt before it, also those above.
    """

    id = "guarded-arithmetic"
    faults = ("input-nan",)

    def patches(self, case: Case) -> Iterator[Patch]:
        location = case.location
        source = case.source
        edits = Edits(source)
        own = guard(edits, location.line)
        if own:
            yield self.patch(f"Guard the {own[0]} against numbers that it has no answer for", edits)
        # A column without a spread may as well have been spoilt by a logarithm before.
        above = Edits(source)
        scope = next((source.scope(node) for node in source.nodes if source.line(node) == location.line), source.module)
        near = [node for node in (*source.all(cst.Call, _unbounded), *source.all(cst.BinaryOperation, _by_spread))
                if source.scope(node) is scope and source.line(node) <= location.line]  # fmt: skip
        lines = sorted({source.line(node) for node in near})
        kinds = [kind for line in lines for kind in guard(above, line)]
        if own and len(kinds) > len(own):
            yield self.patch("Guard what can leave numbers that are not finite", above)


def guard(edits: Edits, line: int) -> list[str]:
    """Guard the arithmetic that begins on a line; what was guarded ("division", "logarithm", ...)."""
    source = edits.source
    found: list[str] = []
    if any(reads(call) for call in source.calls(line=line)):
        return []  # what it divides is a path
    for node in source.nodes:
        if source.line(node) != line:
            continue
        if isinstance(node, cst.Call):
            found += _guard_call(edits, node)
        elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide):
            if number(node.right) is None and not _guarded(source, node.right):
                right = source.code(node.right)
                inner = right[1:-1] if node.right.lpar else right
                behind = source.code(source.followed(node.right, line))
                if "transform(" in behind or "groupby(" in behind:
                    inner = f"{right}.fillna(0)"  # the spread of a group of one is none
                edits.change(node.right, _Other(f"({inner} + {_LEAST})"))
                found.append("division")
    return found


class _Other:
    """Another expression in place of one, parentheses and all."""

    def __init__(self, code: str) -> None:
        self._new = cst.parse_expression(code)

    def __call__(self, node: cst.CSTNode) -> cst.CSTNode:
        return self._new


def _guard_call(edits: Edits, call: cst.Call) -> list[str]:
    source, name = edits.source, last_name(call.func)
    if name == "pct_change":
        numbers = edits.numpy()
        edits.replace(call, f"{source.code(call)}.replace([{numbers}.inf, -{numbers}.inf], {numbers}.nan)")
        return ["quotient"]
    given = call.args[0].value if call.args else None
    if given is None or not _unbounded(call) or _guarded(source, given):
        return []
    code = source.code(given)
    library = dotted(call.func).rpartition(".")[0]
    largest = f"{library}.maximum" if library else f"{edits.numpy()}.maximum"
    if name == "log":
        # The logarithm of 1 + x is that of x for all but small x, and has an answer for 0.
        edits.replace(call.func, f"{library}.log1p" if library else f"{edits.numpy()}.log1p")
    edits.replace(given, f"{largest}({code}, 0)")
    return ["root" if name == "sqrt" else "logarithm"]


def reads(call: cst.Call) -> bool:
    """Whether a call reads a file."""
    return re.fullmatch(r"read_\w+|load|loadtxt|genfromtxt|fromfile|open|imread", last_name(call.func)) is not None


def _unbounded(call: cst.Call) -> bool:
    """Whether a call is a logarithm or a root, of NumPy or TensorFlow."""
    return last_name(call.func) in ("log", "log1p", "log2", "log10", "sqrt") and dotted(call.func).count(".") >= 1 and (
        dotted(call.func).split(".")[0] in ("np", "numpy", "tf", "tensorflow", "math", "jnp", "ops")
        and number(call.args[0].value if call.args else None) is None
    )


def _by_spread(node: cst.BinaryOperation) -> bool:
    """Whether something is divided by a spread, or by a maximum less a minimum."""
    if not isinstance(node.operator, cst.Divide):
        return False
    written = cst.Module([]).code_for_node(node.right).lower()
    return any(word in written for word in ("std", "spread", "sd", "sigma", "scale", "range", "max("))


def _guarded(source: Source, node: cst.BaseExpression) -> bool:
    """Whether an expression is kept away from zero already."""
    written = source.code(node)
    return any(word in written for word in _GUARDS)
