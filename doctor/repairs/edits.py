"""Changes of one file, collected and then written at once."""

from __future__ import annotations

from typing import Callable, Sequence

import libcst as cst

from doctor.repairs.base import CannotWrite
from doctor.repairs.source import Source, argument

Change = Callable[[cst.CSTNode], cst.CSTNode]


class Edits:
    """Collects changes of the nodes of one `Source`; `text` writes them.

    Changes of a node and of nodes within it go together, save that what `replace` puts in place of a node
    takes nothing over from it.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._changes: dict[cst.CSTNode, list[Change]] = {}
        self._before: dict[cst.CSTNode, list[str]] = {}
        self._after: dict[cst.CSTNode, list[str]] = {}
        self._removed: set[cst.CSTNode] = set()
        self._imports: list[str] = []

    @property
    def made(self) -> bool:
        """Whether anything is to be changed."""
        return bool(self._changes or self._before or self._after or self._removed)

    def change(self, node: cst.CSTNode, how: Change) -> None:
        """Change a node; `how` gets it with all changes within it made already."""
        self._changes.setdefault(node, []).append(how)

    def replace(self, node: cst.CSTNode, code: str) -> None:
        """Put another expression in place of one; parentheses around it stay where they are needed."""
        new = expression(code)
        if isinstance(new, (cst.BinaryOperation, cst.UnaryOperation, cst.Comparison, cst.IfExp, cst.BooleanOperation)):
            if isinstance(self.source.parent(node), (cst.BaseExpression, cst.Attribute)):
                if not isinstance(self.source.parent(node), (cst.Call, cst.Tuple, cst.List)) and not _binds(
                    new, self.source.parent(node)
                ):
                    new = new.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        self.change(node, lambda old: new)

    def wrap(self, node: cst.CSTNode, before: str, after: str) -> None:
        """Put code around an expression: wrap(x, "tf.nn.relu(", ")")."""
        self.replace(node, f"{before}{self.source.code(node)}{after}")

    def set_argument(self, call: cst.Call, name: str, code: str, position: int | None = None) -> None:
        """Give an argument of a call a value: the one that is there, by name or place, else a new one at the end."""
        old = argument(call, name, position)
        if old is not None:
            self.replace(old.value, code)
            return
        new = cst.Arg(
            keyword=cst.Name(name),
            value=expression(code),
            equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
        )
        self.change(call, lambda node: _with_last(node, new))

    def drop_argument(self, call: cst.Call, name: str) -> None:
        """Take an argument out of a call, by its name."""

        def without(node: cst.CSTNode) -> cst.CSTNode:
            assert isinstance(node, cst.Call)
            kept = [arg for arg in node.args if arg.keyword is None or arg.keyword.value != name]
            if kept and len(kept) < len(node.args) and node.args[-1] not in kept:
                kept[-1] = kept[-1].with_changes(comma=node.args[-1].comma)
            return node.with_changes(args=kept)

        self.change(call, without)

    def insert_before(self, node: cst.CSTNode, code: str) -> None:
        """Put statements before the one that holds a node, at its indentation."""
        self._before.setdefault(self.source.statement(node), []).append(code)

    def insert_after(self, node: cst.CSTNode, code: str) -> None:
        """Put statements after the one that holds a node, at its indentation."""
        self._after.setdefault(self.source.statement(node), []).append(code)

    def remove(self, node: cst.CSTNode) -> None:
        """Take out the whole statement that holds a node (`pass` where its block would be empty)."""
        self._removed.add(self.source.statement(node))

    def replace_statement(self, node: cst.CSTNode, code: str) -> None:
        """Put statements in place of the one that holds a node."""
        self.insert_before(node, code)
        self.remove(node)

    # Names of libraries, as the file has them.

    def numpy(self) -> str:
        """The name of NumPy; it is imported where it is not yet."""
        return self._library("numpy", "np")

    def tensorflow(self) -> str:
        """The name of TensorFlow, also of its older interface; it is imported where it is not yet."""
        return self.source.alias("tensorflow.compat.v1") or self._library("tensorflow", "tf")

    def keras(self, name: str) -> str:
        """What "losses.MeanSquaredError" is called in this file: "tf.keras.losses.MeanSquaredError", say."""
        head, _, rest = name.partition(".")
        for whole in ("keras", "tensorflow.keras"):
            alias = self.source.alias(f"{whole}.{name}") or self.source.alias(whole)
            if alias is not None:
                return alias if self.source.imported[alias] == f"{whole}.{name}" else f"{alias}.{name}"
            part = self.source.alias(f"{whole}.{head}")
            if part is not None and rest:
                return f"{part}.{rest}"
        if self.source.alias("tensorflow") is not None:
            return f"{self.source.alias('tensorflow')}.keras.{name}"
        self._import("import keras")
        return f"keras.{name}"

    def need(self, code: str) -> None:
        """Add an import statement that the file does not have."""
        self._import(code)

    def _library(self, module: str, usual: str) -> str:
        known = self.source.alias(module)
        if known is None:
            self._import(f"import {module} as {usual}")
        return known or usual

    def _import(self, code: str) -> None:
        if code not in self._imports:
            self._imports.append(code)

    # The result.

    def text(self) -> str:
        """The file with all changes made.

        Raises:
            CannotWrite: what comes out is no Python.
        """
        module = self.source.module.visit(_Writer(self))
        assert isinstance(module, cst.Module)
        if self._imports:
            module = _with_imports(module, self._imports)
        code = module.code
        try:
            compile(code, self.source.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            raise CannotWrite(f"the edit of {self.source.path} would not be Python ({error})") from None
        return code

    def statements(self, code: str) -> list[cst.SimpleStatementLine | cst.BaseCompoundStatement]:
        """Statements of a piece of code, indented as the file is."""
        # Behind another statement comments at the beginning belong to the one below them.
        text = "pass\n" + code.strip("\n") + "\n"
        return list(cst.parse_module(text, self.source.module.config_for_parsing).body)[1:]


class _Writer(cst.CSTTransformer):
    def __init__(self, edits: Edits) -> None:
        super().__init__()
        self._edits = edits

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> object:  # type: ignore[override]
        edits = self._edits
        for how in edits._changes.get(original, ()):
            updated = how(updated)
        before, after = edits._before.get(original, ()), edits._after.get(original, ())
        removed = original in edits._removed
        if not before and not after and not removed:
            return _never_empty(updated)
        first = [one for code in before for one in edits.statements(code)]
        last = [one for code in after for one in edits.statements(code)]
        own = [] if removed else [updated]
        if first and isinstance(updated, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
            # Empty lines and comments above the statement stay above all of it.
            lines = updated.leading_lines
            first[0] = first[0].with_changes(leading_lines=(*lines, *first[0].leading_lines))
            apart = isinstance(updated, (cst.FunctionDef, cst.ClassDef))
            blank = [line for line in lines if apart and line.comment is None]
            own = [] if removed else [updated.with_changes(leading_lines=blank)]
        together = [*first, *own, *last]
        return cst.FlattenSentinel(together) if together else cst.RemoveFromParent()


def _binds(new: cst.BaseExpression, around: cst.CSTNode | None) -> bool:
    """Whether an expression is a product or quotient in a sum, which needs no parentheses."""
    product = isinstance(new, cst.BinaryOperation) and isinstance(new.operator, (cst.Multiply, cst.Divide))
    return product and isinstance(around, cst.BinaryOperation) and isinstance(around.operator, (cst.Add, cst.Subtract))


def _never_empty(node: cst.CSTNode) -> cst.CSTNode:
    """A block that lost all its statements gets `pass`."""
    if isinstance(node, cst.IndentedBlock) and not node.body:
        return node.with_changes(body=[cst.SimpleStatementLine([cst.Pass()])])
    return node


def _with_last(node: cst.CSTNode, new: cst.Arg) -> cst.CSTNode:
    """A call with one more argument, laid out as the one before: on a line of its own where that has one."""
    assert isinstance(node, cst.Call)
    args = list(node.args)
    at = next((index for index, arg in enumerate(args) if arg.star == "**"), len(args))
    if not args:
        return node.with_changes(args=[new])
    if at == 0:
        return node.with_changes(args=[new.with_changes(comma=_comma()), *args])
    last = args[at - 1]
    if at < len(args):
        args[at - 1 : at] = [last, new.with_changes(comma=_comma())]
        return node.with_changes(args=args)
    if isinstance(last.comma, cst.Comma):  # a trailing comma: what follows it belongs behind the new one
        between = args[at - 2].comma if at > 1 else None
        comma = between if isinstance(between, cst.Comma) else last.comma if _own_line(node) else _comma()
        if not isinstance(between, cst.Comma) and _own_line(node):
            comma = cst.Comma(whitespace_after=node.whitespace_before_args)
        args[at - 1] = last.with_changes(comma=comma)
        args.append(new.with_changes(comma=last.comma))
    else:
        between = args[at - 2].comma if at > 1 else None
        comma = between if isinstance(between, cst.Comma) else _comma()
        args[at - 1] = last.with_changes(comma=comma, whitespace_after_arg=cst.SimpleWhitespace(""))
        args.append(new.with_changes(whitespace_after_arg=last.whitespace_after_arg))
    return node.with_changes(args=args)


def _own_line(call: cst.Call) -> bool:
    return isinstance(call.whitespace_before_args, cst.ParenthesizedWhitespace)


def _comma() -> cst.Comma:
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _with_imports(module: cst.Module, imports: Sequence[str]) -> cst.Module:
    """A module with imports more, behind those that are there (a docstring and `__future__` stay first)."""
    body = list(module.body)
    at = 0
    for index, statement in enumerate(body):
        if isinstance(statement, cst.SimpleStatementLine):
            part = statement.body[0]
            docstring = index == 0 and isinstance(part, cst.Expr) and isinstance(part.value, cst.SimpleString)
            if docstring or isinstance(part, (cst.Import, cst.ImportFrom)):
                at = index + 1
                continue
            if at and isinstance(part, (cst.Assign, cst.Expr)) and _imports_below(body[index:]):
                continue
        break
    new = [cst.parse_statement(code, module.config_for_parsing) for code in imports]
    return module.with_changes(body=[*body[:at], *new, *body[at:]])


def _imports_below(body: Sequence[cst.CSTNode]) -> bool:
    """Whether imports follow within the next few statements (`os.environ[...] = ...` stands between them)."""
    return any(
        isinstance(one, cst.SimpleStatementLine) and isinstance(one.body[0], (cst.Import, cst.ImportFrom))
        for one in body[:4]
    )


def expression(code: str) -> cst.BaseExpression:
    """An expression from its text.

    Raises:
        CannotWrite: it is none.
    """
    try:
        return cst.parse_expression(code)
    except cst.ParserSyntaxError:
        raise CannotWrite(f"{code!r} is no expression") from None
