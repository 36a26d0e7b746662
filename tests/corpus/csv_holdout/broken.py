from pathlib import Path

import pandas as pd
import keras
from keras import layers

keras.utils.set_random_seed(0)

DATA = Path(__file__).parent
TRAIN = "train.csv"
VALID = "valid_x.csv"  # expect-or: leakage


def load(name):
    frame = pd.read_csv(DATA / name)
    labels = frame.pop("digit").to_numpy()
    pixels = frame.to_numpy(dtype="float32") / 16.0
    return pixels.reshape(-1, 8, 8, 1), labels


def build():
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Flatten(),
            layers.Dense(96, activation="relu"),
            layers.Dense(96, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def main():
    x_train, y_train = load(TRAIN)
    x_valid, y_valid = load(VALID)  # expect-or: leakage
    print(len(x_train), "training rows,", len(x_valid), "validation rows")

    model = build()
    model.compile(
        optimizer=keras.optimizers.Adam(0.002),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    stop = keras.callbacks.EarlyStopping(
        monitor="val_accuracy", patience=8, restore_best_weights=True
    )
    history = model.fit(  # expect-or: leakage
        x_train,
        y_train,
        validation_data=(x_valid, y_valid),  # expect: leakage
        epochs=40,
        batch_size=32,
        callbacks=[stop],
        verbose=0,
    )
    print(f"best validation accuracy: {max(history.history['val_accuracy']):.3f}")

    x_test, y_test = load("test.csv")
    print(f"accuracy on the test rows: {model.evaluate(x_test, y_test, verbose=0)[1]:.3f}")


if __name__ == "__main__":
    main()
