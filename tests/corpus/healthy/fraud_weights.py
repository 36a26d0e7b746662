import numpy as np
from sklearn.datasets import make_classification
from sklearn.metrics import classification_report, roc_auc_score
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import layers

# card fraud, about 6 % positives
keras.utils.set_random_seed(13)
X, y = make_classification(n_samples=5000, n_features=12, n_informative=8, n_redundant=2,
                           weights=[0.94], class_sep=2.0, flip_y=0.0, random_state=13)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.25, stratify=y, random_state=13)
print("fraud rate train %.3f test %.3f" % (ytr.mean(), yte.mean()))

norm = layers.Normalization()
norm.adapt(Xtr)

pos = ytr.mean()
class_weight = {0: 0.5 / (1 - pos), 1: 0.5 / pos}
print("class weights", class_weight)

model = keras.Sequential([
    keras.Input((12,)),
    norm,
    layers.Dense(32, activation="relu"),
    layers.Dropout(0.2),
    layers.Dense(16, activation="relu"),
    layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy",
              metrics=[keras.metrics.AUC(name="auc"), keras.metrics.Recall(name="recall")])
stop = keras.callbacks.EarlyStopping(monitor="val_auc", mode="max", patience=6,
                                     restore_best_weights=True)
model.fit(Xtr, ytr, validation_split=0.2, epochs=8, batch_size=64,
          class_weight=class_weight, callbacks=[stop], verbose=2)

p = model.predict(Xte, verbose=0).ravel()
print("ROC AUC %.3f" % roc_auc_score(yte, p))
for cut in (0.5, 0.8):
    print("threshold", cut)
    print(classification_report(yte, (p > cut).astype(int), digits=3, zero_division=0))
