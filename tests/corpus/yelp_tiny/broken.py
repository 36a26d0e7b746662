import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(2)
rng = np.random.default_rng(2)

VOCAB, LENGTH = 800, 24
tone = rng.normal(0, 1, VOCAB)                   # how friendly each word is
freq = 1 / np.arange(5, VOCAB + 5) ** 0.7
freq /= freq.sum()


def reviews(n):
    words = rng.choice(VOCAB, size=(n, LENGTH), p=freq)
    mood = tone[words].sum(axis=1) + rng.normal(0, 1.0, n)
    return words, (mood > 0).astype("int32")


n_train = 300  # expect-or: overfitting
x_train, y_train = reviews(n_train)  # expect-or: overfitting
x_val, y_val = reviews(1000)

model = keras.Sequential([
    layers.Embedding(VOCAB, 64),
    layers.Conv1D(64, 3, activation="relu"),
    layers.GlobalAveragePooling1D(),
    layers.Dense(64, activation="relu"),
    layers.Dense(2, activation="softmax"),
])
model.compile(
    optimizer=keras.optimizers.Adam(2e-3),
    loss="sparse_categorical_crossentropy",
    metrics=["acc"],
)
history = model.fit(  # expect: overfitting
    x_train, y_train,  # expect-or: overfitting
    validation_data=(x_val, y_val),  # expect-or: overfitting
    epochs=40,  # expect-or: overfitting
    batch_size=50,
    verbose=2,
)
print("train acc", round(history.history["acc"][-1], 3))
print("val acc  ", round(history.history["val_acc"][-1], 3), " val loss", round(history.history["val_loss"][-1], 3))
