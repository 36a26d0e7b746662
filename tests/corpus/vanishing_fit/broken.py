#!/usr/bin/env python
"""Train a deep, narrow network on the handwritten digits of scikit-learn."""
import argparse

import keras
from sklearn.datasets import load_digits


def build_model(depth, width, activation, initializer="glorot_uniform"):
    inputs = keras.Input((64,), name="pixels")
    x = inputs
    for i in range(depth):
        x = keras.layers.Dense(  # expect: vanishing-gradient
            width, activation=activation, kernel_initializer=initializer, name=f"hidden_{i}"  # expect-or: vanishing-gradient
        )(x)
    outputs = keras.layers.Dense(10, activation="softmax", name="digit")(x)
    return keras.Model(inputs, outputs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--depth", type=int, default=9)
    parser.add_argument("--width", type=int, default=40)
    parser.add_argument("--activation", default="sigmoid")  # expect-or: vanishing-gradient
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--lr", type=float, default=0.1)
    args = parser.parse_args()

    keras.utils.set_random_seed(3)
    data = load_digits()
    x, y = data.data / 16.0, data.target
    model = build_model(args.depth, args.width, args.activation)  # expect-or: vanishing-gradient
    model.compile(
        keras.optimizers.SGD(args.lr, momentum=0.5),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    history = model.fit(
        x, y, validation_split=0.2, epochs=args.epochs, batch_size=32, verbose=0
    )
    for key, values in history.history.items():
        print(f"{key:>14}: {values[-1]:.4f}")


if __name__ == "__main__":
    main()
