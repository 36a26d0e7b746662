# %% imports
import os
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
import numpy as np
import keras
from sklearn.datasets import make_multilabel_classification
from sklearn.metrics import f1_score
from sklearn.preprocessing import StandardScaler

keras.utils.set_random_seed(3)

# %% data: bag-of-words like counts, every film may carry several genres
X, Y = make_multilabel_classification(
    n_samples=3000, n_features=40, n_classes=6, n_labels=2, length=60, random_state=3
)
X_train, X_test = X[:2400], X[2400:]
Y_train, Y_test = Y[:2400].astype("float32"), Y[2400:].astype("float32")
scaler = StandardScaler().fit(X_train)
X_train, X_test = scaler.transform(X_train), scaler.transform(X_test)
print(X_train.shape, Y_train.shape, "mean labels per film", Y_train.sum(1).mean())

# %% model
inp = keras.Input((40,), name="counts")
h = keras.layers.Dense(64, activation="relu")(inp)
h = keras.layers.Dropout(0.2)(h)
h = keras.layers.Dense(32, activation="relu")(h)
out = keras.layers.Dense(6, activation="sigmoid", name="genres")(h)
model = keras.Model(inp, out)
model.summary()

# %% train
model.compile(
    optimizer="adam",
    loss="categorical_crossentropy",  # expect: loss-wrong
    metrics=[keras.metrics.BinaryAccuracy(name="bin_acc")],
)
hist = model.fit(X_train, Y_train, epochs=12, batch_size=32,
                 validation_data=(X_test, Y_test), verbose=2)

# %% report
pred = (model.predict(X_test, verbose=0) > 0.5).astype(int)
print("micro F1 %.3f" % f1_score(Y_test, pred, average="micro"))
print("labels predicted per film %.2f (true %.2f)" % (pred.sum(1).mean(), Y_test.sum(1).mean()))
