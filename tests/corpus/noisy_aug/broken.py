"""Train the digits baseline.

    python train.py --config configs/digits_base.json
"""
import argparse
import json

import keras
import tensorflow as tf

from dataset import Augment, load
from nets import build


def parse_args():
    p = argparse.ArgumentParser()
    p.add_argument("--config", default="configs/digits_base.json")  # expect: input-noise
    p.add_argument("--epochs", type=int, default=None, help="overrides train.epochs")
    return p.parse_args()


class LogEvery(keras.callbacks.Callback):
    def __init__(self, every):
        super().__init__()
        self.every = every

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0:
            print(f"[{epoch + 1:03d}] " + " ".join(f"{k}={v:.4f}" for k, v in logs.items()))


def main():
    args = parse_args()
    with open(args.config) as f:
        cfg = json.load(f)  # expect-or: input-noise
    keras.utils.set_random_seed(cfg["seed"])
    print("experiment:", cfg["name"])

    x_train, x_val, y_train, y_val = load(**cfg["data"], seed=cfg["seed"])
    batch = cfg["train"]["batch_size"]
    augment = Augment(**cfg["augment"])  # expect-or: input-noise
    train_ds = (
        tf.data.Dataset.from_tensor_slices((x_train, y_train))
        .shuffle(len(x_train), seed=cfg["seed"])
        .map(augment, num_parallel_calls=2)  # expect-or: input-noise
        .batch(batch)
        .prefetch(1)
    )
    val_ds = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(256)

    model = build(**cfg["model"])
    model.compile(
        optimizer=keras.optimizers.Adam(cfg["train"]["lr"]),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    epochs = args.epochs or cfg["train"]["epochs"]
    model.fit(train_ds, validation_data=val_ds, epochs=epochs, verbose=0, callbacks=[LogEvery(2)])
    result = model.evaluate(val_ds, verbose=0, return_dict=True)
    print(f"val accuracy {result['accuracy']:.4f}")


if __name__ == "__main__":
    main()
