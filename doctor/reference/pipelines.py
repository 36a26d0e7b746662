"""What each order of shuffle, batch and repeat costs and yields, measured on real images.

    python -m doctor.reference.pipelines ORDER BUFFER BATCH FILE

measures throughput and memory of one order, in a process of its own, and prints them as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Callable, Iterator

import keras
import numpy as np
import tensorflow as tf

from doctor.datasets import Source, load
from doctor.reference import mixing
from doctor.reference.orders import ORDERS, Setting, pipeline, title
from doctor.reference.split import BATCH, split

#: What people write without counting their images.
SMALL_BUFFER = 1_000
#: A small example whose draws are shown one by one: items, items a batch, epochs.
EXAMPLE = (125, 12, 3)
UNITS, RATE = 500, 0.1


@dataclass(frozen=True)
class Study:
    """What is measured.

    Attributes:
        data: where the images come from.
        seeds: number of trainings of each kind.
        epochs: of each training.
        tell: called with a line for each thing that is done.
    """

    data: Source
    seeds: int
    epochs: int
    tell: Callable[[str], None]


def measure(study: Study) -> dict[str, Any]:
    """All figures of all orders, as `pipelines.json` holds them.

    Raises:
        DataError: the images cannot be read.
    """
    (images, labels), (kept, kept_labels) = split(study.data)
    held_out, cut = (kept.astype("float32") / 255, kept_labels), len(images)
    by_label = np.argsort(labels, kind="stable")
    stored = {"as stored": (images, labels), "sorted by label": (images[by_label], labels[by_label])}
    buffers = {"whole": cut, "small": min(SMALL_BUFFER, cut // 10)}
    rows = []
    for order in ORDERS:
        for size, buffer in buffers.items():
            study.tell(f"{title(order)}, buffer {buffer:,}: mixing, throughput and memory")
            batches = list(_numbers(order, Setting(buffer, BATCH, study.epochs, seed=1), cut))
            row: dict[str, Any] = {"order": title(order), "buffer": buffer, "size": size}
            row |= asdict(mixing.measure(batches, cut)) | _cost(order, buffer, study.data)
            for kind, (x, y) in stored.items():
                classes = float(np.mean([len(np.unique(y[batch])) for batch in batches]))
                accuracies = []
                for seed in range(1, study.seeds + 1):
                    given = Setting(buffer, BATCH, study.epochs, seed)
                    keras.utils.set_random_seed(seed)  # before the pipeline, whose seed depends on it
                    accuracies.append(_accuracy(_pairs(x, y, order, given), held_out))
                    study.tell(f"{title(order)}, buffer {buffer:,}, {kind}, seed {seed}: {accuracies[-1]:.2%}")
                row[kind] = {"classes": classes, "accuracies": accuracies}
            rows.append(row)
    return {
        "data": study.data.name, "images": cut, "batch": BATCH, "epochs": study.epochs, "units": UNITS, "rate": RATE,
        "rows": rows, "picture": _example(),
    }  # fmt: skip


def _example() -> dict[str, Any]:
    """The draws of each order, for a picture."""
    items, batch, epochs = EXAMPLE
    given = Setting(buffer=items, batch=batch, epochs=epochs, seed=1)
    draws = {title(order): np.concatenate(list(_numbers(order, given, items))).tolist() for order in ORDERS}
    return {"items": items, "batch": batch, "epochs": epochs, "draws": draws}


def _numbers(order: tuple[str, ...], given: Setting, items: int) -> Iterator[mixing.Draws]:
    """The numbers of the items of each batch."""
    yield from pipeline(tf.data.Dataset.range(items), order, given).as_numpy_iterator()


def _pairs(x: Any, y: Any, order: tuple[str, ...], given: Setting) -> tf.data.Dataset:
    """Images are made floats batch by batch: a shuffle holds them as bytes then, a quarter of the memory."""
    drawn = pipeline(tf.data.Dataset.from_tensor_slices((x, y)), order, given)
    return drawn.map(lambda image, label: (tf.cast(image, tf.float32) / 255, label)).prefetch(tf.data.AUTOTUNE)


def _accuracy(pairs: tf.data.Dataset, held_out: tuple[Any, Any]) -> float:
    """Of a perceptron, after one pass over `pairs`."""
    model = keras.Sequential(
        [keras.layers.Flatten(), keras.layers.Dense(UNITS, activation="relu"), keras.layers.Dense(10)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(RATE), loss, metrics=["accuracy"])
    model.fit(pairs, verbose=0)
    accuracy = float(model.evaluate(*held_out, batch_size=1000, verbose=0)[1])
    keras.backend.clear_session()
    return accuracy


def _cost(order: tuple[str, ...], buffer: int, data: Source) -> dict[str, float | None]:
    """Throughput and memory of an order, from a process that does nothing else."""
    command = [sys.executable, "-m", __name__, " ".join(order), str(buffer), str(BATCH), data.name, str(data.path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    cost: dict[str, float | None] = json.loads(done.stdout.splitlines()[-1])
    return cost


def _measure_cost(order: tuple[str, ...], buffer: int, batch: int, data: Source) -> dict[str, float | None]:
    """Of two epochs drawn and thrown away.

    Returns:
        Items a second, and megabytes by which the process grew beyond what the images themselves take, None where
        the system does not say.
    """
    images, labels = load(data)[0]
    pairs = _pairs(images, labels, order, Setting(buffer, batch, epochs=2, seed=1))
    before = most = _held()
    drawn, started = 0, time.perf_counter()
    for number, (_, y) in enumerate(pairs):
        drawn += len(y)
        if before is not None and most is not None and number % 20 == 0:
            most = max(most, _held() or 0.0)
    seconds = time.perf_counter() - started
    grown = None if before is None or most is None else (most - before) / 1e6
    return {"items_per_second": drawn / seconds, "megabytes": grown}


def _held() -> float | None:
    """The memory that this process holds now, in bytes; None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return float(pages * os.sysconf("SC_PAGE_SIZE"))


if __name__ == "__main__":
    steps, size, items, name, path = sys.argv[1:]
    file = Source(name, "data-dir", Path(path))
    print(json.dumps(_measure_cost(tuple(steps.split()), int(size), int(items), file)))
