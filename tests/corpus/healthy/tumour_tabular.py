"""Benign or malignant?  Tabular baseline with a neural network."""
import keras
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import classification_report, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import PowerTransformer, StandardScaler

SEED = 2023
keras.utils.set_random_seed(SEED)

df = load_breast_cancer(as_frame=True).frame
df["area_ratio"] = df["worst area"] / df["mean area"]
target = 1 - df.pop("target")          # 1 = malignant
print(df.shape, "malignant share: %.3f" % target.mean())

skewed = [c for c in df.columns if df[c].skew() > 1.0]
plain = [c for c in df.columns if c not in skewed]

tr_x, te_x, tr_y, te_y = train_test_split(
    df, target, test_size=0.25, stratify=target, random_state=SEED)

prep = ColumnTransformer([
    ("skewed", PowerTransformer(), skewed),
    ("plain", StandardScaler(), plain),
])
tr = prep.fit_transform(tr_x).astype("float32")
te = prep.transform(te_x).astype("float32")

fit_x, val_x, fit_y, val_y = train_test_split(
    tr, tr_y.to_numpy("float32"), test_size=0.2, stratify=tr_y, random_state=SEED)


def build(n_features):
    i = keras.Input((n_features,))
    h = keras.layers.Dense(32, activation="relu",
                           kernel_regularizer=keras.regularizers.l2(1e-3))(i)
    h = keras.layers.Dropout(0.3)(h)
    h = keras.layers.Dense(16, activation="relu",
                           kernel_regularizer=keras.regularizers.l2(1e-3))(h)
    o = keras.layers.Dense(1, activation="sigmoid")(h)
    m = keras.Model(i, o)
    m.compile(optimizer=keras.optimizers.Adam(2e-3),
              loss="binary_crossentropy",
              metrics=["accuracy", keras.metrics.AUC(name="auc")])
    return m


model = build(tr.shape[1])
model.fit(
    fit_x, fit_y,
    validation_data=(val_x, val_y),
    epochs=40, batch_size=32, verbose=0,
    callbacks=[keras.callbacks.EarlyStopping("val_loss", patience=8,
                                             restore_best_weights=True)],
)

p = model.predict(te, verbose=0).ravel()
print(classification_report(te_y, (p > 0.5).astype(int), digits=3))
print("ROC AUC on the held-out quarter: %.4f" % roc_auc_score(te_y, p))
