"""Where new lines fit: behind what they need, before what needs them."""

from __future__ import annotations

from typing import Iterable, Sequence

import libcst as cst

from doctor.repairs.edits import Edits, expression
from doctor.repairs.source import Source, dotted, last_name


def names_in(code: str) -> set[str]:
    """The names that an expression is made of; its attributes and keywords are none."""
    collector = _Names()
    if code:
        expression(code).visit(collector)
    return collector.found


class _Names(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        if dotted(node).startswith("self."):
            self.found.add(dotted(node))
            return False
        node.value.visit(self)
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:
        node.value.visit(self)
        return False

    def visit_Name(self, node: cst.Name) -> None:
        self.found.add(node.value)


def writes(source: Source, name: str) -> list[cst.CSTNode]:
    """Statements that give a variable its value or change a part of it, in the order of the text."""
    found: list[cst.CSTNode] = []
    for node in source.nodes:
        targets: list[cst.CSTNode] = []
        if isinstance(node, cst.Assign):
            targets = [target.target for target in node.targets]
        elif isinstance(node, (cst.AnnAssign, cst.AugAssign, cst.For)):
            targets = [node.target]
        elif isinstance(node, cst.With):
            targets = [item.asname.name for item in node.items if item.asname is not None]
        if any(name in _targets(target) for target in targets):
            found.append(node)
    return found


def _targets(target: cst.CSTNode) -> list[str]:
    if isinstance(target, (cst.Tuple, cst.List)):
        return [name for element in target.elements for name in _targets(element.value)]
    while isinstance(target, cst.Subscript):
        target = target.value
    whole = dotted(target)
    return [whole] if whole else []


def block_statement(source: Source, node: cst.CSTNode, around: cst.CSTNode | None) -> cst.CSTNode:
    """The statement that holds a node and stands in a block which also holds another node."""
    outer = set(map(id, source.around(around))) if around is not None else {id(source.module)}
    statement: cst.CSTNode = source.statement(node)
    while id(source.parent(statement)) not in outer:
        above = [one for one in source.around(statement)
                 if isinstance(one, (cst.SimpleStatementLine, cst.BaseCompoundStatement))]  # fmt: skip
        if not above or isinstance(above[0], (cst.FunctionDef, cst.ClassDef)):
            break
        statement = above[0]
    return statement


def place_of(source: Source, scope: cst.CSTNode, names: Iterable[str], uses: Sequence[cst.CSTNode]
             ) -> tuple[cst.CSTNode, bool]:  # fmt: skip
    """(statement, whether new ones go behind it) where the variables have their values and are not used yet.

    Behind the last statement that writes one of them, else before the first use, outside of loops.
    """
    first = min(uses, key=source.line)
    inside = scope is source.module or any(one is scope for one in source.around(first))
    within = inside and source.scope(first) is scope
    last: cst.CSTNode | None = None
    for name in names:
        for node in writes(source, name):
            if source.scope(node) is scope and (not within or source.line(node) < source.line(first)):
                last = node if last is None or source.line(node) > source.line(last) else last
    if isinstance(last, (cst.For, cst.With)) and within and any(one is last for one in source.around(first)):
        body = last.body
        if isinstance(body, cst.IndentedBlock) and body.body:  # the loop itself gives the value
            return body.body[0], False
    if last is not None:
        return block_statement(source, last, first if within else None), True
    outermost: cst.CSTNode = first
    for one in source.around(first):
        if isinstance(one, cst.FunctionDef):
            break
        if isinstance(one, (cst.For, cst.While)):
            outermost = one
    return source.statement(outermost), False


def insert(edits: Edits, place: tuple[cst.CSTNode, bool], code: str) -> None:
    """Put statements at a place that `place_of` found."""
    if place[1]:
        edits.insert_after(place[0], code)
    else:
        edits.insert_before(place[0], code)


def fresh(source: Source, *names: str) -> list[str]:
    """Names that the file does not use yet: these, or with a number behind them."""
    used = {node.value for node in source.all(cst.Name)
            if not isinstance(around := source.parent(node), cst.Attribute) or around.value is node}  # fmt: skip
    number, found = 1, list(names)
    while used & set(found):
        number += 1
        found = [f"{name}_{number}" for name in names]
    return found


def method_call(node: cst.CSTNode) -> str:
    """"astype" of `x.astype("float32")`, "" of what is no call."""
    return last_name(node.func) if isinstance(node, cst.Call) else ""


def small_statement(source: Source, node: cst.CSTNode) -> tuple[cst.CSTNode, bool]:
    """(the statement without its line that holds a node, whether it has the line for itself)."""
    small = next(one for one in (node, *source.around(node)) if isinstance(one, cst.BaseSmallStatement))
    line = source.parent(small)
    return small, isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1


def replace_small(edits: Edits, node: cst.CSTNode, code: Sequence[str]) -> None:
    """Put statements in place of the one that holds a node, also where others share its line."""
    small, alone = small_statement(edits.source, node)
    if alone:
        edits.replace_statement(node, "\n".join(code))
        return
    edits.change(small, _Small(code))


class _Small:
    """Several statements on one line in place of one."""

    def __init__(self, code: Sequence[str]) -> None:
        self._code = code

    def __call__(self, node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, cst.BaseSmallStatement)
        new = [cst.ensure_type(cst.parse_statement(one), cst.SimpleStatementLine).body[0] for one in self._code]
        between = cst.Semicolon(whitespace_after=cst.SimpleWhitespace(" "))
        parts = [one.with_changes(semicolon=between) for one in new[:-1]]
        last = new[-1].with_changes(semicolon=node.semicolon)
        return cst.FlattenSentinel([*parts, last])  # type: ignore[return-value]
