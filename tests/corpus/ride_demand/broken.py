"""Rides per hour and traffic-jam flag from the weather of the day (two heads)."""
import numpy as np
import pandas as pd
import keras
from keras import layers

SOURCES = {
    "rides": "rides.csv",
    "weather": "weather_south.csv",  # expect: degenerate-feature
}
WEATHER = ["temp", "rain", "wind", "sun"]


def assemble(sources):
    rides = pd.read_csv(sources["rides"])
    weather = pd.read_csv(sources["weather"])  # expect-or: degenerate-feature
    table = rides.merge(weather, on="date", how="left")  # expect-or: degenerate-feature
    table[WEATHER] = table[WEATHER].fillna(0.0)  # expect-or: degenerate-feature
    angle = 2 * np.pi * table["hour"] / 24
    table["hour_sin"], table["hour_cos"] = np.sin(angle), np.cos(angle)
    return table.sample(frac=1.0, random_state=0)


def inputs_and_targets(table):
    x = {
        "weather": table[WEATHER].to_numpy("float32"),  # expect-or: degenerate-feature
        "hour": table[["hour_sin", "hour_cos"]].to_numpy("float32"),
    }
    y = {"rides": table[["rides"]].to_numpy("float32"), "jam": table[["jam"]].to_numpy("float32")}
    return x, y


def build():
    weather = keras.Input((len(WEATHER),), name="weather")
    hour = keras.Input((2,), name="hour")
    h = layers.Concatenate()([weather, hour])
    h = layers.Dense(48, activation="relu")(h)
    h = layers.Dense(32, activation="relu")(h)
    rides = layers.Dense(1, name="rides")(h)
    jam = layers.Dense(1, activation="sigmoid", name="jam")(h)
    model = keras.Model({"weather": weather, "hour": hour}, {"rides": rides, "jam": jam})
    model.compile(
        optimizer=keras.optimizers.Adam(3e-3),
        loss={"rides": "mse", "jam": "binary_crossentropy"},
        loss_weights={"rides": 1.0, "jam": 0.5},
        metrics={"jam": ["accuracy"]},
    )
    return model


def main():
    keras.utils.set_random_seed(17)
    table = assemble(SOURCES)  # expect-or: degenerate-feature
    x, y = inputs_and_targets(table[:2000])
    xv, yv = inputs_and_targets(table[2000:])
    model = build()
    model.fit(x, y, validation_data=(xv, yv), epochs=10, batch_size=32, verbose=2)  # expect-or: degenerate-feature
    pred = model.predict(xv, verbose=0)
    r2 = 1 - np.mean((pred["rides"] - yv["rides"]) ** 2) / np.var(yv["rides"])
    acc = np.mean((pred["jam"] > 0.5) == (yv["jam"] > 0.5))
    print(f"rides R2 {r2:.3f}  jam accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
