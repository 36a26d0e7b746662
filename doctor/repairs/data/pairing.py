"""Inputs and labels brought into one order, where one of them was shuffled by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator

import libcst as cst

from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.data.places import block_statement, fresh, method_call, replace_small, small_statement, writes
from doctor.repairs.source import Source, argument, dotted, last_name

#: Names of numbers of rows: shuffling them shuffles no array.
_ORDERS = re.compile(r"(^|[._])(idx|ind|index|indices|indexes|order|perm|permutation|ids|pick|rows|starts|files|paths)",
                     re.I)  # fmt: skip


@dataclass(frozen=True)
class Reordering:
    """A statement that brings one array into another order.

    Attributes:
        node: the small statement.
        array: as it is written.
        draw: what draws the order: "rng.permutation", say; "shuffle" of scikit-learn.
    """

    node: cst.BaseSmallStatement
    array: str
    draw: str


class OneOrder(Repair):
    """Draws one permutation for inputs and labels, in place of one that only one of them gets."""

    id = "one-order"
    faults = ("label-mismatch",)

    def patches(self, case: Case) -> Iterator[Patch]:
        location = case.finding.location
        for source in case.sources():
            found = reorderings(source)
            if location is not None and location.path == source.path:
                found.sort(key=lambda one: not source.covers(one.node, location.line))
            for one in found:
                edits = _mended(source, one, found)
                if edits is not None:
                    yield self.patch("Shuffle inputs and labels by one order", edits)
                    return
            index = _second_index(source)
            if index is not None:
                yield self.patch("Take the labels by the order of the inputs", index)
                return


def reorderings(source: Source) -> list[Reordering]:
    """Statements that shuffle one array, in the order of the text."""
    found: list[Reordering] = []
    for node in source.nodes:
        if isinstance(node, cst.Expr) and isinstance(node.value, cst.Call):
            call = node.value
            if last_name(call.func) == "shuffle" and len(call.args) == 1 and dotted(call.args[0].value):
                draw = dotted(call.func)[: -len("shuffle")]
                found.append(Reordering(node, source.code(call.args[0].value), f"{draw or 'np.random.'}permutation"))
        elif isinstance(node, cst.Assign) and len(node.targets) == 1:
            target = source.code(node.targets[0].target)
            draw = _drawn(source, node.value, target)
            if draw:
                found.append(Reordering(node, target, draw))
    return [one for one in found if not _ORDERS.search(one.array)]


def _drawn(source: Source, value: cst.BaseExpression, target: str) -> str:
    """What draws the order in which a value has the rows of `target`; "" where it is anything else."""
    if isinstance(value, cst.Call):
        given = source.code(value.args[0].value) if value.args else ""
        name = last_name(value.func)
        if name in ("permutation", "permuted") and given == target:
            return f"{dotted(value.func).rpartition('.')[0]}.permutation"
        if name == "shuffle" and given == target and isinstance(value.func, cst.Name):
            return source.code(value.func)
    if isinstance(value, cst.Subscript) and source.code(value.value) == target:
        index = value.slice[0].slice
        drawn = index.value if isinstance(index, cst.Index) else None
        if isinstance(drawn, cst.Call) and last_name(drawn.func) == "permutation":
            return dotted(drawn.func)
    return ""


def _mended(source: Source, one: Reordering, found: list[Reordering]) -> Edits | None:
    """Both arrays in one order: the other is shuffled in the same function, or stands beside the first elsewhere."""
    scope = source.scope(one.node)
    others = [each for each in found if source.scope(each.node) is scope and each.array != one.array]
    other = others[0] if others else None
    partner = other.array if other is not None else beside(source, one)
    if not partner:
        return None
    first = other if other is not None and _before(source, other.node, one.node) else one
    pair = [one.array, partner] if first is one else [partner, one.array]
    second = other if first is one else one
    edits = Edits(source)
    names = ", ".join(pair)
    if "." not in first.draw:
        seed = _seed(source, first.node)
        code = [f"{names} = {first.draw}({names}{seed})"]
    else:
        (order,) = fresh(source, "order")
        draw = first.draw if not first.draw.startswith("np.") else f"{edits.numpy()}{first.draw[2:]}"
        draw = f"{edits.numpy()}.random.permutation" if draw == "random.permutation" else draw
        taken = ", ".join(f"{name}[{order}]" for name in pair)
        code = [f"{order} = {draw}(len({pair[0]}))", f"{names} = {taken}"]
    if second is None:
        replace_small(edits, first.node, code)
    elif small_statement(source, first.node)[1] and small_statement(source, second.node)[1]:
        late = any(_before(source, first.node, node) for node in writes(source, second.array)
                   if node is not second.node and _before(source, node, second.node))  # fmt: skip
        replace_small(edits, (second if late else first).node, code)
        edits.remove((first if late else second).node)
    elif len(code) == 2:
        replace_small(edits, first.node, code[:1])
        replace_small(edits, second.node, code[1:])
    else:
        return None
    return edits


def _before(source: Source, one: cst.CSTNode, other: cst.CSTNode) -> bool:
    return source.nodes.index(one) < source.nodes.index(other)


def _seed(source: Source, node: cst.CSTNode) -> str:
    for call in source.inside(node, cst.Call):
        seed = argument(call, "random_state")
        if seed is not None:
            return f", random_state={source.code(seed.value)}"
    return ""


def beside(source: Source, one: Reordering) -> str:
    """The array that stands beside a shuffled one: in a tuple or a call, with the same rows; "" where none does."""
    bare, found = one.array, []
    line = source.line(one.node)
    for node in source.nodes:
        parts: list[cst.BaseExpression] = []
        if isinstance(node, cst.Tuple):
            parts = [element.value for element in node.elements]
        elif isinstance(node, cst.Call) and last_name(node.func) not in ("print", "zip_longest"):
            parts = [arg.value for arg in node.args if arg.keyword is None]
        pairs = list(_rows(source, parts))
        if isinstance(node, cst.Tuple) and isinstance(around := source.parent(node), cst.AssignTarget):
            pairs = list(_written(source, around, node)) or pairs
        own = [rows for name, rows in pairs if name == bare]
        if own:
            found += [(abs(source.line(node) - line), name) for name, rows in pairs
                      if name != bare and rows == own[0] and name]  # fmt: skip
    # What is given a value, a seed or a number of rows beside it is no array that is sliced or handed on with it.
    counts: dict[str, int] = {}
    for _, name in found:
        counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: (counts[name], -[one for _, one in found].index(name)), default="")


def _rows(source: Source, parts: list[cst.BaseExpression]) -> Iterator[tuple[str, str]]:
    """(array, rows that are taken) of expressions."""
    for part in parts:
        if isinstance(part, cst.Subscript) and dotted(part.value):
            yield dotted(part.value), source.code(part)[len(source.code(part.value)) :]
        elif isinstance(part, (cst.Name, cst.Attribute)) and dotted(part):
            yield dotted(part), ""


def _written(source: Source, target: cst.CSTNode, names: cst.Tuple) -> Iterator[tuple[str, str]]:
    """The same of names that are given rows: `xtr, xte, ytr, yte = x[:n], x[n:], y[:n], y[n:]`."""
    statement = source.parent(target)
    value = statement.value if isinstance(statement, cst.Assign) else None
    if isinstance(value, cst.Tuple) and len(value.elements) == len(names.elements):
        taken = list(_rows(source, [element.value for element in value.elements]))
        if len(taken) == len(names.elements):
            for element, (_, rows) in zip(names.elements, taken):
                yield dotted(element.value), rows


def _second_index(source: Source) -> Edits | None:
    """`x = x[one]`, `y = y[other]`, each by a permutation of its own: the second takes the first."""
    taken: list[tuple[cst.Assign, cst.Index, str]] = []
    for node in source.all(cst.Assign):
        value = node.value
        if not isinstance(value, cst.Subscript) or len(value.slice) != 1:
            continue
        index = value.slice[0].slice
        if isinstance(index, cst.Index) and isinstance(index.value, cst.Name):
            drawn = source.assigned(index.value.value, source.line(node))
            if drawn is not None and method_call(drawn) == "permutation":
                taken.append((node, index, index.value.value))
    for (one, _, first), (two, index, second) in zip(taken, taken[1:]):
        same = block_statement(source, two, one) is source.statement(two)
        if first != second and same and source.scope(one) is source.scope(two):
            edits = Edits(source)
            edits.replace(index.value, first)
            return edits
    return None
