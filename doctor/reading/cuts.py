"""Lines where the way of the gradient is cut, or where it is flat."""

from __future__ import annotations

import ast
from typing import Sequence

from doctor.reading.given import calls
from doctor.reading.scopes import scope_at, statements
from doctor.reading.source import Module, called, module_of, modules, nodes
from doctor.recording import Recording
from doctor.types import Location


#: Functions that a normalisation hands its averages to.
_STATISTICS = ("sqrt", "rsqrt", "batch_normalization", "identity", "append", "assign", "assign_add", "assign_sub")


def cut(recording: Recording) -> Location | None:
    """The first `.numpy()`, NumPy function of a name, or value kept in a variable and read again, under a tape.

    It cuts the way of the gradient. Functions that are called under the tape count; where neither a tape is seen nor
    what Keras would call under its own, functions alone are searched for `.numpy()`.
    """
    under = _under_tapes(recording)
    for module in modules(recording):
        blocks = [block for one, block in under if one.path == module.path] if under else _functions(module)
        records: list[int] = [] if not under else [
            call.lineno for block in blocks for call in ast.walk(block)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "float"
            and call.args and not isinstance(call.args[0], ast.Constant) and not _printed(block, call)
        ]  # fmt: skip
        cuts = [
            call.lineno
            for block in blocks
            for call in ast.walk(block)
            if isinstance(call, ast.Call) and not _printed(block, call)
            and (called(call) == "numpy" or under and (_of_numpy(call) or _kept(block, call)))
        ]  # fmt: skip
        if cuts or records:  # float(loss) may only keep a record of it: what else there is comes first
            return module.at(min(cuts or records))
    return None


def _is_tape(node: ast.AST) -> bool:
    return isinstance(node, ast.With) and any("GradientTape" in ast.unparse(one) for one in node.items)


def _functions(module: Module) -> list[ast.AST]:
    return [node for node in nodes(module.tree) if isinstance(node, ast.FunctionDef)]


def _tapes(recording: Recording) -> list[tuple[Module, ast.AST]]:
    """The blocks of all tapes, with their files."""
    return [(module, node) for module in modules(recording) for node in nodes(module.tree) if _is_tape(node)]


def _under_tapes(recording: Recording) -> list[tuple[Module, ast.AST]]:
    """The blocks of tapes, and the functions that they call, and so on; a model that is called runs its `call`.

    Where no tape is written, what `fit` differentiates: see `_of_keras`.
    """
    found = _tapes(recording) or _of_keras(recording)
    every = [(module, one) for module in modules(recording) for one in _functions(module)] if found else []
    for _, block in found:  # grows while it is walked
        names = {called(node) for node in ast.walk(block) if isinstance(node, ast.Call)} | {"call", "__call__"}
        found += [one for one in every if getattr(one[1], "name", "") in names and one not in found]
    return found


def _of_keras(recording: Recording) -> list[tuple[Module, ast.AST]]:
    """What Keras calls under a tape of its own: `call` of layers and models, what a Lambda does, losses given."""
    found: list[tuple[Module, ast.AST]] = []
    names = {"call"}
    for module, call in calls(recording):
        given = [word.value for word in call.keywords if word.arg in ("loss", "function")]
        given += call.args[:1] if called(call) == "Lambda" else []
        found += [(module, one) for one in given if isinstance(one, ast.Lambda)]
        names |= {one.id for one in given if isinstance(one, ast.Name)}
    return found + [
        (module, one) for module in modules(recording) for one in _functions(module)
        if getattr(one, "name", "") in names
    ]  # fmt: skip


