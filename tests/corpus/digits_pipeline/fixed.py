import argparse
import os

import tensorflow as tf
from tensorflow.keras import layers

from pipeline_2 import DigitStore, make_test, make_train

HERE = os.path.dirname(os.path.abspath(__file__))


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--data", default=os.path.join(HERE, "data", "digits.npz"))
    p.add_argument("--epochs", type=int, default=8)
    p.add_argument("--batch-size", type=int, default=40)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--seed", type=int, default=7)
    return p.parse_args()


def small_cnn():
    return tf.keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(8, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10),
    ])


def main():
    args = parse()
    tf.keras.utils.set_random_seed(args.seed)
    store = DigitStore(args.data)
    train_ds = make_train(store, args.batch_size)
    test_ds = make_test(store, 250)
    print(f"{len(store)} training images, {len(store.test_labels)} test images")
    print("element spec:", train_ds.element_spec)

    model = small_cnn()
    model.compile(
        optimizer=tf.keras.optimizers.Adam(args.lr),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(train_ds, epochs=args.epochs, validation_data=test_ds, verbose=2)

    loss, acc = model.evaluate(test_ds, verbose=0)
    print(f"test loss {loss:.3f}  test accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
