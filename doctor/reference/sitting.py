"""What surrounds a reference training: arguments, checkpoints, the time left and the figures that come out.

The scripts beside this file show how to train. What they share, and what nobody learns
from, is here.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import keras

HISTORY = "history.json"
FIGURES = "figures.json"


class Sitting:
    """One sitting of a training. What earlier sittings trained is taken up again.

    Args:
        epochs: of the training as a whole, where `--epochs` does not say otherwise.

    Attributes:
        epochs: of the training as a whole.
        seed: given to Python, NumPy and TensorFlow.
        folder: holds the checkpoint, `history.json` (an entry an epoch, of all sittings) and `figures.json`.
    """

    def __init__(self, epochs: int) -> None:
        parser = argparse.ArgumentParser()
        parser.add_argument("--epochs", type=int, default=epochs, help="of the training as a whole")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--folder", type=Path, required=True, help="for the checkpoint and the figures")
        arguments = parser.parse_args()
        self.epochs: int = arguments.epochs
        self.seed: int = arguments.seed
        self.folder: Path = arguments.folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._history = _History(self.folder / HISTORY, self.epochs)
        keras.utils.set_random_seed(self.seed)

    def callbacks(self) -> list[keras.callbacks.Callback]:
        """For `fit`: take up the last checkpoint and write one after each epoch; print a line an epoch."""
        kept = keras.callbacks.BackupAndRestore(str(self.folder / "checkpoint"), delete_checkpoint=False)
        return [self._history, kept]

    def finish(self, model: keras.Model, test_loss: float, test_accuracy: float) -> None:
        """Print what came out, and write it to `figures.json`."""
        last = self._history.epochs[-1]
        figures = {
            "test_accuracy": test_accuracy,
            "test_loss": test_loss,
            "validation_accuracy": last["val_accuracy"],
            "epochs": len(self._history.epochs),
            "seconds": sum(epoch["seconds"] for epoch in self._history.epochs),
            "parameters": model.count_params(),
            "seed": self.seed,
        }
        (self.folder / FIGURES).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        print(f"test accuracy {test_accuracy:.2%} after {figures['epochs']} epochs, {figures['seconds']:.0f} s")


class _History(keras.callbacks.Callback):
    """Keeps what each epoch came to, over all sittings, and says how long the rest will take."""

    def __init__(self, path: Path, planned: int) -> None:
        super().__init__()
        self._path = path
        self._planned = planned
        self.epochs: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        self._here = 0.0
        self._trained = 0
        self._started = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._started = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        seconds = time.monotonic() - self._started
        self._here, self._trained = self._here + seconds, self._trained + 1
        # An epoch whose checkpoint was lost is trained again.
        self.epochs = [*self.epochs[:epoch], {**(logs or {}), "seconds": seconds}]
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps(self.epochs, indent=1) + "\n", encoding="utf-8")
        new.replace(self._path)  # whole or not at all, whenever the training is ended
        left = (self._planned - epoch - 1) * self._here / self._trained
        figures = "  ".join(f"{name} {value:.4f}" for name, value in (logs or {}).items())
        print(f"epoch {epoch + 1}/{self._planned}  {figures}  {seconds:.0f} s, {_minutes(left)} left", flush=True)


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"
