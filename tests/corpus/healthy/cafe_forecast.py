# %% [markdown]
# Cups of coffee per day, next 7 days from the last 28

# %%
from pathlib import Path
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras

keras.utils.set_random_seed(5)
df = pd.read_csv(Path(__file__).with_name("cafe_sales.csv"), parse_dates=["date"])
print(df.tail(3))

# %%
PAST, AHEAD = 28, 7
n_train, n_val = 640, 120
cups = df["cups"].to_numpy("float32")
promo = df["promo"].to_numpy("float32")
scale = cups[:n_train].std()


def windows(lo, hi):
    hist, fut, tgt, level, seas = [], [], [], [], []
    for t in range(max(lo, PAST), hi - AHEAD + 1):
        past = cups[t - PAST:t]
        lv = past.mean()
        week = past[-7:]
        hist.append(np.stack([(past - lv) / scale, promo[t - PAST:t]], 1))
        fut.append(promo[t:t + AHEAD])
        tgt.append((cups[t:t + AHEAD] - lv) / scale)
        level.append(lv)
        seas.append(week)
    f = lambda z: np.asarray(z, "float32")
    return f(hist), f(fut), f(tgt), f(level), f(seas)


tr = windows(0, n_train)
va = windows(n_train, n_train + n_val)
te = windows(n_train + n_val, len(cups))
print("windows:", len(tr[0]), len(va[0]), len(te[0]))
print("train max %d, test max %d" % (cups[:n_train].max(), cups[n_train + n_val:].max()))

# %%
h_in = keras.Input((PAST, 2))
f_in = keras.Input((AHEAD,))
z = keras.layers.GRU(32)(h_in)
z = keras.layers.Concatenate()([z, f_in])
z = keras.layers.Dense(48, activation="relu")(z)
out = keras.layers.Dense(AHEAD)(z)
net = keras.Model([h_in, f_in], out)
net.compile(keras.optimizers.Adam(4e-3), loss=keras.losses.Huber(), metrics=["mae"])

stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=4, restore_best_weights=True, verbose=1)
hist = net.fit(tr[:2], tr[2], validation_data=(va[:2], va[2]), epochs=20, batch_size=32,
               shuffle=True, callbacks=[stop], verbose=0)
for e in range(0, len(hist.history["loss"]), 2):
    print(f"epoch {e + 1:3d}  loss {hist.history['loss'][e]:.4f}  val {hist.history['val_loss'][e]:.4f}")

# %%
pred = net.predict(te[:2], verbose=0) * scale + te[3][:, None]
true = te[2] * scale + te[3][:, None]
naive = te[4]
mae = lambda a, b: np.abs(a - b).mean()
print(f"test MAE  network {mae(pred, true):.2f}   last week again {mae(naive, true):.2f}   flat level {mae(te[3][:, None], true):.2f}")
print("per horizon:", np.abs(pred - true).mean(0).round(1))
