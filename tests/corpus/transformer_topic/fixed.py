"""Tiny transformer that tells apart synthetic topics; trainer class, graph-mode steps."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class Block(layers.Layer):
    def __init__(self, dim, heads, **kw):
        super().__init__(**kw)
        self.att = layers.MultiHeadAttention(heads, dim // heads)
        self.ff = keras.Sequential([layers.Dense(2 * dim, activation="relu"), layers.Dense(dim)])
        self.n1, self.n2 = layers.LayerNormalization(), layers.LayerNormalization()

    def call(self, x):
        n = self.n1(x)
        x = x + self.att(n, n)
        return x + self.ff(self.n2(x))


def build_classifier(vocab, length, dim, n_topics):
    tokens = keras.Input((length,), dtype="int32")
    positions = layers.Embedding(length, dim)(tf.range(length))
    x = layers.Embedding(vocab, dim)(tokens) + positions
    x = Block(dim, 4)(x)
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(tokens, layers.Dense(n_topics)(x))


def corpus(n, vocab, length, n_topics, rng):
    """Each topic prefers its own slice of the vocabulary, most words are shared."""
    topic = rng.integers(n_topics, size=n)
    words = rng.integers(0, vocab, size=(n, length))
    own = 200 + topic[:, None] * 20 + rng.integers(0, 20, size=(n, length))
    use = rng.random((n, length)) < 0.18
    return np.where(use, own, words).astype("int32"), topic.astype("int32")


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = keras.optimizers.Adam(lr)
        self.loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.train_loss = keras.metrics.Mean()
        self.train_acc = keras.metrics.SparseCategoricalAccuracy()
        self.val_acc = keras.metrics.SparseCategoricalAccuracy()

    @tf.function
    def train_step(self, x, y):
        with tf.GradientTape() as tape:
            logits = self.model(x, training=True)
            loss = self.loss_fn(y, logits)
        g = tape.gradient(loss, self.model.trainable_variables)
        self.opt.apply_gradients(zip(g, self.model.trainable_variables))
        self.train_loss.update_state(loss)
        self.train_acc.update_state(y, logits)

    @tf.function
    def val_step(self, x, y):
        self.val_acc.update_state(y, self.model(x, training=False))

    def fit(self, train, val, epochs):
        for epoch in range(1, epochs + 1):
            self.train_loss.reset_state()
            self.train_acc.reset_state()
            for x, y in train:
                self.train_step(x, y)
            self.val_acc.reset_state()
            for x, y in val:
                self.val_step(x, y)
            print(f"epoch {epoch:2d}  loss {self.train_loss.result():.4f}  "
                  f"acc {self.train_acc.result():.4f}  val_acc {self.val_acc.result():.4f}")


if __name__ == "__main__":
    keras.utils.set_random_seed(9)
    rng = np.random.default_rng(9)
    V, L, C = 400, 40, 10
    x, y = corpus(3600, V, L, C, rng)
    train = tf.data.Dataset.from_tensor_slices((x[:3000], y[:3000])).shuffle(3000, seed=9).batch(64)
    val = tf.data.Dataset.from_tensor_slices((x[3000:], y[3000:])).batch(300)
    t = Trainer(build_classifier(V, L, 32, C), lr=3e-4)
    t.fit(train, val, epochs=6)
    guess = np.argmax(t.model.predict(x[3000:], verbose=0), axis=1)
    print("share of validation texts assigned to the right topic: %.4f" % np.mean(guess == y[3000:]))
