"""Initial values drawn anew: the code of their scale, and the draws with it."""

from __future__ import annotations

import re
from typing import Sequence

import libcst as cst

from doctor.repairs.forward.draws import Draw
from doctor.repairs.edits import Edits
from doctor.repairs.source import Source, dotted, last_name, number
from doctor.types import Site


def spread(edits: Edits, draw: Draw, kernels: Sequence[Site], he: bool) -> str:
    """The code of the standard deviation that He (2015) or Glorot (2010) give these weights."""
    both = fans_of(edits, draw, kernels)
    if both is None:
        known = [fan for kernel in kernels if (fan := _recorded(kernel)) is not None]
        fan_in, fan_out = known[0] if known else (1.0, 1.0)
        return f"{(2 / fan_in if he else 2 / (fan_in + fan_out)) ** 0.5:.2g}"
    if not he and draw.dims is None and both == (f"{draw.shape}[0]", f"{draw.shape}[1]"):
        return f"(2 / sum({draw.shape})) ** 0.5"
    return f"(2 / {both[0]}) ** 0.5" if he else f"(2 / ({both[0]} + {both[1]})) ** 0.5"


def _recorded(kernel: Site) -> tuple[float, float] | None:
    fan_in, fan_out = kernel.attributes.get("fan_in"), kernel.attributes.get("fan_out")
    return (float(fan_in), float(fan_out)) if fan_in and fan_out else None


def fans_of(edits: Edits, draw: Draw, kernels: Sequence[Site]) -> tuple[str, str] | None:
    """The code of the numbers of inputs and outputs of weights of this shape; None where it does not tell them."""
    ranks = {len(kernel.attributes.get("shape") or ()) for kernel in kernels} or {2}
    if draw.dims is not None:
        dims = [one if one.isidentifier() or number(cst.parse_expression(one)) is not None else _bracketed(one)
                for one in draw.dims]  # fmt: skip
        return _products(dims, kernels) if len(dims) > 1 else None
    if not draw.shape or ranks & {0, 1}:
        return None
    own = _named_fans(edits.source, draw)
    if own is not None:
        return own
    if ranks == {2}:
        return _products([f"{draw.shape}[0]", f"{draw.shape}[1]"], kernels)
    product = f"{edits.numpy()}.prod({draw.shape}[:-1])"
    return product, f"{product} / {draw.shape}[-2] * {draw.shape}[-1]"


def _bracketed(code: str) -> str:
    simple = isinstance(cst.parse_expression(code), (cst.Name, cst.Attribute, cst.Subscript, cst.Call))
    return code if simple else f"({code})"


def _products(dims: Sequence[str], kernels: Sequence[Site]) -> tuple[str, str]:
    shapes = [(list(one.attributes.get("shape") or ()), one.attributes.get("fan_in")) for one in kernels]
    # Weights that are stored the other way round, or one by one for several heads, take their inputs elsewhere.
    inputs = list(range(len(dims) - 1))
    for turned in ([len(dims) - 1], [len(dims) - 2]):
        if shapes and all(len(shape) == len(dims) and fan for shape, fan in shapes):
            matches = all(_product(shape, inputs) == fan for shape, fan in shapes)
            if not matches and all(_product(shape, turned) == fan for shape, fan in shapes):
                inputs = turned
    fan_in = " * ".join(dims[axis] for axis in inputs)
    last = len(dims) - 1 if len(dims) - 1 not in inputs else 0
    field = [dims[axis] for axis in range(len(dims) - 2)] if len(dims) > 2 and len(inputs) > 1 else []
    fan_out = " * ".join([*field, dims[last]])
    return (f"({fan_in})" if len(inputs) > 1 else fan_in), fan_out


def _product(shape: Sequence[float], axes: Sequence[int]) -> float:
    total = 1.0
    for axis in axes:
        total *= shape[axis] or 0
    return total


def _named_fans(source: Source, draw: Draw) -> tuple[str, str] | None:
    """Names that the function around a draw gives to the sizes of its shape: `fan_in, fan_out = shape`."""
    scope = source.scope(draw.call)
    for node in source.all(cst.Assign):
        if source.scope(node) is not scope or source.line(node) >= source.line(draw.call) or len(node.targets) != 1:
            continue
        target = node.targets[0].target
        if not isinstance(target, cst.Tuple) or len(target.elements) != 2:
            continue
        values = re.sub(r"\bint\(([^()]*)\)", r"\1", source.code(node.value))
        pairs = [f"{draw.shape}[{first}], {draw.shape}[{second}]" for first, second in ((0, 1), (-2, -1), (0, -1))]
        if values in (draw.shape, *pairs):
            first, second = (source.code(element.value) for element in target.elements)
            return first, second
    return None


