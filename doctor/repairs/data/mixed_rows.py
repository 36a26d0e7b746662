"""Rows of batches that a class, a generator or a loop cuts off as they stand, mixed."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.data.places import fresh, method_call, names_in
from doctor.repairs.source import Source, dotted, last_name

#: Functions that evaluate rather than train.
_EVALUATING = re.compile(r"eval|test|valid|predict|accuracy|score", re.I)


class MixedRows(Repair):
    """Cuts batches from a random order that is drawn anew in each pass; a class of batches mixes its rows."""

    id = "mixed-rows"
    faults = ("unshuffled",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for source in case.sources():
            for made in source.all(cst.ClassDef):
                edits = _in_class(source, made)
                if edits is not None:
                    yield self.patch("Mix the rows of the batches, not only the batches", edits)
                    return
        for source in case.sources():
            loops = [loop for loop in source.all(cst.For) if _cut_in(source, loop)]
            loops.sort(key=lambda loop: (not source.inside(loop, cst.Yield), source.loop(loop) is None))
            for loop in loops:
                around = source.scope(loop)
                if isinstance(around, cst.FunctionDef) and _EVALUATING.search(around.name.value):
                    continue
                if source.inside(loop, cst.Yield) or source.loop(loop) is not None or _trains(source, loop):
                    edits = _in_loop(source, loop)
                    if edits is not None:
                        yield self.patch("Cut the batches from a random order, new in each pass", edits)
                        return


def _trains(source: Source, loop: cst.CSTNode) -> bool:
    return any(last_name(call.func) in ("GradientTape", "train_on_batch", "apply_gradients", "minimize")
               for call in source.inside(loop, cst.Call))  # fmt: skip


def _in_class(source: Source, made: cst.ClassDef) -> Edits | None:
    methods = {one.name.value: one for one in source.inside(made, cst.FunctionDef)}
    taking, setting = methods.get("__getitem__"), methods.get("__init__")
    if taking is None or setting is None or not taking.params.params[1:]:
        return None
    shuffles = [call for call in source.inside(made, cst.Call) if last_name(call.func) in ("shuffle", "permutation")]
    cut = list(dict.fromkeys(_windowed(source, taking)))
    if shuffles:
        number = taking.params.params[1].name.value
        picked = {source.code(node.value) for node in source.inside(taking, cst.Subscript)
                  if source.code(node.slice[0].slice) == number}  # fmt: skip
        for call in shuffles:  # the beginnings of batches change places, the rows do not
            given = call.args[0].value if call.args else None
            rows = [name for name in cut if given is not None and name not in picked]
            if given is not None and source.code(given) in picked and len(rows) == 1:
                edits = Edits(source)
                edits.replace(given, rows[0])
                return edits
        return None
    names = [name for name in cut if name.startswith("self.")]
    if not names or not isinstance(setting.body, cst.IndentedBlock):
        return None
    edits = Edits(source)
    if names[0].endswith((".iloc", ".loc")):
        table = names[0].rpartition(".")[0]
        code = f"{table} = {table}.sample(frac=1, random_state=0).reset_index(drop=True)"
    elif len(names) == 1 and any("arange" in source.code(node) or "range(" in source.code(node)
                                 for node in source.inside(setting, cst.Assign)
                                 if source.code(node.targets[0].target) == names[0]):  # fmt: skip
        code = f"{edits.numpy()}.random.shuffle({names[0]})"
    else:
        taken = ", ".join(f"{name}[order]" for name in names)
        code = (f"order = {edits.numpy()}.random.permutation(len({names[0]}))\n"
                f"{', '.join(names)} = {taken}")  # fmt: skip
    edits.insert_after(setting.body.body[-1], code)
    return edits


def _windowed(source: Source, function: cst.FunctionDef) -> Iterator[str]:
    """What a function takes a range of rows of: by a slice, or by a name that was given one."""
    windows = {dotted(node.targets[0].target) for node in source.inside(function, cst.Assign)
               if method_call(node.value) == "slice"}  # fmt: skip
    for node in source.inside(function, cst.Subscript):
        index = node.slice[0].slice
        ranged = isinstance(index, cst.Slice) and (index.lower is not None or index.upper is not None)
        if ranged or isinstance(index, cst.Index) and dotted(index.value) in windows:
            yield source.code(node.value)


def _cut_in(source: Source, loop: cst.For) -> list[cst.Subscript]:
    """The slices of a loop over numbers that depend on its number."""
    runs = loop.iter
    if isinstance(runs, cst.Call) and last_name(runs.func) == "enumerate" and runs.args:
        runs = runs.args[0].value
    if not isinstance(runs, cst.Call) or last_name(runs.func) != "range":
        return []
    numbers = names_in(source.code(loop.target))
    found = []
    for node in source.inside(loop.body, cst.Subscript):
        index = node.slice[0].slice
        if isinstance(index, cst.Slice) and index.lower is not None and dotted(node.value):
            if names_in(source.code(index.lower)) & numbers:
                found.append(node)
    return found


def _in_loop(source: Source, loop: cst.For) -> Edits | None:
    cut = _cut_in(source, loop)
    names = list(dict.fromkeys(source.code(node.value) for node in cut))
    if any(_is_drawn(source, name, source.line(loop)) for name in names):
        return None
    edits = Edits(source)
    if len(names) == 1:
        edits.insert_before(loop, f"{edits.numpy()}.random.shuffle({names[0]})")
        return edits
    (order,) = fresh(source, "order")
    edits.insert_before(loop, f"{order} = {edits.numpy()}.random.permutation({_count(source, loop, names[0])})")
    for node in cut:
        edits.change(node, _Ordered(order))
    return edits


def _is_drawn(source: Source, name: str, line: int) -> bool:
    """Whether a variable holds an order that was drawn, or rows that were mixed."""
    value = source.assigned(name, line)
    return value is not None and any(last_name(call.func) in ("permutation", "shuffle", "sample", "choice")
                                     for call in source.inside(value, cst.Call))  # fmt: skip


def _count(source: Source, loop: cst.For, name: str) -> str:
    """How many rows a loop runs over: where its range ends, if that is a number of rows."""
    runs = loop.iter
    assert isinstance(runs, cst.Call)
    if last_name(runs.func) == "range" and len(runs.args) == 3:
        stop = runs.args[1].value
        while isinstance(stop, cst.BinaryOperation) and isinstance(stop.operator, (cst.Subtract, cst.Add)):
            stop = stop.left
        if isinstance(stop, (cst.Name, cst.Integer, cst.Call, cst.Attribute, cst.Subscript)):
            return source.code(stop)
    return f"len({name})"


class _Ordered:
    """x[order[a:b]] of x[a:b]."""

    def __init__(self, order: str) -> None:
        self._order = order

    def __call__(self, node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, cst.Subscript)
        inner = cst.Subscript(cst.Name(self._order), [node.slice[0].with_changes(comma=cst.MaybeSentinel.DEFAULT)])
        return node.with_changes(slice=[node.slice[0].with_changes(slice=cst.Index(inner)), *node.slice[1:]])
