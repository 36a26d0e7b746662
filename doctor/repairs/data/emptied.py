"""Steps that leave nothing of the inputs: written so that they keep what tells examples apart."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.data.hidden_signal import Replaced, Way, mask_turned, over_examples
from doctor.repairs.data.places import method_call
from doctor.repairs.source import Source, argument, dotted, last_name, number

_WHOLE = re.compile(r"^[\"']?((np|numpy|tf|tensorflow)\.)?u?int(\d+)?[\"']?$")
_BUFFERS = ("zeros", "empty", "full", "ones", "zeros_like", "empty_like", "full_like")
#: Ways that are offered at most.
MOST = 3


class EmptiedInputs(Repair):
    """Keeps fractions as fractions, the filled side of padded rows, copies of buffers, the spread over examples.

    What stands on the finding's line comes first; without anything there, the rest of the script is looked through.
    """

    id = "kept-signal"
    faults = ("degenerate-feature",)

    def patches(self, case: Case) -> Iterator[Patch]:
        own = case.location
        found = list(_ways(case.source, own.line, case))
        if not found:
            for source in case.sources():
                scope = next((source.scope(node) for node in source.nodes if source.line(node) == own.line), None)
                near = scope if isinstance(scope, cst.FunctionDef) and source.path == own.path else None
                lines = sorted({source.line(node) for node in source.nodes if _suspect(node)},
                               key=lambda line: (near is None or not source.covers(near, line), line))  # fmt: skip
                found += [way for line in lines for way in _strong(source, line, case)]
        for title, edits in found[:MOST]:
            yield self.patch(title, edits)


def _suspect(node: cst.CSTNode) -> bool:
    """Whether a node is one that `_strong` looks at."""
    if isinstance(node, cst.BinaryOperation):
        return isinstance(node.operator, cst.FloorDivide)
    return isinstance(node, cst.Subscript) or isinstance(node, cst.Call) and last_name(node.func) in (
        *_BUFFERS, "pad_sequences"
    )


def _ways(source: Source, line: int, case: Case) -> Iterator[Way]:
    """All that may be mended on a line."""
    yield from _strong(source, line, case)
    for find in (_cast, _head, over_examples, mask_turned, _shared):
        way = find(source, line)
        if way is not None:
            yield way


def _strong(source: Source, line: int, case: Case) -> Iterator[Way]:
    """What nearly always empties data: whole divisions, buffers of whole numbers, padding that cuts off fractions."""
    words = any(one.attributes.get("role") == "embedding" for one in case.view.variables)
    for way in (_whole_division(source, line), None if words else _whole_buffer(source, line), _tail(source, line)):
        if way is not None:
            yield way
    yield from _padded(source, line, words)


def _whole_division(source: Source, line: int) -> Way | None:
    for node in source.on(line, cst.BinaryOperation):
        known = number(node.right)
        if isinstance(node.operator, cst.FloorDivide) and known is not None and known >= 10:
            if source.line(node) == line and not _counts(source, node):
                edits = Edits(source)
                edits.change(node.operator, _Same(cst.Divide()))
                return "Divide with fractions", edits
    return None


def _counts(source: Source, node: cst.CSTNode) -> bool:
    """Whether a number is a count of steps, rows or pixels rather than data."""
    around = source.code(source.statement(node))
    return re.search(r"\blen\(|range\(|steps|epochs|\bn_|shape|size", around) is not None


class _Same:
    """Another node, whatever was there, with its layout."""

    def __init__(self, new: cst.BaseBinaryOp) -> None:
        self._new = new

    def __call__(self, node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, cst.FloorDivide)
        return self._new.with_changes(whitespace_before=node.whitespace_before, whitespace_after=node.whitespace_after)


def _whole_buffer(source: Source, line: int) -> Way | None:
    """A buffer of whole numbers, made of floats."""
    for call in source.calls(*_BUFFERS, line=line):
        given = argument(call, "dtype")
        if source.line(call) != line or not _written_into(source, call):
            continue
        edits = Edits(source)
        name = last_name(call.func)
        if given is not None and _WHOLE.match(source.code(given.value)):
            edits.replace(given.value, '"float32"')
        elif given is None and name.endswith("_like"):
            edits.set_argument(call, "dtype", '"float32"')
        else:
            continue
        return "Fill an array of floats, which keeps fractions", edits
    return None


def _written_into(source: Source, call: cst.Call) -> bool:
    """Whether rows of what a call makes are written by a computation: those of labels are whole by nature."""
    statement = source.parent(call)
    target = statement.targets[0].target if isinstance(statement, cst.Assign) else None
    if target is None or re.search(r"lab|target|^y|class|ids?$|tok|mask", source.code(target), re.I):
        return False
    name = source.code(target)
    return any(isinstance(node.targets[0].target, cst.Subscript) and dotted(node.targets[0].target.value) == name
               for node in source.all(cst.Assign))  # fmt: skip


def _padded(source: Source, line: int, words: bool) -> Iterator[Way]:
    """`pad_sequences` makes whole numbers unless it is told otherwise, and cuts off one end."""
    for call in source.calls("pad_sequences", line=line):
        if argument(call, "dtype") is None and not words:
            edits = Edits(source)
            edits.set_argument(call, "dtype", '"float32"')
            yield "Pad with floats, which keeps fractions", edits
        cut = argument(call, "truncating")
        edits = Edits(source)
        at_end = cut is not None and source.code(cut.value).strip("\"'") == "post"
        edits.set_argument(call, "truncating", '"pre"' if at_end else '"post"')
        yield f"Keep the {'end' if at_end else 'beginning'} of long sequences", edits


def _cast(source: Source, line: int) -> Way | None:
    """A cast of data to whole numbers."""
    for call in source.calls("astype", "cast", line=line):
        given = argument(call, "dtype", 1 if last_name(call.func) == "cast" else 0)
        if given is None or not _WHOLE.match(source.code(given.value)):
            continue
        edits = Edits(source)
        library = source.code(given.value).rpartition(".")[0].strip("\"'")
        edits.replace(given.value, f"{library}.float32" if library else '"float32"')
        return "Keep fractions", edits
    return None


def _tail(source: Source, line: int) -> Way | None:
    """`x[:, -n:]`: where rows are padded behind, their end holds nothing."""
    for node in source.on(line, cst.Subscript):
        for element in node.slice[1:]:
            part = element.slice
            if not isinstance(part, cst.Slice) or part.upper is not None or source.line(node) != line:
                continue
            lower = part.lower
            if isinstance(lower, cst.UnaryOperation) and isinstance(lower.operator, cst.Minus):
                edits = Edits(source)
                edits.change(part, Replaced(cst.Slice(lower=None, upper=lower.expression)))
                return "Take the beginning of the rows, which holds the data", edits
    return None


def _head(source: Source, line: int) -> Way | None:
    """`x[:, :n]`: where rows are padded in front, their beginning holds nothing."""
    for node in source.on(line, cst.Subscript):
        for element in node.slice[1:]:
            part = element.slice
            if not isinstance(part, cst.Slice) or part.lower is not None or part.upper is None:
                continue
            if not isinstance(part.upper, cst.UnaryOperation):
                edits = Edits(source)
                last = cst.UnaryOperation(cst.Minus(cst.SimpleWhitespace("")), part.upper)
                edits.change(part, Replaced(cst.Slice(lower=last, upper=None)))
                return "Take the end of the rows, which holds the data", edits
    return None


def _shared(source: Source, line: int) -> Way | None:
    """A copy of what a list is given, where the same array is filled again each time."""
    for call in source.calls("append", line=line):
        given = call.args[0].value if call.args else None
        if given is not None and dotted(given) and method_call(given) != "copy":
            edits = Edits(source)
            edits.replace(given, f"{source.code(given)}.copy()")
            return "Add a copy, not the buffer itself", edits
    return None


class MatchedKeys(Repair):
    """Looks texts up as texts: numbers of a column are no keys of a table that was read from JSON."""

    id = "matched-keys"
    faults = ("degenerate-feature",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source = case.source
        for call in source.calls("map", line=case.location.line):
            owner = call.func.value if isinstance(call.func, cst.Attribute) else None
            if owner is not None and call.args and isinstance(call.args[0].value, cst.Name):
                edits = Edits(source)
                edits.replace(owner, f"{source.code(owner)}.astype(str)")
                yield self.patch("Look the values up as texts", edits)
                return


class TimeOfDay(Repair):
    """Keeps the time of day of moments, of which an hour is taken later."""

    id = "time-of-day"
    faults = ("degenerate-feature",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source = case.source
        taken = [node for node in source.on(case.location.line, cst.Attribute) if node.attr.value in ("hour", "minute")]
        for call in source.calls("floor", "normalize", "round", "ceil") if taken else ():
            owner = call.func.value if isinstance(call.func, cst.Attribute) else None
            if isinstance(owner, cst.Attribute) and owner.attr.value == "dt":
                edits = Edits(source)
                edits.replace(call, source.code(owner.value))
                yield self.patch("Keep the time of day", edits)
                return
