"""Water meter reading: train the digit classifier of the mobile app.

The archive keeps the crops bin by bin as the annotators filed them.
"""
import argparse
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits


def parse():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--epochs", type=int, default=12)
    p.add_argument("--batch-size", type=int, default=32)
    p.add_argument("--lr", type=float, default=3e-3)
    p.add_argument("--buffer", type=int, default=16, help="shuffle buffer, in crops")  # expect: pipeline-order  # expect-or: unshuffled
    p.add_argument("--holdout", type=float, default=0.2)
    p.add_argument("--seed", type=int, default=0)
    return p.parse_args()


def read_archive(holdout, seed):
    src = load_digits()
    rs = np.random.RandomState(seed)
    parts = {"train": ([], []), "test": ([], [])}
    for bin_no in range(10):
        crops = src.images[src.target == bin_no]
        crops = crops[rs.permutation(len(crops))]
        n_test = int(round(holdout * len(crops)))
        for key, sel in (("test", crops[:n_test]), ("train", crops[n_test:])):
            parts[key][0].append(sel)
            parts[key][1].append(np.full(len(sel), bin_no, "int64"))
    return {k: (np.concatenate(a)[..., None].astype("float32"), np.concatenate(b))
            for k, (a, b) in parts.items()}


def scale(img, lab):
    return img / 16.0, lab


def pipeline(arrays, args, training):
    ds = tf.data.Dataset.from_tensor_slices(arrays)
    if training:
        ds = ds.shuffle(args.buffer, seed=args.seed)  # expect-or: pipeline-order
    return ds.batch(args.batch_size).map(scale).prefetch(2)


def app_net():
    L = tf.keras.layers
    return tf.keras.Sequential([
        L.Input((8, 8, 1)),
        L.SeparableConv2D(24, 3, padding="same", activation="relu"),
        L.MaxPooling2D(2),
        L.SeparableConv2D(48, 3, padding="same", activation="relu"),
        L.Flatten(),
        L.Dense(10, activation="softmax"),
    ], name="meter_digits")


def main():
    args = parse()
    tf.keras.utils.set_random_seed(args.seed)
    data = read_archive(args.holdout, args.seed)
    net = app_net()
    net.compile(tf.keras.optimizers.Adam(args.lr),
                "sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(pipeline(data["train"], args, True), epochs=args.epochs,
            validation_data=pipeline(data["test"], args, False), verbose=2)
    xt, yt = data["test"]
    hit = net.predict(xt / 16.0, verbose=0).argmax(1) == yt
    print("per digit:", " ".join(f"{d}:{hit[yt == d].mean():.2f}" for d in range(10)))


if __name__ == "__main__":
    main()
