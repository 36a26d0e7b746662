"""fit with run_eagerly=True, an embedding and a recurrent layer."""
import hashlib

import keras
import numpy as np

keras.utils.set_random_seed(1)
tokens = np.random.randint(0, 50, (128, 12))
labels = (tokens == 7).any(axis=1).astype("float32")
model = keras.Sequential(
    [
        keras.layers.Embedding(50, 8),
        keras.layers.GRU(8),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"], run_eagerly=True)
history = model.fit(tokens, labels, batch_size=32, epochs=2, verbose=0)
print([round(float(v), 5) for v in history.history["loss"]])
print(hashlib.sha256(b"".join(w.tobytes() for w in model.get_weights())).hexdigest())
