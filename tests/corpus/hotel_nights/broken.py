# cancellation model for the two houses in Lagos / Faro
import json, os, sys
import numpy as np, pandas as pd
import tensorflow as tf
from tensorflow import keras

DIR = os.path.dirname(os.path.abspath(__file__))


class Experiment:
    """one json file = one run"""

    def __init__(self, cfg_path):
        with open(cfg_path) as fh:
            self.cfg = json.load(fh)  # expect-or: lr-too-high
        keras.utils.set_random_seed(self.cfg["seed"])

    def data(self):
        df = pd.read_csv(os.path.join(DIR, "bookings.csv"))
        y = df.pop("cancelled").values.astype("float32")
        df["lead_days"] = np.log1p(df["lead_days"])
        df = pd.get_dummies(df, columns=["segment", "deposit"])
        X = df.values.astype("float32")
        perm = np.random.RandomState(self.cfg["seed"]).permutation(len(X))
        cut = int(len(X) * .8)
        tr, va = perm[:cut], perm[cut:]
        mu, sd = X[tr].mean(0), X[tr].std(0) + 1e-6
        X = (X - mu) / sd
        self.va = (X[va], y[va])
        self.ds = (tf.data.Dataset.from_tensor_slices((X[tr], y[tr]))
                   .shuffle(cut, seed=1)
                   .batch(self.cfg["batch_size"])
                   .prefetch(2))
        return self

    def network(self):
        inp = keras.Input((self.va[0].shape[1],))
        h = inp
        for units in self.cfg["hidden"]:
            h = keras.layers.Dense(units, activation="relu")(h)
        out = keras.layers.Dense(1, activation="sigmoid")(h)
        self.model = keras.Model(inp, out)
        self.model.compile(
            optimizer=keras.optimizers.Adam(self.cfg["learning_rate"], clipnorm=self.cfg["clip"]),  # expect: lr-too-high
            loss="binary_crossentropy",
            metrics=["accuracy", keras.metrics.AUC(name="auc")])
        return self

    def run(self):
        log = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda e, l: print("%2d  loss %.4f  val_loss %.4f  val_auc %.3f"
                                            % (e + 1, l["loss"], l["val_loss"], l["val_auc"])))
        self.model.fit(self.ds, epochs=self.cfg["epochs"], validation_data=self.va,
                       callbacks=[log], verbose=0)
        res = self.model.evaluate(*self.va, verbose=0, return_dict=True)
        print("share of cancellations in validation: %.3f" % self.va[1].mean())
        print("final  accuracy %.3f   auc %.3f" % (res["accuracy"], res["auc"]))


if __name__ == "__main__":
    path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(DIR, "exp_04.json")  # expect-or: lr-too-high
    Experiment(path).data().network().run()
