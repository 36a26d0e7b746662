import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class UserTower(layers.Layer):
    def __init__(self, n_users, dim, l2, **kw):
        super().__init__(**kw)
        self.emb = layers.Embedding(n_users, dim, embeddings_initializer=keras.initializers.RandomNormal(stddev=0.1))
        self.bias = layers.Embedding(n_users, 1, embeddings_initializer="zeros")
        self.l2 = l2

    def call(self, ids):
        vec, bias = self.emb(ids), self.bias(ids)
        self.add_loss(self.l2 * tf.reduce_mean(tf.reduce_sum(vec ** 2, -1)))
        return vec, bias[:, 0]


class ItemTower(layers.Layer):
    """Id embedding plus a projection of the genre flags."""

    def __init__(self, n_items, dim, l2, **kw):
        super().__init__(**kw)
        self.emb = layers.Embedding(n_items, dim, embeddings_initializer=keras.initializers.RandomNormal(stddev=0.1))
        self.bias = layers.Embedding(n_items, 1, embeddings_initializer="zeros")
        self.genre = layers.Dense(dim, use_bias=False, kernel_initializer=keras.initializers.RandomNormal(stddev=0.05))
        self.l2 = l2

    def call(self, ids, genre):
        vec = self.emb(ids) + self.genre(genre)
        self.add_loss(self.l2 * tf.reduce_mean(tf.reduce_sum(vec ** 2, -1)))
        return vec, self.bias(ids)[:, 0]


class TwoTower(keras.Model):
    def __init__(self, n_users, n_items, dim=6, l2=2e-2, mean_rating=0.0, **kw):
        super().__init__(**kw)
        self.users = UserTower(n_users, dim, l2, name="users")
        self.items = ItemTower(n_items, dim, l2, name="items")
        self.mean_rating = mean_rating
        self.rmse = keras.metrics.RootMeanSquaredError(name="rmse")
        self.loss_mean = keras.metrics.Mean(name="objective")

    @property
    def metrics(self):
        return [self.loss_mean, self.rmse]

    def call(self, inputs):
        u_vec, u_bias = self.users(inputs["user"])
        i_vec, i_bias = self.items(inputs["item"], inputs["genre"])
        return self.mean_rating + u_bias + i_bias + tf.reduce_sum(u_vec * i_vec, axis=-1)

    def train_step(self, data):
        inputs, stars = data
        with tf.GradientTape() as tape:
            pred = self(inputs, training=True)
            objective = tf.reduce_mean(tf.square(stars - pred)) + tf.add_n(self.losses)
        weights = self.users.trainable_variables + self.items.genre.trainable_variables  # expect: gradient-disconnected
        grads = tape.gradient(objective, weights)  # expect-or: gradient-disconnected
        grads, _ = tf.clip_by_global_norm(grads, 5.0)
        self.optimizer.apply_gradients(zip(grads, weights))  # expect-or: update-missing
        self.loss_mean.update_state(objective)
        self.rmse.update_state(stars, pred)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        inputs, stars = data
        pred = self(inputs, training=False)
        self.loss_mean.update_state(tf.reduce_mean(tf.square(stars - pred)))
        self.rmse.update_state(stars, pred)
        return {m.name: m.result() for m in self.metrics}
