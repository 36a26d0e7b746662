import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras


def get_args():
    ap = argparse.ArgumentParser(description="hourly output of a solar plant from the weather forecast")
    ap.add_argument("--csv", default=str(Path(__file__).parent / "plant.csv"))
    ap.add_argument("--epochs", type=int, default=25)
    ap.add_argument("--lr", type=float, default=2e-3)
    return ap.parse_args()


def prepare(csv):
    df = pd.read_csv(csv, parse_dates=["time"])
    hour = df["time"].dt.hour
    df["hour_sin"], df["hour_cos"] = np.sin(hour * 2 * np.pi / 24), np.cos(hour * 2 * np.pi / 24)
    cols = ["forecast_wm2", "cloud_cover", "air_temp", "hour_sin", "hour_cos"]
    capacity = df["power_kw"].max()
    x = df[cols].to_numpy("float32")
    y = (df["power_kw"] / capacity).to_numpy("float32")
    split = 24 * 80
    return (x[:split], y[:split]), (x[split:], y[split:]), capacity


def make_model(x, lr):
    norm = keras.layers.Normalization()
    norm.adapt(x)
    model = keras.Sequential([
        keras.Input((x.shape[1],)),
        norm,
        keras.layers.Dense(48, activation="elu"),
        keras.layers.Dense(24, activation="elu"),
        keras.layers.Dense(1),
    ])
    model.compile(  # expect-or: loss-wrong
        optimizer=keras.optimizers.Adam(lr),  # expect-or: loss-wrong
        loss="mape",  # expect: loss-wrong
        metrics=["mae"],  # expect-or: loss-wrong
    )  # expect-or: loss-wrong
    return model


def main():
    args = get_args()
    keras.utils.set_random_seed(4)
    (xt, yt), (xv, yv), capacity = prepare(args.csv)
    train = tf.data.Dataset.from_tensor_slices((xt, yt)).shuffle(len(xt)).batch(32)
    model = make_model(xt, args.lr)
    model.fit(train, epochs=args.epochs, verbose=2)

    guess = model.predict(xv, verbose=0)[:, 0]
    day = yv > 0.02
    print(f"MAE all hours   {np.abs(guess - yv).mean() * capacity:7.1f} kW")
    print(f"MAE daylight    {np.abs(guess - yv)[day].mean() * capacity:7.1f} kW")
    print(f"R2              {1 - ((guess - yv) ** 2).mean() / yv.var():7.3f}")


if __name__ == "__main__":
    main()
