"""Repairs that several rules propose, in the style in which the script is written."""

from __future__ import annotations

from doctor.findings import Fix
from doctor.rules.source import initial_value
from doctor.rules.updates import learning_rate_line
from doctor.rules.view import RELU_LIKE, SubjectView, fans
from doctor.types import Site


def initialise(view: SubjectView, kernel: Site) -> tuple[Fix, ...]:
    """Weights of the right scale: He before a ReLU, Glorot elsewhere."""
    he = view.function_after(kernel) in RELU_LIKE
    name = "He" if he else "Glorot"
    if view.keras:
        choice = "he_normal" if he else "glorot_uniform"
        return (
            Fix(f"Initialise the kernels with {name}", f'kernel_initializer="{choice}"', kernel.location, safe=True),
        )
    place = initial_value(view.recording, kernel.location)
    return (Fix(f"Initialise the weights with {name}", bare_initial(kernel, he), place, safe=True),)


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
