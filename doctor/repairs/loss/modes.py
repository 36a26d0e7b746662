"""The mode in which a model is called, and functions that call it for training and evaluation alike."""

from __future__ import annotations

import re
from typing import Collection

import libcst as cst

from doctor.repairs.base import CannotWrite
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, argument, last_name

#: Parameters that tell the mode.
MODE = re.compile(r"^(is_?)?train(ing)?(_mode)?$", re.IGNORECASE)
_BUILTINS = frozenset("len float int print range list zip enumerate str sum max min abs round tuple dict map".split())
#: Methods of Keras that are handed the mode where they have a parameter for it.
_FORWARD = ("call", "__call__")


def model_calls(source: Source, line: int, own: Collection[str] = ()) -> list[cst.Call]:
    """Calls on a line that may be passes through a model, the likeliest first, none of a library.

    Args:
        source: the file.
        line: of the pass.
        own: modules of the user's, by their names.
    """
    told = [call for call in source.calls(line=line) if any(_mode_of(arg) for arg in call.args)]
    others = [call for call in source.calls(line=line) if _may_pass(source, call, own) and call not in told]
    # A loss around the pass has two arguments, and the pass itself one.
    named = [call for call in others if re.search(r"model|net|forward|predict", last_name(call.func).lower())]
    single = [call for call in others if len(call.args) == 1]
    return list(dict.fromkeys([*told, *named, *single, *others]))


def _mode_of(arg: cst.Arg) -> bool:
    return arg.keyword is not None and MODE.match(arg.keyword.value) is not None


def _may_pass(source: Source, call: cst.Call, own: Collection[str]) -> bool:
    root = source.code(call.func).split(".", 1)[0].split("(", 1)[0].split("[", 1)[0]
    library = root in source.imported and not set(source.imported[root].split(".")) & set(own)
    if library or root in _BUILTINS or not call.args:
        return False
    owned = isinstance(call.func, cst.Attribute) and root != "self" and last_name(call.func) not in ("net", "model")
    return not owned and not last_name(call.func).endswith(("loss", "update_state", "criterion", "append"))


def mode_parameter(source: Source, node: cst.CSTNode) -> str | None:
    """The parameter of the function around a node that tells the mode, or None."""
    scope = source.scope(node)
    if not isinstance(scope, cst.FunctionDef):
        return None
    return parameter_of(scope)


def parameter_of(function: cst.FunctionDef) -> str | None:
    """The parameter of a function that tells the mode, or None."""
    parameters = function.params
    names = [one.name.value for one in (*parameters.params, *parameters.kwonly_params)]
    return next((name for name in names if MODE.match(name)), None)


def set_mode(edits: Edits, call: cst.Call, training: bool) -> None:
    """Let a line's pass run in one mode: in its function's, where that is told, else in the one that is given.

    A function that trains and evaluates gets a parameter, which keeps the mode that it has where it is right.
    """
    source = edits.source
    function = source.scope(call)
    own = mode_parameter(source, call)
    given = next((arg for arg in call.args if _mode_of(arg)), None)
    name = given.keyword.value if given is not None and given.keyword is not None else "training"
    if own is not None:
        edits.set_argument(call, name, own)
    elif isinstance(function, cst.FunctionDef) and function.name.value in _FORWARD:
        add_parameter(edits, function, "training=None")
        edits.set_argument(call, name, "training")
    elif isinstance(function, cst.FunctionDef) and _serves_both(source, function):
        add_parameter(edits, function, f"training={not training}")
        edits.set_argument(call, name, "training")
        for use in source.calls(function.name.value):
            if in_training(source, use) == training:
                edits.set_argument(use, "training", str(training))
    else:
        _set_at(edits, call, name, training)


def _set_at(edits: Edits, call: cst.Call, name: str, training: bool) -> None:
    """Set the mode in the call itself, or in the function of the script's own that it is of."""
    source = edits.source
    function = source.function(last_name(call.func))
    if function is None or argument(call, name) is not None:
        edits.set_argument(call, name, str(training))
        return
    own = parameter_of(function)
    if own is None:
        inner = [one for one in source.inside(function, cst.Call) if any(_mode_of(arg) for arg in one.args)]
        if not inner:
            raise CannotWrite(f"{last_name(call.func)} is told no mode")
        own = "training"
        add_parameter(edits, function, f"training={not training}")
        for one in inner:
            edits.set_argument(one, next(arg.keyword.value for arg in one.args if _mode_of(arg) and arg.keyword), own)
    names = [one.name.value for one in function.params.params if one.name.value != "self"]
    edits.set_argument(call, own, str(training), names.index(own) if own in names else None)


def _serves_both(source: Source, function: cst.FunctionDef) -> bool:
    """Whether a function is called in training and outside of it."""
    uses = [in_training(source, call) for call in source.calls(function.name.value)]
    return True in uses and False in uses


def in_training(source: Source, node: cst.CSTNode) -> bool:
    """Whether a node stands in the block of a tape, or in a function that is called from one."""
    blocks = [one for one in source.all(cst.With) if "GradientTape" in "".join(source.code(i.item) for i in one.items)]
    if any(one is block for block in blocks for one in source.around(node)):
        return True
    called: set[str] = set()
    places: list[cst.CSTNode] = list(blocks)
    while places:
        names = {last_name(call.func) for call in source.inside(places.pop(), cst.Call)} - called
        called |= names
        places += [one for one in source.all(cst.FunctionDef) if one.name.value in names]
    scope = source.scope(node)
    return isinstance(scope, cst.FunctionDef) and scope.name.value in called


def add_parameter(edits: Edits, function: cst.FunctionDef, code: str) -> None:
    """Give a function one more parameter with a default, behind those that it has."""
    name, _, value = code.partition("=")
    new = cst.Param(
        cst.Name(name), default=cst.parse_expression(value),
        equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
    )  # fmt: skip

    def with_one(node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, cst.FunctionDef)
        given = node.params
        if given.star_kwarg is not None or isinstance(given.star_arg, cst.Param) or given.kwonly_params:
            star = given.star_arg if given.kwonly_params or isinstance(given.star_arg, cst.Param) else cst.ParamStar()
            only = [*given.kwonly_params, new]
            return node.with_changes(params=given.with_changes(kwonly_params=only, star_arg=star))
        kept = [*given.params]
        if kept:
            kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        return node.with_changes(params=given.with_changes(params=[*kept, new]))

    edits.change(function, with_one)
