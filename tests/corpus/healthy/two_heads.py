"""One trunk, two heads: which wine, and how much alcohol."""
import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(13)
frame = load_wine(as_frame=True).frame
kind = frame.pop("target").to_numpy()
alcohol = frame.pop("alcohol").to_numpy("float32")[:, None]          # 11 to 15 per cent
features = frame.to_numpy("float32")

f_tr, f_te, k_tr, k_te, a_tr, a_te = train_test_split(
    features, kind, alcohol, test_size=0.3, random_state=4, stratify=kind)

norm = layers.Normalization()
norm.adapt(f_tr)
rescale = layers.Normalization(axis=None, invert=True, name="alcohol",
                               mean=float(a_tr.mean()), variance=float(a_tr.var()))

x_in = keras.Input((features.shape[1],), name="chemistry")
trunk = layers.Dense(24, activation="relu")(norm(x_in))
trunk = layers.Dense(16, activation="relu")(trunk)
wine = layers.Dense(3, activation="softmax", name="wine")(trunk)
percent = rescale(layers.Dense(1, name="alcohol_z")(trunk))

model = keras.Model(x_in, {"wine": wine, "alcohol": percent})
model.compile(
    optimizer=keras.optimizers.Adam(5e-3),
    loss={"wine": "sparse_categorical_crossentropy", "alcohol": "mse"},
    loss_weights={"wine": 1.0, "alcohol": 0.5},
    metrics={"wine": ["accuracy"], "alcohol": ["mae"]},
)
model.fit(f_tr, {"wine": k_tr, "alcohol": a_tr}, epochs=15, batch_size=16, verbose=0,
          callbacks=[keras.callbacks.LambdaCallback(
              on_epoch_end=lambda e, logs: e % 5 == 0 and print(
                  e, {k: round(float(v), 3) for k, v in logs.items()}))])

out = model.predict(f_te, verbose=0)
acc = (out["wine"].argmax(1) == k_te).mean()
mse = float(np.mean((out["alcohol"] - a_te) ** 2))
print(f"wine accuracy {acc:.3f} (largest class {np.bincount(k_te).max() / len(k_te):.3f}); "
      f"alcohol mse {mse:.3f} (mean of training {np.mean((a_tr.mean() - a_te) ** 2):.3f})")
