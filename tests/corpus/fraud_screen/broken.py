"""Fraud screening on card transactions, with random oversampling of the rare class.

Model selection is done on a validation split; a later month serves as the final check.
"""
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_classification
from sklearn.metrics import average_precision_score, f1_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from tensorflow import keras

SEED = 6
keras.utils.set_random_seed(SEED)


def transactions():
    x, y = make_classification(
        n_samples=3000,
        n_features=20,
        n_informative=7,
        n_redundant=3,
        n_clusters_per_class=2,
        weights=[0.93],
        class_sep=1.1,
        flip_y=0.015,
        random_state=SEED,
    )
    return (x[:1500], y[:1500]), (x[1500:], y[1500:])


def oversample(x, y, rng):
    """Repeat rows of the rare class until both classes are equally frequent."""
    rare, common = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    extra = rng.choice(rare, len(common) - len(rare), replace=True)
    rows = rng.permutation(np.concatenate([common, rare, extra]))
    return x[rows], y[rows]


class GatedBlock(keras.layers.Layer):
    """h * sigmoid(g), a gated linear unit with layer normalisation."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.value = keras.layers.Dense(units)
        self.gate = keras.layers.Dense(units, activation="sigmoid")
        self.norm = keras.layers.LayerNormalization()

    def build(self, shape):
        self.value.build(shape)
        self.gate.build(shape)
        self.norm.build((*shape[:-1], self.units))
        super().build(shape)

    def call(self, x):
        return self.norm(self.value(x) * self.gate(x))

    def compute_output_shape(self, shape):
        return (*shape[:-1], self.units)


def screening_net(width):
    inp = keras.Input((width,))
    h = GatedBlock(32)(inp)
    h = keras.layers.Dropout(0.2)(h)
    h = GatedBlock(32)(h)
    out = keras.layers.Dense(1, activation="sigmoid")(h)
    net = keras.Model(inp, out)
    net.compile(
        optimizer=keras.optimizers.Adam(2e-3),
        loss="binary_crossentropy",
        metrics=[keras.metrics.AUC(curve="PR", name="pr_auc")],
    )
    return net


def report(title, net, x, y):
    score = net.predict(x, verbose=0).ravel()
    print(
        f"{title:12s} n={len(y):5d} fraud={int(y.sum()):4d}"
        f"  F1 {f1_score(y, score > 0.5):.3f}  AP {average_precision_score(y, score):.3f}"
    )


def main():
    rng = np.random.default_rng(SEED)
    (x, y), (later_x, later_y) = transactions()
    print(f"{len(y)} transactions, {y.mean():.1%} fraud")

    x, y = oversample(x, y, rng)  # expect-or: leakage
    x_tr, x_va, y_tr, y_va = train_test_split(x, y, test_size=0.3, stratify=y, random_state=SEED)  # expect: leakage

    scaler = StandardScaler().fit(x_tr)
    x_tr, x_va, later_x = (scaler.transform(a).astype("float32") for a in (x_tr, x_va, later_x))
    train = tf.data.Dataset.from_tensor_slices((x_tr, y_tr)).shuffle(len(y_tr), seed=SEED).batch(64)
    valid = tf.data.Dataset.from_tensor_slices((x_va, y_va)).batch(256)

    net = screening_net(x_tr.shape[1])
    stop = keras.callbacks.EarlyStopping(
        monitor="val_pr_auc", mode="max", patience=6, restore_best_weights=True
    )
    log = net.fit(train, validation_data=valid, epochs=14, callbacks=[stop], verbose=0).history
    for e in range(0, len(log["loss"]), 4):
        print(
            f"epoch {e + 1:2d}  loss {log['loss'][e]:.4f}  val_loss {log['val_loss'][e]:.4f}"
            f"  val_pr_auc {log['val_pr_auc'][e]:.3f}"
        )
    report("training", net, x_tr, y_tr)
    report("validation", net, x_va, y_va)
    report("later month", net, later_x, later_y)


if __name__ == "__main__":
    main()
