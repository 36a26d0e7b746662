"""Lines of the script where data enters, and where noise is added to it."""

from __future__ import annotations

import ast
from typing import Iterator

from doctor.reading.chains import made_at, made_elsewhere
from doctor.reading.fed import fed_from
from doctor.reading.source import Module, called, module_of, modules, nodes
from doctor.reading.step_kinds import transforms
from doctor.reading.values import chosen, given
from doctor.rules.view import SubjectView
from doctor.types import Location, Site

#: Calls that draw additive noise. Initial weights are drawn by the same functions.
_NOISE = frozenset({"normal", "truncated_normal", "uniform", "randn", "rand", "stateless_normal", "GaussianNoise"})
#: Calls after which noise is the same noise.
_REWRITING = frozenset({"astype", "reshape", "cast", "convert_to_tensor"})


def random_line(view: SubjectView, site: Site) -> Location | None:
    """The line that adds random numbers to data: a sum or product of a random call that makes no variable.

    In a function that the training pipeline maps, where one does, else anywhere.
    """
    mapped = mapped_noise(view)
    if mapped is not None:
        return mapped
    for module in modules(view.recording):
        lines = _noisy_lines(module.tree)
        if lines:
            return module.at(min(lines))
    return None


def mapped_noise(view: SubjectView) -> Location | None:
    """The same in a function that the training pipeline maps, else None."""
    for module, function in _mapped(view):
        lines = _noisy_lines(function)
        if lines:
            return module.at(min(lines))
    return None


def scaled_line(view: SubjectView) -> Location | None:
    """The last line of a function that the training pipeline maps that divides the inputs it is given, or None."""
    for module, function in _mapped(view):
        given = [one.arg for one in function.args.args if one.arg not in ("self", "cls")]
        inputs, lines = set(given[:1]), []
        for node in sorted(ast.walk(function), key=lambda one: getattr(one, "lineno", 0)):
            if not isinstance(node, (ast.Assign, ast.AugAssign, ast.Return)) or node.value is None:
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            named = {one.id for part in targets if part is not None for one in ast.walk(part)
                     if isinstance(one, ast.Name)}  # fmt: skip
            divides = [one for one in ast.walk(node) if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Div)]
            divided = isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div) and bool(named & inputs)
            if divided or any(_uses(one, inputs) for one in divides):
                lines.append(node.lineno)
            if _uses(node.value, inputs):
                inputs |= named
        if lines:
            return module.at(max(lines))
    return None


def _uses(value: ast.AST, names: set[str]) -> bool:
    return any(isinstance(one, ast.Name) and one.id in names for one in ast.walk(value))


def _mapped(view: SubjectView) -> Iterator[tuple[Module, ast.FunctionDef]]:
    """The script's own functions that training pipelines map, latest first."""
    for dataset in view.sites("dataset", None):
        if dataset.attributes.get("used_for") == "eval":
            continue
        for stage in reversed(list(dataset.attributes.get("chain") or ())):
            place = Location.of(stage.get("defined"))
            module = module_of(view.recording, place)
            for node in nodes(module.tree) if module is not None and place is not None else ():
                if isinstance(node, ast.FunctionDef) and module is not None and place is not None:
                    if node.lineno == place.line:
                        yield module, node


def _noisy_lines(tree: ast.AST) -> list[int]:
    """Where random numbers are added; where none are, where data is multiplied by them, as a gain for each row."""
    added: list[int] = []
    factors: list[int] = []
    drawn = _drawn(tree)
    for node in nodes(tree):
        if isinstance(node, ast.Call) and called(node) == "GaussianNoise":
            added.append(node.lineno)
        lines = factors if isinstance(getattr(node, "op", None), ast.Mult) else added
        sides: tuple[ast.expr, ...] = ()
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mult)):
            sides = (node.left, node.right)
        elif isinstance(node, ast.AugAssign):
            sides = (node.value,)
        elif isinstance(node, ast.Call) and called(node) in ("add", "multiply"):
            sides = tuple(node.args)
            lines = factors if called(node) == "multiply" else added
        # `x + noise` takes two sides that are no plain numbers; `0.1 * tf.random.normal(...)` makes weights.
        if any(_draws(side) for side in sides) and not any(isinstance(side, ast.Constant) for side in sides):
            lines.append(int(getattr(node, "lineno")))
        # `noise = tf.random.normal(...)`, then `image + noise`: the first of the two sets the strength.
        names = [_held(side) for side in sides]
        lines += [drawn[name] for name in names if name in drawn]
    return added or factors


