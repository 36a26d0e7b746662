"""Rows that are copied, balanced or augmented before a split: only the training part is, behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator, Mapping

import libcst as cst

from doctor.repairs.base import CannotWrite, Case, Patch, Repair
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, last_name

_COPIES = re.compile(r"over_?sampl|up_?sampl|balanc|augment|re_?sampl|smote|adasyn|duplicat|bootstrap|repeat|replicat|"
                     r"enlarge|jitter|inflate|tile", re.IGNORECASE)  # fmt: skip
_HELD = re.compile(r"(^|_)(va|te|hold|held|dev|eval)|_?v(al)?$|test|valid", re.IGNORECASE)
_SPLITS = re.compile(r"split|hold_?out|part(ition)?", re.IGNORECASE)


@dataclass(frozen=True)
class Split:
    """A statement that cuts rows into those of the training and those that are held out.

    Attributes:
        statement: the whole of it.
        call: what cuts them.
        inputs: names of the arrays or tables that are cut, in the order in which they are given.
        training: the names that their training rows get, in the same order.
    """

    statement: cst.SimpleStatementLine
    call: cst.Call
    inputs: list[str]
    training: list[str]


class CopiedRows(Repair):
    """Moves what copies rows behind the split, and lets it take the training rows only.

    Where no step of the script copies them they came so: rows that occur several times are kept once.
    """

    id = "copied-rows"
    faults = ("leakage",)
    rules = ("leakage", "near-copies")

    def patches(self, case: Case) -> Iterator[Patch]:
        source, line = case.source, case.location.line
        split = split_on(source, line)
        if split is None:
            return
        made = _copying(source, split)
        if made:
            edits = Edits(source)
            _move(edits, made, split)
            yield self.patch("Split first, and copy rows of the training part only", edits)
        elif case.finding.rule == "leakage":
            yield self._once(source, split)
        else:
            raise CannotWrite("no step of the script is known that copies rows before the split")

    def _once(self, source: Source, split: Split) -> Patch:
        """Rows that occur several times are kept once, before the split."""
        edits = Edits(source)
        if len(split.inputs) == 1:
            name = split.inputs[0]
            edits.insert_before(split.call, f"{name} = {name}.drop_duplicates()")
            return self.patch("Keep every row once before the split", edits)
        numpy, names = edits.numpy(), ", ".join(split.inputs)
        kept = ", ".join(f"{name}[first]" for name in split.inputs)
        edits.insert_before(
            split.call,
            f"first = {numpy}.sort({numpy}.unique({split.inputs[0]}, axis=0, return_index=True)[1])\n{names} = {kept}",
        )
        return self.patch("Keep every row once before the split", edits)


def split_on(source: Source, line: int) -> Split | None:
    """The statement on a line that splits rows, where it is written as a call with names; else None."""
    for statement in source.on(line, cst.SimpleStatementLine):
        part = statement.body[0]
        if not isinstance(part, cst.Assign) or not isinstance(part.value, cst.Call):
            continue
        target = part.targets[0].target
        names = [last_name(one.value) for one in target.elements] if isinstance(target, (cst.Tuple, cst.List)) else []
        pairs = [last_name(inner.value) for one in getattr(target, "elements", ())
                 if isinstance(one.value, cst.Tuple) for inner in one.value.elements]  # fmt: skip
        names = pairs or names
        given = [arg.value.value for arg in part.value.args if arg.keyword is None and isinstance(arg.value, cst.Name)]
        count = len(names) // 2
        training = [name for name in names if not _HELD.search(name)]
        if len(training) != count or not count:
            training = names[::2] if last_name(part.value.func) == "train_test_split" else names[:count]
        if count and all(names) and len(given) >= count and _SPLITS.search(last_name(part.value.func)):
            return Split(statement, part.value, given[:count], training)
    return None


def _copying(source: Source, split: Split) -> list[cst.SimpleStatementLine]:
    """The statements above a split that make what it cuts out of fewer rows, the first first."""
    line, scope = source.line(split.statement), source.scope(split.statement)
    above = [one for one in source.all(cst.SimpleStatementLine)
             if source.line(one) < line and source.scope(one) is scope
             and isinstance(one.body[0], cst.Assign)]  # fmt: skip
    for statement in reversed(above):
        part = statement.body[0]
        assert isinstance(part, cst.Assign)
        if not set(_targets(part)) & set(split.inputs):
            continue
        calls = source.inside(part.value, cst.Call)
        if any(_copies(source, call) for call in calls):
            return [statement]
        if any(last_name(call.func) in ("concat", "concatenate", "vstack", "append", "hstack") for call in calls):
            return _block(source, above[: above.index(statement) + 1], _targets(part))
        if not calls or source.loop(statement) is not None:
            break
        return []
    return []


def _copies(source: Source, call: cst.Call) -> bool:
    """Whether a function copies or augments rows, by its name or by what it does."""
    name = last_name(call.func)
    if _COPIES.search(name) or _COPIES.search(source.code(call.func)):
        return True
    own = source.function(name)
    if own is None:
        return False
    body = source.code(own.body)
    drawn = re.search(r"\.choice\(|\.sample\(|resample\(|np\.repeat\(|\.tile\(", body) is not None
    return drawn and re.search(r"concat|replace=True|\[keep|append|vstack", body) is not None


def _block(
    source: Source, above: list[cst.SimpleStatementLine], names: list[str]
) -> list[cst.SimpleStatementLine]:
    """Statements that together make a larger table of one of the same name, where one of them draws rows."""
    block, wanted = [above[-1]], {name.value for name in source.inside(above[-1].body[0], cst.Name)} - set(names)
    for statement in reversed(above[:-1]):
        part = statement.body[0]
        assert isinstance(part, cst.Assign)
        targets = set(_targets(part))
        if targets & set(names):
            break
        if targets & wanted:
            block.insert(0, statement)
            wanted |= {name.value for name in source.inside(part.value, cst.Name)}
    drawn = any(_copies(source, call) for one in block for call in source.inside(one, cst.Call))
    return block if drawn and any(name in wanted for name in names) else []


def _move(edits: Edits, made: list[cst.SimpleStatementLine], split: Split) -> None:
    """Let statements before a split follow it, with the names of the training rows."""
    source = edits.source
    last = made[-1].body[0]
    assert isinstance(last, cst.Assign)
    targets = _targets(last)
    names: dict[str, str] = dict(zip(split.inputs, split.training))
    taken: dict[str, str] = {}
    if len(made) == 1 and isinstance(last.value, cst.Call):
        given = [arg.value.value for arg in last.value.args if isinstance(arg.value, cst.Name)]
        for target, origin in zip(targets, given):
            if target in names and origin != target and target not in given:
                # balanced = oversample(known): the split takes what was there before.
                names[origin] = names[target]
                taken[target] = origin
    between = [one for one in source.all(cst.Assign)
               if source.line(made[0]) <= source.line(one) < source.line(split.statement)
               and source.scope(one) is source.scope(split.statement)
               and not any(source.statement(one) is moved for moved in made)]  # fmt: skip
    needed = {name.value for name in source.inside(split.call, cst.Name)}
    if any(set(_targets(one)) & needed for one in between):  # the split has to stay where it is
        for name in source.inside(split.statement, cst.Name):
            if name.value in taken and not _is_label(source, name):
                edits.replace(name, taken[name.value])
        for statement in made:
            edits.insert_after(split.statement, _code(source, statement, names))
            edits.remove(statement)
        return
    edits.insert_before(made[0], _code(source, split.statement, taken))
    edits.remove(split.statement)
    for statement in made:
        for name in source.inside(statement, cst.Name):
            if name.value in names and not _is_label(source, name):
                edits.replace(name, names[name.value])


def _is_label(source: Source, name: cst.Name) -> bool:
    """Whether a name is that of an argument or attribute, and stands for no value."""
    parent = source.parent(name)
    return (isinstance(parent, cst.Arg) and parent.keyword is name) or (
        isinstance(parent, cst.Attribute) and parent.attr is name
    )


def _code(source: Source, statement: cst.SimpleStatementLine, names: Mapping[str, str]) -> str:
    """The text of a statement with other names in it."""
    return source.code(statement.body[0].visit(_Renaming(names))).strip()  # type: ignore[arg-type]


class _Renaming(cst.CSTTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self._names = names

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        new = self._names.get(original_node.value)
        return updated_node if new is None else updated_node.with_changes(value=new)

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        return updated_node.with_changes(keyword=original_node.keyword)


def _targets(part: cst.Assign) -> list[str]:
    target = part.targets[0].target
    if isinstance(target, (cst.Tuple, cst.List)):
        return [last_name(one.value) for one in target.elements]
    return [last_name(target)]
