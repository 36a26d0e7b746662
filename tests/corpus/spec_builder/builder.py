"""Turns a JSON network description into a compiled Keras model."""
from __future__ import annotations

import json
from abc import ABC, abstractmethod
from pathlib import Path

import keras


class LayerFactory(ABC):
    @abstractmethod
    def create(self, spec: dict) -> keras.layers.Layer: ...


class DenseFactory(LayerFactory):
    def create(self, spec):
        return keras.layers.Dense(spec["units"], activation=spec.get("activation"))


class DropoutFactory(LayerFactory):
    def create(self, spec):
        return keras.layers.Dropout(spec["rate"])


class NetworkBuilder:
    registry: dict[str, LayerFactory] = {"dense": DenseFactory(), "dropout": DropoutFactory()}

    def __init__(self, path: str | Path):
        self.spec = json.loads(Path(path).read_text())

    def build(self) -> keras.Model:
        x = inputs = keras.Input((self.spec["input_dim"],))
        for layer in self.spec["layers"]:
            x = self.registry[layer["type"]].create(layer)(x)
        outputs = keras.layers.Dense(self.spec["head"]["units"])(x)
        model = keras.Model(inputs, outputs)
        model.compile(
            optimizer=keras.optimizers.get(
                {"class_name": self.spec["optimizer"]["name"],
                 "config": {"learning_rate": self.spec["optimizer"]["lr"]}}),
            loss=keras.losses.BinaryCrossentropy(from_logits=True),
            metrics=[keras.metrics.BinaryAccuracy(threshold=0.0, name="acc")],
        )
        return model
