from __future__ import annotations

import argparse

import keras
from keras import layers

from dataset import ClothesSequence


def conv_stage(x, filters: int, stride: int = 2):
    x = layers.Conv2D(filters, 3, strides=stride, padding="same", activation="relu")(x)
    return x


def build(n_classes: int) -> keras.Model:
    inp = keras.Input((28, 28, 1))
    x = conv_stage(inp, 8)
    x = conv_stage(x, 16)
    x = layers.Flatten()(x)
    x = layers.Dense(64, activation="relu")(x)
    x = layers.Dropout(0.2)(x)
    return keras.Model(inp, layers.Dense(n_classes)(x), name="clothes")


def parse() -> argparse.Namespace:
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=10)
    p.add_argument("--batch-size", type=int, default=32)
    p.add_argument("--lr", type=float, default=0.02)
    p.add_argument("--seed", type=int, default=3)
    return p.parse_args()


def main() -> None:
    args = parse()
    keras.utils.set_random_seed(args.seed)
    train = ClothesSequence("train", args.batch_size, flip=True, seed=args.seed)
    test = ClothesSequence("test", 100)

    model = build(10)
    model.compile(
        optimizer=keras.optimizers.SGD(args.lr, momentum=0.9, nesterov=True),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    history = model.fit(train, validation_data=test, epochs=args.epochs, verbose=2)
    best = max(history.history["val_accuracy"])
    print(f"best validation accuracy {best:.3f}")


if __name__ == "__main__":
    main()
