"""The best model so far, as scripts keep it by hand."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Sequence

from doctor.reading.source import Module, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

_LOOPS = (ast.For, ast.While)
#: Methods and functions that keep weights, and those that bring them back.
_KEEPS = frozenset({"get_weights", "save_weights", "save", "save_model", "write", "copy", "deepcopy"})
_VALUES = frozenset({"numpy", "value", "identity", "read_value"})
_FROM_FILES = frozenset({"load_weights", "restore", "load_model"})
#: What is the better the smaller it is, and is never below zero; what is the better the larger, and never above one.
_SMALL = re.compile(r"loss|mse|mae|rmse|err|mape|bce|cross_?ent|val$|score_l", re.IGNORECASE)
_PLAIN = re.compile(r"[\w.\[\]'\"]+|float\([\w.\[\]'\"()]+\)")
_SHARE = re.compile(r"acc|auc|f1|precision|recall|iou|dice", re.IGNORECASE)


@dataclass(frozen=True)
class NeverBetter:
    """A condition on which the best weights are kept, and which cannot come true.

    Attributes:
        first: the line that gives the best value its start.
        test: the condition, as it is written.
        start: that value, as it is written.
        restored: the line that brings the kept weights back.
    """

    first: Location
    test: str
    start: str
    restored: Location


def never_better(recording: Recording) -> NeverBetter | None:
    """`best = 0` and then `if loss < best: keep the weights`, or the same the other way round.

    Only where nothing but the branch itself gives the best value another one, and where kept weights are brought
    back: else nothing is lost but a message.
    """
    for module in modules(recording):
        for loop in nodes(module.tree):
            for node in ast.walk(loop) if isinstance(loop, _LOOPS) else ():
                found = _kept_on(node)
                if found is None:
                    continue
                name, value, branch, smaller = found
                inside = {id(one) for part in branch.body for one in ast.walk(part)}
                starts = [one for one in _stores(module.tree, name) if id(one[0]) not in inside]
                if len(starts) != 1 or starts[0][1] is None or not _out_of_reach(starts[0][1], value, smaller):
                    continue
                (statement, start), kept = starts[0], _assigned(branch) - {name}
                line = getattr(statement, "lineno", 0)
                back = [place for place in _restored(module, kept, inside) if place > line]
                if back and start is not None:
                    return NeverBetter(
                        module.at(line), ast.unparse(branch.test), ast.unparse(start), module.at(back[-1])
                    )
    return None


def best_forgotten(recording: Recording) -> Location | None:
    """Where weights are kept on `if loss < best:` in a loop that never gives `best` another value; or None.

    Every epoch counts as the best then, and the last one stays.
    """
    for module in modules(recording):
        for loop in nodes(module.tree):
            for node in ast.walk(loop) if isinstance(loop, _LOOPS) else ():
                if not isinstance(node, ast.If) or not _keeps(node) or _kept_on(node) is not None:
                    continue
                test = node.test
                if not isinstance(test, ast.Compare) or len(test.ops) != 1:
                    continue
                smaller = isinstance(test.ops[0], (ast.Lt, ast.LtE))
                best = test.comparators[0]
                stores = _stores(module.tree, ast.unparse(best)) if isinstance(best, (ast.Name, ast.Attribute)) else []
                # Anything is better than the start.
                if len(stores) == 1 and stores[0][1] is not None and _always(stores[0][1], smaller):
                    return module.at(node.body[0].lineno)
    return None


def _always(start: ast.expr, smaller: bool) -> bool:
    """Whether everything is better than the start: infinity for what is to be small, minus that or 0 for the rest."""
    number = _number(start)
    return number == float("inf") if smaller else number in (float("-inf"), 0.0, -1.0)


def _number(value: ast.expr) -> float | None:
    """A number that is written out, infinity under any of its names; None for anything else."""
    try:
        return float(ast.literal_eval(value))
    except (ValueError, TypeError, SyntaxError):
        infinite = re.fullmatch(r"(-?)(np\.|numpy\.|math\.)?(inf|float\(['\"]inf(inity)?['\"]\))", ast.unparse(value))
        return float(f"{infinite[1]}inf") if infinite is not None else None


def _stores(tree: ast.AST, name: str) -> list[tuple[ast.AST, ast.expr | None]]:
    """(statement, value) of everything that gives a name a value; None for a value that is not written out."""
    found: list[tuple[ast.AST, ast.expr | None]] = []
    for node in nodes(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
                values = node.value.elts if isinstance(node.value, ast.Tuple) and len(parts) > 1 else [node.value]
                for number, part in enumerate(parts):
                    if ast.unparse(part) == name:
                        found.append((node, values[number] if len(values) == len(parts) else None))
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)) and ast.unparse(node.target) == name:
            found.append((node, node.value if isinstance(node, ast.AnnAssign) else None))
        elif isinstance(node, (ast.For, ast.comprehension)) and any(
            ast.unparse(part) == name for part in ast.walk(node.target) if isinstance(part, ast.expr)
        ):
            found.append((node, None))
    return found


def _restored(module: Module, kept: set[str], inside: set[int]) -> list[int]:
    """Lines outside the branch that bring back what it kept: from a file, or from one of these names."""
    lines = []
    for node in nodes(module.tree):
        if not isinstance(node, (ast.Call, ast.For)) or id(node) in inside:
            continue
        if isinstance(node, ast.Call) and called(node) in _FROM_FILES:
            lines.append(node.lineno)
        elif isinstance(node, ast.Call) and called(node) == "set_weights" and _mentions(node.args, kept):
            lines.append(node.lineno)
        elif isinstance(node, ast.For) and _mentions([node.iter], kept):
            assigns = [one.lineno for one in ast.walk(node) if isinstance(one, ast.Call) and called(one) == "assign"]
            lines += assigns[:1]
    return sorted(lines)


def _mentions(parts: Sequence[ast.expr], names: set[str]) -> bool:
    return any(ast.unparse(one) in names for part in parts for one in ast.walk(part) if isinstance(one, ast.expr))


def _assigned(branch: ast.If) -> set[str]:
    return {
        ast.unparse(part)
        for statement in branch.body
        for one in ast.walk(statement)
        if isinstance(one, ast.Assign)
        for target in one.targets
        for part in (target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target])
    }


def _keeps(branch: ast.If) -> bool:
    """Whether weights are kept: by a call that does, or as a list of values."""
    for part in branch.body:
        for one in ast.walk(part):
            if isinstance(one, ast.Call) and called(one) in _KEEPS:
                return True
            if isinstance(one, (ast.ListComp, ast.DictComp)) and any(
                isinstance(inner, ast.Call) and called(inner) in _VALUES for inner in ast.walk(one)
            ):
                return True
    return False


def _kept_on(node: ast.AST) -> tuple[str, str, ast.If, bool] | None:
    """(name of the best value, what is compared with it, branch, whether smaller is better)."""
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare) or len(node.test.ops) != 1:
        return None
    left, operator, right = node.test.left, node.test.ops[0], node.test.comparators[0]
    if not isinstance(operator, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
        return None
    smaller = isinstance(operator, (ast.Lt, ast.LtE))
    if not _keeps(node):
        return None
    assigned = _assigned(node)
    if ast.unparse(right) in assigned:
        return ast.unparse(right), ast.unparse(left), node, smaller
    if ast.unparse(left) in assigned:
        return ast.unparse(left), ast.unparse(right), node, not smaller
    return None


def _out_of_reach(start: ast.expr, value: str, smaller: bool) -> bool:
    """Whether nothing can be better than the start: a loss below zero, a share above one."""
    number = _number(start)
    if number is None:
        return False
    if smaller:
        plain = _PLAIN.fullmatch(value) is not None and "log" not in value  # a difference of losses may be negative
        return number <= 0 and plain and _SMALL.search(value) is not None and _SHARE.search(value) is None
    # In per cent an accuracy is larger than one.
    return number == float("inf") or number == 1 and _SHARE.search(value) is not None