def redraw(edits: Edits, draw: Draw, std: str) -> None:
    """Draw values from a normal distribution around zero with a standard deviation, in the way the script does."""
    source = edits.source
    word, middle = ("scale", "loc") if draw.numpy else ("stddev", "mean")
    if draw.whole is draw.core and word in draw.names:
        names = draw.names
        if draw.given.get(middle, "0") not in ("0", "0.0", "0."):
            edits.set_argument(draw.call, middle, "0.0", names.index(middle))
        edits.set_argument(draw.call, word, std, names.index(word))
        return
    inner = source.code(draw.call)
    before, _, after = source.code(draw.core).partition(inner)
    new = _normal(edits, draw, std)
    if after.startswith(".") and draw.name in ("randn", "rand", "standard_normal"):
        new = f"{new.removesuffix(f' * {std}')}{after} * {std}"
        after = ""
    edits.replace(draw.whole, f"{before}{new}{after}")


def _normal(edits: Edits, draw: Draw, std: str) -> str:
    """The call that draws anew."""
    source, func = edits.source, draw.call.func
    owner = f"{source.code(func.value)}." if isinstance(func, cst.Attribute) else ""
    kept = "".join(f", {word}={draw.given[word]}" for word in ("dtype", "seed") if word in draw.given)
    if draw.numpy:
        if draw.name in ("randn", "rand"):
            sizes = ", ".join(f"{arg.star}{source.code(arg.value)}" for arg in draw.call.args)
            return f"{owner}randn({sizes}) * {std}"
        if draw.name == "standard_normal":
            return f"{source.code(draw.call)} * {std}"
        cast = f".astype({draw.given['dtype']})" if "dtype" in draw.given else ""
        owner = f"{edits.numpy()}.random." if draw.constant else owner
        return f"{owner}normal(0.0, {std}, {draw.shape}){cast}"
    name = draw.name.replace("uniform", "normal")
    if draw.constant:
        root = dotted(func).partition(".")[0]
        known = source.imported.get(root, "")
        if known.partition(".")[0] == "tensorflow" and "keras" not in known:
            owner, name = f"{root}.random.", "normal"
        else:
            owner, name = f"{edits.keras('random')}.", "normal"
    return f"{owner}{name}({draw.shape}, stddev={std}{kept})"


def zeroed(edits: Edits, draw: Draw) -> None:
    """Make all values zero."""
    source = edits.source
    if draw.numpy:
        new = f"{edits.numpy()}.zeros({draw.shape})"
    else:
        root = dotted(draw.call.func).partition(".")[0]
        owner = root if source.imported.get(root, "").startswith("tensorflow") else edits.tensorflow()
        kept = f", dtype={draw.given['dtype']}" if "dtype" in draw.given else ""
        new = f"{owner}.zeros({draw.shape}{kept})"
    before, _, after = source.code(draw.core).partition(source.code(draw.call))
    edits.replace(draw.whole, f"{before}{new}{after}")


def scale_of(edits: Edits, draw: Draw) -> cst.Assign | None:
    """The assignment of the name that alone says how far a draw around zero spreads, where nothing else uses it."""
    source = edits.source
    codes = [draw.given.get(word, "") for word in ("stddev", "scale", "maxval", "high")]
    low = draw.given.get("minval") or draw.given.get("low")
    name = next((code for code in codes if code.isidentifier()), None)
    if name is None or draw.whole is not draw.core or (low is not None and low != f"-{name}"):
        return None
    if draw.given.get("mean", draw.given.get("loc", "0")) not in ("0", "0.0", "0."):
        return None
    scope = source.scope(draw.call)
    if not isinstance(scope, cst.FunctionDef):
        return None  # what the shape is made of may not be known yet where a constant of the file is set
    made = [node for node in source.assignments(name) if source.scope(node) is scope]
    uses = [one for one in source.inside(scope, cst.Name) if one.value == name]
    inner = [one for one in source.inside(draw.call, cst.Name) if one.value == name]
    if len(made) != 1 or not isinstance(made[0], cst.Assign) or len(uses) != len(inner) + 1:
        return None
    return made[0] if source.line(made[0]) < source.line(draw.call) else None


def rescale(edits: Edits, made: cst.Assign, draw: Draw, std: str) -> None:
    """Compute a scale anew: a standard deviation, or the limit of a uniform distribution that has it."""
    uniform = "uniform" in draw.name
    new = std.replace("(2 / ", "(6 / ", 1) if uniform else std
    if uniform and new == std:
        new = f"{float(std) * 3 ** 0.5:.2g}"
    roots = [one for one in edits.source.inside(made.value, cst.Call) if last_name(one.func) == "sqrt"]
    if roots and new.endswith(" ** 0.5"):
        new = f"{edits.source.code(roots[0].func)}{new.removesuffix(' ** 0.5')}"
    edits.replace(made.value, new)


def known_before(source: Source, made: cst.Assign, draw: Draw, std: str) -> bool:
    """Whether all names in the code of a scale have their values where the scale is computed."""
    used = {name.value for name in _names_of_code(std)}
    for name in used:
        given = [one for one in source.assignments(name) if source.scope(one) is source.scope(made)]
        if given and source.line(given[0]) >= source.line(made):
            return False
    return True


def _names_of_code(code: str) -> list[cst.Name]:
    found: list[cst.Name] = []

    class Names(cst.CSTVisitor):
        def visit_Name(self, node: cst.Name) -> None:  # noqa: N802  the name is LibCST's
            found.append(node)

    cst.parse_expression(code).visit(Names())
    return found
