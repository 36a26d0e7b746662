"""A file of the user's as a concrete syntax tree: what stands on a line, and where a name got its value.

LibCST keeps comments and layout, so that a repair changes nothing but what it means to change.
"""

from __future__ import annotations

from functools import cached_property
from typing import Callable, Iterator, TypeVar

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider

from doctor.repairs.base import CannotWrite
from doctor.source_text import REPLACED

Node = TypeVar("Node", bound=cst.CSTNode)

#: Names that are followed from one assignment to the next at most.
DEPTH = 5


class Source:
    """One file.

    Attributes:
        path: as locations have it.
        text: as it was run.
        module: its tree. Nodes are known by identity: use those of one Source only.

    Raises:
        CannotWrite: it is no Python that LibCST reads.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        if REPLACED in text:
            raise CannotWrite(f"{path} holds bytes that are no text in its encoding")
        try:
            wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        except Exception as error:  # LibCST raises several kinds, and a RecursionError of deep nesting
            raise CannotWrite(f"{path} cannot be read for an edit ({type(error).__name__})") from None
        self.module = wrapper.module
        self._positions = wrapper.resolve(PositionProvider)
        self._parents = wrapper.resolve(ParentNodeProvider)

    # Places.

    def line(self, node: cst.CSTNode) -> int:
        """The line on which a node begins, from 1."""
        return int(self._positions[node].start.line)

    def last_line(self, node: cst.CSTNode) -> int:
        """The line on which a node ends."""
        return int(self._positions[node].end.line)

    def covers(self, node: cst.CSTNode, line: int) -> bool:
        """Whether a node stands on a line, with its beginning, its end or its middle."""
        return node in self._positions and self.line(node) <= line <= self.last_line(node)

    def code(self, node: cst.CSTNode) -> str:
        """The text of a node."""
        return self.module.code_for_node(node)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node around a node."""
        return self._parents.get(node)

    def around(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around a node, from the inside out."""
        found = self.parent(node)
        while found is not None:
            yield found
            found = self.parent(found)

    def statement(self, node: cst.CSTNode) -> cst.SimpleStatementLine | cst.BaseCompoundStatement:
        """The smallest whole statement that holds a node (itself, where it is one).

        Raises:
            CannotWrite: it stands behind a colon on one line, where nothing can be put beside it.
        """
        for one in (node, *self.around(node)):
            if isinstance(one, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
                return one
            if isinstance(one, cst.SimpleStatementSuite):
                break
        raise CannotWrite(f"the statement on line {self.line(node)} shares its line with another")

    def scope(self, node: cst.CSTNode) -> cst.CSTNode:
        """The function around a node, or the module."""
        return next((one for one in self.around(node) if isinstance(one, cst.FunctionDef)), self.module)

    def loop(self, node: cst.CSTNode) -> cst.For | cst.While | None:
        """The innermost loop around a node within its function, or None."""
        for one in self.around(node):
            if isinstance(one, (cst.For, cst.While)):
                return one
            if isinstance(one, cst.FunctionDef):
                return None
        return None

    # What is there.

    @cached_property
    def nodes(self) -> list[cst.CSTNode]:
        """All nodes that have a place, in the order of the text, outer ones first."""
        collected = [node for node in self._positions if not isinstance(node, cst.Module)]
        return sorted(collected, key=lambda node: (self._start(node), [-part for part in self._end(node)]))

    def all(self, kind: type[Node], where: Callable[[Node], bool] = lambda node: True) -> list[Node]:
        """All nodes of a kind, in the order of the text."""
        return [node for node in self.nodes if isinstance(node, kind) and where(node)]

    def inside(self, node: cst.CSTNode, kind: type[Node]) -> list[Node]:
        """The nodes of a kind within a node (itself included), in the order of the text."""
        return [one for one in self.all(kind) if one is node or any(outer is node for outer in self.around(one))]

    def on(self, line: int, kind: type[Node]) -> list[Node]:
        """Nodes of a kind on a line: those that begin there first, then those that reach over it, innermost first."""
        here = [node for node in self.all(kind) if self.line(node) == line]
        over = [node for node in self.all(kind) if self.line(node) < line <= self.last_line(node)]
        return here + over[::-1]

    def calls(self, *names: str, line: int | None = None) -> list[cst.Call]:
        """Calls of functions by their last name ("Dense" for keras.layers.Dense), all where none is given.

        Args:
            names: of the functions.
            line: only calls on this line, in the order of `on`.
        """
        found = self.on(line, cst.Call) if line is not None else self.all(cst.Call)
        return [call for call in found if not names or last_name(call.func) in names]

    def assignments(self, name: str) -> list[cst.Assign | cst.AnnAssign | cst.AugAssign]:
        """Statements that give a name its value, in the order of the text, also as one of a tuple."""
        found: list[cst.Assign | cst.AnnAssign | cst.AugAssign] = []
        for node in self.nodes:
            if isinstance(node, cst.Assign):
                targets: list[cst.CSTNode] = [target.target for target in node.targets]
            elif isinstance(node, (cst.AnnAssign, cst.AugAssign)):
                targets = [node.target]
            else:
                continue
            if any(name in _names(target) for target in targets):
                found.append(node)
        return found

    def assigned(self, name: str, line: int) -> cst.BaseExpression | None:
        """The value that a plain name has on a line: of the last assignment of its function above, else of the module.

        None where it was given none, or only as one of a tuple.
        """
        found: cst.BaseExpression | None = None
        here = self._scope_of_line(line)
        for scope in (here, self.module) if here is not self.module else (here,):
            for node in self.assignments(name):
                if self.scope(node) is not scope or isinstance(node, cst.AugAssign) or node.value is None:
                    continue
                plain = isinstance(node, cst.AnnAssign) or any(
                    isinstance(target.target, cst.Name) for target in node.targets
                )
                if plain and (self.line(node) < line or scope is not here):
                    found = node.value
            if found is not None:
                return found
        return None

    def followed(self, value: cst.BaseExpression, line: int) -> cst.BaseExpression:
        """What a name stands for on a line, through several assignments; any other expression is itself."""
        for _ in range(DEPTH):
            if not isinstance(value, cst.Name):
                break
            behind = self.assigned(value.value, line)
            if behind is None:
                break
            value, line = behind, self.line(behind)
        return value

    def function(self, name: str) -> cst.FunctionDef | None:
        """The last function or method of a name."""
        found = self.all(cst.FunctionDef, lambda node: node.name.value == name)
        return found[-1] if found else None

    # Imports.

    @cached_property
    def imported(self) -> dict[str, str]:
        """What each imported name stands for: {"tf": "tensorflow", "Dense": "keras.layers.Dense"}."""
        found: dict[str, str] = {}
        for node in self.all(cst.Import):
            for alias in node.names:
                whole = dotted(alias.name)
                name = alias.asname.name if alias.asname is not None else None
                if isinstance(name, cst.Name):
                    found[name.value] = whole
                else:
                    found[whole.partition(".")[0]] = whole.partition(".")[0]
        for origin in self.all(cst.ImportFrom):
            if isinstance(origin.names, cst.ImportStar) or origin.module is None or origin.relative:
                continue
            for alias in origin.names:
                own = alias.asname.name if alias.asname is not None else alias.name
                if isinstance(own, cst.Name):
                    found[own.value] = f"{dotted(origin.module)}.{dotted(alias.name)}"
        return found

    def alias(self, module: str) -> str | None:
        """The name under which a module was imported ("np" of numpy), or None."""
        return next((name for name, whole in self.imported.items() if whole == module), None)

    def _scope_of_line(self, line: int) -> cst.CSTNode:
        over = [one for one in self.all(cst.FunctionDef) if self.covers(one, line)]
        return over[-1] if over else self.module

    def _start(self, node: cst.CSTNode) -> list[int]:
        return [self._positions[node].start.line, self._positions[node].start.column]

    def _end(self, node: cst.CSTNode) -> list[int]:
        return [self._positions[node].end.line, self._positions[node].end.column]


def dotted(node: cst.CSTNode) -> str:
    """"tf.keras.layers.Dense" of names and attributes; "" of anything else."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr.value}" if owner else ""
    return ""


def last_name(node: cst.CSTNode) -> str:
    """"Dense" of keras.layers.Dense, "fit" of make_model().fit; "" of what has no name."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def argument(call: cst.Call, name: str, position: int | None = None) -> cst.Arg | None:
    """An argument of a call by its name, else by its place among those that are given without a name."""
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == name:
            return arg
    if position is None:
        return None
    plain = [arg for arg in call.args if arg.keyword is None and not arg.star]
    starred = any(arg.star == "*" for arg in call.args)
    return plain[position] if position < len(plain) and not starred else None


def number(node: cst.CSTNode | None) -> float | None:
    """The value of a number that is written out, also with a sign; None of anything else."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, (cst.Minus, cst.Plus)):
        inner = number(node.expression)
        return inner if inner is None or isinstance(node.operator, cst.Plus) else -inner
    return float(node.evaluated_value) if isinstance(node, (cst.Integer, cst.Float)) else None


def text(node: cst.CSTNode | None) -> str | None:
    """The value of a string that is written out; None of anything else."""
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None


def _names(target: cst.CSTNode) -> list[str]:
    """The plain names in the target of an assignment."""
    if isinstance(target, cst.Name):
        return [target.value]
    if isinstance(target, (cst.Tuple, cst.List)):
        return [name for element in target.elements for name in _names(element.value)]
    return []
