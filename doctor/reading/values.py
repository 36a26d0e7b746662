"""Where a value that a call is given was chosen: the line of the number, not that of its use."""

from __future__ import annotations

import ast

from doctor.reading.source import Module, assignment, called, module_of, modules, nodes
from doctor.recording import Recording
from doctor.types import Location

#: How many names, parameters and attributes are followed before giving up.
_DEPTH = 6
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def argument(
    recording: Recording,
    location: Location | None,
    keywords: tuple[str, ...],
    position: int | None = None,
    function: str | None = None,
) -> Location | None:
    """Where the value of an argument was chosen, of the call that stands on the line of `location`.

    A name leads to its assignment, a parameter to the call of its function, `self.rate` to the line that sets it,
    `args.rate` to the option's default and `CONFIG["rate"]` to the entry, as far as these stand in the user's files.

    Args:
        recording: the run.
        location: a line of the call.
        keywords: names that the argument may be given by.
        position: its place among the others, or None where only its name is looked for.
        function: the last part of the name that is called, or None for any; `position` wants it.

    Returns:
        `location` where no such call, or no such argument, stands there.
    """
    found = given(recording, location, keywords, position, function)
    return chosen(recording, *found) if found is not None else location


def given(
    recording: Recording,
    location: Location | None,
    keywords: tuple[str, ...],
    position: int | None = None,
    function: str | None = None,
) -> tuple[Module, ast.expr] | None:
    """The argument itself, as the call has it, and its file; see `argument`. None where there is no such."""
    module = module_of(recording, location)
    if module is None or location is None:
        return None
    calls = [
        node
        for node in nodes(module.tree)
        if isinstance(node, ast.Call) and node.lineno <= location.line <= (node.end_lineno or node.lineno)
    ]
    for call in sorted(calls, key=lambda node: (node.end_lineno or 0) - node.lineno):
        for word in call.keywords:
            if word.arg in keywords and (function is None or called(call) == function):
                return module, word.value
    for call in calls:
        if position is not None and called(call) == function and len(call.args) > position:
            return module, call.args[position]
    for call in calls:  # Conv = partial(Conv2D, bias_initializer=...), and then Conv(12)
        made = assignment(module.tree, called(call), call.lineno)
        if made is not None and isinstance(made.value, ast.Call) and called(made.value) == "partial":
            for word in made.value.keywords:
                if word.arg in keywords:
                    return module, word.value
    return None


def number_chosen(recording: Recording, module: Module, value: ast.expr) -> Location | None:
    """Where an expression got its value, if that is a number that is written out; else None."""
    one, found = _origin(recording, module, value, _DEPTH)
    inner = found.operand if isinstance(found, ast.UnaryOp) else found
    written = isinstance(inner, ast.BinOp) and not any(
        isinstance(part, (ast.Call, ast.Name, ast.Attribute, ast.Subscript)) for part in ast.walk(inner)
    )
    if written or isinstance(inner, ast.Constant) and isinstance(inner.value, (int, float)):
        return one.at(found.lineno)
    return None


def value_chosen(recording: Recording, module: Module, value: ast.expr) -> tuple[Location, float | None]:
    """Where the value of an expression was chosen, and the number that is written there, None where it is none."""
    one, found = _origin(recording, module, value, _DEPTH, through=True)
    try:
        number = ast.literal_eval(found) if isinstance(found, (ast.Constant, ast.UnaryOp)) else None
    except ValueError:
        number = None
    if (given := _on_the_command_line(recording, one, found)) is not None:
        return one.at(found.lineno), given
    plain = isinstance(number, (int, float)) and not isinstance(number, bool)
    return one.at(found.lineno), float(number) if plain and number is not None else None


def _on_the_command_line(recording: Recording, module: Module, default: ast.AST) -> float | None:
    """What the script was called with for an option that has this default, None where nothing or no number."""
    arguments = list(recording.run.argv or ())
    for node in nodes(module.tree):
        if isinstance(node, ast.Call) and called(node) in ("add_argument", "option"):
            if any(word.value is default for word in node.keywords if word.arg == "default"):
                for name in (str(one.value) for one in node.args if isinstance(one, ast.Constant)):
                    for place, text in enumerate(arguments):
                        value = text.partition("=")[2] if text.startswith(f"{name}=") else (
                            arguments[place + 1] if text == name and place + 1 < len(arguments) else "")  # fmt: skip
                        try:
                            return float(value)
                        except ValueError:
                            continue
    return None


def chosen(recording: Recording, module: Module, value: ast.expr) -> Location:
    """Where the value of an expression was chosen; the expression's own line where that is not known."""
    found = _origin(recording, module, value, _DEPTH)
    return found[0].at(found[1].lineno)


def _origin(
    recording: Recording, module: Module, value: ast.expr, depth: int, through: bool = False
) -> tuple[Module, ast.expr | ast.keyword]:
    """Where a value comes from; with `through` also where it only got another name for one that others use."""
    here: tuple[Module, ast.expr | ast.keyword] = (module, value)
    if depth == 0:
        return here
    following: tuple[Module, ast.expr] | None = None
    if isinstance(value, ast.Name):
        following = _named(recording, module, value)
    elif isinstance(value, ast.Attribute):
        following = _attribute(recording, module, value)
    elif isinstance(value, ast.Subscript):
        following = _entry(recording, module, value)
    if following is None:
        return here
    if not through and isinstance(value, ast.Name) and _alias_of_shared(*following):
        return following  # what is chosen here is that these two are the same
    return _origin(recording, *following, depth - 1, through)


