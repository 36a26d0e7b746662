import pathlib
import numpy as np
import pandas as pd
import tensorflow as tf

HERE = pathlib.Path(__file__).parent


def features(df: pd.DataFrame) -> pd.DataFrame:
    """Per postcode: where does the house stand among its neighbours?"""
    by_code = df.groupby("postcode")["size"]
    spread = by_code.transform("std")  # expect: input-nan
    out = pd.DataFrame(index=df.index)
    out["rel_size"] = (df["size"] - by_code.transform("mean")) / spread  # expect-or: input-nan
    out["size"] = (df["size"] - df["size"].mean()) / df["size"].std()
    out["rooms"] = (df["rooms"] - df["rooms"].mean()) / df["rooms"].std()
    out["age"] = (2022 - df["year"]) / 100
    out["garden"] = df["garden"]
    codes = pd.get_dummies(df["postcode"].astype(str), prefix="pc", dtype=float)
    return out.join(codes)


def main() -> None:
    tf.keras.utils.set_random_seed(14)
    sales = pd.read_csv(HERE / "sales.csv")
    print(sales.describe().round(1))

    X = features(sales).to_numpy("float32")
    log_price = np.log(sales["price"].to_numpy("float32"))
    y = (log_price - log_price.mean()) / log_price.std()

    order = np.random.default_rng(1).permutation(len(X))
    train, test = order[:700], order[700:]

    reg = tf.keras.Sequential([
        tf.keras.layers.Dense(64, activation="relu"),
        tf.keras.layers.Dense(32, activation="relu"),
        tf.keras.layers.Dense(1),
    ])
    reg.compile(optimizer=tf.keras.optimizers.Adam(2e-3), loss="mse", metrics=["mae"])
    reg.fit(X[train], y[train], validation_split=0.15, epochs=25, batch_size=32, verbose=2)

    pred = reg.predict(X[test], verbose=0)[:, 0] * log_price.std() + log_price.mean()
    off = np.abs(np.exp(pred) / np.exp(log_price[test]) - 1)
    print(f"median error {np.median(off):.1%}, within ten percent: {np.mean(off < 0.1):.0%}")


if __name__ == "__main__":
    main()
