# Unsupervised fault finding on a gas turbine: an autoencoder is fitted on normal
# operation only, a high reconstruction error later on means "something is odd".

import os
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

tf.keras.utils.set_random_seed(42)

CONFIG = {
    "widths": [48, 40, 32, 24, 16],
    "code_dim": 4,
    "activation": "elu",
    "learning_rate": 1e-3,
    "batch_size": 64,
    "epochs": 14,
}


def simulate(n, rng):
    """24 sensors that follow 4 slow operating variables."""
    steps = rng.normal(size=(n + 200, 4))
    state = np.zeros_like(steps)
    for t in range(1, len(steps)):
        state[t] = 0.96 * state[t - 1] + 0.28 * steps[t]
    return state[200:]


def sensors(state, mix, rng):
    curved = np.concatenate([state, np.tanh(1.5 * state), state[:, :1] * state[:, 1:2]], axis=1)
    return curved @ mix + rng.normal(scale=0.08, size=(len(state), mix.shape[1]))


class TurbineAE(tf.keras.Model):
    def __init__(self, n_sensors, cfg):
        super().__init__()
        act = cfg.get("activation", "sigmoid")
        self.down = [tf.keras.layers.Dense(w, activation=act) for w in cfg["widths"]]
        self.code = tf.keras.layers.Dense(cfg["code_dim"])
        self.up = [tf.keras.layers.Dense(w, activation=act) for w in reversed(cfg["widths"])]
        self.out = tf.keras.layers.Dense(n_sensors)

    def call(self, x):
        for layer in self.down:
            x = layer(x)
        x = self.code(x)
        for layer in self.up:
            x = layer(x)
        return self.out(x)


def main():
    rng = np.random.default_rng(8)
    mix = rng.normal(size=(9, 24)) / 2.0
    normal = sensors(simulate(4000, rng), mix, rng)
    fresh = sensors(simulate(1000, rng), mix, rng)

    # odd rows: six sensors report what they saw at some other moment
    odd = fresh[::2].copy()
    for row in odd:
        which = rng.choice(24, 6, replace=False)
        row[which] = normal[rng.integers(len(normal)), which]
    test = np.concatenate([fresh[1::2], odd])
    is_odd = np.concatenate([np.zeros(len(fresh) // 2), np.ones(len(odd))])

    scaler = StandardScaler().fit(normal)
    x_train = scaler.transform(normal).astype("float32")
    x_test = scaler.transform(test).astype("float32")

    ae = TurbineAE(x_train.shape[1], CONFIG)
    ae.compile(optimizer=tf.keras.optimizers.Adam(CONFIG["learning_rate"]), loss="mse")
    history = ae.fit(x_train, x_train,
                     batch_size=CONFIG["batch_size"], epochs=CONFIG["epochs"],
                     validation_split=0.15, verbose=0)
    for e, (a, b) in enumerate(zip(history.history["loss"], history.history["val_loss"])):
        print(f"epoch {e + 1:2d}  mse {a:.4f}  val {b:.4f}")

    error = np.mean((ae.predict(x_test, verbose=0) - x_test) ** 2, axis=1)
    print("ROC AUC normal / odd: %.3f" % roc_auc_score(is_odd, error))


if __name__ == "__main__":
    main()
