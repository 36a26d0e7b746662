# %%
import numpy as np
import pandas as pd
from sklearn.datasets import make_classification
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.callbacks import EarlyStopping, ReduceLROnPlateau

SEED = 2024
keras.utils.set_random_seed(SEED)

# %%
X, y = make_classification(n_samples=5000, n_features=20, n_informative=9, n_redundant=3,
                           n_clusters_per_class=5, class_sep=1.1, flip_y=0.01,
                           random_state=SEED)
train = pd.DataFrame(X, columns=[f"V{i}" for i in range(20)])
train["target"] = y
train.head()

# %%
features = [c for c in train.columns if c != "target"]
tr, te = train_test_split(train, test_size=0.2, stratify=train.target, random_state=SEED)
tr, va = train_test_split(tr, test_size=0.2, stratify=tr.target, random_state=SEED)
sc = StandardScaler().fit(tr[features])
Xtr, Xva, Xte = (sc.transform(d[features]).astype("float32") for d in (tr, va, te))

# %%
def get_model():
    inp = layers.Input((len(features),))
    x = layers.Dense(128, activation="swish")(inp)
    x = layers.Dense(64, activation="swish")(x)
    out = layers.Dense(1, activation="sigmoid")(x)
    m = keras.Model(inp, out)
    m.compile(optimizer=keras.optimizers.Adam(5e-4), loss="binary_crossentropy",
              metrics=[keras.metrics.AUC(name="auc")])
    return m

# %%
callbacks = [
    ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=3, verbose=0),
    EarlyStopping(monitor="val_auc", mode="min", patience=4, restore_best_weights=True, verbose=1),  # expect: too-few-steps
]
model = get_model()
hist = model.fit(Xtr, tr.target.values, validation_data=(Xva, va.target.values),
                 epochs=40, batch_size=64, callbacks=callbacks, verbose=2)  # expect-or: too-few-steps

# %%
p = model.predict(Xte, batch_size=512, verbose=0).ravel()
print("epochs run:", len(hist.epoch))
print("test AUC: %.5f" % roc_auc_score(te.target, p))
