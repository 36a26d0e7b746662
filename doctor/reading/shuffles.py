"""Where the script brings one array alone into another order."""

from __future__ import annotations

import ast
import re
from typing import Iterator

from doctor.reading.scopes import scope_at
from doctor.reading.source import assignment, called, module_of, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: How people call labels, and numbers of rows.
_LABELS = re.compile(r"(^|_)(y|ys|t|lab|labels?|targets?|class(es)?|answers?|kinds?|cat(egories)?)(_|\d|$)", re.I)
_ORDERS = re.compile(r"(^|_)(idx|ind|index|indices|order|perm|permutation|ids|pick|rows)", re.I)
#: Functions that give a number of rows, or the numbers of rows.
_COUNTING = ("len", "arange", "range", "int", "round", "min", "max")
_REORDERING = frozenset({"shuffle", "permutation", "permuted", "sort", "sorted", "sort_values", "sample"})


def lone_shuffle(recording: Recording) -> Location | None:
    """The line that shuffles or sorts an array by itself, that of labels before others; None where there is none.

    This says where, never whether: the same seed before each of two shuffles keeps arrays together.
    """
    found = [
        (not _LABELS.search(name), module.at(line))
        for module in modules(recording)
        for name, line in (*_alone(module.tree), *_zipped(module.tree), *_sliced_apart(module.tree))
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _alone(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """(name of the array, line) of every reordering of a single array."""
    for node in nodes(tree):
        if isinstance(node, ast.Subscript) and _draws_order(node.slice):
            yield _name(node.value), node.lineno
        if not isinstance(node, ast.Call) or called(node) not in _REORDERING:
            continue
        owner = _name(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        if node.args and not _of_dataset(node, owner):
            name = _name(node.args[0])
            alone = len(node.args) == 1 and name and not _ORDERS.search(name)
            if alone and not _counts(tree, name, node.lineno) and called(node) not in ("sample", "sort_values"):
                yield name, node.lineno
        elif called(node) in ("sample", "sort_values", "sort") and _LABELS.search(owner):
            yield owner, node.lineno


def _sliced_apart(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Arrays that a function slices as they stand, by the bounds of a slice of numbers that are shuffled."""
    mixed = _shuffled_in(tree)
    for function in (node for node in nodes(tree) if isinstance(node, ast.FunctionDef)):
        parts = {target.id for node in ast.walk(function) if isinstance(node, ast.Assign)
                 and isinstance(node.value, ast.Call) and called(node.value) == "slice"
                 for target in node.targets if isinstance(target, ast.Name)}  # fmt: skip
        slices = [
            (ast.unparse(node.slice), _name(node.value), node.lineno)
            for node in ast.walk(function)
            if isinstance(node, ast.Subscript) and _name(node.value)
            and (isinstance(node.slice, ast.Slice) or isinstance(node.slice, ast.Name) and node.slice.id in parts)
        ]
        last = {_name(node.value.elts[-1]) for node in ast.walk(function) if isinstance(node, (ast.Return, ast.Yield))
                and isinstance(node.value, ast.Tuple) and node.value.elts
                and isinstance(node.value.elts[-1], ast.Subscript)}  # fmt: skip
        bounds = {text for text, name, _ in slices if name in mixed and text != ":"}
        for text, name, line in slices:
            if text in bounds and name not in mixed and (_LABELS.search(name) or name in last):
                yield name, line


def sliced_apart(recording: Recording) -> Location | None:
    """Where labels are taken as they stand beside inputs in the order of numbers that are shuffled; else None.

    All of it stands in one function: `rows = order[a:b]`, `x[rows]` and `y[a:b]`, and nothing else is taken by the
    plain bounds, as a mixture with other examples does. The numbers are shuffled in that function, or are an
    attribute of its class.
    """
    for module in modules(recording):
        for name, line in _sliced_apart(module.tree):
            function = scope_at(module, line)
            if isinstance(function, ast.FunctionDef) and _is_certain(module.tree, function, name):
                return module.at(line)
    return None


def _is_certain(tree: ast.Module, function: ast.FunctionDef, labels: str) -> bool:
    taken = [node for node in ast.walk(function) if isinstance(node, ast.Subscript)]
    bounds = {ast.unparse(node.slice) for node in taken if _name(node.value) == labels}
    plain = [node for node in taken if ast.unparse(node.slice) in bounds and _name(node.value) != labels]
    if len(plain) != 1:
        return False  # other arrays are taken as they stand too
    order = plain[0]
    rows = {target.id for node in ast.walk(function) if isinstance(node, ast.Assign) and node.value is order
            for target in node.targets if isinstance(target, ast.Name)}  # fmt: skip
    by_rows = [node for node in taken if node is not order and (
        isinstance(node.slice, ast.Name) and node.slice.id in rows or node.slice is order
    )]  # fmt: skip
    mixed = _shuffled_in(tree if isinstance(order.value, ast.Attribute) else function)
    return bool(by_rows) and all(_name(node.value) != labels for node in by_rows) and _name(order.value) in mixed


def _shuffled_in(tree: ast.AST) -> set[str]:
    """Names that are shuffled in place, or given a permutation."""
    found = {_name(node.args[0]) for node in ast.walk(tree)
             if isinstance(node, ast.Call) and called(node) == "shuffle" and len(node.args) == 1}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and called(node.value) == "permutation":
            found |= {_name(target) for target in node.targets}
    return found


def _draws_order(index: ast.expr) -> bool:
    """Whether an index is a permutation that is drawn for it alone."""
    return isinstance(index, ast.Call) and called(index) in ("permutation", "shuffle", "argsort")


def _of_dataset(call: ast.Call, owner: str) -> bool:
    """Whether this is `dataset.shuffle(buffer)` rather than a function of some module of random numbers."""
    if not owner and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
        owner = ast.unparse(call.func.value)  # Dataset.from_tensor_slices(...).map(...)
    if called(call) != "shuffle" or not owner:
        return False
    return re.search(r"random|rng|rand|gen|rs|utils|state", owner, re.I) is None


def _counts(tree: ast.Module, name: str, line: int) -> bool:
    """Whether a name holds a number or the numbers of rows."""
    made = assignment(tree, name, line)
    if made is None:
        return False
    value = made.value
    if isinstance(value, ast.Call) and called(value) == "list" and value.args:
        value = value.args[0]
    if isinstance(value, ast.Constant) or isinstance(value, ast.Call) and called(value) in _COUNTING:
        return True
    return isinstance(value, ast.Subscript) and _name(value.value).endswith("shape")


def _zipped(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Datasets that are zipped with others after each was shuffled by itself."""
    for node in nodes(tree):
        if not isinstance(node, ast.Call) or called(node) != "zip":
            continue
        parts = [one for argument in node.args for one in getattr(argument, "elts", [argument])]
        for part in parts if len(parts) > 1 else ():
            name = _name(part)
            made = assignment(tree, name, node.lineno) if name else None
            for call in ast.walk(made.value if made is not None else part):
                if isinstance(call, ast.Call) and called(call) == "shuffle":
                    yield name, call.lineno


def _name(node: ast.expr) -> str:
    """The last name of `a`, `self.a`, `a[...]` or `d["a"]`, or ""."""
    if isinstance(node, ast.Subscript):
        key = node.slice
        return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else _name(node.value)
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def mixed_in(recording: Recording, place: Location | None) -> Location | None:
    """Where the user's function that is called at `place`, or in which that stands, draws an order; else `place`."""
    module = module_of(recording, place)
    if module is None or place is None:
        return place
    functions = {node.name: (one, node) for one in modules(recording) for node in nodes(one.tree)
                 if isinstance(node, ast.FunctionDef)}  # fmt: skip
    calls = [node for node in nodes(module.tree) if isinstance(node, ast.Call) and node.lineno == place.line]
    inside = [functions[called(call)] for call in calls if called(call) in functions]
    around = scope_at(module, place.line)
    for owner, function in (*inside, *([(module, around)] if isinstance(around, ast.FunctionDef) else [])):
        lines = [
            node.lineno
            for node in ast.walk(function)
            if isinstance(node, ast.Call)
            and called(node) in (*_REORDERING, "choice", "train_test_split")
            and not _of_dataset(node, "")
        ]
        if lines:
            return owner.at(min(lines))
    return place


def order_thrown_away(recording: Recording) -> Location | None:
    """Where an order is drawn and not used: `rng.permutation(order)` and `data.shuffle(9)` change nothing in place."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
                continue
            call, text = node.value, ast.unparse(node.value.func)
            if any(word.arg == "out" for word in call.keywords):
                continue  # in place after all
            copies = called(call) in ("permutation", "permuted") or text in ("tf.random.shuffle", "utils.shuffle")
            sampled = called(call) == "sample" and any(word.arg == "frac" for word in call.keywords)
            owner = _name(call.func.value) if isinstance(call.func, ast.Attribute) else ""
            if copies or sampled or (_of_dataset(call, owner) and call.args and _is_size(call.args[0])):
                return module.at(node.lineno)
    return None


def _is_size(value: ast.expr) -> bool:
    """Whether a value is a buffer size: `shuffle(x)` of one's own function shuffles an array in place."""
    return isinstance(value, ast.Constant) or isinstance(value, ast.Call) and called(value) == "len"
