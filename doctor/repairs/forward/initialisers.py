"""Initialisers of Keras and TensorFlow 1, as they stand on a line, and others in their place."""

from __future__ import annotations

import re
from typing import Sequence

import libcst as cst

from doctor.repairs.edits import Edits
from doctor.repairs.forward.layers import quoted
from doctor.repairs.source import Source, argument, dotted, last_name, text
from doctor.types import Site

_CLASSES = re.compile(
    r"^((Random|Truncated|Glorot|He|Lecun)(Normal|Uniform)|VarianceScaling|Constant|Zeros|Ones|Orthogonal|Identity"
    r"|\w+_initializer|(glorot|he|lecun)_(normal|uniform)|xavier_initializer)$"
)
_WORDS = frozenset(
    {"zeros", "ones", "zero", "one", "normal", "uniform", "random_normal", "random_uniform", "truncated_normal",
     "constant", "orthogonal", "identity", "lecun_normal", "lecun_uniform", "he_normal", "he_uniform",
     "glorot_normal", "glorot_uniform", "RandomNormal", "RandomUniform", "TruncatedNormal", "Zeros", "Ones"}
)  # fmt: skip

Initialiser = cst.Call | cst.SimpleString


def initialisers_on(source: Source, line: int, roles: Sequence[str]) -> list[Initialiser]:
    """What is written on a line as an initialiser, for one of these arguments or to be named."""
    found: list[Initialiser] = []
    for node in source.nodes:
        if not isinstance(node, (cst.Call, cst.SimpleString)) or source.line(node) != line:
            continue
        if isinstance(node, cst.Call) and not _CLASSES.match(last_name(node.func)):
            continue
        if isinstance(node, cst.SimpleString) and text(node) not in _WORDS:
            continue
        if not _inside(source, node, found) and _role(source, node) in (*roles, ""):
            found.append(node)
    return found


def _inside(source: Source, node: cst.CSTNode, others: Sequence[cst.CSTNode]) -> bool:
    return any(outer in others for outer in source.around(node))


def _role(source: Source, node: cst.CSTNode) -> str:
    """The argument that an initialiser is given as, "" where it gets a name first."""
    around = source.parent(node)
    if isinstance(around, cst.Arg) and around.keyword is not None:
        word = around.keyword.value
        return "" if word == "default" else word  # of an option of argparse
    return ""


def better(edits: Edits, old: cst.BaseExpression, he: bool) -> str:
    """The code of an initialiser that keeps the scale of the signal, in the form of the one that is there."""
    source = edits.source
    seed = argument(old, "seed") if isinstance(old, cst.Call) else None
    seeded = f"seed={source.code(seed.value)}" if seed is not None else ""
    word = "he_normal" if he else "glorot_uniform"
    if isinstance(old, cst.Call):
        name, owner = last_name(old.func), _owner(source, old)
        if name.endswith("_initializer") and _of_version_1(source, old):
            inside = ", ".join(filter(None, ("scale=2.0" if he else 'mode="fan_avg"', seeded)))
            return f"{owner}variance_scaling_initializer({inside})"
        named = isinstance(source.parent(old), cst.Arg) and _role(source, old).endswith("initializer")
        if not named or seeded:
            cls = "HeNormal" if he else "GlorotUniform"
            proper = not name.endswith("_initializer") and owner
            made = f"{owner}{cls}" if proper else edits.keras(f"initializers.{cls}")
            return f"{made}({seeded})"
    return quoted(source, word)


def _owner(source: Source, call: cst.Call) -> str:
    return f"{source.code(call.func.value)}." if isinstance(call.func, cst.Attribute) else ""


def _of_version_1(source: Source, call: cst.Call) -> bool:
    """Whether an initialiser is one of TensorFlow 1, which get_variable takes."""
    root = dotted(call.func).partition(".")[0]
    alias = source.followed(cst.Name(root), source.line(call)) if root not in source.imported else None
    whole = dotted(alias) if alias is not None else source.imported.get(root, "")
    return "v1" in f"{whole}.{dotted(call.func)}"


def rescaled(edits: Edits, old: cst.BaseExpression, he: bool) -> bool:
    """Correct the scale of a VarianceScaling; whether this is one."""
    if not isinstance(old, cst.Call) or last_name(old.func) not in ("VarianceScaling", "variance_scaling_initializer"):
        return False
    edits.set_argument(old, "scale", "2.0" if he else "1.0", 0)
    return True


def argument_of(site: Site) -> str:
    """The argument of a layer that says how a variable starts: "kernel_initializer"."""
    part = site.name.rpartition("/")[2].partition(":")[0]
    part = {"recurrent_kernel": "recurrent", "depthwise_kernel": "depthwise", "pointwise_kernel": "pointwise"}.get(
        part, part
    )
    known = ("kernel", "recurrent", "depthwise", "pointwise", "bias", "embeddings", "gamma", "beta")
    role = {"bias": "bias", "embedding": "embeddings"}.get(str(site.attributes.get("role")), "kernel")
    return f"{part if part in known else role}_initializer"


def given_on(source: Source, line: int, word: str) -> list[cst.Arg]:
    """An argument as the layers on a line are given it, by their calls or by the partial that these calls go to."""
    calls = source.calls(line=line)
    made = [source.followed(call.func, line) for call in calls if isinstance(call.func, cst.Name)]
    behind = [one for one in made if isinstance(one, cst.Call) and last_name(one.func) == "partial"]
    return [arg for call in [*calls, *behind] if (arg := argument(call, word)) is not None]


def own_value(source: Source, value: cst.BaseExpression) -> tuple[cst.BaseExpression, bool]:
    """The last value behind a name that serves this use alone, and whether one that others share stands behind it."""
    while isinstance(value, cst.Name):
        behind = source.assigned(value.value, source.line(value))
        if behind is None:
            return value, False
        uses = [one for one in source.all(cst.Name) if one.value == value.value]
        if len(uses) > 2:  # where it is set, and here
            return value, True
        value = behind
    return value, False


def of_keras(source: Source, call: cst.Call) -> bool:
    """Whether a call makes a layer of Keras, not of the script's own."""
    name = last_name(call.func)
    own = [node.name.value for node in source.all(cst.ClassDef)]
    own += [node.name.value for node in source.all(cst.FunctionDef)]
    return name[:1].isupper() and name not in own
