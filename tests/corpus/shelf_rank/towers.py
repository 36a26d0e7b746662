import keras
import tensorflow as tf


class TwoTower(keras.Model):
    """Shopper embedding against a small tower over the product vector; BPR loss."""

    def __init__(self, n_shoppers, dim=8):
        super().__init__()
        self.shopper = keras.layers.Embedding(n_shoppers, dim, embeddings_initializer=keras.initializers.RandomNormal(stddev=0.3))
        self.product = keras.Sequential([
            keras.layers.Dense(24, activation="relu"),
            keras.layers.Dense(dim),
        ])
        self.loss_mean = keras.metrics.Mean(name="bpr")
        self.wins = keras.metrics.Mean(name="pairs_won")

    @property
    def metrics(self):
        return [self.loss_mean, self.wins]

    def call(self, inputs):
        who, what = inputs
        return tf.reduce_sum(self.shopper(who) * self.product(what), axis=-1)

    def train_step(self, batch):
        who, bought, other = batch["who"], batch["bought"], batch["other"]
        with tf.GradientTape() as tape:
            gap = self((who, bought)) - self((who, other))
            loss = tf.reduce_mean(tf.nn.softplus(-gap))
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        self.loss_mean.update_state(loss)
        self.wins.update_state(tf.cast(gap > 0, tf.float32))
        return {m.name: m.result() for m in self.metrics}