def _alias_of_shared(module: Module, value: ast.expr) -> bool:
    """Whether a value is a name, written in small letters, that is used in other places too: `low = prior`."""
    if not isinstance(value, ast.Name) or value.id.isupper():
        return False
    uses = [node for node in nodes(module.tree)
            if isinstance(node, ast.Name) and node.id == value.id and isinstance(node.ctx, ast.Load)]  # fmt: skip
    return len(uses) > 1


def _named(recording: Recording, module: Module, name: ast.Name) -> tuple[Module, ast.expr] | None:
    function = _around(module, name.lineno, _FUNCTIONS)
    if isinstance(function, _FUNCTIONS) and name.id in _parameters(function):
        return _passed(recording, module, function, name.id)
    for node in nodes(module.tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple) and node.lineno < name.lineno:
            for target in node.targets:
                if isinstance(target, ast.Tuple) and len(target.elts) == len(node.value.elts):
                    for one, given in zip(target.elts, node.value.elts):
                        if isinstance(one, ast.Name) and one.id == name.id and _plain(given):
                            return module, given
    made = assignment(module.tree, name.id, name.lineno)
    if made is not None:
        return (module, made.value) if _plain(made.value) else None
    for other, known, value in _top_level(recording, module):
        if known == name.id and _plain(value):
            return other, value
    return None


def _plain(value: ast.expr) -> bool:
    """Whether an assignment says what a value is, rather than computing it from data."""
    return isinstance(
        value,
        (ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.UnaryOp, ast.BinOp, ast.Call, ast.Dict),
    )


def _top_level(recording: Recording, module: Module) -> list[tuple[Module, str, ast.expr]]:
    """(file, name, value) of the assignments of the files that a file imports names from."""
    imported = {
        (node.module or "").rpartition(".")[2]
        for node in nodes(module.tree)
        if isinstance(node, ast.ImportFrom)
    } | {alias.name for node in nodes(module.tree) if isinstance(node, ast.Import) for alias in node.names}
    return [
        (one, target.id, node.value)
        for one in modules(recording)
        if one.path.rpartition("/")[2].removesuffix(".py") in imported
        for node in one.tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    return [one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def _passed(
    recording: Recording, module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str
) -> tuple[Module, ast.expr] | None:
    """What a parameter is given in the only call of its function, or its default."""
    owner = next((node for node in nodes(module.tree) if isinstance(node, ast.ClassDef) and function in node.body),
                 None)  # fmt: skip
    wanted = owner.name if owner is not None and function.name == "__init__" else function.name
    position = _parameters(function).index(name) - (1 if owner is not None else 0)
    found: list[tuple[Module, ast.expr]] = []
    for one in modules(recording):
        for call in (node for node in nodes(one.tree) if isinstance(node, ast.Call) and called(node) == wanted):
            given = next((word.value for word in call.keywords if word.arg == name), None)
            if given is None and 0 <= position < len(call.args):
                given = call.args[position]
            if given is not None:
                found.append((one, given))
    if len(found) == 1:
        return found[0]
    known = defaults(function)
    return (module, known[name]) if not found and name in known else None


def defaults(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, ast.expr]:
    """The defaults of its parameters."""
    plain = [*function.args.posonlyargs, *function.args.args]
    last = plain[len(plain) - len(function.args.defaults) :]
    pairs = [*zip(last, function.args.defaults), *zip(function.args.kwonlyargs, function.args.kw_defaults)]
    return {one.arg: value for one, value in pairs if value is not None}


def _attribute(recording: Recording, module: Module, value: ast.Attribute) -> tuple[Module, ast.expr] | None:
    """What `self.rate`, a field of a class, or an option of argparse was set to."""
    for one in (module, *(other for other in modules(recording) if other != module)):
        for node in nodes(one.tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, ast.Attribute) and target.attr == value.attr and node.value is not value:
                    return one, node.value
                within = _around(one, node.lineno, (ast.ClassDef,))
                if isinstance(target, ast.Name) and target.id == value.attr and within is not None:
                    return one, node.value
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
                if node.target.id == value.attr and _around(one, node.lineno, (ast.ClassDef,)) is not None:
                    return one, node.value
            elif isinstance(node, ast.Call) and called(node) == "add_argument":
                default = next((word.value for word in node.keywords if word.arg == "default"), None)
                names = [one.value for one in node.args if isinstance(one, ast.Constant)]
                if default is not None and any(str(name).lstrip("-").replace("-", "_") == value.attr for name in names):
                    return one, default
    return None


def _entry(recording: Recording, module: Module, value: ast.Subscript) -> tuple[Module, ast.expr] | None:
    """What a key of a dict that is written out stands for."""
    key = value.slice
    if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
        return None
    for one in (module, *(other for other in modules(recording) if other != module)):
        for node in nodes(one.tree):
            if isinstance(node, ast.Dict):
                for name, item in zip(node.keys, node.values):
                    if isinstance(name, ast.Constant) and name.value == key.value:
                        return one, item
            elif isinstance(node, ast.Call) and called(node) == "dict":
                for word in node.keywords:
                    if word.arg == key.value:
                        return one, word.value
    return None


def _around(module: Module, line: int, kinds: tuple[type, ...]) -> ast.AST | None:
    """The innermost statement of some kinds that goes over a line."""
    found = [
        node
        for node in nodes(module.tree)
        if isinstance(node, kinds) and node.lineno < line <= (node.end_lineno or 0)  # type: ignore[attr-defined]
    ]
    return found[-1] if found else None
