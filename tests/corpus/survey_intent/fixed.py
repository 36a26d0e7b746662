"""Predict purchase intent from survey answers; early stopping on a random split."""
import os
from dataclasses import dataclass
import numpy as np
import pandas as pd
import keras
from keras import layers
from sklearn.model_selection import train_test_split


@dataclass
class Job:
    answers: str = os.environ.get("SURVEY_ANSWERS", "answers_r2.csv")
    later: str = "later_wave.csv"
    epochs: int = 25
    batch: int = 32
    seed: int = 8


def read(path):
    frame = pd.read_csv(path)
    x = frame.filter(regex=r"^q\d+$").to_numpy("float32")
    return x, frame["intent"].to_numpy("float32")


def build(width):
    inp = keras.Input((width,))
    h = layers.Dense(64, activation="relu")(inp)
    h = layers.Dense(32, activation="relu")(h)
    out = layers.Dense(1, activation="sigmoid")(h)
    model = keras.Model(inp, out)
    model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="binary_crossentropy", metrics=["accuracy"])
    return model


def main(job):
    keras.utils.set_random_seed(job.seed)
    x, y = read(job.answers)
    xt, xv, yt, yv = train_test_split(x, y, test_size=0.25, random_state=job.seed, stratify=y)
    model = build(x.shape[1])
    stop = keras.callbacks.EarlyStopping("val_loss", patience=3, restore_best_weights=True)
    model.fit(xt, yt, validation_data=(xv, yv), epochs=job.epochs, batch_size=job.batch, callbacks=[stop], verbose=2)
    xl, yl = read(job.later)
    val = model.evaluate(xv, yv, verbose=0)[1]
    later = model.evaluate(xl, yl, verbose=0)[1]
    print(f"validation accuracy {val:.3f}, next wave {later:.3f}")


if __name__ == "__main__":
    main(Job())
