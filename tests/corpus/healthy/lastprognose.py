# Prognose der Netzlast für die nächste Stunde (MW) aus den letzten 48 Stunden.
# Zeitliche Aufteilung: die ersten 70 % Training, dann Validierung, zuletzt Test; nichts wird gemischt.
import numpy as np
import pandas as pd
import tensorflow as tf

tf.keras.utils.set_random_seed(1)
zufall = np.random.default_rng(1)

STUNDEN = 24 * 7 * 60
FENSTER = 48


def erzeuge_lastgang():
    t = pd.date_range("2021-01-04", periods=STUNDEN, freq="h")
    tag = np.sin(2 * np.pi * (t.hour - 8) / 24) + 0.4 * np.sin(4 * np.pi * (t.hour - 6) / 24)
    woche = np.where(t.day_of_week < 5, 1.0, 0.78)
    jahr = np.cos(2 * np.pi * t.day_of_year / 365)
    wetter = np.zeros(STUNDEN)
    for i in range(1, STUNDEN):
        wetter[i] = 0.97 * wetter[i - 1] + zufall.normal(0, 350)
    last = woche * (52000 + 9000 * tag) + 4000 * jahr + wetter + zufall.normal(0, 250, STUNDEN)
    return pd.DataFrame({"last": np.asarray(last), "stunde": t.hour, "wochentag": t.day_of_week})


reihe = erzeuge_lastgang()
ende_train, ende_val = int(0.7 * STUNDEN), int(0.85 * STUNDEN)
mittel, streuung = reihe["last"][:ende_train].mean(), reihe["last"][:ende_train].std()

merkmale = np.column_stack([
    (reihe["last"] - mittel) / streuung,
    np.sin(2 * np.pi * reihe["stunde"] / 24), np.cos(2 * np.pi * reihe["stunde"] / 24),
    (reihe["wochentag"] >= 5).astype(float),
]).astype("float32")
ziel = merkmale[:, 0]


def datensatz(von, bis):
    return tf.keras.utils.timeseries_dataset_from_array(
        merkmale[von:bis - 1], ziel[von + FENSTER:bis], sequence_length=FENSTER,
        batch_size=64, shuffle=False).cache()


train, val, test = datensatz(0, ende_train), datensatz(ende_train, ende_val), datensatz(ende_val, STUNDEN)

eingang = tf.keras.Input((FENSTER, merkmale.shape[1]))
h = tf.keras.layers.Conv1D(24, 4, strides=2, activation="relu")(eingang)
h = tf.keras.layers.Conv1D(24, 4, strides=2, activation="relu")(h)
h = tf.keras.layers.Flatten()(h)
h = tf.keras.layers.Dense(32, activation="relu")(h)
aenderung = tf.keras.layers.Dense(1, kernel_initializer="zeros")(h)
letzter = tf.keras.layers.Lambda(lambda x: x[:, -1, :1], output_shape=(1,))(eingang)
modell = tf.keras.Model(eingang, tf.keras.layers.Add()([letzter, aenderung]))

modell.compile(
    optimizer=tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(2e-3, 15 * len(train))),
    loss="mse", metrics=["mae"])
verlauf = modell.fit(train, validation_data=val, epochs=15, verbose=0).history
for e in range(0, 15, 2):
    print(f"Epoche {e + 1:2d}: Verlust {verlauf['loss'][e]:.5f}, Validierung {verlauf['val_loss'][e]:.5f} "
          f"(MAE {verlauf['val_mae'][e] * streuung:.0f} MW)")

wahr = reihe["last"].to_numpy()[ende_val + FENSTER:STUNDEN]
vorher = modell.predict(test, verbose=0).ravel() * streuung + mittel
wahr = wahr[:len(vorher)]
start = ende_val + FENSTER
gestern = reihe["last"].to_numpy()[start - 24:start - 24 + len(vorher)]
vorstunde = reihe["last"].to_numpy()[start - 1:start - 1 + len(vorher)]
for name, p in (("Netz", vorher), ("letzte Stunde", vorstunde), ("gleiche Stunde gestern", gestern)):
    print(f"Test MAE {name:24s} {np.abs(p - wahr).mean():7.0f} MW   MAPE {100 * np.mean(np.abs(p / wahr - 1)):.2f} %")
