"""What a rule proposes, where that is itself a piece of code that fits the line."""

from __future__ import annotations

import builtins
import difflib
import re
from typing import Iterator

import libcst as cst

from doctor.findings import FAULTS, Fix
from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.shared.rates import OPTIMISERS
from doctor.repairs.source import Source, argument, last_name
from doctor.types import Location

#: Calls that take an argument although they are not given it yet.
_LAYERS = re.compile(r"(Dense|Conv\w*|LSTM|GRU|SimpleRNN|Embedding|EinsumDense)$")
#: Those that take their activation right after their units.
_ACTIVATED_SECOND = re.compile(r"(^|_)(Dense|LSTM|GRU|SimpleRNN)$")
_TAKE = {
    "clipnorm": OPTIMISERS, "global_clipnorm": OPTIMISERS, "clipvalue": OPTIMISERS, "weight_decay": OPTIMISERS,
    "validation_data": re.compile("^fit$"), "shuffle": re.compile("^fit$"), "batch_size": re.compile("^fit$"),
    "class_weight": re.compile("^fit$"), "from_logits": re.compile(r"Cross[Ee]ntropy$"),
    "kernel_initializer": _LAYERS, "bias_initializer": _LAYERS, "activation": _LAYERS, "kernel_regularizer": _LAYERS,
    "recurrent_initializer": re.compile(r"(LSTM|GRU|SimpleRNN)$"), "loss": re.compile("^compile$"),
    "mode": re.compile(r"(EarlyStopping|ReduceLROnPlateau|ModelCheckpoint)$"),
    "min_delta": re.compile("EarlyStopping$"),
}  # fmt: skip
_ARGUMENTS = re.compile(r"^\w+\s*=(?!=)")
#: Arguments whose repairs try several values.
_ELSEWHERE = ("learning_rate", "epochs", "decay_steps")
#: How much of a line its new text keeps.
_ALIKE = 0.6


class AsProposed(Repair):
    """Writes the code of a fix: arguments that a call on the line takes, or the new text of the whole line."""

    id = "as-proposed"
    faults = tuple(name for names in FAULTS.values() for name in names)

    def patches(self, case: Case) -> Iterator[Patch]:
        for fix in case.finding.fixes:
            place = fix.location or case.finding.location
            if place is None or not fix.code or "..." in fix.code or "\n" in fix.code:
                continue
            source = case.at(place)
            if not _known(source, fix.code):
                continue
            patch = self._arguments(source, place, fix) or self._line(source, place, fix)
            if patch is not None:
                yield patch

    def _arguments(self, source: Source, place: Location, fix: Fix) -> Patch | None:
        """`name=value` for a call on the line."""
        try:
            given = cst.parse_expression(f"f({fix.code})") if _ARGUMENTS.match(fix.code) else None
        except cst.ParserSyntaxError:
            return None
        if not isinstance(given, cst.Call) or any(arg.keyword is None for arg in given.args):
            return None
        names = [arg.keyword.value for arg in given.args if arg.keyword is not None]
        if any(name in _ELSEWHERE for name in names):
            return None
        calls = source.calls(line=place.line)
        found = next((call for call in calls if all(argument(call, name) for name in names)), None)
        taking = [call for call in calls if all(_takes(call, name) for name in names)]
        if found is None and len(taking) != 1:
            return None  # of several layers on a line it is not known which is meant
        found = found or taking[0]
        edits = Edits(source)
        for name, arg in zip(names, given.args):
            edits.set_argument(found, name, source.code(arg.value), _place_of(found, name))
        return self.patch(fix.title, edits)

    def _line(self, source: Source, place: Location, fix: Fix) -> Patch | None:
        """The new text of the line, with the comment that stands behind the old one."""
        lines = source.text.splitlines(keepends=True)
        old = lines[place.line - 1]
        statement = old.strip().partition("  #")[0].rstrip()
        if not _same_statement(statement, fix.code):
            return None
        lines[place.line - 1] = old.replace(statement, fix.code, 1)
        text = "".join(lines)
        try:
            compile(text, source.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return None
        return Patch(self.id, fix.title, {source.path: text})


def _takes(call: cst.Call, name: str) -> bool:
    kind = _TAKE.get(name)
    return kind is not None and kind.search(last_name(call.func)) is not None


def _place_of(call: cst.Call, name: str) -> int | None:
    """Where an argument stands that is given without its name."""
    return 1 if name == "activation" and _ACTIVATED_SECOND.search(last_name(call.func)) else None


def _same_statement(old: str, new: str) -> bool:
    """Whether a text is another version of a statement: it assigns to the same, or keeps most of it."""
    both = []
    for text in (old, new):
        try:
            statement = cst.parse_statement(text)
        except cst.ParserSyntaxError:
            return False
        if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
            return False
        both.append(statement.body[0])
    before, after = both
    if isinstance(before, cst.Assign) and isinstance(after, cst.Assign):
        return [cst.Module([]).code_for_node(one.target) for one in before.targets] == [
            cst.Module([]).code_for_node(one.target) for one in after.targets
        ]
    values = [one.value for one in both if isinstance(one, cst.Expr)]
    called = {last_name(value.func) for value in values if isinstance(value, cst.Call)}
    if len(called) > 1:
        return False  # another call, to be made beside this one
    return type(before) is type(after) and difflib.SequenceMatcher(None, old, new).ratio() >= _ALIKE


def _known(source: Source, code: str) -> bool:
    """Whether all names of a piece of code are names of the script, or Python's own."""
    try:
        tree = cst.parse_module(code + "\n")
    except cst.ParserSyntaxError:
        return False
    used = _Names()
    tree.visit(used)
    known = {node.value for node in source.all(cst.Name)}
    return all(name in known or hasattr(builtins, name) for name in used.found)


class _Names(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def visit_Name(self, node: cst.Name) -> None:
        self.found.add(node.value)

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        node.value.visit(self)
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:
        node.value.visit(self)
        return False

    def visit_AssignTarget(self, node: cst.AssignTarget) -> bool:
        return False
