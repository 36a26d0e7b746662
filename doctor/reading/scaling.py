"""Lines of the user's files that scale inputs."""

from __future__ import annotations

import ast
import re

from doctor.reading.chains import history_of
from doctor.reading.scopes import scope_at
from doctor.reading.source import Module, assignment, called, modules, nodes
from doctor.recording import Recording
from doctor.types import Location, Site

#: What people divide pixels by.
_FULL = (255, 256, 127.5)


def scaled_again(recording: Recording) -> Location | None:
    """Where pixels are scaled a second time: a layer of the model that does, else the last such line; or None.

    Only where the files say so at least twice.
    """
    found = [(module, line, layer) for module in modules(recording) for line, layer in _scalings(module)]
    if len(found) < 2:
        return None
    layers = [one for one in found if one[2]]
    module, line, _ = (layers or found)[-1]
    return module.at(line)


def scaling_layer(recording: Recording) -> Location | None:
    """The first line that makes a layer which divides pixels by 255."""
    found = ((module, line) for module in modules(recording) for line, layer in _scalings(module) if layer)
    return next((module.at(line) for module, line in found), None)


def adapted_at(recording: Recording) -> Location | None:
    """Where a layer of Keras, or a scaler, takes its mean and spread from data."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if isinstance(node, ast.Call) and called(node) == "adapt":
                return module.at(node.lineno)
    return None


#: Calls that may bring the figures of a layer along.
_BROUGHT = re.compile(r"\badapt\b|load_model|load_weights|set_weights|from_config|restore|finalize_state")


def never_adapted(recording: Recording) -> Location | None:
    """Where a Normalization of Keras is made that gets no mean and variance, in files that never adapt any; or None."""
    if any(_BROUGHT.search(module.text) for module in modules(recording)):
        return None
    for module in modules(recording):
        own = {node.name for node in nodes(module.tree) if isinstance(node, ast.ClassDef)}
        for node in nodes(module.tree):
            if isinstance(node, ast.Call) and called(node) == "Normalization" and "Normalization" not in own:
                if len(node.args) < 2 and not any(word.arg in ("mean", "variance", None) for word in node.keywords):
                    return module.at(node.lineno)
    return None


def _scalings(module: Module) -> list[tuple[int, bool]]:
    """(line, whether it is a layer) of every scaling of pixels."""
    found = []
    for node in nodes(module.tree):
        if isinstance(node, ast.Call) and called(node) == "Rescaling" and "255" in ast.unparse(node):
            found.append((node.lineno, True))
        elif isinstance(node, ast.Call) and called(node) == "convert_image_dtype":
            found.append((node.lineno, False))
        elif isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            by = node.right if isinstance(node, ast.BinOp) else node.value
            whole = isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant)
            if isinstance(by, ast.Constant) and by.value in _FULL and not whole:
                found.append((node.lineno, False))
    return sorted(found)


def unscaled_conversion(recording: Recording, place: int) -> Location | None:
    """Where pixels become floats before `convert_image_dtype`, which scales whole numbers only; or None.

    Args:
        recording: the run.
        place: of the pixels among what the function returns: 0 for inputs, 1 for labels.
    """
    for module in modules(recording):
        for function in nodes(module.tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            answers = [node.value.elts for node in ast.walk(function)
                       if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple)]  # fmt: skip
            wanted = {ast.unparse(parts[place]) for parts in answers if len(parts) > place}
            floats: dict[str, int] = {}
            for node in function.body:
                if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
                    continue
                name, call = ast.unparse(node.targets[0]), node.value
                given = ast.unparse(call.args[0]) if call.args else ""
                meant = name in wanted or not answers and place == 0
                if called(call) == "convert_image_dtype" and given in floats and meant:
                    return module.at(floats[given])
                to_float = called(call) in ("cast", "astype") and "float" in ast.unparse(call)
                if to_float or called(call) in ("resize", "resize_with_pad"):
                    floats[name] = node.lineno
    return None


#: How people call a standard deviation, and what makes a variance of one.
_DEVIATION = re.compile(r"(?<![a-z])(stds?|sds?|stdev|stddev|sigmas?|deviations?)(?![a-z])|scale_\b", re.IGNORECASE)
_SQUARED = re.compile(r"\*\*|sq|pow\(|2\b|_2|\*\s*\w*(std|sd|sigma)|var", re.IGNORECASE)


def deviation_as_variance(recording: Recording) -> Location | None:
    """Where a normalisation of Keras is given a standard deviation as its variance; or None."""
    for module in modules(recording):
        for node in nodes(module.tree):
            if not isinstance(node, ast.Call) or called(node) != "Normalization":
                continue
            given = next((one.value for one in node.keywords if one.arg == "variance"), None)
            text = ast.unparse(given) if given is not None else ""
            made = assignment(module.tree, text, node.lineno) if isinstance(given, ast.Name) else None
            if made is not None and _SQUARED.search(ast.unparse(made.value)):
                continue  # a name that says deviation for what is a variance
            if _DEVIATION.search(text) and not _SQUARED.search(text):
                return module.at(given.lineno if given is not None else node.lineno)
    return None


def scaled_by_row(recording: Recording, array: Site | None) -> Location | None:
    """Where every example of an array is scaled by figures of its own, on the way from its source; or None."""
    for step in history_of(recording, array):
        around = scope_at(step.module, step.line)
        parts: list[ast.AST] = [around if isinstance(around, ast.FunctionDef) and step.call is not None else step.value]
        # What functions of the script make of it: `x = standardise(table).astype("float32")`.
        own = {one.name: one for one in nodes(step.module.tree) if isinstance(one, ast.FunctionDef)}
        parts += [own[called(one)] for one in ast.walk(step.value) if isinstance(one, ast.Call) and called(one) in own]
        for node in (node for part in parts for node in ast.walk(part)):
            if isinstance(node, ast.Call) and called(node) in ("std", "max", "ptp", "norm", "reduce_std", "reduce_max"):
                axis = next((word.value for word in node.keywords if word.arg == "axis"), None)
                kept = any(word.arg in ("keepdims", "keep_dims") for word in node.keywords)
                if axis is not None and kept and _leaves_out_rows(axis):
                    return step.module.at(node.lineno)
    return None


def _leaves_out_rows(axis: ast.expr) -> bool:
    """Whether a reduction goes over other axes than that of the examples."""
    try:
        value = ast.literal_eval(axis)
    except ValueError:
        return False
    axes = value if isinstance(value, (tuple, list)) else (value,)
    return bool(axes) and all(isinstance(one, int) and one != 0 for one in axes)