def _kept(block: ast.AST, call: ast.Call) -> bool:
    """Whether a call assigns to a variable that the function it stands in reads afterwards: `kept[i].assign(loss)`.

    It is read where it is returned, or handed to a layer as it is: a state that is kept between moments.
    """
    if called(call) not in ("assign", "assign_add") or not isinstance(call.func, ast.Attribute) or not call.args:
        return False
    owner = call.func.value
    while isinstance(owner, ast.Subscript):
        owner = owner.value
    text = ast.unparse(owner)
    answers = [one.value for one in ast.walk(block) if isinstance(one, ast.Return) and one.value is not None]
    handed = [
        one for one in ast.walk(block)
        if isinstance(one, ast.Call) and called(one) not in _STATISTICS
        and any(ast.unparse(part) == text for part in one.args)
    ]
    return bool(handed) or any(
        ast.unparse(part) == text for one in answers for part in ast.walk(one)
        if isinstance(part, (ast.Name, ast.Attribute))
    )  # fmt: skip


def _of_numpy(call: ast.Call) -> bool:
    """Whether a function of NumPy is given a value that may depend on variables: a name, a call, an expression."""
    if not isinstance(call.func, ast.Attribute) or ast.unparse(call.func.value) not in ("np", "numpy"):
        return False
    if call.func.attr in ("sqrt", "log", "prod", "float32", "float64", "int32", "int64", "arange", "shape", "array"):
        return False  # mostly of numbers
    given = [part for one in call.args for part in (one.elts if isinstance(one, (ast.List, ast.Tuple)) else [one])]
    return any(isinstance(one, (ast.Name, ast.BinOp, ast.Call)) for one in given)


#: Names under which functions of tensors are called.
_TENSORFLOW = frozenset({"tf", "tensorflow", "ops", "keras", "K", "backend"})
#: Functions without a gradient, by the last part of their name.
_WITHOUT_GRADIENT = frozenset(
    {
        "round", "rint", "argmax", "argmin", "sign", "floor", "ceil", "stop_gradient", "numpy_function", "py_function",
        "predict", "predict_on_batch",
    }
)  # fmt: skip


def blocked(recording: Recording, everything: bool) -> Location | None:
    """The first call without a gradient under a tape: tf.round, tf.argmax, a cast to whole numbers or of a comparison.

    Functions that the tape's block calls come after the block itself, and a functional model that `fit` trains, whose
    operations stand in the file, after all functions. Where some variables have a gradient
    (`everything` is False) whole numbers are left alone: indices and hits are made of them.
    """
    taped = _tapes(recording)
    for blocks in (taped, _under_tapes(recording)):
        for module in modules(recording):
            lines = _flat_calls([block for one, block in blocks if one.path == module.path], everything)
            if lines:
                return module.at(min(lines))
    for module in modules(recording) if not taped else ():
        lines = [line for line, name in _flat(module.tree, everything) if name.partition(".")[0] in _TENSORFLOW]
        if lines:
            return module.at(min(lines))
    return None


def _flat_calls(blocks: Sequence[ast.AST], whole: bool) -> list[int]:
    """Lines of calls without a gradient, but for those that count hits; with `whole` also what makes whole numbers."""
    return [line for block in blocks for line, _ in _flat(block, whole)]


def _flat(block: ast.AST, whole: bool) -> list[tuple[int, str]]:
    return [
        (call.lineno, ast.unparse(call.func))
        for call in ast.walk(block)
        if isinstance(call, ast.Call) and not _printed(block, call) and not _counts_hits(block, call)
        and (_steps(call) or called(call) in _WITHOUT_GRADIENT and (whole or not called(call).startswith("arg"))
             or whole and _casts_to_int(call))
    ]  # fmt: skip


def _steps(call: ast.Call) -> bool:
    """Whether a call makes numbers of a comparison of values: `tf.cast(p > 0.5, tf.float32)`, `tf.where(p > 0, 1, -1)`.

    `where` of anything else than constants lets the gradient of the value pass that it chooses.
    """
    if called(call) not in ("cast", "where") or not call.args or not _is_threshold(call.args[0]):
        return False
    return called(call) == "cast" or len(call.args) == 3 and all(map(_is_constant, call.args[1:]))


