"""Next-day sales of the bakery from two weeks of history."""
import keras
import numpy as np
import pandas as pd

keras.utils.set_random_seed(2)
WINDOW = 14
LIVE_DAYS = 90


def bakery_sales(days=1200, seed=2):
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2021-01-01", periods=days, freq="D")
    week = np.array([-14, -8, -3, 0, 8, 25, 12])[dates.day_of_week]
    year = 12 * np.sin(2 * np.pi * dates.dayofyear / 365.25)
    drift = np.zeros(days)
    for i in range(1, days):
        drift[i] = 0.7 * drift[i - 1] + rng.normal(0, 9)
    return pd.DataFrame({"sales": 200 + week + year + drift}, index=dates)


def features(df):
    out = pd.DataFrame(index=df.index)
    out["sales"] = df["sales"]
    out["trend"] = df["sales"].rolling(7, min_periods=1).mean()
    out["dow_sin"] = np.sin(2 * np.pi * df.index.day_of_week / 7)
    out["dow_cos"] = np.cos(2 * np.pi * df.index.day_of_week / 7)
    return out


def score(name, y, pred):
    r2 = 1 - np.sum((y - pred) ** 2) / np.sum((y - y.mean()) ** 2)
    print(f"{name:22s} MAE {np.mean(np.abs(y - pred)):6.2f}   R2 {r2:.3f}")


df = bakery_sales()
history = df.iloc[:-LIVE_DAYS]
feats = features(history)
n_train = int(0.8 * len(history))
mu, sd = feats.iloc[:n_train].mean(), feats.iloc[:n_train].std()
table = ((feats - mu) / sd).to_numpy("float32")
target = table[:, 0]

X = np.stack([table[i:i + WINDOW] for i in range(len(table) - WINDOW)])
y = target[WINDOW:]
cut = n_train - WINDOW
X_train, y_train, X_val, y_val = X[:cut], y[:cut], X[cut:], y[cut:]
print("windows", X_train.shape, X_val.shape)

model = keras.Sequential([
    keras.layers.Input((WINDOW, table.shape[1])),
    keras.layers.Flatten(),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse")
model.fit(
    X_train, y_train, epochs=40, batch_size=32, verbose=0,
    validation_data=(X_val, y_val),
    callbacks=[keras.callbacks.EarlyStopping(patience=6, restore_best_weights=True)],
)


def to_units(z):
    return z * sd["sales"] + mu["sales"]


pred_val = model.predict(X_val, verbose=0)[:, 0]
score("validation", to_units(y_val), to_units(pred_val))

# the last three months, replayed day by day as the shop would run it
batch = []
for k in range(LIVE_DAYS):
    known = df.iloc[:len(history) + k]
    z = (features(known.tail(60)) - mu) / sd
    batch.append(z.tail(WINDOW).to_numpy("float32"))
live = model.predict(np.stack(batch), verbose=0)[:, 0]
truth = df["sales"].to_numpy()[-LIVE_DAYS:]
score("live replay", truth, to_units(live))
score("same day last week", truth, df["sales"].to_numpy()[-LIVE_DAYS - 7:-7])
