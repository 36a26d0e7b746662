"""Whether the script gives its layers weights from elsewhere: from a file, an array, or a model trained before."""

from __future__ import annotations

import ast
import re

from doctor.reading.scopes import scope_at
from doctor.reading.source import Module, assignment, called, module_of, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: Calls that bring weights along.
_CALLS = frozenset({
    "load_weights", "set_weights", "load_model", "load_own_variables", "from_pretrained", "from_preset", "KerasLayer",
    "restore", "read", "TFSMLayer", "assign", "import_meta_graph", "model_from_json",
})  # fmt: skip
#: Methods of callbacks that run after each epoch or batch.
_AFTER_EACH = frozenset({
    "on_epoch_begin", "on_epoch_end", "on_train_batch_begin", "on_train_batch_end", "on_batch_end",
})  # fmt: skip
#: Words of modules that hold trained models.
_MODULES = ("applications", "hub", "keras_hub", "keras_cv", "keras_nlp", "transformers")


def brings_weights(recording: Recording) -> bool:
    """Whether any of the user's files loads, sets or imports weights."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.Call):
                if called(node) in _CALLS and not _is_file_of_data(node):
                    return True
                if any(word.arg == "weights" and not _is_none(word.value) for word in node.keywords):
                    return True
                if called(node) in ("Constant", "constant_initializer") and node.args and not _is_number(node.args[0]):
                    return True
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
                if any(part in _MODULES for name in names for part in name.split(".")):
                    return True
            elif isinstance(node, ast.Attribute) and node.attr in _MODULES:
                return True
    return False


def weights_given_at(recording: Recording) -> Location | None:
    """The first call that gives layers weights from elsewhere, or None."""
    for module in modules(recording):
        lines = [
            node.lineno
            for node in nodes(module.tree)
            if isinstance(node, ast.Call) and called(node) in _CALLS - {"assign", "read"} and not _is_file_of_data(node)
        ]
        if lines:
            return module.at(min(lines))
    return None


#: Loops whose rounds start anew on purpose.
_ROUNDS = re.compile(
    r"(^|_|\b)(rates?|lrs?|folds?|seeds?|trials?|clients?|splits?|tasks?|cv|kf|configs?|params|grid|runs?|repeats?|"
    r"members?|restarts?|candidates?|experiments?|attempts?|replicates?)(_|\b|\d|$)|learning_rate|\.split\(",
    re.IGNORECASE,
)  # fmt: skip


#: Loops that count.
_COUNTED = re.compile(r"epoch|step|batch|iter|\brange\(|^_ ", re.IGNORECASE)


def starts_anew(recording: Recording) -> bool:
    """Whether a loop over folds, trials, clients or the like gives layers weights in each round."""
    return any(
        isinstance(loop, ast.For)
        and _ROUNDS.search(f"{ast.unparse(loop.target)} {ast.unparse(loop.iter)}") is not None
        and any(
            isinstance(one, ast.Call) and (called(one) in _CALLS - {"read"} or _initialises(one, module))
            for one in ast.walk(loop)
        )
        for module in modules(recording)
        for loop in nodes(module.tree)
    )


def repeats_plainly(recording: Recording, place: Location | None) -> bool:
    """Whether the innermost loop around a line counts epochs, batches or rounds, and tries nothing out.

    Around the calls of its function, where the line stands in no loop of it.
    """
    module = module_of(recording, place)
    if module is None or place is None:
        return False
    if _counts(module, place.line) is None:
        scope = scope_at(module, place.line)
        name = scope.name if isinstance(scope, ast.FunctionDef) else ""
        calls = [_counts(one, node.lineno) for one in modules(recording) for node in nodes(one.tree)
                 if isinstance(node, ast.Call) and name and called(node) == name]  # fmt: skip
        if calls and all(calls):
            return True
        # A callback runs in a loop that Keras has.
        return after_each(recording, place)
    return bool(_counts(module, place.line))


def counts_epochs(recording: Recording, place: Location | None) -> bool:
    """Whether the script calls the rounds in which a line runs epochs: in a loop around it, or around its function."""
    module = module_of(recording, place)
    if module is None or place is None:
        return False
    around = _loop(module, place.line)
    if around is not None:
        return "epoch" in around.lower()
    scope = scope_at(module, place.line)
    name = scope.name if isinstance(scope, ast.FunctionDef) else ""
    calls = [_loop(one, node.lineno) or "" for one in modules(recording) for node in nodes(one.tree)
             if isinstance(node, ast.Call) and name and called(node) == name]  # fmt: skip
    return bool(calls) and all("epoch" in one.lower() for one in calls)


def _counts(module: Module, line: int) -> bool | None:
    """Whether the innermost loop around a line counts; None where there is none in its function."""
    head = _loop(module, line)
    return None if head is None else not head or _COUNTED.search(head) is not None


def _loop(module: Module, line: int) -> str | None:
    """What the innermost loop around a line goes over, "" where that is a condition; None where there is no loop."""
    around = [node for node in nodes(module.tree) if isinstance(node, (ast.For, ast.While))
              and node.lineno <= line <= (node.end_lineno or 0)
              and scope_at(module, node.lineno) is scope_at(module, line)]  # fmt: skip
    inner = max(around, key=lambda node: node.lineno) if around else None
    if inner is None:
        return None
    return f"{ast.unparse(inner.target)} {ast.unparse(inner.iter)}" if isinstance(inner, ast.For) else ""


def after_each(recording: Recording, place: Location) -> bool:
    """Whether a line stands in a method of a callback that runs after each epoch or batch."""
    module = module_of(recording, place)
    within = scope_at(module, place.line) if module is not None else None
    return isinstance(within, ast.FunctionDef) and within.name in _AFTER_EACH


def given_in_loop(recording: Recording) -> Location | None:
    """The first call in a loop that gives layers weights which that loop did not make, or None."""
    for module in modules(recording):
        for loop in nodes(module.tree):
            if not isinstance(loop, (ast.For, ast.While)):
                continue
            made = {
                part.id
                for node in ast.walk(loop)
                if isinstance(node, (ast.Assign, ast.For))
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
                for part in ast.walk(target)
                if isinstance(part, ast.Name)
            }
            for node in ast.walk(loop):
                if not isinstance(node, ast.Call) or called(node) not in ("load_weights", "set_weights", "restore"):
                    continue
                names = {part.id for one in node.args for part in ast.walk(one) if isinstance(part, ast.Name)}
                if not names & made:
                    return module.at(node.lineno)
    return None


def copied_in_loop(recording: Recording) -> Location | None:
    """The first `variable.assign(other)` in a loop over variables, where the other is taken as it is; or None."""
    for module in modules(recording):
        for loop in nodes(module.tree):
            if not isinstance(loop, ast.For):
                continue
            names = {part.id for part in ast.walk(loop.target) if isinstance(part, ast.Name)}
            for node in ast.walk(loop):
                if not isinstance(node, ast.Call) or called(node) != "assign" or len(node.args) != 1:
                    continue
                owner = node.func.value if isinstance(node.func, ast.Attribute) else None
                plain = isinstance(node.args[0], (ast.Name, ast.Attribute, ast.Subscript))
                if isinstance(owner, ast.Name) and owner.id in names and plain:
                    return module.at(node.lineno)
    return None


def _initialises(call: ast.Call, module: Module) -> bool:
    """Whether a call runs the op of tf.compat.v1 that initialises variables: `sess.run(init)`, `init.run()`."""
    if called(call) != "run" or not isinstance(call.func, ast.Attribute):
        return False
    ran = call.args[0] if call.args else call.func.value
    made = assignment(module.tree, ran.id, call.lineno) if isinstance(ran, ast.Name) else None
    text = ast.unparse(made.value if made is not None else ran)
    return re.search(r"variables_initializer\(|initialize_(all|global)?_?variables\(", text) is not None


def _is_file_of_data(call: ast.Call) -> bool:
    """`file.read()` and `Settings.read(path)` read no checkpoint; `checkpoint.read(path)` does."""
    return called(call) == "read" and not any(word in ast.unparse(call.func).lower() for word in ("ckpt", "checkpoint"))


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _is_number(value: ast.expr) -> bool:
    return isinstance(value, (ast.Constant, ast.UnaryOp))
