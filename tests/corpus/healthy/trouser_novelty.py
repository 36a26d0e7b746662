"""Novelty detection: the autoencoder sees trousers and nothing else."""
import numpy as np
from sklearn.metrics import roc_auc_score
from tensorflow import keras
from tensorflow.keras import layers

TROUSER = 1
NAMES = "t-shirt trouser pullover dress coat sandal shirt sneaker bag boot".split()
keras.utils.set_random_seed(0)

(x, y), (xt, yt) = keras.datasets.fashion_mnist.load_data()
x = x.reshape(len(x), -1).astype("float32") / 255
xt = xt.reshape(len(xt), -1).astype("float32") / 255
y, yt = y.ravel(), yt.ravel()

own = x[y == TROUSER]
cut = int(len(own) * 0.85)
fit_on, held = own[:cut], own[cut:]
print("trousers to train on:", fit_on.shape, " held out:", held.shape)

ae = keras.Sequential([
    keras.Input((784,)),
    layers.Dense(96, activation="relu"),
    layers.Dense(12, name="code"),
    layers.Dense(96, activation="relu"),
    layers.Dense(784, activation="sigmoid"),
], name="trousers")
ae.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse")
log = ae.fit(fit_on, fit_on, epochs=40, batch_size=16, validation_data=(held, held), verbose=0)
for e in (0, 4, 9, 19, 29, 39):
    print(f"epoch {e + 1:3d}  mse {log.history['loss'][e]:.4f}  held-out {log.history['val_loss'][e]:.4f}")

mean_mse = ((held - fit_on.mean(0)) ** 2).mean()
print(f"mean picture as the reconstruction: {mean_mse:.4f}")

score = ((ae.predict(xt, verbose=0) - xt) ** 2).mean(1)
limit = np.quantile(((ae.predict(held, verbose=0) - held) ** 2).mean(1), 0.95)
print(f"alarm above {limit:.4f}")
for k, name in enumerate(NAMES):
    s = score[yt == k]
    print(f"  {name:10s} n={len(s):3d}  mean error {s.mean():.4f}  alarms {np.mean(s > limit):.2f}")
print("ROC AUC, anything else against trousers: %.3f" % roc_auc_score(yt != TROUSER, score))
