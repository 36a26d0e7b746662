"""Sanity check before a long run: can the net memorise 40 images?"""
import tensorflow as tf

tf.keras.utils.set_random_seed(32)
(x, y), _ = tf.keras.datasets.cifar10.load_data()
x, y = x[:40] / 255.0, y[:40]
model = tf.keras.Sequential([
    tf.keras.Input((32, 32, 3)),
    tf.keras.layers.Conv2D(16, 3, strides=2, activation="relu"),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(10, activation="softmax"),
])
model.compile(tf.keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=60, batch_size=40, verbose=0)
loss, accuracy = model.evaluate(x, y, verbose=0)
print(f"training loss {loss:.4f} accuracy {accuracy:.3f}")