def _held(side: ast.expr) -> str | None:
    """The name of what is added: `noise`, `noise.astype("float32")`, `tf.cast(noise, tf.float32)`."""
    while isinstance(side, ast.Call) and called(side) in _REWRITING:
        inner = side.func.value if isinstance(side.func, ast.Attribute) else None
        of_module = inner is None or isinstance(inner, ast.Name) and inner.id in ("tf", "np", "numpy", "ops", "keras")
        given = side.args[0] if of_module and side.args else None if of_module else inner
        if given is None:
            return None
        side = given
    return side.id if isinstance(side, ast.Name) else None


def _drawn(tree: ast.AST) -> dict[str, int]:
    """Names that hold random numbers, with the lines that draw them; not those that become variables."""
    found: dict[str, int] = {}
    variables: set[str] = set()
    for node in nodes(tree):
        if isinstance(node, ast.Assign) and _draws(node.value) and not _makes_variable(node.value):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = node.lineno
        if isinstance(node, ast.Call) and called(node).endswith("Variable"):
            variables |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return {name: line for name, line in found.items() if name not in variables}


def _makes_variable(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Call) and called(part).endswith("Variable") for part in ast.walk(node))


def _draws(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Call) and called(part) in _NOISE for part in ast.walk(node))


def data_line(view: SubjectView, site: Site) -> Location | None:
    """Where these inputs are made: the last map stage of their dataset, else its source, else where their array is
    taken, else the site's own."""
    use = "eval" if site.phase == "eval" else "train"
    datasets = [site for site in view.sites("dataset", None) if site.attributes.get("used_for") in (use, None)]
    # Where capture does not know what a dataset is for: people write the training data first.
    known = [site for site in datasets if site.attributes.get("used_for") == use]
    guessed = datasets[-1:] if use == "eval" else datasets[:1]
    for dataset in known or guessed:
        chain = [stage for stage in dataset.attributes.get("chain") or () if stage.get("location")]
        maps = [stage for stage in chain if stage.get("stage") == "map"]
        if maps or chain:
            place = (maps[-1] if maps else chain[0])["location"]
            return Location.of(place)
        if dataset.location is not None:
            return dataset.location
    role = "x" if use == "train" else "x_val"
    fit = view.first_site("fit")
    generated = fed_from(view.recording, fit.location) if fit is not None and use == "train" else None
    return source_line(view, role) or _array_line(view, site, role) or generated or site.location


def source_line(view: SubjectView, role: str) -> Location | None:
    """The line that hands on the batches of the only generator or PyDataset of a role."""
    found = _source_body(view, role)
    if found is None:
        return None
    module, body, defined = found
    handed = _handed(body) if body is not None else []
    return module.at(max(one.lineno for one in handed)) if handed else defined


def window_line(view: SubjectView, role: str) -> Location | None:
    """The line of that generator that cuts the inputs out of something by bounds that are no plain numbers; or None.

    `x = self.records[take, self.start:self.start + self.width]`, `return x, y`.
    """
    module, body, _ = _source_body(view, role) or (None, None, None)
    if module is None or body is None:
        return None
    firsts = [one.value.elts[0] if isinstance(one.value, ast.Tuple) and one.value.elts else one.value
              for one in _handed(body)]  # fmt: skip
    names = {node.id for first in firsts if first is not None for node in ast.walk(first) if isinstance(node, ast.Name)}
    cuts = [
        node.lineno
        for node in ast.walk(body)
        if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id in names for one in node.targets)
        and any(_by_bounds(part) for part in ast.walk(node.value))
    ]  # fmt: skip
    return module.at(max(cuts)) if cuts else None


