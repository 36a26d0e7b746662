import numpy as np, pandas as pd, keras
rng = np.random.default_rng(9); n = 900
df = pd.DataFrame({"id": 0, "batch": 7, "site": 3, "flow": rng.normal(size=n), "temp": rng.normal(size=n), "ph": rng.normal(size=n)})
df["ok"] = ((df.flow + df.temp * df.ph) > 0).astype(int)
X = df.iloc[:, 0:3].to_numpy("float32"); y = df["ok"].to_numpy()  # expect: degenerate-feature
m = keras.Sequential([keras.layers.Dense(32, activation="relu"), keras.layers.Dense(1, activation="sigmoid")])
m.compile("adam", "binary_crossentropy", metrics=["accuracy"])
m.fit(X, y, epochs=12, verbose=0, validation_split=.2)  # expect-or: degenerate-feature
