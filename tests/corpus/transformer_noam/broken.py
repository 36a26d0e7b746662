"""A two-block post-norm transformer encoder, warm-up schedule of the original paper."""
import numpy as np
import tensorflow as tf
import keras
from keras import layers

keras.utils.set_random_seed(5)
rng = np.random.default_rng(5)

VOCAB, LENGTH, CLASSES = 10, 12, 5
D_MODEL, HEADS, WARMUP, STEPS, BATCH = 32, 4, 150, 300, 64


def make_data(n):
    """Class: which of the tokens 0..4 occurs most often (no ties)."""
    out_x, out_y = [], []
    while sum(len(b) for b in out_x) < n:
        t = rng.integers(0, VOCAB, size=(4 * n, LENGTH))
        counts = np.stack([(t == k).sum(1) for k in range(CLASSES)], axis=1)
        top = np.sort(counts, axis=1)
        keep = top[:, -1] > top[:, -2]
        out_x.append(t[keep])
        out_y.append(counts[keep].argmax(1))
    return np.concatenate(out_x)[:n].astype("int32"), np.concatenate(out_y)[:n].astype("int32")


x_train, y_train = make_data(6000)
x_val, y_val = make_data(1000)


class NoamSchedule(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, d_model, warmup_steps, factor=0.3):
        super().__init__()
        self.d_model = tf.cast(d_model, tf.float32)
        self.warmup_steps = warmup_steps
        self.factor = factor

    def __call__(self, step):
        step = tf.cast(step, tf.float32) + 1.0
        arg1 = tf.math.rsqrt(step)
        arg2 = step * (self.warmup_steps ** -1.5)
        return self.factor * tf.math.sqrt(self.d_model) * tf.math.minimum(arg1, arg2)  # expect: lr-too-high


class MultiHeadAttention(layers.Layer):
    def __init__(self, d_model, heads):
        super().__init__()
        self.heads, self.depth = heads, d_model // heads
        self.wqkv = layers.Dense(3 * d_model, use_bias=False)
        self.wo = layers.Dense(d_model)

    def call(self, x):
        b, t = tf.shape(x)[0], x.shape[1]
        qkv = tf.reshape(self.wqkv(x), [b, t, 3, self.heads, self.depth])
        q, k, v = tf.unstack(tf.transpose(qkv, [2, 0, 3, 1, 4]), axis=0)
        scores = tf.matmul(q, k, transpose_b=True) / np.sqrt(self.depth)
        ctx = tf.matmul(tf.nn.softmax(scores, axis=-1), v)
        ctx = tf.reshape(tf.transpose(ctx, [0, 2, 1, 3]), [b, t, self.heads * self.depth])
        return self.wo(ctx)


class Block(layers.Layer):
    def __init__(self, d_model, heads):
        super().__init__()
        self.attn = MultiHeadAttention(d_model, heads)
        self.ff1 = layers.Dense(2 * d_model, activation="relu")
        self.ff2 = layers.Dense(d_model)
        self.ln1, self.ln2 = layers.LayerNormalization(), layers.LayerNormalization()

    def call(self, x):
        x = self.ln1(x + self.attn(x))
        return self.ln2(x + self.ff2(self.ff1(x)))


tokens = keras.Input((LENGTH,), dtype="int32")
h = layers.Embedding(VOCAB, D_MODEL)(tokens)
for _ in range(2):
    h = Block(D_MODEL, HEADS)(h)
h = layers.GlobalAveragePooling1D()(h)
model = keras.Model(tokens, layers.Dense(CLASSES)(h))

schedule = NoamSchedule(D_MODEL, WARMUP)  # expect-or: lr-too-high
optimizer = keras.optimizers.Adam(schedule, beta_1=0.9, beta_2=0.98, epsilon=1e-9)  # expect-or: lr-too-high
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


losses = []
for step in range(STEPS):
    i = rng.integers(len(x_train), size=BATCH)
    losses.append(float(train_step(tf.constant(x_train[i]), tf.constant(y_train[i]))))
    if step % 50 == 49:
        print(f"step {step + 1:4d}  loss {np.mean(losses[-20:]):.4f}")

acc = float(np.mean(np.argmax(model(x_val, training=False).numpy(), axis=1) == y_val))
print(f"validation accuracy {acc:.3f}   (chance {np.bincount(y_val).max() / len(y_val):.3f})")
