"""Variational autoencoder on the 8x8 digits (lab 7)."""
import numpy as np
import tensorflow as tf
import keras
from sklearn.datasets import load_digits

keras.utils.set_random_seed(7)
LATENT = 8
EPOCHS = 40
BATCH = 64

x = (load_digits().data / 16.0).astype("float32")
rng = np.random.default_rng(7)
x = x[rng.permutation(len(x))]
x_train, x_test = x[:1500], x[1500:]

encoder = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(2 * LATENT),
], name="encoder")

decoder = keras.Sequential([
    keras.Input((LATENT,)),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(64, activation="sigmoid"),  # expect-or: loss-logits
], name="decoder")

optimizer = keras.optimizers.Adam(2e-3)
variables = encoder.trainable_variables + decoder.trainable_variables


def elbo_terms(batch, eps):
    mean, logvar = tf.split(encoder(batch), 2, axis=1)
    z = mean + tf.exp(0.5 * logvar) * eps
    x_hat = decoder(z)
    bce = tf.nn.sigmoid_cross_entropy_with_logits(labels=batch, logits=x_hat)  # expect: loss-logits
    recon = tf.reduce_sum(bce, axis=1)
    kl = 0.5 * tf.reduce_sum(tf.exp(logvar) + mean ** 2 - 1.0 - logvar, axis=1)
    return tf.reduce_mean(recon), tf.reduce_mean(kl)


@tf.function
def train_step(batch, eps):
    with tf.GradientTape() as tape:
        recon, kl = elbo_terms(batch, eps)
        loss = recon + kl
    grads = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(grads, variables))
    return recon, kl


data = tf.data.Dataset.from_tensor_slices(x_train).shuffle(1500, seed=7).batch(BATCH, drop_remainder=True)
for epoch in range(EPOCHS):
    recons, kls = [], []
    for batch in data:
        eps = rng.standard_normal((BATCH, LATENT)).astype("float32")
        r, k = train_step(batch, tf.constant(eps))
        recons.append(float(r))
        kls.append(float(k))
    if epoch % 8 == 7:
        print(f"epoch {epoch + 1:3d}  recon {np.mean(recons):7.3f}  kl {np.mean(kls):6.3f}")

mean, _ = tf.split(encoder(x_test), 2, axis=1)
mse = float(np.mean((decoder(mean).numpy() - x_test) ** 2))
base = float(np.mean((x_train.mean(0) - x_test) ** 2))
print(f"test reconstruction mse {mse:.4f}   (mean image: {base:.4f})")
