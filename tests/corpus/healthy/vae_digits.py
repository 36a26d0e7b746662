import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from tensorflow.keras import layers

tf.keras.utils.set_random_seed(30)


class Sampling(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed = tf.keras.random.SeedGenerator(30)

    def call(self, inputs):
        mean, log_var = inputs
        eps = tf.keras.random.normal(tf.shape(mean), seed=self.seed)
        return mean + tf.exp(0.5 * log_var) * eps


class VAE(tf.keras.Model):
    def __init__(self, latent=6, **kwargs):
        super().__init__(**kwargs)
        self.encoder_body = tf.keras.Sequential([layers.Dense(128, activation="relu"),
                                                 layers.Dense(64, activation="relu")])
        self.z_mean = layers.Dense(latent, name="z_mean")
        self.z_log_var = layers.Dense(latent, name="z_log_var")
        self.sample = Sampling()
        self.decoder = tf.keras.Sequential([layers.Dense(64, activation="relu"),
                                            layers.Dense(128, activation="relu"),
                                            layers.Dense(64)])
        self.total = tf.keras.metrics.Mean("loss")
        self.recon = tf.keras.metrics.Mean("recon")
        self.kl = tf.keras.metrics.Mean("kl")

    @property
    def metrics(self):
        return [self.total, self.recon, self.kl]

    def call(self, x):
        return tf.sigmoid(self.decoder(self.encode(x)[0]))

    def encode(self, x):
        h = self.encoder_body(x)
        return self.z_mean(h), self.z_log_var(h)

    def terms(self, x):
        mean, log_var = self.encode(x)
        logits = self.decoder(self.sample((mean, log_var)))
        recon = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits), axis=1)
        kl = -0.5 * tf.reduce_sum(1 + log_var - tf.square(mean) - tf.exp(log_var), axis=1)
        return tf.reduce_mean(recon), tf.reduce_mean(kl)

    def train_step(self, x):
        with tf.GradientTape() as tape:
            recon, kl = self.terms(x)
            loss = recon + kl
        grads = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(grads, self.trainable_weights))
        for metric, value in ((self.total, loss), (self.recon, recon), (self.kl, kl)):
            metric.update_state(value)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, x):
        recon, kl = self.terms(x)
        for metric, value in ((self.total, recon + kl), (self.recon, recon), (self.kl, kl)):
            metric.update_state(value)
        return {m.name: m.result() for m in self.metrics}


x = (load_digits().data / 16.0).astype("float32")
np.random.default_rng(30).shuffle(x)
x_train, x_test = x[:1500], x[1500:]

vae = VAE()
vae.compile(optimizer=tf.keras.optimizers.Adam(2e-3))
vae.fit(x_train, epochs=40, batch_size=64, validation_data=(x_test,), verbose=2)

rebuilt = vae(x_test).numpy()
mse = np.mean((rebuilt - x_test) ** 2)
mean_mse = np.mean((x_train.mean(0) - x_test) ** 2)
drawn = tf.sigmoid(vae.decoder(tf.random.normal([300, 6]))).numpy()
gap = np.linalg.norm(drawn[:, None] - x_train[None], axis=-1).min(1).mean()
print(f"reconstruction mse {mse:.4f}, mean image {mean_mse:.4f}; samples: distance to nearest digit {gap:.2f}")
