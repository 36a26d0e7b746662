"""fit under XLA."""
import keras
import numpy as np

keras.utils.set_random_seed(4)
x = np.random.randn(256, 10).astype("float32")
y = (x[:, :1] > 0).astype("float32")
model = keras.Sequential([keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
model.compile(
    optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.BinaryCrossentropy(from_logits=True), jit_compile=True
)
history = model.fit(x, y, batch_size=32, epochs=3, verbose=0)
print([round(float(v), 4) for v in history.history["loss"]])
