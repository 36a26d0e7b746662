'''Variational autoencoder on 8x8 digits, after the classic Keras example.'''
import numpy as np
import tensorflow as tf
import keras
from keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(1)

batch_size = 32
original_dim = 64
latent_dim = 6
intermediate_dim = 96
epochs = 18

x = load_digits().data.astype('float32') / 16.
x_train, x_test = train_test_split(x, test_size=0.2, random_state=1)

inp = layers.Input((original_dim,))
h = layers.Dense(intermediate_dim, activation='relu')(inp)
encoder = keras.Model(inp, [layers.Dense(latent_dim)(h), layers.Dense(latent_dim)(h)])

z_in = layers.Input((latent_dim,))
h_decoded = layers.Dense(intermediate_dim, activation='relu')(z_in)
generator = keras.Model(z_in, layers.Dense(original_dim, activation='sigmoid')(h_decoded))


class VAE(keras.Model):
    def __init__(self, encoder, generator):
        super().__init__()
        self.encoder, self.generator = encoder, generator
        self.xent_tracker = keras.metrics.Mean(name='xent')
        self.kl_tracker = keras.metrics.Mean(name='kl')

    @property
    def metrics(self):
        return [self.xent_tracker, self.kl_tracker]

    def vae_loss(self, x):
        z_mean, z_log_var = self.encoder(x)
        z = z_mean + tf.exp(0.5 * z_log_var) * tf.random.normal(tf.shape(z_mean))
        xent_loss = original_dim * keras.losses.binary_crossentropy(x, self.generator(z))
        kl_loss = -0.5 * tf.reduce_sum(1 + z_log_var - tf.square(z_mean) - tf.exp(z_log_var), axis=-1)
        self.xent_tracker.update_state(xent_loss)
        self.kl_tracker.update_state(kl_loss)
        return tf.reduce_mean(xent_loss + kl_loss)

    def train_step(self, x):
        with tf.GradientTape() as tape:
            loss = self.vae_loss(x)
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, x):
        self.vae_loss(x)
        return {m.name: m.result() for m in self.metrics}


vae = VAE(encoder, generator)
vae.compile(optimizer=keras.optimizers.Adam(5e-3))
vae.fit(x_train, shuffle=True, epochs=epochs, batch_size=batch_size, validation_data=(x_test,), verbose=2)

z_mean, _ = encoder.predict(x_test, verbose=0)
decoded = generator.predict(z_mean, verbose=0)
print('spread of the test digits in the latent space: %s' % z_mean.std(axis=0).round(4))
print('spread of the decoded pixels: %.4f (pixels of the test digits: %.4f)'
      % (decoded.std(axis=0).mean(), x_test.std(axis=0).mean()))
print('test reconstruction mse %.4f (mean digit: %.4f)'
      % (np.mean((decoded - x_test) ** 2), np.mean((x_train.mean(axis=0) - x_test) ** 2)))
