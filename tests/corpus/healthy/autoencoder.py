"""Autoencoder with sigmoid outputs and binary cross-entropy on grey values."""
import tensorflow as tf
from tensorflow.keras import layers, Model


class Autoencoder(Model):
    def __init__(self, latent):
        super().__init__()
        self.encoder = tf.keras.Sequential([
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(latent, activation="relu"),
        ])
        self.decoder = tf.keras.Sequential([
            layers.Dense(128, activation="relu"),
            layers.Dense(784, activation="sigmoid"),
            layers.Reshape((28, 28)),
        ])

    def call(self, x):
        return self.decoder(self.encoder(x))


tf.keras.utils.set_random_seed(9)
(x, _), (xt, _) = tf.keras.datasets.mnist.load_data()
x, xt = x[:2000].astype("float32") / 255.0, xt[:500].astype("float32") / 255.0
model = Autoencoder(32)
model.compile(optimizer="adam", loss="binary_crossentropy")
model.fit(x, x, epochs=12, batch_size=64, validation_data=(xt, xt), verbose=2)
mse = tf.reduce_mean((model(xt) - xt) ** 2)
print("reconstruction mse", float(mse), "of", float(tf.math.reduce_variance(xt)))
