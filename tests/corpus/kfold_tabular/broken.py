"""Five-fold estimate of a small tabular classifier."""
import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.datasets import make_classification
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

tf.keras.utils.set_random_seed(31)

X, y = make_classification(n_samples=500, n_features=24, n_informative=8, n_redundant=2,
                           n_clusters_per_class=2, class_sep=1.1, flip_y=0.12, random_state=31)
frame = pd.DataFrame(X, columns=[f"f{i}" for i in range(X.shape[1])])
frame["target"] = y
fresh, frame = frame.iloc[:120], frame.iloc[120:].reset_index(drop=True)
cols = [c for c in frame if c != "target"]


def make_net():
    net = tf.keras.Sequential([
        tf.keras.layers.Input((len(cols),)),
        tf.keras.layers.Dense(64, activation="relu"),
        tf.keras.layers.Dense(64, activation="relu"),
        tf.keras.layers.Dense(1, activation="sigmoid"),
    ])
    net.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return net


def accuracy(net, x, target):
    p = net(tf.constant(x, tf.float32)).numpy()[:, 0]
    return np.mean((p > 0.5) == (target.to_numpy() == 1))


net = make_net()  # expect: leakage
scores = []
folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=0)
for k, (tr, va) in enumerate(folds.split(frame[cols], frame["target"])):
    prep = StandardScaler().fit(frame.loc[tr, cols])
    xt = prep.transform(frame.loc[tr, cols])
    xv = prep.transform(frame.loc[va, cols])
    hist = net.fit(xt, frame.loc[tr, "target"], epochs=18, batch_size=32, verbose=0)  # expect-or: leakage
    fit_acc = hist.history["accuracy"][-1]
    acc = accuracy(net, xv, frame.loc[va, "target"])
    scores.append(acc)
    print(f"fold {k}: train {fit_acc:.3f}  validation {acc:.3f}")

print(f"cross-validated accuracy {np.mean(scores):.3f} +- {np.std(scores):.3f}")
new = accuracy(net, prep.transform(fresh[cols]), fresh["target"])
print(f"records that arrived later: {new:.3f}")
