"""Classifiers trained in NumPy and recorded as capture would, without TensorFlow."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

import numpy as np

from tests.builders import Run

FUNCTIONS: Mapping[str, Any] = {
    "relu": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(z.dtype)),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-np.clip(z, -80, 80))), lambda z, a: a * (1 - a)),
    "tanh": (np.tanh, lambda z, a: 1 - a * a),
    "linear": (lambda z: z, lambda z, a: np.ones_like(z)),
}


def softmax(z: np.ndarray) -> np.ndarray:
    """Row by row, stable."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def blobs(
    examples: int = 512, features: int = 20, classes: int = 4, seed: int = 0, spread: float = 0.15
) -> tuple[np.ndarray, np.ndarray]:
    """Points in [0, 1] around one centre a class: (x, y)."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0.2, 0.8, (classes, features))
    y = rng.integers(0, classes, examples)
    return np.clip(centres[y] + rng.normal(0, spread, (examples, features)), 0, 1).astype(np.float32), y


def he(rng: np.random.Generator, n_in: int, n_out: int) -> np.ndarray:
    """He's normal initial weights."""
    return np.asarray(rng.normal(0, (2 / n_in) ** 0.5, (n_in, n_out)))


def glorot(rng: np.random.Generator, n_in: int, n_out: int) -> np.ndarray:
    """Glorot's uniform initial weights."""
    limit = (6 / (n_in + n_out)) ** 0.5
    return np.asarray(rng.uniform(-limit, limit, (n_in, n_out)))


def uniform(low: float, high: float) -> Any:
    """Uniform initial weights."""
    return lambda rng, n_in, n_out: rng.uniform(low, high, (n_in, n_out))


def train_mlp(
    x: np.ndarray,
    y: np.ndarray,
    *,
    hidden: Sequence[int] = (32, 32),
    function: str = "relu",
    init: Any = he,
    rate: float = 0.1,
    steps: int = 200,
    batch: int = 64,
    head: str = "linear",
    noise: float = 0.0,
    bias: float = 0.0,
    adam: bool = False,
    test: tuple[np.ndarray, np.ndarray] | None = None,
    stride: int = 20,
    dense_steps: int = 10,
    seed: int = 0,
    source: str = "",
    **facts: Any,
) -> Run:
    """Train a classifier in float32 with plain SGD (or Adam) and record it as capture would.

    Args:
        head: "linear", or "softmax" for a softmax before the softmax cross-entropy.
        noise: standard deviation of noise added to the training inputs.
        test: (x, y) of a forward pass outside any tape at the end.
    """
    rng = np.random.default_rng(seed)
    classes = int(y.max()) + 1
    sizes = [x.shape[1], *hidden, classes]
    run = Run(source, **facts).subject(batch_size=batch)
    ws = [init(rng, a, b).astype(np.float32) for a, b in zip(sizes[:-1], sizes[1:])]
    bs = [np.full(b, bias if n < len(hidden) else 0.0, np.float32) for n, b in enumerate(sizes[1:])]
    layers = len(ws)
    for n, w in enumerate(ws):
        last = n == layers - 1
        run.dense(
            *w.shape, (None if head == "linear" else head) if last else function, weights=w, bias=bs[n], last=last
        )
    run._rows.clear()
    run.site("input", "x", shape=[batch, x.shape[1]], dtype="float32", index=0, random_ops=False)
    run.site("label", "y", shape=[batch], dtype="int64", encoding="index")
    run.site("output", "out", shape=[batch, classes], units=classes, produced_by=head)
    run.site("loss", "cross_entropy", function="softmax_cross_entropy", takes="logits", keras_loss=None,
             from_logits=None, rescued=False, clipped=False, log_of_softmax=False, broadcast=None)  # fmt: skip
    if test is not None:
        run.site("input", "x", phase="eval", shape=[len(test[0]), x.shape[1]], dtype="float32", index=0)
        run.site("output", "out", phase="eval", units=classes, produced_by=head)
    moments = [[np.zeros_like(v), np.zeros_like(v)] for v in (*ws, *bs)]
    values, bad = [], 0
    with np.errstate(all="ignore"):
        for step in range(steps):
            rows = rng.integers(0, len(x), batch)
            xb, yb = x[rows], y[rows]
            if noise:
                xb = (xb + rng.normal(0, noise, xb.shape)).astype(np.float32)
            zs, activations, output, loss = _forward(xb, yb, ws, bs, function, head)
            gws, gbs = _backward(xb, yb, ws, zs, activations, output, function, head)
            values.append(loss)
            bad += not np.isfinite(loss)
            seen = step < dense_steps or step % stride == 0 or (not np.isfinite(loss) and bad <= 3)
            before = [v.copy() for v in (*ws, *bs)] if seen else []
            for index, (variable, gradient) in enumerate(zip((*ws, *bs), (*gws, *gbs))):
                if adam:
                    m, v = moments[index]
                    m += 0.1 * (gradient - m)
                    v += 0.001 * (gradient**2 - v)
                    gradient = m / (1 - 0.9 ** (step + 1)) / (np.sqrt(v / (1 - 0.999 ** (step + 1))) + 1e-7)
                variable -= np.float32(rate) * gradient
            if seen:
                _record(run, step, xb, yb, before, (*gws, *gbs), (*ws, *bs), activations, output, classes)
        if test is not None:
            _, _, output, _ = _forward(test[0], test[1], ws, bs, function, head)
            run.observe("input", "input:x:eval", steps, test[0]).observe("output", "output:out:eval", steps, output)
            hits = float((output.argmax(axis=1) == test[1]).sum())
            run.vector("output:out:eval", "correct", steps, [hits, len(test[1])])
    return run.losses(values)


