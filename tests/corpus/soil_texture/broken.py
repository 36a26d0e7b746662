"""Soil texture from visible/near-infrared spectra.

Usage: python train.py [--epochs N] [--seed N]
"""
import argparse

import keras
import numpy as np
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split

from soil_io import CLASSES, encode, read_lab, read_spectra
from soil_net import build_net


def parse_args():
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=25)
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--seed", type=int, default=11)
    return p.parse_args()


def assemble():
    """Spectra and texture class for every sample that the laboratory has seen."""
    spectra = read_spectra()
    lab = read_lab()
    lab = lab[lab["sample_id"].isin(spectra.index)]
    spectra = spectra.loc[spectra.index.isin(lab["sample_id"])]

    bands = spectra.to_numpy(dtype="float32")
    texture = encode(lab["texture"])  # expect: label-mismatch
    assert len(bands) == len(texture)
    return bands, texture


class EveryFive(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % 5 == 0:
            print(
                f"epoch {epoch + 1:3d}  loss {logs['loss']:.3f}  acc {logs['accuracy']:.3f}"
                f"  | val loss {logs['val_loss']:.3f}  acc {logs['val_accuracy']:.3f}"
            )


def main():
    args = parse_args()
    keras.utils.set_random_seed(args.seed)

    bands, texture = assemble()
    print(f"{len(bands)} samples, {bands.shape[1]} bands, classes {np.bincount(texture)}")
    b_tr, b_va, t_tr, t_va = train_test_split(
        bands, texture, test_size=0.25, stratify=texture, random_state=args.seed
    )

    norm = keras.layers.Normalization()
    norm.adapt(b_tr)
    net = build_net(norm, bands.shape[1], len(CLASSES))
    net.compile(
        optimizer=keras.optimizers.Adam(args.lr),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    net.fit(
        b_tr, t_tr,
        validation_data=(b_va, t_va),
        epochs=args.epochs, batch_size=args.batch,
        callbacks=[EveryFive()], verbose=0,
    )

    guess = net.predict(b_va, verbose=0).argmax(axis=1)
    print(classification_report(t_va, guess, target_names=CLASSES, zero_division=0))


if __name__ == "__main__":
    main()
