"""Sequential.fit on arrays with validation, evaluate and predict."""
import hashlib

import keras
import numpy as np

keras.utils.set_random_seed(5)
x = np.random.randn(512, 20).astype("float32")
y = (x[:, 0] > 0).astype("int32")
model = keras.Sequential(
    [
        keras.Input((20,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(2, activation="softmax"),
    ]
)
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=3, batch_size=32, validation_data=(x[:128], y[:128]), verbose=0)
print({name: [round(float(v), 5) for v in values] for name, values in history.history.items()})
print([round(float(v), 5) for v in model.evaluate(x, y, verbose=0)], model.predict(x[:4], verbose=0).shape)
print(hashlib.sha256(b"".join(w.tobytes() for w in model.get_weights())).hexdigest())