def _forward(x: Any, y: Any, ws: Any, bs: Any, function: str, head: str) -> Any:
    zs, activations, a = [], [], x
    for n, (w, b) in enumerate(zip(ws, bs)):
        z = a @ w + b
        a = FUNCTIONS[function][0](z) if n < len(ws) - 1 else z
        zs.append(z)
        activations.append(a)
    output = softmax(a) if head == "softmax" else a
    shifted = output - output.max(axis=1, keepdims=True)
    loss = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    activations[-1] = output
    return zs, activations, output, float(loss.mean())


def _backward(x: Any, y: Any, ws: Any, zs: Any, activations: Any, output: Any, function: str, head: str) -> Any:
    delta = softmax(output)
    delta[np.arange(len(y)), y] -= 1
    delta /= len(y)
    if head == "softmax":
        delta = output * (delta - (delta * output).sum(axis=1, keepdims=True))
    gws, gbs = [], []
    for n in range(len(ws) - 1, -1, -1):
        before = activations[n - 1] if n else x
        gws.insert(0, before.T @ delta)
        gbs.insert(0, delta.sum(axis=0))
        if n:
            delta = (delta @ ws[n].T) * FUNCTIONS[function][1](zs[n - 1], activations[n - 1])
    return gws, gbs


def _record(
    run: Run,
    step: int,
    x: Any,
    y: Any,
    before: Any,
    gradients: Any,
    after: Any,
    activations: Any,
    output: Any,
    classes: int,
) -> None:
    layers = len(activations)
    keys = [f"variable:w{n + 1}" for n in range(layers)] + [f"variable:b{n + 1}" for n in range(layers)]
    for key, old, gradient, new in zip(keys, before, gradients, after):
        run.observe("weight", key, step, old).observe("gradient", key, step, gradient).observe(
            "update", key, step, new - old
        )
    for n, activation in enumerate(activations):
        run.observe("activation", f"activation:h{n + 1}", step, activation)
    run.observe("input", "input:x", step, x).observe("label", "label:y", step, y).observe(
        "output", "output:out", step, output
    )
    run.vector("label:y", "class_counts", step, np.bincount(y, minlength=classes).tolist())
    hits = float((output.argmax(axis=1) == y).sum()) if np.isfinite(output).all() else float((y == 0).sum())
    run.vector("output:out", "correct", step, [hits, len(y)])
