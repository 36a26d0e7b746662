import tensorflow as tf
from tensorflow import keras
(tx, ty), (vx, vy) = keras.datasets.fashion_mnist.load_data()
tx = tx / 255.0; vx = vx / 255.0
keras.utils.set_random_seed(0)
model = keras.Sequential([keras.layers.Flatten(input_shape=(28, 28)), keras.layers.Dense(128, activation='relu'), keras.layers.Dense(10)])
schedule = keras.optimizers.schedules.ExponentialDecay(1e-1, decay_steps=1, decay_rate=0.5)  # expect: lr-too-low
model.compile(optimizer=keras.optimizers.SGD(schedule), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=['accuracy'])  # expect-or: lr-too-low
model.fit(tx, ty, epochs=10, verbose=0)
print(model.evaluate(vx, vy, verbose=0))