def _is_threshold(value: ast.expr) -> bool:
    """Whether values are compared by size: `p > 0.5`, `tf.greater(p, 0.5)`."""
    if isinstance(value, ast.Call):
        return called(value) in ("greater", "greater_equal", "less", "less_equal")
    return isinstance(value, ast.Compare) and not any(isinstance(one, (ast.Eq, ast.NotEq)) for one in value.ops)


def _is_constant(value: ast.expr) -> bool:
    """Whether a value is written out, or zeros and ones in the shape of another."""
    if isinstance(value, ast.Call):
        return called(value) in ("ones_like", "zeros_like", "ones", "zeros", "constant")
    return isinstance(value, ast.Constant) or isinstance(value, ast.UnaryOp) and _is_constant(value.operand)


def _counts_hits(block: ast.AST, call: ast.Call) -> bool:
    """Whether a call stands within a comparison by equality, as in an accuracy."""
    compared = [node for node in ast.walk(block) if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq)
                or isinstance(node, ast.Call) and called(node) == "equal"]  # fmt: skip
    return any(call is part for node in compared for part in ast.walk(node))


def asked_at(recording: Recording) -> Location | None:
    """The first call that asks a tape for gradients."""
    for module in modules(recording):
        lines = [
            node.lineno
            for node in nodes(module.tree)
            if isinstance(node, ast.Call) and called(node) == "gradient" and len(node.args) + len(node.keywords) >= 2
        ]
        if lines:
            return module.at(min(lines))
    return None


def listed_at(recording: Recording, asked: Location | None) -> Location | None:
    """Where the variables are listed whose gradients the call at a line asks for by a name, or None."""
    module = module_of(recording, asked)
    for node in nodes(module.tree) if module is not None and asked is not None else ():
        if not isinstance(node, ast.Call) or called(node) != "gradient" or asked is None or module is None:
            continue
        if not node.lineno <= asked.line <= (node.end_lineno or node.lineno):
            continue
        given = [*node.args[1:2], *(word.value for word in node.keywords if word.arg == "sources")]
        if given and isinstance(given[0], ast.Attribute):
            return _kept_as(recording, given[0].attr)
        name = given[0].id if given and isinstance(given[0], ast.Name) else None
        for scope in (scope_at(module, node.lineno), module.tree) if name is not None else ():
            # Of the scope itself: another function may have a name like it.
            made = [
                one.lineno for one in statements(module, scope)
                if isinstance(one, (ast.Assign, ast.AugAssign)) and one.lineno < node.lineno
                and any(isinstance(target, ast.Name) and target.id == name
                        for target in (one.targets if isinstance(one, ast.Assign) else [one.target]))
            ]  # fmt: skip
            if made:
                return module.at(max(made))
    return None


def _kept_as(recording: Recording, attribute: str) -> Location | None:
    """The only place where a list of variables is written into an attribute `self.attribute`, or None."""
    places = [
        module.at(node.lineno) for module in modules(recording) for node in nodes(module.tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.List, ast.Tuple, ast.BinOp))
        and any(isinstance(target, ast.Attribute) and target.attr == attribute for target in node.targets)
    ]  # fmt: skip
    return places[0] if len(places) == 1 else None


def flat_function(recording: Recording) -> Location | None:
    """The first call of a TensorFlow function that has a gradient, which is zero everywhere: tf.sign."""
    for module in modules(recording):
        lines = [
            call.lineno
            for call in nodes(module.tree)
            if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in ("sign", "stop_gradient")
            and not ast.unparse(call.func).startswith(("np.", "numpy."))
        ]  # fmt: skip
        if lines:
            return module.at(min(lines))
    return None


def _casts_to_int(call: ast.Call) -> bool:
    kinds = [*call.args[1:], *(word.value for word in call.keywords)]
    return called(call) == "cast" and any("int" in ast.unparse(kind) or "bool" in ast.unparse(kind) for kind in kinds)


def _printed(block: ast.AST, call: ast.Call) -> bool:
    """Whether a call is only an argument of print."""
    prints = [node for node in ast.walk(block) if isinstance(node, ast.Call) and called(node) == "print"]
    return any(call in ast.walk(node) for node in prints)
