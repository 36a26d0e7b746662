import pathlib, sys
import numpy as np
import pandas as pd
import tensorflow as tf
import keras
from keras import layers

keras.utils.set_random_seed(31)
CSV = pathlib.Path(__file__).with_name("homes.csv")


@keras.saving.register_keras_serializable()
class WNDense(layers.Layer):
    """Dense layer with weight normalisation: w = g * v / |v|."""

    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, shape):
        self.v = self.add_weight(name="v", shape=(shape[-1], self.units),
                                 initializer=keras.initializers.RandomNormal(stddev=0.05))
        self.g = self.add_weight(name="g", shape=(self.units,), initializer="ones")
        self.b = self.add_weight(name="b", shape=(self.units,), initializer="zeros")

    def call(self, x):
        w = self.g * self.v / keras.ops.norm(self.v, axis=0, keepdims=True)
        return self.activation(keras.ops.matmul(x, w) + self.b)


def main(epochs=28):
    homes = pd.read_csv(CSV)
    homes = homes.sample(frac=1.0, random_state=31).reset_index(drop=True)
    feats = pd.concat([
        np.log(homes[["area_m2"]]),
        homes[["bedrooms", "built", "km_centre", "latitude", "overask"]],
        pd.get_dummies(homes.condition),
    ], axis=1).astype("float64")

    # two targets, both on a log scale; homes that are still for sale have no selling time
    log_price = np.log(homes.price.to_numpy())
    listed = homes.days_listed.to_numpy()
    known = ~np.isnan(listed)
    log_days = np.log(np.where(known, listed, 1.0) + 1.0)

    n = int(0.75 * len(homes))
    mu, sd = feats[:n].mean(), feats[:n].std()
    X = ((feats - mu) / sd).to_numpy("float32")
    p_mu, p_sd = log_price[:n].mean(), log_price[:n].std()
    d_mu, d_sd = log_days[:n][known[:n]].mean(), log_days[:n][known[:n]].std()
    Y = {"price": ((log_price - p_mu) / p_sd).astype("float32")[:, None],
         "days": np.where(known, (log_days - d_mu) / d_sd, 0.0).astype("float32")[:, None]}
    SW = {"price": np.ones(len(X), "float32"), "days": known.astype("float32")}

    part = lambda d, s: {k: v[s] for k, v in d.items()}
    tr, va = slice(0, n), slice(n, None)

    inp = keras.Input((X.shape[1],), name="home")
    trunk = WNDense(64, "relu")(inp)
    trunk = WNDense(32, "relu")(trunk)
    price = WNDense(1, name="price")(trunk)
    days = WNDense(1, name="days")(layers.Dropout(0.1)(WNDense(16, "relu")(trunk)))
    model = keras.Model(inp, {"price": price, "days": days})
    model.compile(
        optimizer=keras.optimizers.AdamW(3e-3, weight_decay=1e-3),
        loss={"price": "mse", "days": keras.losses.Huber(1.0)},
        loss_weights={"price": 1.0, "days": 0.3},
    )
    model.fit(X[tr], part(Y, tr), sample_weight=part(SW, tr), batch_size=64, epochs=epochs,
              validation_data=(X[va], part(Y, va), part(SW, va)), verbose=2,
              callbacks=[keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=4)])

    out = model.predict(X[va], verbose=0)
    euro = np.exp(out["price"][:, 0] * p_sd + p_mu)
    wait = np.exp(out["days"][:, 0] * d_sd + d_mu) - 1
    true_p, true_d, m = homes.price[va].to_numpy(), listed[va], known[va]
    print("price: median error %.1f %%  (median price: %.1f %%)" % (
        100 * np.median(np.abs(euro / true_p - 1)), 100 * np.median(np.abs(homes.price[tr].median() / true_p - 1))))
    print("days : mean error %.1f  (median: %.1f)" % (
        np.abs(wait - true_d)[m].mean(), np.abs(np.nanmedian(listed[tr]) - true_d)[m].mean()))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
