# Pump house watch: learn the normal working of the pumps, raise an alarm on
# anything the network cannot rebuild.
import os
import keras
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

keras.utils.set_random_seed(7)
folder = os.path.dirname(os.path.abspath(__file__))

log = pd.read_csv(os.path.join(folder, "historian_w22.csv"))
sensors = [c for c in log.columns if c not in ("part", "alarm")]
normal = log.loc[log.part == "normal", sensors].to_numpy("float32")
check = log.loc[log.part == "check", sensors].to_numpy("float32")
alarm = log.loc[log.part == "check", "alarm"].to_numpy()

# keep the last stretch of normal work for the threshold
fit_part, thr_part = normal[:1200], normal[1200:]
print("fit", fit_part.shape, "threshold", thr_part.shape, "check", check.shape)

n = len(sensors)
squeeze = keras.Sequential(
    [
        keras.Input((n,)),
        keras.layers.Dense(24, activation="elu"),
        keras.layers.Dense(2, name="state"),
        keras.layers.Dense(24, activation="elu"),
        keras.layers.Dense(n),
    ]
)
squeeze.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mse")
hist = squeeze.fit(fit_part, fit_part, epochs=60, batch_size=32, verbose=0,
                   validation_data=(thr_part, thr_part))
for e in range(0, 60, 10):
    print(f"epoch {e + 1:3d}  loss {hist.history['loss'][e]:.5g}  val {hist.history['val_loss'][e]:.5g}")


def misfit(rows):
    gap = rows - squeeze.predict(rows, batch_size=256, verbose=0)
    return np.square(gap).mean(axis=1)


threshold = np.quantile(misfit(thr_part), 0.98)
score = misfit(check)
hit = score > threshold
print(f"threshold {threshold:.4g}")
print(f"alarms raised {hit.sum()} of {len(hit)}, true among them {int(alarm[hit].sum())} of {alarm.sum()}")
print(f"AUC on the check weeks: {roc_auc_score(alarm, score):.3f}")
