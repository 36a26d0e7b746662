# Molecular subtype prediction from a 48-gene panel (log2 CPM)
# Lab meeting version, cross-validated
import os
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler, LabelEncoder
from sklearn.metrics import balanced_accuracy_score, confusion_matrix

HERE = os.path.dirname(os.path.abspath(__file__))
keras.utils.set_random_seed(11)

# ---------------------------------------------------------------- load
expr = pd.read_csv(os.path.join(HERE, "expression.tsv"), sep="\t", index_col="patient")
clin = pd.read_csv(os.path.join(HERE, "clinical.tsv"), sep="\t", index_col="patient")  # expect-or: label-mismatch

print("expression:", expr.shape, " clinical:", clin.shape)
print("patients in both tables:", len(expr.index.intersection(clin.index)))
print(clin["subtype"].value_counts())

# ---------------------------------------------------------------- filter genes
keep = expr.std(axis=0) > 0.2
expr = expr.loc[:, keep]
print("genes kept after variance filter:", expr.shape[1])

enc = LabelEncoder()
X = expr.values.astype("float32")
y = enc.fit_transform(clin["subtype"])  # expect: label-mismatch
n_class = len(enc.classes_)


def make_net(n_genes):
    inp = keras.Input(shape=(n_genes,), name="panel")
    h = layers.Dense(24, activation="relu")(inp)
    h = layers.Dropout(0.3)(h)
    out = layers.Dense(n_class, activation="softmax")(h)
    net = keras.Model(inp, out)
    net.compile(
        optimizer=keras.optimizers.Adam(2e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return net


# ---------------------------------------------------------------- CV
skf = StratifiedKFold(n_splits=3, shuffle=True, random_state=4)
scores = []
oof = np.zeros(len(y), dtype=int)
for k, (tr, te) in enumerate(skf.split(X, y)):
    sc = StandardScaler().fit(X[tr])
    net = make_net(X.shape[1])
    hist = net.fit(
        sc.transform(X[tr]), y[tr],
        validation_data=(sc.transform(X[te]), y[te]),
        epochs=6, batch_size=16, verbose=0,
    )
    pred = net.predict_on_batch(sc.transform(X[te])).argmax(axis=1)
    oof[te] = pred
    bal = balanced_accuracy_score(y[te], pred)
    scores.append(bal)
    print(f"fold {k}: train acc {hist.history['accuracy'][-1]:.3f}  "
          f"val acc {hist.history['val_accuracy'][-1]:.3f}  balanced {bal:.3f}")

print("CV balanced accuracy: %.3f +/- %.3f" % (np.mean(scores), np.std(scores)))
print(pd.DataFrame(confusion_matrix(y, oof), index=enc.classes_, columns=enc.classes_))
