# 3% positives, focal loss, output bias set to the log odds of the base rate
import numpy as np
import tensorflow as tf
from sklearn.metrics import average_precision_score, recall_score, roc_auc_score
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(14)
r = np.random.RandomState(14)


def draw(n):
    x = r.normal(size=(n, 10)).astype("float32")
    s = 2 * x[:, 0] - 1.5 * x[:, 1] + x[:, 2] * x[:, 3] + 0.5 * r.normal(size=n)
    return x, (s > 5.3).astype("float32").reshape(-1, 1)


x, y = draw(8000)
xt, yt = draw(4000)
base = float(y.mean())
print("base rate", base)
model = keras.Sequential([
    keras.Input((10,)),
    layers.Dense(32, activation="relu"),
    layers.Dense(32, activation="relu"),
    layers.Dense(1, activation="sigmoid", bias_initializer=keras.initializers.Constant(np.log(base / (1 - base)))),
])
model.compile(keras.optimizers.Adam(2e-3), keras.losses.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.9, gamma=1.5),
              metrics=[keras.metrics.AUC(curve="PR", name="pr"), keras.metrics.Recall(name="rec")])
model.fit(x, y, batch_size=128, epochs=15, validation_data=(xt, yt), verbose=2)
p = model.predict(xt, verbose=0).ravel()
print("held-out AP", average_precision_score(yt, p), "ROC", roc_auc_score(yt, p), "recall", recall_score(yt.ravel(), p > 0.5))
