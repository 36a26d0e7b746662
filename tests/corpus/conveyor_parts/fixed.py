"""Train the part recogniser for the conveyor camera from manifest files."""
import argparse
import math
import numpy as np
import pandas as pd
import keras
from keras import layers

PARTS = ["bolt", "rail", "clip", "hook", "frame", "plug"]


class ManifestFrames(keras.utils.PyDataset):
    """Batches of frames, read in the order of the manifest."""

    def __init__(self, frames, manifest, batch_size, **kwargs):
        super().__init__(**kwargs)
        table = pd.read_csv(manifest)
        self.frames = frames
        self.rows = table["frame"].to_numpy()
        self.labels = table["part"].map(PARTS.index).to_numpy("int32")
        self.batch_size = batch_size

    def __len__(self):
        return math.ceil(len(self.rows) / self.batch_size)

    def __getitem__(self, i):
        part = slice(i * self.batch_size, (i + 1) * self.batch_size)
        x = self.frames[self.rows[part]].astype("float32")[..., None] / 127.5 - 1.0
        return x, self.labels[part]


def build():
    model = keras.Sequential([
        keras.Input((14, 14, 1)),
        layers.Conv2D(16, 3, activation="relu", padding="same"),
        layers.Conv2D(24, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(32, activation="relu"),
        layers.Dense(len(PARTS)),
    ])
    model.compile(
        optimizer=keras.optimizers.Adam(4e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--frames", default="frames.npz")
    ap.add_argument("--train", default="train_b.csv")
    ap.add_argument("--test", default="test.csv")
    ap.add_argument("--epochs", type=int, default=6)
    args = ap.parse_args()
    keras.utils.set_random_seed(21)
    frames = np.load(args.frames)["frames"]
    train = ManifestFrames(frames, args.train, 40)
    test = ManifestFrames(frames, args.test, 40)
    model = build()
    model.fit(train, validation_data=test, epochs=args.epochs, shuffle=False, verbose=2)
    print("test accuracy %.3f" % model.evaluate(test, verbose=0)[1])


if __name__ == "__main__":
    main()
