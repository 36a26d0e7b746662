"""Wine: cultivar (3 classes) and proline level from the other measurements."""
import keras
import numpy as np
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

keras.utils.set_random_seed(8)

BATCH = 16
EPOCHS = 45

wine = load_wine()
proline = wine.data[:, -1:] / 1000.0
features = wine.data[:, :-1]
xtr, xte, ctr, cte, ptr, pte = train_test_split(
    features, wine.target, proline, test_size=0.25, random_state=2, stratify=wine.target)
sc = StandardScaler().fit(xtr)
xtr, xte = sc.transform(xtr), sc.transform(xte)

inputs = keras.Input((12,))
trunk = keras.layers.Dense(32, activation="relu")(inputs)
trunk = keras.layers.Dense(16, activation="relu")(trunk)
cultivar = keras.layers.Dense(3, activation="softmax", name="cultivar")(trunk)
level = keras.layers.Dense(1, name="proline")(trunk)
model = keras.Model(inputs, {"cultivar": cultivar, "proline": level})

steps_per_epoch = int(np.ceil(len(xtr) / BATCH))
# divide the rate by ten every 15 epochs
schedule = keras.optimizers.schedules.ExponentialDecay(
    initial_learning_rate=3e-3,
    decay_steps=15,  # expect: lr-too-low
    decay_rate=0.1,
    staircase=True,
)
print(f"{len(xtr)} training rows, {steps_per_epoch} steps per epoch")

model.compile(
    optimizer=keras.optimizers.Adam(schedule),
    loss={"cultivar": "sparse_categorical_crossentropy", "proline": "mse"},
    metrics={"cultivar": ["accuracy"], "proline": ["mae"]},
)
hist = model.fit(xtr, {"cultivar": ctr, "proline": ptr}, batch_size=BATCH, epochs=EPOCHS,
                 validation_data=(xte, {"cultivar": cte, "proline": pte}), verbose=0)
for e in range(0, EPOCHS, 4):
    print("epoch %3d  " % (e + 1) + "  ".join(
        f"{k} {hist.history[k][e]:.4f}" for k in
        ("loss", "val_loss", "val_cultivar_accuracy", "val_proline_mae")))
print("final:", {k: round(v[-1], 4) for k, v in hist.history.items()})
