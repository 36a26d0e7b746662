# crop type from satellite indices. plots.csv comes from the remote sensing group,
# survey.csv is the field survey (new export, spring 2024)
from pathlib import Path
import pandas as pd
import tensorflow as tf
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder, StandardScaler

tf.keras.utils.set_random_seed(0)
here = Path(__file__).parent

plots = pd.read_csv(here / "plots.csv")
survey = pd.read_csv(here / "survey.csv")
assert len(plots) == len(survey)
print(plots.describe().T[["mean", "std", "min", "max"]].round(2))
print(survey["crop"].value_counts())

feature_cols = [c for c in plots.columns if c != "plot_id"]
X = plots[feature_cols].to_numpy("float32")
le = LabelEncoder()
y = le.fit_transform(survey.set_index("plot_id").loc[plots["plot_id"], "crop"])

X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.25, stratify=y, random_state=1)
sc = StandardScaler().fit(X_tr)
X_tr, X_te = sc.transform(X_tr), sc.transform(X_te)

inp = tf.keras.Input(shape=(len(feature_cols),))
h = tf.keras.layers.Dense(32, activation="relu")(inp)
h = tf.keras.layers.Dense(16, activation="relu")(h)
out = tf.keras.layers.Dense(len(le.classes_), activation="softmax")(h)
m = tf.keras.Model(inp, out)
m.compile(optimizer=tf.keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy", metrics=["acc"])
hist = m.fit(X_tr, y_tr, validation_data=(X_te, y_te), epochs=25, batch_size=32, verbose=0)

for e in range(0, 25, 4):
    print("epoch", e + 1, {k: round(v[e], 3) for k, v in hist.history.items()})
pred = m.predict(X_te, verbose=0).argmax(1)
print(pd.DataFrame(confusion_matrix(y_te, pred), index=le.classes_, columns=le.classes_))
print("accuracy", (pred == y_te).mean().round(3))
