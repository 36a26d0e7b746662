"""Rows and labels that are paired by their place: brought into the same order by what names a row."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from doctor.reading.apart import LISTING
from doctor.repairs.data.arrays import base_name
from doctor.repairs.base import Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, dotted, last_name, text

_LISTING = (*sorted(LISTING), "list_files")
#: Methods of tables that return tables with the same rows, or rows of them.
_OF_TABLES = ("copy", "drop", "reset_index", "set_index", "sort_values", "rename", "fillna", "dropna", "assign",
              "pivot", "pivot_table", "sample", "astype", "merge", "join", "drop_duplicates", "query")  # fmt: skip
_TABLES = ("read_csv", "read_table", "read_parquet", "read_excel", "read_feather", "read_json")


class NumberedOrder(Repair):
    """Sorts names by the numbers in them: as texts "10" comes before "2"."""

    id = "numbered-order"
    faults = ("label-mismatch",)
    rules = ("label-mismatch",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        key = 'key=lambda name: int("".join(filter(str.isdigit, {name})))'
        sorts = [call for call in source.calls("sorted", line=line) if argument(call, "key") is None]
        listings = [call for call in source.calls(*_LISTING, line=line)]
        if not sorts and not listings:
            return
        edits = Edits(source)
        paths = any(last_name(call.func) in ("glob", "iglob", "rglob", "iterdir") for call in listings)
        name = "os.path.basename(name)" if paths else "name"
        if paths and source.alias("os") is None:
            edits.need("import os")
        written = key.format(name=name)
        if sorts:
            edits.set_argument(sorts[0], "key", written.removeprefix("key="))
        else:
            edits.replace(listings[0], f"sorted({source.code(listings[0])}, {written})")
        yield self.patch("Take the names in the order of their numbers", edits)


class RepeatedLabels(Repair):
    """Repeats each label as often as its rows, rather than the whole list one after another."""

    id = "repeated-labels"
    faults = ("label-mismatch",)
    rules = ("label-mismatch",)

    def patches(self, case: Case) -> Iterator[Patch]:
        for source in case.sources():
            for call in source.calls("tile"):
                times = call.args[1].value if len(call.args) == 2 else None
                if times is not None and not isinstance(times, (cst.Tuple, cst.List)) and dotted(call.func):
                    edits = Edits(source)
                    edits.replace(call.func, f"{dotted(call.func).rpartition('.')[0]}.repeat".lstrip("."))
                    yield self.patch("Repeat each label, not the list of them", edits)
                    return


class PairedTables(Repair):
    """Pairs two tables by the column that both have, rather than by the place of their rows."""

    id = "paired-tables"
    faults = ("label-mismatch",)
    rules = ("label-mismatch",)

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        for taken in source.on(line, cst.Subscript):
            index = taken.slice[0].slice
            column = text(index.value) if isinstance(index, cst.Index) else None
            table = taken.value
            if column is None or not isinstance(table, cst.Name) or _is_target(source, taken):
                continue
            if _merged(source, table.value, line):
                continue
            other = _other_table(source, table.value, taken)
            if other is None:
                continue
            edits = Edits(source)
            key = _index_key(source, other, taken) or _looked_up(source, table.value, other)
            written = source.code(taken)[len(table.value) :]
            if key:
                edits.replace(taken, f'{table.value}.set_index("{key}"){written}.reindex({other}.index)')
            else:
                values = "" if _goes_on(source, taken) else ".to_numpy()"
                edits.replace(taken, f'{other}.merge({table.value}, how="left"){written}{values}')
            yield self.patch("Pair the rows of the two tables by what names them in both", edits)
            return


def _merged(source: Source, table: str, line: int) -> bool:
    """Whether a table was joined of others by what names its rows."""
    value = source.assigned(table, line)
    return value is not None and any(last_name(call.func) in ("merge", "join", "reindex")
                                     for call in source.inside(value, cst.Call))  # fmt: skip


def _is_target(source: Source, node: cst.CSTNode) -> bool:
    return isinstance(source.parent(node), cst.AssignTarget)


def _goes_on(source: Source, node: cst.CSTNode) -> bool:
    """Whether a method or a function takes the column."""
    return isinstance(source.parent(node), (cst.Attribute, cst.Arg))


def _other_table(source: Source, labels: str, taken: cst.CSTNode) -> str | None:
    """The table of the inputs: what the column is assigned to, else the latest other table made above."""
    statement = next((one for one in source.around(taken) if isinstance(one, cst.Assign)), None)
    if statement is not None and isinstance(statement.targets[0].target, cst.Subscript):
        owner = dotted(statement.targets[0].target.value)
        if owner and owner != labels:
            return owner
    scope, line = source.scope(taken), source.line(taken)
    made = _tables(source, scope, line)
    others = [name for name in made if name != labels]
    return others[-1] if others else None


def _makes_table(name: str) -> bool:
    return name in (*_TABLES, "DataFrame") or name.startswith(("read_", "load_"))


def _tables(source: Source, scope: cst.CSTNode, line: int) -> list[str]:
    """Names of tables of a function that have been made above a line: what was read, and what was made of that."""
    found: list[str] = []
    for node in source.all(cst.Assign):
        target = node.targets[0].target
        if source.scope(node) is not scope or source.line(node) >= line or not isinstance(target, cst.Name):
            continue
        value = node.value
        read = any(_makes_table(last_name(call.func)) for call in source.inside(value, cst.Call))
        of_table = isinstance(value, cst.Call) and any(
            isinstance(arg.value, cst.Name) and arg.value.value in found for arg in value.args
        )
        copied = isinstance(value, cst.Call) and base_name(value) in found and (
            last_name(value.func) in _OF_TABLES or "groupby(" in source.code(value)
        )
        if read or copied or (of_table and last_name(value.func if isinstance(value, cst.Call) else value) != "len"):
            found = [*(name for name in found if name != target.value), target.value]
    return found


def _index_key(source: Source, table: str, taken: cst.CSTNode) -> str:
    """The column that became the index of a table, by a grouping or `set_index`; "" where none did."""
    made = [node for node in source.assignments(table) if isinstance(node, cst.Assign)
            and source.scope(node) is source.scope(taken) and source.line(node) < source.line(taken)]  # fmt: skip
    for assigned in reversed(made):
        value: cst.CSTNode = assigned.value
        function = source.function(last_name(value.func)) if isinstance(value, cst.Call) else None
        for node in (value, function):
            for call in source.inside(node, cst.Call) if node is not None else ():
                key = _key(call)
                if key:
                    return key
    return ""


def _key(call: cst.Call) -> str:
    """The column that a call makes the index of its table."""
    name = last_name(call.func)
    if name in ("groupby", "set_index") and call.args:
        return text(call.args[0].value) or ""
    given = argument(call, "index_col") if name in _TABLES else argument(call, "index") if "pivot" in name else None
    return (text(given.value) if given is not None else "") or ""


def _looked_up(source: Source, labels: str, other: str) -> str:
    """The column of the labels' table that the script itself holds against the index of the other one."""
    for call in source.calls("isin"):
        owner = call.func.value if isinstance(call.func, cst.Attribute) else None
        if isinstance(owner, cst.Subscript) and dotted(owner.value) == labels and call.args:
            index = owner.slice[0].slice
            if dotted(call.args[0].value) == f"{other}.index" and isinstance(index, cst.Index):
                return text(index.value) or ""
    return ""
