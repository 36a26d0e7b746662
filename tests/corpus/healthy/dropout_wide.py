import argparse

import keras
import numpy as np
from keras import layers


def get_data():
    (x, y), (xt, yt) = keras.datasets.mnist.load_data()
    x = x.reshape(len(x), -1).astype("float32") / 255.0
    xt = xt.reshape(len(xt), -1).astype("float32") / 255.0
    return x, y, xt, yt


def build(width: int, rate: float) -> keras.Model:
    inp = keras.Input((784,), name="pixels")
    h = layers.Dense(width, activation="relu")(inp)
    h = layers.Dropout(rate)(h)
    out = layers.Dense(10)(h)
    return keras.Model(inp, out)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--width", type=int, default=2048)
    ap.add_argument("--drop", type=float, default=0.8)
    ap.add_argument("--epochs", type=int, default=12)
    args = ap.parse_args()

    keras.utils.set_random_seed(1)
    x, y, xt, yt = get_data()
    model = build(args.width, args.drop)
    model.compile(
        "adam",
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    # the training accuracy shown is that of the thinned network
    model.fit(x, y, batch_size=64, epochs=args.epochs, validation_data=(xt, yt), verbose=2)
    _, acc = model.evaluate(xt, yt, verbose=0)
    majority = np.bincount(yt).max() / len(yt)
    print(f"drop {args.drop}: test accuracy {acc:.3f} (most frequent digit {majority:.3f})")


if __name__ == "__main__":
    main()
