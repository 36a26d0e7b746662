"""Biased matrix factorisation for the podcast club."""
import keras
import tensorflow as tf
from keras import layers


class BiasedMF(keras.Model):
    def __init__(self, n_members, n_shows, factors, reg, mean_stars):
        super().__init__()
        penal = keras.regularizers.L2(reg)
        small = keras.initializers.RandomNormal(stddev=0.05)
        self.member_vec = layers.Embedding(n_members, factors, embeddings_initializer=small, name="member_vec")
        self.show_vec = layers.Embedding(n_shows, factors, embeddings_initializer=small, name="show_vec")
        self.member_bias = layers.Embedding(n_members, 1, embeddings_initializer="zeros", name="member_bias")
        self.show_bias = layers.Embedding(n_shows, 1, embeddings_initializer="zeros", name="show_bias")
        self.penal = penal
        self.mean_stars = mean_stars
        self.rmse = keras.metrics.RootMeanSquaredError(name="rmse")

    def call(self, pair):
        m, s = pair[:, 0], pair[:, 1]
        vm, vs = self.member_vec(m), self.show_vec(s)
        dot = tf.reduce_sum(vm * vs, axis=1)
        bias = self.member_bias(m)[:, 0] + self.show_bias(s)[:, 0]
        return self.mean_stars + bias + dot

    @property
    def metrics(self):
        return [self.rmse]

    def train_step(self, data):
        pair, stars = data
        with tf.GradientTape() as tape:
            guess = self(pair, training=True)
            fit = tf.reduce_mean(tf.square(stars - guess))
            shrink = self.penal(self.member_vec(pair[:, 0])) + self.penal(self.show_vec(pair[:, 1]))
            total = fit + shrink / tf.cast(tf.shape(stars)[0], tf.float32)
        grads = tape.gradient(total, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        self.rmse.update_state(stars, guess)
        return {"loss": total, "rmse": self.rmse.result()}

    def test_step(self, data):
        pair, stars = data
        guess = self(pair, training=False)
        self.rmse.update_state(stars, guess)
        return {"loss": tf.reduce_mean(tf.square(stars - guess)), "rmse": self.rmse.result()}
