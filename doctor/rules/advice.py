"""Repairs that several rules propose, in the style in which the script is written."""

from __future__ import annotations

import ast

from doctor.findings import Fix
from doctor.reading.drawn import drawn_at
from doctor.rules.updates import learning_rate_line
from doctor.rules.view import RELU_LIKE, SubjectView, fans
from doctor.types import Location, Site


def initialise(view: SubjectView, kernel: Site) -> tuple[Fix, ...]:
    """Weights of the right scale: He before a ReLU, Glorot elsewhere."""
    he = view.function_after(kernel) in RELU_LIKE
    name = "He" if he else "Glorot"
    if view.keras:
        choice = "he_normal" if he else "glorot_uniform"
        return (
            Fix(f"Initialise the kernels with {name}", f'kernel_initializer="{choice}"', kernel.location, safe=True),
        )
    place = drawn_at(view.recording, kernel)
    code = rewritten(place, he) or bare_initial(kernel, he)
    return (Fix(f"Initialise the weights with {name}", code, place, safe=True),)


#: Calls that make initial values, whose first argument is the shape.
_DRAWS = ("tf.random.uniform", "tf.random.normal", "tf.random.truncated_normal", "tf.zeros", "tf.ones")


def rewritten(place: Location | None, he: bool) -> str | None:
    """The script's own line with its draw replaced by one of He's or Glorot's scale, or None.

    The shape stays as the script writes it, so that a line that makes several layers fits all.
    """
    if place is None or not place.code.isascii():
        return None
    try:
        calls = [node for node in ast.walk(ast.parse(place.code)) if isinstance(node, ast.Call)]
    except SyntaxError:  # only a part of a statement stands on the line
        return None
    for call in calls:
        shape = next((word.value for word in call.keywords if word.arg == "shape"), call.args[0] if call.args else None)
        if ast.unparse(call.func) not in _DRAWS or shape is None:
            continue
        if isinstance(shape, (ast.List, ast.Tuple)):
            if len(shape.elts) != 2:  # the fan of a convolution is a longer product
                return None
            fan_in, fan_out = (ast.unparse(one) for one in shape.elts)
        else:
            fan_in, fan_out = (f"{ast.unparse(shape)}[{axis}]" for axis in (0, 1))
        scale = fan_in if he else f"({fan_in} + {fan_out})"
        draw = f"tf.random.normal({ast.unparse(shape)}, stddev=(2 / {scale}) ** 0.5)"
        return place.code[: call.col_offset] + draw + place.code[call.end_col_offset :]
    return None


def unwrapped(place: Location | None, function: str) -> str | None:
    """The script's own line with its call of `function` ("softmax") replaced by the argument, or None."""
    if place is None or not place.code.isascii():
        return None
    try:
        calls = [node for node in ast.walk(ast.parse(place.code)) if isinstance(node, ast.Call)]
    except SyntaxError:
        return None
    for call in calls:
        if ast.unparse(call.func).rsplit(".", 1)[-1] == function and len(call.args) == 1:
            inside = call.args[0]
            argument = place.code[inside.col_offset : inside.end_col_offset]
            return place.code[: call.col_offset] + argument + place.code[call.end_col_offset :]
    return None


def bare_initial(kernel: Site, he: bool) -> str:
    """A tf.Variable of the kernel's shape with He's or Glorot's standard deviation."""
    shape = [int(size) for size in kernel.attributes.get("shape") or ()]
    both = fans(kernel)
    if not shape or both is None:
        return "tf.Variable(tf.random.normal(shape, stddev=(2 / fan_in) ** 0.5))"
    scale = f"{both[0]:.0f}" if he else f"({both[0]:.0f} + {both[1]:.0f})"
    return f"tf.Variable(tf.random.normal({shape}, stddev=(2 / {scale}) ** 0.5))"


def another_rate(view: SubjectView, value: float, title: str) -> Fix:
    """Another learning rate, at the optimiser's line or where the factor of the update is set."""
    code = f"learning_rate={value:.0e}" if view.keras or view.optimizer is not None else f"learning_rate = {value:.0e}"
    return Fix(title, code.replace("e-0", "e-").replace("e+00", ".0"), learning_rate_line(view))
