"""One perceptron, varied: hidden size, depth, activation, initialisation and learning rate on Fashion-MNIST.

Each factor is varied while the others stay as in `BASE`; depth, activation and initialisation are varied
together, too, because each decides how the others do.
"""

from __future__ import annotations

import itertools
import statistics
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Callable

import keras
import numpy as np
import tensorflow as tf
from tensorboard.plugins.hparams import api as hparams

from doctor.datasets import Source
from doctor.reference.split import BATCH, split

INITIALISERS: dict[str, Callable[[int], keras.initializers.Initializer]] = {
    "he": lambda seed: keras.initializers.HeNormal(seed),
    "glorot": lambda seed: keras.initializers.GlorotUniform(seed),
    "normal 0.01": lambda seed: keras.initializers.RandomNormal(stddev=0.01, seed=seed),
    "uniform 0.4": lambda seed: keras.initializers.RandomUniform(-0.4, 0.4, seed=seed),
    "zeros": lambda seed: keras.initializers.Zeros(),
}


@dataclass(frozen=True)
class Setting:
    """Of one training.

    Attributes:
        units: of each hidden layer.
        depth: number of hidden layers.
        activation: of each hidden layer, by its Keras name.
        initialiser: one of `INITIALISERS`.
        rate: learning rate of plain gradient descent.
    """

    units: int = 100
    depth: int = 2
    activation: str = "relu"
    initialiser: str = "he"
    rate: float = 0.1


BASE = Setting()
FACTORS: dict[str, tuple[Any, ...]] = {
    "units": (1, 3, 10, 30, 100, 300, 1000),
    "depth": (0, 1, 2, 4, 8, 16),
    "activation": ("relu", "tanh", "sigmoid", "elu", "gelu", "linear"),
    "initialiser": tuple(INITIALISERS),
    "rate": (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0),
}
#: Varied together.
TOGETHER: dict[str, tuple[Any, ...]] = {
    "depth": (2, 8),
    "activation": ("relu", "tanh", "sigmoid"),
    "initialiser": ("he", "glorot", "normal 0.01", "uniform 0.4"),
}


def varied(factor: str) -> list[Setting]:
    """The settings in which this factor alone is varied."""
    return [replace(BASE, **{factor: value}) for value in FACTORS[factor]]


def joint() -> list[Setting]:
    """All combinations of what is varied together."""
    return [replace(BASE, **dict(zip(TOGETHER, values))) for values in itertools.product(*TOGETHER.values())]


def settings() -> list[Setting]:
    """All that are trained, each once."""
    return list(dict.fromkeys([*itertools.chain.from_iterable(map(varied, FACTORS)), *joint()]))


def measure(data: Source, *, seeds: int, steps: int, logs: Path, tell: Callable[[str], None]) -> dict[str, Any]:
    """Train each setting, with each seed.

    Args:
        data: where the images come from.
        seeds: trainings of each setting.
        steps: of each training.
        logs: folder for TensorBoard's event files.
        tell: called with a line for each training.

    Returns:
        What `sweep.json` holds: the rows of each factor, and those of the combinations.

    Raises:
        DataError: the images cannot be read.
    """
    training, held_out = ((images.astype("float32") / 255, labels) for images, labels in split(data))
    _describe(logs)
    rows: dict[Setting, dict[str, Any]] = {}
    wanted = settings()
    for number, setting in enumerate(wanted, start=1):
        trainings = []
        for seed in range(1, seeds + 1):
            trainings.append(_train(setting, seed, steps, training, held_out, logs / f"{number:02}-seed{seed}"))
        rows[setting] = {**asdict(setting), "trainings": trainings}
        mean = statistics.mean(one["accuracy"] for one in trainings)
        tell(f"{number}/{len(wanted)}  {described(setting)}: {mean:.2%}")
    return {
        "data": data.name, "images": len(training[0]), "batch": BATCH, "steps": steps, "seeds": seeds,
        "base": asdict(BASE),
        "factors": {factor: [rows[setting] for setting in varied(factor)] for factor in FACTORS},
        "together": [rows[setting] for setting in joint()],
    }  # fmt: skip


def described(setting: Setting) -> str:
    """In words: "2 × 100 relu, he, rate 0.1"."""
    return (
        f"{setting.depth} × {setting.units} {setting.activation}, {setting.initialiser}, rate {setting.rate:g}"
        if setting.depth
        else f"no hidden layer, {setting.initialiser}, rate {setting.rate:g}"
    )


def _model(setting: Setting, seed: int) -> keras.Model:
    """Every layer draws with a seed of its own: the same seed would give layers of one shape the same weights."""
    made = INITIALISERS[setting.initialiser]
    hidden = [
        keras.layers.Dense(setting.units, setting.activation, kernel_initializer=made(100 * seed + layer))
        for layer in range(setting.depth)
    ]
    last = keras.layers.Dense(10, kernel_initializer=made(100 * seed + setting.depth))
    return keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), *hidden, last])


def _train(
    setting: Setting, seed: int, steps: int, training: tuple[Any, Any], held_out: tuple[Any, Any], logs: Path
) -> dict[str, Any]:
    """Train one model and write its event file; accuracy is that on `held_out`, a loss that is not finite is None."""
    keras.utils.set_random_seed(seed)
    model = _model(setting, seed)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(setting.rate), loss, metrics=["accuracy"])
    batches = (
        tf.data.Dataset.from_tensor_slices(training)
        .shuffle(len(training[0]), seed=seed)
        .repeat()
        .batch(BATCH)
        .prefetch(tf.data.AUTOTUNE)
    )
    curve = _Curve()
    started = time.perf_counter()
    model.fit(batches, steps_per_epoch=steps, callbacks=[curve], verbose=0)
    seconds = time.perf_counter() - started
    accuracy = float(model.evaluate(*held_out, batch_size=1000, verbose=0)[1])
    keras.backend.clear_session()
    writer = tf.summary.create_file_writer(str(logs))
    with writer.as_default():
        hparams.hparams({**asdict(setting), "seed": seed}, trial_id=logs.name)
        for step, value in curve.losses:
            tf.summary.scalar("loss", value, step)
        tf.summary.scalar("validation accuracy", accuracy, steps)
    writer.close()
    last = curve.losses[-1][1]
    return {"seed": seed, "accuracy": accuracy, "loss": last if np.isfinite(last) else None, "seconds": seconds}


class _Curve(keras.callbacks.Callback):
    """The mean loss since the start, twenty times."""

    def __init__(self) -> None:
        super().__init__()
        self.losses: list[tuple[int, float]] = []

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if (batch + 1) % max(1, self.params["steps"] // 20) == 0 or batch + 1 == self.params["steps"]:
            self.losses.append((batch + 1, float((logs or {})["loss"])))


def _describe(logs: Path) -> None:
    """Which values there are, and what counts: TensorBoard's HParams page makes its filters and columns of it."""
    writer = tf.summary.create_file_writer(str(logs))
    with writer.as_default():
        hparams.hparams_config(
            hparams=[hparams.HParam(factor, hparams.Discrete(list(values))) for factor, values in FACTORS.items()],
            metrics=[hparams.Metric("validation accuracy"), hparams.Metric("loss")],
        )
    writer.close()
