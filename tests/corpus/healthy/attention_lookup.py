"""A toy for attention: a list of key-value pairs and a query; return the query's value.

Sequence of tokens  k1 v1 k2 v2 ... k8 v8 q ; the answer is the value that stood with key q.
"""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

tf.keras.utils.set_random_seed(23)
KEYS, VALUES, PAIRS = 24, 16, 8


def sample(n, rng):
    keys = np.argsort(rng.random((n, KEYS)), axis=1)[:, :PAIRS]
    values = rng.integers(VALUES, size=(n, PAIRS))
    which = rng.integers(PAIRS, size=n)
    rows = np.arange(n)
    return keys.astype("int32"), values.astype("int32"), keys[rows, which].astype("int32"), values[rows, which].astype("int32")


class Lookup(tf.keras.Model):
    def __init__(self, dim=32):
        super().__init__()
        self.dim = dim
        self.key_table = layers.Embedding(KEYS, dim)
        self.value_table = layers.Embedding(VALUES, dim)
        self.wq = layers.Dense(dim, use_bias=False)
        self.wk = layers.Dense(dim, use_bias=False)
        self.wv = layers.Dense(dim, use_bias=False)
        self.head = layers.Dense(VALUES)

    def call(self, inputs, return_weights=False):
        keys, values, query = inputs
        k = self.key_table(keys)
        slots = k + self.value_table(values)            # [batch, pairs, dim]
        q = self.wq(self.key_table(query))[:, None]     # [batch, 1, dim]
        scores = tf.matmul(q, self.wk(slots), transpose_b=True) / np.sqrt(self.dim)
        weights = tf.nn.softmax(scores, axis=-1)        # [batch, 1, pairs]
        mixed = tf.matmul(weights, self.wv(slots))[:, 0]
        logits = self.head(mixed)
        return (logits, weights[:, 0]) if return_weights else logits


rng = np.random.default_rng(23)
*test_in, test_out = sample(1000, rng)
net = Lookup()
opt = tf.keras.optimizers.Adam(1e-3)
xent = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def train_on(keys, values, query, answer):
    with tf.GradientTape() as tape:
        loss = xent(answer, net((keys, values, query)))
    grads = tape.gradient(loss, net.trainable_variables)
    opt.apply_gradients(zip(grads, net.trainable_variables))
    return loss


for it in range(800):
    loss = train_on(*map(tf.constant, sample(128, rng)))      # fresh lists every time
    if it % 100 == 0:
        print(f"{it:5d} loss {float(loss):.3f}")

logits, weights = net(tuple(test_in), return_weights=True)
accuracy = np.mean(np.argmax(logits, 1) == test_out)
right_slot = np.mean(np.take_along_axis(test_in[0], np.argmax(weights, 1)[:, None], 1)[:, 0] == test_in[2])
print(f"test accuracy {accuracy:.3f} (guess {1 / VALUES:.3f}), attends to the right slot {right_slot:.3f} (guess {1 / PAIRS:.3f})")
