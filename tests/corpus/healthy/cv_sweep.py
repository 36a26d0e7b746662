# Sweep of learning rates with stratified 3-fold cross validation (wine data).
# One compiled network; it goes back to its initial state for every run.
import keras
import numpy as np
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.preprocessing import StandardScaler

keras.utils.set_random_seed(2024)
rng = np.random.default_rng(2024)
wine = load_wine()
dev_x, hold_x, dev_y, hold_y = train_test_split(
    wine.data, wine.target, test_size=42, stratify=wine.target, random_state=1)

net = keras.Sequential([
    keras.Input((13,)),
    keras.layers.Dense(24, activation="tanh"),
    keras.layers.Dropout(0.1),
    keras.layers.Dense(3, activation="softmax"),
])
net.compile(keras.optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
net.optimizer.build(net.trainable_variables)
W0 = net.get_weights()
S0 = [v.numpy() for v in net.optimizer.variables]


def fresh(lr):
    net.set_weights(W0)
    for var, val in zip(net.optimizer.variables, S0):
        var.assign(val)
    net.optimizer.learning_rate = lr


def run(lr, x, y, vx, vy, epochs=35, patience=5, batch=16):
    """Train with early stopping; the network is left with the best weights."""
    sc = StandardScaler().fit(x)
    x, vx = sc.transform(x).astype("float32"), sc.transform(vx).astype("float32")
    fresh(lr)
    best, kept, waited = (np.inf, 0.0), net.get_weights(), 0
    for epoch in range(epochs):
        for rows in np.array_split(rng.permutation(len(x)), len(x) // batch):
            net.train_on_batch(x[rows], y[rows])
        net.reset_metrics()
        val = tuple(float(v) for v in net.test_on_batch(vx, vy))
        net.reset_metrics()
        if val[0] < best[0]:
            best, kept, waited = val, net.get_weights(), 0
        else:
            waited += 1
            if waited == patience:
                break
    net.set_weights(kept)
    return *best, epoch + 1, sc


results = {}
for lr in (0.03, 0.06, 0.12):
    folds = StratifiedKFold(3, shuffle=True, random_state=5).split(dev_x, dev_y)
    rows = [run(lr, dev_x[a], dev_y[a], dev_x[b], dev_y[b])[:3] for a, b in folds]
    loss, acc, n = np.mean(rows, axis=0)
    results[lr] = loss
    print(f"lr {lr:<5}  val loss {loss:.4f}  val accuracy {acc:.3f}  epochs {n:.1f}")

best = min(results, key=results.get)
fit_x, stop_x, fit_y, stop_y = train_test_split(dev_x, dev_y, test_size=0.2, stratify=dev_y, random_state=3)
*_, scaler = run(best, fit_x, fit_y, stop_x, stop_y)
acc = np.mean(net.predict(scaler.transform(hold_x), verbose=0).argmax(1) == hold_y)
print(f"best lr {best}; accuracy on the {len(hold_y)} wines kept apart: {acc:.3f} "
      f"(largest class {np.bincount(hold_y).max() / len(hold_y):.3f})")
