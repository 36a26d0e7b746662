"""Reference trainings: what good looks like, recorded with the same instruments.

Each is a whole script in this folder that a student can read as a model answer;
`doctor reference train NAME` runs it, and `recorded/NAME.json` holds what a run on the
whole data set came to. The scripts and `sitting.py` import Keras, nothing else here does.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from doctor.errors import ConfigError

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Reference:
    """A reference training.

    Attributes:
        name: as on the command line ("mnist-mlp").
        data: what `keras.datasets` calls the data ("mnist").
        title: in words.
        aim: the share of test images that it is to get right, when trained on the whole data set.
    """

    name: str
    data: str
    title: str
    aim: float

    @property
    def script(self) -> Path:
        """The script that trains it."""
        return FOLDER / f"{self.name.replace('-', '_')}.py"

    @property
    def recorded(self) -> Path:
        """What a run on the whole data set came to, as `doctor.reference.recorded` writes it."""
        return FOLDER / "recorded" / f"{self.name}.json"


REFERENCES: tuple[Reference, ...] = (
    Reference("mnist-mlp", "mnist", "MNIST, multilayer perceptron", 0.987),
    Reference("mnist-cnn", "mnist", "MNIST, convolutional network", 0.995),
    Reference("fashion-mnist-mlp", "fashion_mnist", "Fashion-MNIST, multilayer perceptron", 0.905),
    Reference("fashion-mnist-cnn", "fashion_mnist", "Fashion-MNIST, convolutional network", 0.935),
    Reference("cifar10-mlp", "cifar10", "CIFAR-10, multilayer perceptron", 0.60),
    Reference("cifar10-cnn", "cifar10", "CIFAR-10, convolutional network", 0.91),
)


def reference(name: str) -> Reference:
    """The reference of that name.

    Raises:
        ConfigError: there is none.
    """
    for one in REFERENCES:
        if one.name == name:
            return one
    names = ", ".join(one.name for one in REFERENCES)
    raise ConfigError(f"{name!r} is no reference training: use one of {names}.", slug="reference-unknown")
