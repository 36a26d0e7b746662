"""How much of what the learning rate would make of the gradient the updates are, and what the script sets that holds
them back."""

from __future__ import annotations

import numpy as np

from doctor.reading.given import Given
from doctor.reading.held_back import large_epsilon, tight_bound
from doctor.rules.view import SubjectView


#: Optimisers whose step is the rate times the gradient, or a running sum of it. So is a step written by hand.
_PLAIN = ("SGD", "GRADIENTDESCENT", "MOMENTUM")


def held_back(view: SubjectView, rate: float | None, share: float, epsilon: float) -> tuple[Given, float] | None:
    """What keeps the updates below a share of what the rate would make of the gradient, and that share, measured.

    An adaptive optimiser moves each weight by about the rate, whatever the gradient is; plain descent by the rate
    times the gradient.

    Args:
        rate: of the optimiser.
        share: above which nothing holds them back.
        epsilon: smallest of an adaptive optimiser that may.

    Returns:
        None where nothing does, or what does is not written in the script: an epsilon, or a bound that the gradient
        exceeds by far.
    """
    if not rate or rate <= 0:
        return None
    shares: list[float] = []
    name = view.optimizer.name.upper() if view.optimizer is not None else ""
    plain = not name or any(one in name for one in _PLAIN)
    for kernel in view.kernels:
        update, size = (view.series("update", kernel, name) for name in ("norm", "size"))
        gradient = view.series("gradient", kernel, "norm")
        known = dict(zip(gradient.steps.tolist(), gradient.values.tolist()))
        for step, norm, count in zip(update.steps.tolist(), update.values.tolist(), size.values.tolist()):
            full = rate * (known.get(step, 0.0) if plain else count**0.5)
            if full > 0 and np.isfinite(norm):
                shares.append(norm / full)
    left = float(np.median(shares)) if shares else 1.0
    if left > share:
        return None
    large = None if plain else large_epsilon(view.recording, epsilon)
    if large is not None:
        return large, left
    bound = tight_bound(view.recording)
    return (bound, left) if bound is not None and bound.value < share * _gradient(view) else None


def _gradient(view: SubjectView) -> float:
    """The norm of the whole gradient at a typical step, before it is clipped."""
    squares: dict[int, float] = {}
    for site in view.variables:
        gradient = view.series("gradient", site, "norm").finite()
        for step, norm in zip(gradient.steps.tolist(), gradient.values.tolist()):
            squares[step] = squares.get(step, 0.0) + norm**2
    return float(np.median(list(squares.values()))) ** 0.5 if squares else 0.0
