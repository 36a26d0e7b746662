"""What is held out: of another part of the rows, in a fixed order, by a network that is made anew."""

from __future__ import annotations

import math
import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, last_name, number


class FixedSplit(Repair):
    """Keeps the order of a shuffled dataset that is split, so that the parts stay the same."""

    id = "fixed-split"
    faults = ("leakage",)
    rules = ("reshuffled-split",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        for call in source.calls("shuffle", line=line):
            edits = Edits(source)
            edits.set_argument(call, "reshuffle_each_iteration", "False", 2)
            yield self.patch("Keep the order of the first pass", edits)
            return
        raise CannotWrite(f"no dataset is shuffled on line {line}")


class SplitInTime(Repair):
    """Holds out the last windows, and none from among those that are trained on."""

    id = "split-in-time"
    faults = ("leakage",)
    rules = ("overlapping-windows",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        edits = Edits(source)
        for call in source.calls("permutation", line=line):
            if call.args:
                count = source.code(call.args[0].value)
                edits.replace(call, f"{edits.numpy()}.arange({count})")
                yield self.patch("Keep the windows in the order of time", edits)
                return
        for call in source.calls("train_test_split", line=line):
            edits.set_argument(call, "shuffle", "False")
            for name in ("stratify", "random_state"):
                if argument(call, name) is not None:
                    edits.drop_argument(call, name)
            yield self.patch("Hold out the last windows", edits)
            return
        for call in source.calls("shuffle", line=line):
            if isinstance(source.parent(call), cst.Expr):
                edits.remove(call)
                yield self.patch("Keep the windows in the order of time", edits)
                return
        raise CannotWrite(f"no order is drawn on line {line}")


class OtherRows(Repair):
    """Rows that are held out and trained on, by how the script cuts them: one of the parts begins behind the other."""

    id = "other-rows"
    faults = ("leakage",)
    rules = ("leakage",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        yield from self._slices(source, line)
        yield from self._validation(source, line)

    def _slices(self, source: Source, line: int) -> Iterator[Patch]:
        """`x[:m]` and `x[:n]`: the larger part begins where the smaller one ends."""
        own = [one for one in _beginnings(source) if source.covers(source.statement(one), line)]
        for held in own:
            others = [one for one in _beginnings(source) if source.code(one.value) == source.code(held.value)
                      and source.code(one) != source.code(held)
                      and source.scope(one) is source.scope(held)]  # fmt: skip
            if not others:
                continue
            ends = (_end(source, held), _end(source, others[0]))
            sizes = [number(source.followed(end, line)) for end in ends]
            here, there = (source.code(end) for end in ends)
            statements = (source.statement(held), source.statement(others[0]))
            small, large = (1, 0) if (sizes[0] or 0.0) > (sizes[1] or math.inf) else (0, 1)
            edits = Edits(source)
            codes = (here, there)
            for one in _of_statement(source, statements[small], codes[small]):
                edits.replace(one, f"{source.code(one.value)}[{codes[large]}:{codes[large]} + {codes[small]}]")
            yield self.patch("Hold out the rows behind those of the training", edits)
            edits = Edits(source)
            for one in _of_statement(source, statements[large], codes[large]):
                edits.replace(one, f"{source.code(one.value)}[{codes[small]}:{codes[large]}]")
            yield self.patch("Train on the rows behind those that are held out", edits)
            return

    def _validation(self, source: Source, line: int) -> Iterator[Patch]:
        """`fit(x, y, validation_data=(x, y))`: the last fifth of the rows is held out instead."""
        for call in source.calls("fit", line=line):
            given = argument(call, "validation_data")
            inputs, labels = argument(call, "x", 0), argument(call, "y", 1)
            if given is None or inputs is None or labels is None or not isinstance(given.value, cst.Tuple):
                continue
            held = [source.code(one.value) for one in given.value.elements]
            if held[:2] != [source.code(inputs.value), source.code(labels.value)]:
                continue
            edits = Edits(source)
            pair = _unused_pair(source, held)
            if pair is not None:
                edits.replace(given.value, f"({', '.join(pair)})")
                yield self.patch("Validate on the rows that the script has for it", edits)
                return
            edits.drop_argument(call, "validation_data")
            edits.set_argument(call, "validation_split", "0.2")
            yield self.patch("Hold out the last fifth of the rows", edits)
            return


class FreshNetwork(Repair):
    """Makes the network anew in every fold."""

    id = "fresh-network"
    faults = ("leakage",)
    rules = ("shared-folds",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        trained = next((fix.location for fix in case.finding.fixes if fix.location is not None), case.location)
        for statement in source.on(line, cst.SimpleStatementLine):
            part = statement.body[0]
            if not isinstance(part, cst.Assign) or not isinstance(part.value, cst.Call):
                continue
            name = last_name(part.targets[0].target)
            fits = [call for call in source.calls("fit", line=trained.line) if source.loop(call) is not None]
            loop = source.loop(fits[0]) if fits else None
            own = source.function(last_name(part.value.func)) is not None
            if not name or not own or loop is None or not isinstance(loop.body, cst.IndentedBlock):
                continue
            edits = Edits(source)
            edits.insert_before(loop.body.body[0], source.code(part))
            between = [one for one in source.all(cst.Name, lambda node: node.value == name)
                       if source.line(statement) < source.line(one) < source.line(loop)]  # fmt: skip
            if not between:
                edits.remove(statement)
            yield self.patch("Make the network anew in each fold", edits)
            return
        raise CannotWrite("the network is made by no function that could make it anew in each fold")


class AnswerDropped(Repair):
    """Takes the column of the label out of the inputs."""

    id = "answer-dropped"
    faults = ("leakage",)

    def patches(self, case: Case) -> Iterator[Patch]:
        told = re.search(r"drop\(columns=(\[[^\]]*\])\)|np\.delete\(x, (\[[\d, ]+\])", " ".join(
            fix.code for fix in case.finding.fixes))  # fmt: skip
        if told is None:
            return
        source, line = case.source, case.location.line
        edits = Edits(source)
        for call in source.calls("to_numpy", "astype", "drop", line=line):
            if told[1] and isinstance(call.func, cst.Attribute) and isinstance(call.func.value, cst.Name):
                frame = source.code(call.func.value)
                edits.replace(call.func.value, f"{frame}.drop(columns={told[1]})")
                yield self.patch("Take the label out of the inputs", edits)
                return
        for values in source.on(line, cst.Attribute):
            if told[1] and values.attr.value == "values" and isinstance(values.value, cst.Name):
                edits.replace(values.value, f"{source.code(values.value)}.drop(columns={told[1]})")
                yield self.patch("Take the label out of the inputs", edits)
                return
        for statement in source.on(line, cst.Assign):
            name = last_name(statement.targets[0].target)
            if told[2] and name and not isinstance(statement.value, cst.Tuple):
                edits.insert_after(statement, f"{name} = {edits.numpy()}.delete({name}, {told[2]}, axis=1)")
                yield self.patch("Take the label out of the inputs", edits)
                return
        raise CannotWrite(f"line {line} makes no inputs of a table")


def _beginnings(source: Source) -> list[cst.Subscript]:
    """Slices from the first row on: x[:n]."""
    return [one for one in source.all(cst.Subscript) if _end_of(one) is not None]


def _end_of(node: cst.Subscript) -> cst.BaseExpression | None:
    slice_ = node.slice[0].slice if len(node.slice) == 1 else None
    if not isinstance(slice_, cst.Slice) or slice_.step is not None or slice_.upper is None:
        return None
    return slice_.upper if slice_.lower is None or number(slice_.lower) == 0 else None


def _end(source: Source, node: cst.Subscript) -> cst.BaseExpression:
    found = _end_of(node)
    if found is None:
        raise CannotWrite(f"{source.code(node)} does not begin with the first row")
    return found


def _of_statement(source: Source, statement: cst.CSTNode, end: str) -> list[cst.Subscript]:
    """All slices from the first row to an end in a statement."""
    return [one for one in _beginnings(source) if any(outer is statement for outer in source.around(one))
            and source.code(_end(source, one)) == end]  # fmt: skip


def _unused_pair(source: Source, used: list[str]) -> list[str] | None:
    """Names of validation inputs and labels that the script made and trains on nothing of; none of a test set."""
    names = [name.value for statement in source.all(cst.Assign) for target in statement.targets
             for name in source.inside(target, cst.Name)]  # fmt: skip
    held = [name for name in dict.fromkeys(names) if re.search(r"(^|_)(val?|valid|validation|dev)($|_)", name.lower())]
    inputs = [name for name in held if name.lower().startswith(used[0][:1].lower())]
    labels = [name for name in held if name.lower().startswith(used[1][:1].lower())]
    return [inputs[0], labels[0]] if len(inputs) == len(labels) == 1 and inputs != labels else None
