"""Sequential.fit on arrays with validation, evaluate and predict."""
import hashlib

import keras
import numpy as np

keras.utils.set_random_seed(5)
rows = np.random.randn(640, 20).astype("float32")
x, x_val = rows[:512], rows[512:]
y, y_val = (x[:, 0] > 0).astype("int32"), (x_val[:, 0] > 0).astype("int32")
model = keras.Sequential(
    [
        keras.Input((20,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(2, activation="softmax"),
    ]
)
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=3, batch_size=32, validation_data=(x_val, y_val), verbose=0)
print({name: [round(float(v), 5) for v in values] for name, values in history.history.items()})
print([round(float(v), 5) for v in model.evaluate(x, y, verbose=0)], model.predict(x[:4], verbose=0).shape)
print(hashlib.sha256(b"".join(w.tobytes() for w in model.get_weights())).hexdigest())
