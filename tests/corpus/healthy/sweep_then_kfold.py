"""Small sweep over step size and width on a few epochs, then 3-fold training with the winner."""
import itertools
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.preprocessing import StandardScaler

tf.keras.utils.set_random_seed(40)
X, y = load_breast_cancer(return_X_y=True)
X, y = X.astype("float32"), y.astype("float32")
X_dev, X_final, y_dev, y_final = train_test_split(X, y, test_size=0.2, stratify=y, random_state=40)


def build(lr, width):
    m = tf.keras.Sequential([
        tf.keras.layers.Input((30,)),
        tf.keras.layers.Dense(width, activation="relu", kernel_regularizer="l2"),
        tf.keras.layers.Dense(1),
    ])
    m.compile(tf.keras.optimizers.SGD(lr, momentum=0.9), tf.keras.losses.BinaryCrossentropy(from_logits=True),
              metrics=[tf.keras.metrics.BinaryAccuracy(threshold=0.0, name="acc")])
    return m


a, b, ya, yb = train_test_split(X_dev, y_dev, test_size=0.25, stratify=y_dev, random_state=0)
sc = StandardScaler().fit(a)
a, b = sc.transform(a), sc.transform(b)
table = {}
for lr, width in itertools.product((1e-6, 1e-2, 30.0), (4, 24)):
    m = build(lr, width)
    m.fit(a, ya, epochs=5, batch_size=32, verbose=0)
    loss, acc = m.evaluate(b, yb, verbose=0)
    table[lr, width] = loss if np.isfinite(loss) else np.inf
    print(f"lr {lr:<8g} width {width:<3d} val loss {loss:.4g} acc {acc:.3f}")
lr, width = min(table, key=table.get)
print("chosen:", lr, width)

models, scores = [], []
for i, (tr, va) in enumerate(StratifiedKFold(3, shuffle=True, random_state=2).split(X_dev, y_dev)):
    s = StandardScaler().fit(X_dev[tr])
    m = build(lr, width)
    h = m.fit(s.transform(X_dev[tr]), y_dev[tr], epochs=25, batch_size=32, verbose=0,
              validation_data=(s.transform(X_dev[va]), y_dev[va]))
    scores.append(h.history["val_acc"][-1])
    models.append((s, m))
    print(f"fold {i}: loss {h.history['loss'][-1]:.3f} val loss {h.history['val_loss'][-1]:.3f} val acc {scores[-1]:.3f}")
z = np.mean([m(s.transform(X_final)).numpy()[:, 0] for s, m in models], 0)
print("cv %.3f, held-out ensemble %.3f, majority %.3f" % (np.mean(scores), ((z > 0) == (y_final > 0.5)).mean(), max(y_final.mean(), 1 - y_final.mean())))