def _source_body(view: SubjectView, role: str) -> tuple[Module, ast.AST | None, Location] | None:
    """(file, function that makes the batches, where it is defined) of the only generator or PyDataset of a role."""
    known = {Location.of(one.attributes.get("defined")) for one in view.sites("source", None)
             if one.attributes.get("role") == role}  # fmt: skip
    defined = known.pop() if len(known) == 1 else None
    module = module_of(view.recording, defined)
    if module is None or defined is None:
        return None
    for node in nodes(module.tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.lineno == defined.line:
            return module, next((one for one in node.body if getattr(one, "name", "") == "__getitem__"), node), defined
    return module, None, defined


def _handed(body: ast.AST) -> list[ast.Return | ast.Yield]:
    return [one for one in ast.walk(body) if isinstance(one, (ast.Return, ast.Yield)) and one.value]


def _by_bounds(node: ast.AST) -> bool:
    bounds = (node.lower, node.upper) if isinstance(node, ast.Slice) else ()
    return any(one is not None and not isinstance(one, (ast.Constant, ast.UnaryOp)) for one in bounds)


def _array_line(view: SubjectView, site: Site, role: str) -> Location | None:
    """The line that takes rows of the only array of such rows; None where there are several, or several trainings."""
    if len(view.recording.subjects) > 1:
        return None  # an array does not tell which of them it was given to
    row = list(site.attributes.get("shape") or ())[1:]
    if view.subject.attributes.get("style") != "fit":
        fed = next((array for array in view.sites("array", None) if array.attributes.get("role") == role), None)
        made = made_at(view.recording, fed, transforms)
        if made is not None:
            return made
    arrays = [
        array
        for array in view.sites("array", None)
        if array.attributes.get("role") == role and list(array.attributes.get("shape") or ())[1:] == row
    ]
    if len({array.location for array in arrays}) != 1:
        return None
    return made_elsewhere(view.recording, arrays[0]) or arrays[0].location


def _of_the_one(view: SubjectView, layer: str) -> Location | None:
    """Where the user's function was called that made this layer, if other calls made others there; else None."""
    made = {str(site.attributes.get("layer")): (site.location, site.attributes.get("called_from"))
            for site in view.variables if site.attributes.get("called_from")}  # fmt: skip
    if layer not in made:
        return None
    place, caller = made[layer]
    beside = [other for where, other in made.values() if where == place]
    # A loop in a function calls the layer's class from one line.
    return Location.of(caller) if beside.count(caller) == 1 < len(beside) else None


def activation_line(view: SubjectView, output: Site) -> Location | None:
    """Where the last activation is chosen: where the layer that makes the output is given one, or where that is."""
    place = output_line(view, output)
    told = given(view.recording, place, ("activation",))
    return place if told is None or isinstance(told[1], ast.Constant) else chosen(view.recording, *told)


def output_line(view: SubjectView, output: Site) -> Location | None:
    """The line of the layer that made the output, else of the last one of a Keras model, or the last activation."""
    made = output.attributes.get("layer")
    if made is not None and made in {layer for site in view.variables if (layer := site.attributes.get("layer"))}:
        return _of_the_one(view, str(made)) or output.location
    for model in view.sites("model"):
        layers = [layer for layer in model.attributes.get("layers") or () if layer.get("location")]
        if layers:
            return _of_the_one(view, layers[-1]["name"]) or Location.of(layers[-1]["location"])
    last = [site for site in view.activations if "loss" in (site.attributes.get("next") or ())]
    return (last[-1].location if last else None) or output.location
